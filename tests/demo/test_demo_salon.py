"""The made-up salon: today is a busy day that shows every practice, and a later start adds the days that have come."""

from datetime import datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from django.db import transaction

from crm.booking.models import (
    Appointment,
    AppointmentEvent,
    BadDay,
    Series,
    Stretch,
    Visit,
    VisitItem,
    WaitingEntry,
    WaitingOffer,
)
from crm.booking.selectors import misses_of
from crm.booking.services import what_may_follow
from crm.care.models import Complaint, Feedback
from crm.catalogue.models import Service
from crm.desk.bad_days.selectors import told_of
from crm.office.demo.salon import prepare
from crm.people.models import Client, HealthNote, Note, Tag
from crm.sales.models import Sale
from loyalty.cards.models import Card
from loyalty.points.models import LedgerEntry
from loyalty.vouchers.models import Voucher
from reminders.campaigns.models import Campaign
from reminders.effect.selectors import observing
from reminders.effect.selectors.effects import Verdict, effect_of
from reminders.journeys.models import Journey
from reminders.journeys.services.planning import plan_due
from reminders.letters.selectors import letters_to_print
from reminders.messages.models import Kind, Message

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 18, 11, 20, tzinfo=ZoneInfo("UTC"))  # 12:20 in Sarajevo, a Wednesday


@pytest.fixture(scope="module")
def demo(django_db_setup, django_db_blocker):
    """Made once for all of these tests; each of them takes back what it does."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield prepare(now=NOW)
        transaction.set_rollback(True)


def counts() -> dict[str, int]:
    return {model.__name__: model.objects.count() for model in (Client, Appointment, Sale, Visit, Note, Message)}


def todays(prepared, now=NOW):
    on = now.astimezone(ZoneInfo(prepared.branch.time_zone)).date()
    return Appointment.objects.filter(branch=prepared.branch, on=on)


def test_today_is_busy_with_every_step_of_a_visit(demo):
    statuses = set(todays(demo).values_list("status", flat=True))

    assert {"done", "in_progress", "arrived", "booked"} <= statuses
    assert todays(demo).count() >= 20


def test_briefings_of_today_show_every_practice(demo):
    clients = list(todays(demo).values_list("client", flat=True))
    on = NOW.astimezone(ZoneInfo(demo.branch.time_zone)).date()

    kinds = set(Note.objects.filter(client__in=clients).values_list("kind", flat=True))

    assert kinds == set(Note.Kind.values)
    assert Note.objects.filter(client__in=clients, ask_again_on=on).exists()
    assert HealthNote.objects.filter(client__in=clients).exists()
    assert Complaint.objects.filter(client__in=clients, resolved_at__isnull=True).exists()
    assert Feedback.objects.filter(client__in=clients, score__in=[7, 8]).exists()
    assert Card.objects.filter(client__in=clients, level__code="gold").exists()
    assert Voucher.objects.filter(reserved_for__in=todays(demo)).exists()
    assert Client.objects.filter(pk__in=clients, visits__isnull=True, referred_by__isnull=False).exists()
    near = [on + timedelta(days=number) for number in range(7)]
    assert any(
        (client.birth_month, client.birth_day) in [(day.month, day.day) for day in near]
        for client in Client.objects.filter(pk__in=clients)
    )


def test_second_start_on_the_same_day_adds_nothing(demo):
    before = counts()

    prepare(now=NOW + timedelta(minutes=1))

    assert counts() == before


def test_later_start_adds_the_days_that_have_come_and_changes_nothing_before(demo):
    sales = dict(Sale.objects.values_list("pk", "total"))
    tomorrow = NOW + timedelta(days=1)

    prepare(now=tomorrow)

    assert dict(Sale.objects.filter(pk__in=sales).values_list("pk", "total")) == sales
    assert not todays(demo).filter(status__in=Appointment.OPEN).exists()
    assert todays(demo, tomorrow).count() >= 20
    assert {"in_progress", "booked"} <= set(todays(demo, tomorrow).values_list("status", flat=True))


def test_start_after_weeks_plays_the_days_between(demo):
    later = NOW + timedelta(days=24)

    prepare(now=later)

    on = NOW.date()
    visits = [Visit.objects.filter(branch=demo.branch, on=on + timedelta(days=day)).count() for day in range(1, 24)]
    assert min(visits) >= 1
    assert sum(visits) >= 120
    assert todays(demo, later).count() >= 20


def test_what_a_person_has_begun_is_left_to_her(demo):
    """Confirmed at the desk: that visit is not finished by a start of the demo."""
    mine = todays(demo).filter(status="booked").order_by("starts_at").first()
    AppointmentEvent.objects.create(appointment=mine, kind="confirmed", at=NOW, via="desk")

    prepare(now=NOW + timedelta(hours=20))

    mine.refresh_from_db()
    assert mine.status == "booked"


def test_no_two_visits_of_a_master_overlap(demo):
    held = (
        Stretch.objects.filter(holds=True).order_by("master", "starts_at").values_list("master", "starts_at", "ends_at")
    )

    overlaps = [
        (one, other) for one, other in zip(held, held[1:], strict=False) if one[0] == other[0] and other[1] < one[2]
    ]

    assert overlaps == []


def test_opening_it_sends_few_messages_and_nothing_old(demo):
    before = Message.objects.filter(state="planned").count()

    plan_due(now=NOW)

    due = Message.objects.filter(state="planned")
    assert before == 0
    assert due.count() < 60
    assert not due.filter(send_at__lt=NOW - timedelta(days=1)).exists()
    assert Message.objects.filter(branch=demo.branch, state__in=["sent", "delivered"]).count() > 300


def test_every_journey_of_the_demo_is_on(demo):
    assert Journey.objects.filter(is_on=True).count() == len(Kind)


def test_everybody_is_made_up(demo):
    addresses = {email.rpartition("@")[2] for email in Client.objects.exclude(email="").values_list("email", flat=True)}

    assert addresses == {"example.test"}
    assert not Client.objects.exclude(phone="").exclude(phone__startswith="+38761100").exists()
    assert set(Client.objects.values_list("language", flat=True)) == {"en", "ru", "bs", "ar"}
    assert 300 <= Client.objects.count() <= 350


def test_points_come_by_the_ledger(demo):
    assert {"imported", "spending"} <= set(LedgerEntry.objects.values_list("kind", flat=True))


def test_a_refill_follows_a_set_for_three_weeks(demo):
    """Five weeks after the last of either she is offered a set."""
    refill = Service.objects.get(branch=demo.branch, code="LR")
    late = (
        Client.objects.filter(branch=demo.branch, pulse__next_appointment__isnull=True)
        .filter(pk__in=VisitItem.objects.filter(service=refill).values("visit__client"))
        .filter(pulse__last_visit_on__lt=NOW.date() - timedelta(days=35))
        .first()
    )

    (found,) = what_may_follow(client=late, services=[refill], on=NOW.date())

    assert found.instead.code == "LC"
    assert {(each.after.code, each.within_days) for each in refill.follows.all()} == {
        ("LC", 21),
        ("LV", 21),
        ("LR", 21),
    }


def test_a_bad_day_is_past_and_shows_what_became_of_each(demo):
    bad_day = BadDay.objects.get()
    told = told_of(bad_day, now=NOW)

    assert (bad_day.kind, bad_day.ends_at <= NOW) == ("ill", True)
    # one after the other: at the time all of them held hers
    hers = [(each.appointment.starts_at, each.appointment.ends_at) for each in told]
    assert (len(hers), all(end <= start for (_, end), (start, _) in pairwise(hers))) == (4, True)
    assert {each.appointment.status for each in told} == {"cancelled"}
    assert {(each.appointment.cancelled_by, each.message.state) for each in told} == {("salon", "delivered")}
    # one has chosen another time since, the others have none yet
    assert sum(each.instead is not None for each in told) == 1
    assert not Appointment.objects.filter(master=bad_day.master, on=bad_day.starts_at.date(), status="done").exists()


def test_somebody_of_today_keeps_missing_her_visits(demo):
    expected = Client.objects.filter(pk__in=todays(demo).filter(status__in=["booked", "confirmed"]).values("client"))

    flagged = [each.pk for each in expected if misses_of(client=each, now=NOW).is_flagged]

    assert 1 <= len(flagged) <= expected.count() / 2


def test_somebody_waits_is_asked_and_somebody_has_a_series(demo):
    waiting = WaitingEntry.objects.filter(branch=demo.branch, state="waiting").order_by("created_at")
    assert [entry.user is None for entry in waiting] == [True, False, False]
    assert WaitingOffer.objects.get().state == "open"
    assert Series.objects.get().appointments.filter(status="booked").count() == 6


def test_an_offer_was_held_back_from_some_and_its_effect_can_be_read(demo):
    campaign = Campaign.objects.get(control_percent__gt=0)
    effect, found = effect_of(
        observing.Series(campaign.kind, campaign.key), since=NOW - timedelta(days=100), until=NOW, now=NOW
    )

    assert min(effect.sent, effect.held_back) >= 30
    assert effect.verdict == Verdict.GAINING
    assert not campaign.addressed.exclude(client__in=[each.client for each in found]).exists()


def test_letters_and_cards_wait_to_be_printed(demo):
    waiting = letters_to_print(demo.branch)

    assert sorted(waiting.values_list("form", flat=True)) == ["card", "card", "letter", "letter"]
    assert all(letter.client.postal_address and letter.text for letter in waiting)
    assert Tag.objects.filter(clients__isnull=False).distinct().count() == 3
