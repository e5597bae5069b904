"""Which branch the files of an import go to."""

from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from crm.booking.models import Appointment
from crm.office.importing.reading import BranchNotChosen, ImportRefused
from crm.people.models import Client
from crm.sales.models import Sale
from crm.team.models import Branch


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is said of the branch: by branch.csv (`described`) and by whoever imports, who wins.

    `otherwise` names a branch that has to be made where nobody names one.
    """

    described: dict[str, str]
    name: str
    time_zone: str
    currency: str
    otherwise: str

    def said(self, column: str) -> str:
        """What is said of it; empty where nobody says anything."""
        return getattr(self, column) or self.described.get(column, "")


def settle_branch(wanted: Wanted) -> tuple[Branch, bool]:
    """The branch, and whether it was made now. Raises ImportRefused.

    A branch with a history keeps its zone and currency: another zone would move every day of it.
    """
    for column in ("name", "time_zone", "currency"):
        if wanted.described and not wanted.said(column):
            raise ImportRefused(_("branch.csv says nothing in “%(column)s”.") % {"column": column})
    branch = _named(wanted) if wanted.said("name") else _only_one(wanted)
    is_new = branch.pk is None
    for column, value in (("time_zone", wanted.said("time_zone")), ("currency", wanted.said("currency").upper())):
        if value and value != getattr(branch, column):
            if not is_new and _has_history(branch):
                raise ImportRefused(
                    _("%(branch)s already has a history in %(old)s, so %(new)s cannot be taken.")
                    % {"branch": branch.name, "old": getattr(branch, column), "new": value}
                )
            setattr(branch, column, value)
    if is_new:
        branch.phone = wanted.described.get("phone", "")[:32]
        branch.address = wanted.described.get("address", "")[:255]
        branch.is_active = wanted.described.get("active", "") != "no"
    try:
        branch.clean_fields()
    except ValidationError as error:
        raise ImportRefused("; ".join(error.messages)) from error
    branch.save()
    return branch, is_new


def _named(wanted: Wanted) -> Branch:
    name = wanted.said("name")
    return Branch.objects.filter(name=name).first() or Branch(name=name)


def _only_one(wanted: Wanted) -> Branch:
    """Nobody names a branch: the one that there is, if the files can be its; else one of their own."""
    name = (wanted.otherwise or _("Salon"))[:120]
    own = Branch.objects.filter(name=name).first()
    if own is not None:
        return own
    branches = list(Branch.objects.order_by("pk")[:2])
    if len(branches) == 1 and _could_be(branches[0], wanted):
        return branches[0]
    if branches and not wanted.time_zone:
        raise BranchNotChosen(_("There are several branches: choose one."))
    return Branch(name=name)


def _could_be(branch: Branch, wanted: Wanted) -> bool:
    """Nothing that is said speaks against it."""
    says_otherwise = (wanted.time_zone and wanted.time_zone != branch.time_zone) or (
        wanted.currency and wanted.currency != branch.currency
    )
    return not says_otherwise or not _has_history(branch)


def _has_history(branch: Branch) -> bool:
    return any(model.objects.filter(branch=branch).exists() for model in (Appointment, Sale, Client))
