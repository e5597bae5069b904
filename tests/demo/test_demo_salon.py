"""The made-up salon: today is a busy day that shows every practice, and a later start adds the days that have come."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.core.management import CommandError, call_command

from crm.booking.models import Appointment, AppointmentEvent, Stretch, Visit
from crm.care.models import Complaint, Feedback
from crm.office.demo.salon import NotEmpty, daytime_zone, prepare
from crm.people.models import Client, HealthNote, Note
from crm.sales.models import Sale
from crm.team.models import Branch, User
from loyalty.cards.models import Card
from loyalty.points.models import LedgerEntry
from loyalty.vouchers.models import Voucher
from reminders.journeys.services.planning import plan_due
from reminders.messages.models import Message
from tests.factories import make_branch

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 18, 11, 20, tzinfo=ZoneInfo("UTC"))  # 12:20 in Sarajevo, a Wednesday
FEW = 120


def counts() -> dict[str, int]:
    return {model.__name__: model.objects.count() for model in (Client, Appointment, Sale, Visit, Note, Message)}


def todays(prepared, now=NOW):
    on = now.astimezone(ZoneInfo(prepared.branch.time_zone)).date()
    return Appointment.objects.filter(branch=prepared.branch, on=on)


def test_today_is_busy_with_every_step_of_a_visit():
    prepared = prepare(now=NOW, clients=FEW)

    statuses = set(todays(prepared).values_list("status", flat=True))

    assert {"done", "in_progress", "arrived", "booked"} <= statuses
    assert todays(prepared).count() >= 12


def test_briefings_of_today_show_every_practice():
    prepared = prepare(now=NOW)
    clients = list(todays(prepared).values_list("client", flat=True))
    on = NOW.astimezone(ZoneInfo(prepared.branch.time_zone)).date()

    kinds = set(Note.objects.filter(client__in=clients).values_list("kind", flat=True))

    assert kinds == set(Note.Kind.values)
    assert Note.objects.filter(client__in=clients, ask_again_on=on).exists()
    assert HealthNote.objects.filter(client__in=clients).exists()
    assert Complaint.objects.filter(client__in=clients, resolved_at__isnull=True).exists()
    assert Feedback.objects.filter(client__in=clients, score__in=[7, 8]).exists()
    assert Card.objects.filter(client__in=clients, level__code="gold").exists()
    assert Voucher.objects.filter(reserved_for__in=todays(prepared)).exists()
    assert Client.objects.filter(pk__in=clients, visits__isnull=True, referred_by__isnull=False).exists()


def test_second_start_on_the_same_day_adds_nothing():
    prepare(now=NOW, clients=FEW)
    before = counts()

    prepare(now=NOW + timedelta(minutes=1), clients=FEW)

    assert counts() == before


def test_later_start_adds_the_days_that_have_come_and_changes_nothing_before():
    prepared = prepare(now=NOW, clients=FEW)
    sales = dict(Sale.objects.values_list("pk", "total"))
    tomorrow = NOW + timedelta(days=1)

    prepare(now=tomorrow, clients=FEW)

    assert dict(Sale.objects.filter(pk__in=sales).values_list("pk", "total")) == sales
    assert not todays(prepared).filter(status__in=Appointment.OPEN).exists()
    assert todays(prepared, tomorrow).count() >= 12
    assert {"in_progress", "booked"} <= set(todays(prepared, tomorrow).values_list("status", flat=True))


def test_what_a_person_has_begun_is_left_to_her():
    """Checked in at the desk: that visit is not finished by a start of the demo."""
    prepared = prepare(now=NOW, clients=FEW)
    mine = todays(prepared).filter(status="booked").order_by("starts_at").first()
    AppointmentEvent.objects.create(appointment=mine, kind="confirmed", at=NOW, via="desk")

    prepare(now=NOW + timedelta(hours=20), clients=FEW)

    mine.refresh_from_db()
    assert mine.status == "booked"


def test_no_two_visits_of_a_master_overlap():
    prepare(now=NOW, clients=FEW)
    held = (
        Stretch.objects.filter(holds=True).order_by("master", "starts_at").values_list("master", "starts_at", "ends_at")
    )

    overlaps = [
        (one, other) for one, other in zip(held, held[1:], strict=False) if one[0] == other[0] and other[1] < one[2]
    ]

    assert overlaps == []


def test_opening_it_sends_few_messages_and_nothing_old():
    prepared = prepare(now=NOW, clients=FEW)
    before = Message.objects.filter(state="planned").count()

    plan_due(now=NOW)

    due = Message.objects.filter(state="planned")
    assert before == 0
    assert due.count() < 40
    assert not due.filter(send_at__lt=NOW - timedelta(days=1)).exists()
    assert Message.objects.filter(branch=prepared.branch, state__in=["sent", "delivered"]).count() > 50


def test_everybody_is_made_up():
    prepare(now=NOW, clients=FEW)

    addresses = {email.rpartition("@")[2] for email in Client.objects.exclude(email="").values_list("email", flat=True)}

    assert addresses == {"example.test"}
    assert not Client.objects.exclude(phone__startswith="+38761100").exists()
    assert set(Client.objects.values_list("language", flat=True)) == {"en", "ru", "bs", "ar"}


def test_points_come_by_the_ledger():
    prepare(now=NOW, clients=FEW)

    assert {"imported", "spending"} <= set(LedgerEntry.objects.values_list("kind", flat=True))


@pytest.mark.parametrize("hour", range(24))
def test_it_is_day_in_the_demo_whenever_it_is_first_opened(hour):
    now = datetime(2026, 11, 18, hour, 30, tzinfo=ZoneInfo("UTC"))

    there = now.astimezone(ZoneInfo(daytime_zone(now)))

    assert 10 <= there.hour < 17


def test_real_salon_gets_no_demo():
    make_branch("A salon of its own")

    with pytest.raises(NotEmpty):
        prepare(now=NOW)

    assert not User.objects.filter(username="owner").exists()


def test_demo_is_refused_where_demo_is_off(settings):
    settings.DEMO = False

    with pytest.raises(CommandError, match="DEMO=1"):
        call_command("demo_salon")

    assert not Branch.objects.exists()
