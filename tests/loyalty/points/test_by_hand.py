"""Points by hand: a limit, a second person, never for oneself; and the owner's own hand (rules.md, Points)."""

from datetime import date, timedelta

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from loyalty.points.models import GestureRequest, LedgerEntry, OwedEntry, PeriodClose, RefusedBenefit
from loyalty.points.selectors import hand_suspicions, points_report
from loyalty.points.services import (
    CloseRefused,
    DecidedBefore,
    GesturesOff,
    KeyReused,
    NotEnoughPoints,
    NothingGiven,
    NotYourDecision,
    OwnCard,
    PeriodClosed,
    adjust_points,
    close_period,
    decline_gesture,
    give_gesture,
    grant_gesture,
    grant_points,
    rebuild_points,
)
from tests.factories import NOW, TODAY, Cast, make_cast, make_user
from tests.loyalty.till import give_back, held, pay, rules

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture
def cast() -> Cast:
    rules(gesture_on=True)
    return make_cast()


def give(cast, points, *, user=None, client=None, key="", now=NOW, reason="she waited"):
    return give_gesture(
        client=client or cast.vera,
        points=points,
        reason=reason,
        user=user or cast.user_of(cast.anna),
        now=now,
        rules=rules(),
        key=key,
    )


def refusals() -> list[tuple[str, str]]:
    return list(RefusedBenefit.objects.order_by("pk").values_list("kind", "reason"))


def test_up_to_a_hundred_a_day_at_once_and_what_goes_beyond_waits_for_the_owner(cast):
    anna = cast.user_of(cast.anna)
    give(cast, 60)
    entry = give(cast, 40, client=cast.dina)
    assert (entry.points, entry.kind, entry.user, entry.reason) == (40, "gesture", anna, "she waited")

    request = give(cast, 1, key="form")

    assert (held(cast.vera), held(cast.dina)) == ((60, 0), (40, 0))
    assert (request.state, request.asked_by, give(cast, 1, key="form")) == ("open", anna, request)
    # the page opened anew and sent once more asks for the same
    assert give(cast, 1, key="another form") == request
    assert give(cast, 1, key="a third", reason="she came in the rain") != request
    # another login, another day
    assert give(cast, 100, user=cast.user_of(cast.boris)).points == 100
    assert give(cast, 100, now=NOW + DAY).points == 100
    with pytest.raises(NotYourDecision):
        grant_gesture(request=request, user=anna, now=NOW)
    with pytest.raises(NotYourDecision):
        grant_gesture(request=request, user=cast.receptionist, now=NOW)

    granted = grant_gesture(request=request, user=cast.owner, now=NOW)

    # the ledger names who gave, the request who granted
    assert (granted.points, granted.user) == (1, anna)
    request.refresh_from_db()
    assert (request.state, request.decided_by, request.entry) == ("granted", cast.owner, granted)
    assert grant_gesture(request=request, user=cast.owner, now=NOW) == granted
    with pytest.raises(DecidedBefore):
        decline_gesture(request=request, user=cast.owner, now=NOW)
    assert held(cast.vera) == (261, 0)
    assert refusals() == [("gesture", "own_request"), ("gesture", "not_owner")]
    assert rebuild_points() == []


def test_declined_stays_declined(cast):
    request = give(cast, 500)

    decline_gesture(request=request, user=cast.owner, now=NOW)
    decline_gesture(request=request, user=cast.owner, now=NOW)

    with pytest.raises(DecidedBefore):
        grant_gesture(request=request, user=cast.owner, now=NOW)
    assert held(cast.vera) == (0, 0)


def test_what_was_granted_by_the_owner_uses_up_nothing_of_the_day(cast):
    grant_gesture(request=give(cast, 500), user=cast.owner, now=NOW)

    assert give(cast, 100).points == 100


@pytest.mark.parametrize(
    ("own", "client"),
    [
        ({"email": "Anna@Example.test"}, {"email": "anna@example.test"}),
        ({"phone": "061 100-777"}, {"phone": "+38761100777"}),
    ],
)
def test_nobody_gives_points_to_herself(cast, own, client):
    anna = cast.user_of(cast.anna)
    vars(anna).update(own)
    anna.save()
    for name, value in client.items():
        setattr(cast.dina, name, value)
    cast.dina.save()

    with pytest.raises(OwnCard):
        give(cast, 1, client=cast.dina)

    assert (held(cast.dina), refusals()) == ((0, 0), [("gesture", "own_card")])
    # what a colleague gives her is given, and seen
    give(cast, 10, client=cast.dina, user=cast.user_of(cast.boris))
    assert [(each.reason, each.client) for each in hand_suspicions(TODAY)] == [("team_card", cast.dina)]


def test_owner_gives_nothing_to_herself_either(cast):
    cast.dina.email = cast.owner.email
    cast.dina.save()
    request = give(cast, 500, client=cast.dina)

    for attempt in (
        lambda: give(cast, 5, client=cast.dina, user=cast.owner),
        lambda: grant_gesture(request=request, user=cast.owner, now=NOW),
        lambda: adjust_points(client=cast.dina, points=5, reason="x", user=cast.owner, now=NOW, key="a"),
    ):
        with pytest.raises(OwnCard):
            attempt()
    assert held(cast.dina) == (0, 0)


def test_who_bears_the_clients_name_waits_for_the_owner(cast):
    cast.dina.name = "Anna"
    cast.dina.save()

    assert isinstance(give(cast, 1, client=cast.dina), GestureRequest)


def test_regular_gifts_of_one_to_one_are_seen(cast):
    for day in range(4):
        give(cast, 20, now=NOW + day * DAY)

    assert [(each.reason, each.user, each.points) for each in hand_suspicions(TODAY)] == [
        ("often", cast.user_of(cast.anna), 80)
    ]


def test_switched_off_the_team_gives_nothing_and_the_owner_may(cast):
    rules(gesture_on=False)

    with pytest.raises(GesturesOff):
        give(cast, 1)
    assert give(cast, 1000, user=cast.owner).points == 1000


def test_number_and_reason_are_needed_and_a_form_counts_once(cast):
    with pytest.raises(NothingGiven):
        give(cast, 0)
    with pytest.raises(NothingGiven):
        give(cast, 5, reason=" ")
    assert give(cast, 5, key="k") == give(cast, 5, key="k")
    with pytest.raises(KeyReused):
        give(cast, 6, key="k")
    assert held(cast.vera) == (5, 0)


def test_database_wants_two_people_too(cast):
    request = give(cast, 500)

    with pytest.raises(IntegrityError), transaction.atomic():
        GestureRequest.objects.update(state="declined", decided_by=request.asked_by, decided_at=NOW)


# the owner's own hand -------------------------------------------------------


def adjust(cast, points, key, **options):
    options.setdefault("user", cast.owner)
    return adjust_points(client=cast.vera, points=points, reason="miscounted", now=NOW, key=key, **options)


def test_owner_adjusts_up_and_down_and_never_below_nothing(cast):
    adjust(cast, 80, "a")
    adjust(cast, 80, "a")
    adjust(cast, -30, "b")

    assert held(cast.vera) == (50, 0)
    with pytest.raises(NotEnoughPoints):
        adjust(cast, -51, "c")
    with pytest.raises(KeyReused):
        adjust(cast, 81, "a")
    with pytest.raises(NotYourDecision):
        adjust(cast, 5, "d", user=cast.user_of(cast.anna))
    report = points_report(since=TODAY, until=TODAY + DAY, today=TODAY)
    assert (report["granted"], report["reversed"], report["outstanding"]) == (80, 30, 50)


def test_what_is_owed_goes_off_an_adjustment(cast):
    sale = pay(cast.vera, 1000)
    pay(cast.vera, 50, points=50)
    give_back(sale)
    assert held(cast.vera) == (0, 50)

    adjust(cast, 80, "a")

    assert held(cast.vera) == (30, 0)


# closed books ---------------------------------------------------------------


def test_nothing_is_dated_in_a_closed_period_whoever_asks(cast):
    pay(cast.vera, 1000, now=NOW - 20 * DAY)
    close_period(last_on=TODAY - DAY, user=cast.owner, now=NOW)
    entries = LedgerEntry.objects.count()

    with pytest.raises(PeriodClosed):
        grant_points(
            client=cast.vera, points=5, kind="gesture", source="late", key="late", now=NOW - DAY, user=cast.owner
        )
    # the database refuses it by itself, entries and what is owed alike
    for table, columns, values in (
        (LedgerEntry, "kind, reason", "'gesture', ''"),
        (OwedEntry, "", ""),
    ):
        more, given = (f", {columns}", f", {values}") if columns else ("", "")
        statement = (
            f'INSERT INTO "{table._meta.db_table}" (account_id, points, source, key, at, "on"{more}) '
            f"SELECT id, 5, 'sql', 'sql', opened_at, %s{given} FROM loyalty_pointsaccount"
        )
        with pytest.raises(DatabaseError, match="closed"), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement, [TODAY - DAY])
        with transaction.atomic(), connection.cursor() as cursor:
            # the day after is open
            cursor.execute(statement, [TODAY])
            transaction.set_rollback(True)
    assert LedgerEntry.objects.count() == entries
    # what has to be put right is an entry of today
    adjust(cast, -10, "a")
    assert held(cast.vera) == (40, 0)


def test_books_are_closed_forwards_by_the_owner_and_for_good(cast):
    # it is still 9 June in the west of this salon's world
    cast.elsewhere.time_zone = "Pacific/Pago_Pago"
    cast.elsewhere.save()
    with pytest.raises(CloseRefused):
        close_period(last_on=TODAY - DAY, user=cast.owner, now=NOW)
    with pytest.raises(CloseRefused):
        close_period(last_on=date(2026, 5, 31), user=cast.receptionist, now=NOW)
    close_period(last_on=date(2026, 5, 31), user=cast.owner, now=NOW)
    with pytest.raises(CloseRefused):
        close_period(last_on=date(2026, 4, 30), user=make_user("owner"), now=NOW)

    with pytest.raises(DatabaseError), transaction.atomic():
        PeriodClose.objects.all()._raw_delete("default")
