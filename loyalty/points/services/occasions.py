"""Points that come by themselves: at a birthday, for private feedback (rules.md, Points)."""

from calendar import isleap
from collections.abc import Iterator
from datetime import date, datetime, timedelta

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from crm.care.models import Feedback
from crm.people.models import Client
from crm.team.models import Branch
from crm.team.selectors import branch_day
from loyalty.points.earning import EarningRules
from loyalty.points.models import EarningRule, LedgerEntry, LoyaltySettings, RefusedBenefit
from loyalty.points.selectors import earning_rules
from loyalty.points.services.ledger import grant_points
from loyalty.points.services.refusals import note_refused

Kind = LedgerEntry.Kind
# a clock that stood still catches up with the birthdays of so many days
LATE_DAYS = 7
# between two birthdays of one person lie at least so many days: from 29 February to the 28th of the next year
YEAR = timedelta(days=365)
# feedback is found by the tick within this time
LOOK_BACK = timedelta(days=2)
AWAY = (Client.Status.MOVED, Client.Status.BLOCKED, Client.Status.DECEASED)


def grant_birthdays(*, now: datetime, rules: LoyaltySettings) -> int:
    """Gives the birthday's points to whom has it today by her branch's calendar; gives to how many.

    To who was here in the last 365 days, once for each birthday. A birthday that was moved lately, and a second
    one within a year, gives nothing and is noted for the owner.
    """
    if not rules.birthday_points_on:
        return 0
    given = 0
    for branch in Branch.objects.filter(is_active=True).order_by("pk"):
        today = branch_day(branch, now)
        earning = earning_rules(branch, today)
        points = earning.points(EarningRule.Kind.BIRTHDAY, rules.birthday_points)
        if not points:
            continue
        for born_on in (today - timedelta(days=late) for late in range(LATE_DAYS)):
            for client in _born(branch, born_on, today):
                given += _grant_birthday(client, born_on, points, now, rules)
    return given


def celebrated_on(month: int, day: int, year: int) -> date:
    """The birthday in this year: 29 February is kept on the 28th in years that have none."""
    return date(year, month, 28 if (month, day) == (2, 29) and not isleap(year) else day)


def _born(branch: Branch, on: date, today: date) -> QuerySet[Client]:
    """Who has her birthday on this day, was here within a year and has not had its points yet."""
    born = Q(birth_month=on.month, birth_day=on.day)
    if celebrated_on(2, 29, on.year) == on:
        born |= Q(birth_month=2, birth_day=29)
    had = LedgerEntry.objects.filter(kind=Kind.BIRTHDAY, source=source_of(on)).values("account__client")
    return (
        Client.objects.filter(born, branch=branch, pulse__last_visit_on__gt=today - YEAR)
        .exclude(status__in=AWAY)
        .exclude(pk__in=had)
        .select_related("branch")
        .order_by("pk")
    )


def source_of(on: date) -> str:
    return f"birthday {on}"


def _grant_birthday(client: Client, on: date, points: int, now: datetime, rules: LoyaltySettings) -> bool:
    key = f"birthday {client.pk} {on}"
    if reason := _why_no_birthday(client, on, now, rules):
        note_refused(
            kind=RefusedBenefit.Kind.BIRTHDAY,
            place=RefusedBenefit.Place.CLOCK,
            reason=reason,
            words=str(MOVED if reason == "moved" else TWICE),
            now=now,
            client=client,
            key=key,
        )
        return False
    grant_points(client=client, points=points, kind=Kind.BIRTHDAY, source=source_of(on), key=key, now=now, rules=rules)
    return True


MOVED = _("Her birthday was changed shortly before it.")
TWICE = _("She had a birthday within the year before.")


def _why_no_birthday(client: Client, on: date, now: datetime, rules: LoyaltySettings) -> str:
    last = LedgerEntry.objects.filter(account__client=client, kind=Kind.BIRTHDAY).order_by("-on", "-pk").first()
    if last is not None and on - _birthday_of(last) < YEAR:
        return "twice"
    return "moved" if _was_moved(client, now - timedelta(days=rules.birthday_settled_days)) else ""


def _birthday_of(entry: LedgerEntry) -> date:
    """The birthday that an entry was for; of one brought from elsewhere the day it was given."""
    kind, _space, day = entry.source.partition(" ")
    return date.fromisoformat(day) if kind == "birthday" and day else entry.on


def _was_moved(client: Client, since: datetime) -> bool:
    """Whether another birthday stood there on some day since then; one written for the first time was not moved."""
    own = (client.birth_month, client.birth_day)
    for changed_at, *birthday in _birthdays_before(client):
        if tuple(birthday) not in (own, (None, None)):
            return True
        if changed_at <= since:
            return False
    return False


def _birthdays_before(client: Client) -> Iterator[tuple[datetime, int | None, int | None]]:
    """What the card said, the newest first; each held from its moment on."""
    return (
        client.history.order_by("-history_date", "-history_id")
        .values_list("history_date", "birth_month", "birth_day")
        .iterator()
    )


def grant_feedback(*, now: datetime, rules: LoyaltySettings) -> int:
    """Gives points for private feedback by her own hand, whatever its score; gives to how many.

    Once for each feedback, and once in the owner's days. What is told on the phone is thanked for in words.
    """
    if not rules.feedback_on:
        return 0
    told = list(
        Feedback.objects.filter(answered_at__gt=now - LOOK_BACK, answered_at__lte=now, written_by=None)
        .select_related("client__branch", "branch")
        .order_by("answered_at", "pk")
    )
    keys = {f"feedback {feedback.pk}": feedback for feedback in told}
    known = set(LedgerEntry.objects.filter(key__in=keys).values_list("key", flat=True))
    in_force: dict[int, EarningRules] = {}
    given = 0
    for key, feedback in keys.items():
        if key in known or _thanked_lately(feedback.client, now, rules):
            continue
        if feedback.branch_id not in in_force:
            in_force[feedback.branch_id] = earning_rules(feedback.branch, branch_day(feedback.branch, now))
        points = in_force[feedback.branch_id].points(EarningRule.Kind.FEEDBACK, rules.feedback_points)
        if points:
            grant_points(
                client=feedback.client, points=points, kind=Kind.FEEDBACK, source=key, key=key, now=now, rules=rules
            )
            given += 1
    return given


def _thanked_lately(client: Client, now: datetime, rules: LoyaltySettings) -> bool:
    since = branch_day(client.branch, now) - timedelta(days=rules.feedback_once_days)
    return LedgerEntry.objects.filter(account__client=client, kind=Kind.FEEDBACK, on__gt=since).exists()
