"""Points at a birthday and for private feedback (rules.md, Points); a moved birthday gains nothing (trust.md, L5)."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from crm.booking.services import refresh_pulses
from crm.care.models import Feedback
from crm.people.models import Client
from crm.people.services import update_client
from loyalty.points.models import EarningRule, LedgerEntry, RefusedBenefit
from loyalty.points.services import grant_birthdays, grant_feedback, void_entry
from tests.factories import NOW, TODAY, make_branch, make_client, make_user, make_visit
from tests.loyalty.till import held, rules

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def noon(year: int, month: int, day: int) -> datetime:
    return datetime(year, month, day, 12, tzinfo=UTC)


def guest(month: int, day: int, *, last_visit, **fields) -> Client:
    client = make_client(branch=fields.pop("branch", None) or make_branch(), birth_month=month, birth_day=day, **fields)
    Client.history.filter(id=client.pk).update(history_date=noon(2020, 1, 1))
    came(client, last_visit)
    return client


def came(client, on) -> None:
    make_visit(client=client, on=on)
    refresh_pulses(client_ids=[client.pk], now=noon(on.year, on.month, on.day))


def birthday_on(*day: int) -> int:
    return grant_birthdays(now=noon(*day), rules=rules(birthday_points_on=True))


def test_29_february_is_kept_on_the_28th_and_comes_once_a_year():
    client = guest(2, 29, last_visit=noon(2026, 12, 1).date())

    assert birthday_on(2027, 2, 27) == 0
    assert [birthday_on(2027, 2, 28), birthday_on(2027, 2, 28), birthday_on(2027, 3, 1)] == [1, 0, 0]
    assert LedgerEntry.objects.get().source == "birthday 2027-02-28"
    came(client, noon(2027, 9, 1).date())
    # the year has one of its own
    assert [birthday_on(2028, 2, 28), birthday_on(2028, 2, 29)] == [0, 1]
    came(client, noon(2028, 9, 1).date())
    # from 29 February to the 28th of the next year are 365 days: not too soon
    assert birthday_on(2029, 2, 28) == 1
    assert LedgerEntry.objects.filter(account__client=client).count() == 3
    assert not RefusedBenefit.objects.exists()


def test_clock_that_stood_still_catches_up_for_a_week():
    client = guest(6, 10, last_visit=TODAY - 30 * DAY)

    assert (birthday_on(2026, 6, 17), birthday_on(2026, 6, 16), held(client)) == (0, 1, (100, 0))


def test_day_of_the_branch_decides():
    client = guest(6, 10, last_visit=TODAY - 30 * DAY, branch=make_branch(time_zone="Pacific/Auckland"))
    row = rules(birthday_points_on=True)

    # 10 June begins there at 12:00 UTC of the 9th
    assert grant_birthdays(now=noon(2026, 6, 9) - timedelta(minutes=1), rules=row) == 0
    assert grant_birthdays(now=noon(2026, 6, 9), rules=row) == 1
    assert held(client) == (100, 0)


def test_who_was_not_here_for_a_year_or_is_away_gets_none():
    branch = make_branch()
    guest(6, 10, last_visit=TODAY - 365 * DAY, branch=branch)
    guest(6, 10, last_visit=TODAY - DAY, branch=branch, status=Client.Status.BLOCKED)
    make_client(branch=branch, birth_month=6, birth_day=10)
    late = guest(6, 10, last_visit=TODAY - 364 * DAY, branch=branch)

    assert birthday_on(2026, 6, 10) == 1
    assert held(late) == (100, 0)


def test_moved_birthday_gives_nothing_and_the_owner_sees_it():
    client = guest(9, 1, last_visit=TODAY - DAY)
    update_client(client=client, birth_month=6, birth_day=10)
    Client.history.filter(id=client.pk, birth_month=6).update(history_date=NOW - 59 * DAY)

    assert [birthday_on(2026, 6, 10), birthday_on(2026, 6, 10)] == [0, 0]

    refused = RefusedBenefit.objects.get()
    assert (refused.kind, refused.place, refused.reason, refused.client) == ("birthday", "clock", "moved", client)
    # moved long ago it is simply hers
    Client.history.filter(id=client.pk, birth_month=6).update(history_date=NOW - 61 * DAY)
    assert birthday_on(2026, 6, 11) == 1


def test_second_birthday_within_a_year_gives_nothing_and_is_seen():
    client = guest(6, 10, last_visit=TODAY - DAY)
    birthday_on(2026, 6, 10)
    update_client(client=client, birth_month=9, birth_day=1)
    Client.history.filter(id=client.pk, birth_month=9).update(history_date=NOW)

    # settled for 83 days, and still the second one
    assert birthday_on(2026, 9, 1) == 0
    assert RefusedBenefit.objects.get().reason == "twice"
    assert held(client) == (100, 0)


def test_birthday_written_for_the_first_time_is_not_moved():
    client = guest(None, None, last_visit=TODAY - DAY)
    update_client(client=client, birth_month=6, birth_day=10)

    assert (birthday_on(2026, 6, 10), held(client)) == (1, (100, 0))


def test_rule_doubles_birthdays_and_touches_none_of_before():
    client = guest(6, 10, last_visit=TODAY - DAY)
    EarningRule.objects.create(name="Salon's jubilee", kind="birthday", factor=Decimal("2.5"))
    rules(birthday_points=15)

    birthday_on(2026, 6, 10)
    EarningRule.objects.update(is_on=False)

    # 37.5, half up
    assert held(client) == (38, 0)
    void_entry(entry=LedgerEntry.objects.get(), user=make_user("owner"), now=NOW)
    assert held(client) == (0, 0)


def say(client, visit_on, *, score=2, at=NOW, **fields) -> Feedback:
    return Feedback.objects.create(
        client=client, branch=client.branch, visit_on=visit_on, score=score, answered_at=at, **fields
    )


def test_private_feedback_earns_whatever_its_score_and_once_a_month():
    vera, dina = guest(1, 1, last_visit=TODAY), guest(1, 1, last_visit=TODAY)
    say(vera, TODAY - DAY, score=1)
    # told on the phone, and written down by somebody of the salon
    say(dina, TODAY - DAY, score=10, written_by=make_user())
    assert grant_feedback(now=NOW, rules=rules()) == 0
    row = rules(feedback_on=True)

    assert [grant_feedback(now=NOW, rules=row), grant_feedback(now=NOW, rules=row)] == [1, 0]
    assert (held(vera), held(dina)) == ((20, 0), (0, 0))

    say(vera, TODAY + 28 * DAY, at=NOW + 29 * DAY)
    assert grant_feedback(now=NOW + 29 * DAY, rules=row) == 0
    say(vera, TODAY + 29 * DAY, at=NOW + 30 * DAY)
    assert grant_feedback(now=NOW + 30 * DAY, rules=row) == 1
    assert held(vera) == (40, 0)
