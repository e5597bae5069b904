"""The owner's figures of each journey, read once for all who ask."""

from collections.abc import Mapping

from crm.team.once import read_once
from reminders.journeys.drawing import Control
from reminders.journeys.models import Journey
from reminders.journeys.terms import AS_IN_THE_RULES, Terms, terms


@read_once
def _as_set() -> list[Journey]:
    return list(Journey.objects.all())


def terms_in_use() -> Mapping[str, Terms]:
    """Each kind's figures as they hold: the owner's, else those of rules.md."""
    own = {
        row.kind: terms(row.kind, wait=row.wait, hour=row.hour, lasts=row.lasts, way=row.way, otherwise=row.otherwise)
        for row in _as_set()
    }
    return {**AS_IN_THE_RULES, **own}


def controls_in_force() -> dict[str, Control]:
    """By kind, the share that is held back for comparison, each drawn by itself."""
    return {
        row.kind: Control(f"{row.kind} {row.control_seed}", row.control_percent)
        for row in _as_set()
        if row.control_percent
    }
