"""Whose a row is: in the folder of which branch it is written, and what reading it there makes of it."""

from datetime import datetime
from typing import Any

from django.db.models import Q

from crm.office.importing.mirrors.mirror import Said
from crm.office.importing.run import Run
from crm.team.models import Branch


def everywhere(_branch: Branch) -> Q:
    """The salon's own, in the folder of each branch."""
    return Q()


def of(path: str) -> Any:
    return lambda branch: Q(**{path: branch})


def in_branch(run: Run, said: list[Said]) -> list[Said]:
    return [{"branch_id": run.branch.pk} for _each in said]


def branch_day(run: Run, at: datetime | None) -> Any:
    return at.astimezone(run.zone).date() if at else None
