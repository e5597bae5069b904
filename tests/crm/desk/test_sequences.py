"""Several masters, rooms and agreements at the desk: booked, moved, paid, remembered."""

from datetime import UTC, datetime, time, timedelta
from decimal import Decimal

import pytest
import time_machine
from django.urls import reverse

from crm.booking.models import Accommodation, Appointment, AppointmentEvent
from crm.booking.services import Slot, book_appointment
from crm.desk.booking.slots import picked_slot, slot_choices, slot_value
from crm.sales.models import RebookingDecline, SaleLine
from tests.factories import (
    NOW,
    TODAY,
    local,
    make_agreement,
    make_branch,
    make_master,
    make_room,
    make_skill,
)

pytestmark = pytest.mark.django_db

TOMORROW = TODAY + timedelta(days=1)
By, Via = Appointment.By, AppointmentEvent.Via


@pytest.fixture
def desk(client, cast):
    client.force_login(cast.receptionist)
    with time_machine.travel(NOW, tick=False):
        yield client


def form(cast, **changes):
    return {
        "client": cast.vera.pk,
        "service": cast.colour.pk,
        "also": cast.removal.pk,
        "master": cast.anna.pk,
        "also_master": cast.boris.pk,
        "day": TOMORROW.isoformat(),
        "at": "10:00",
        "wish": "",
    } | changes


def hands(appointment):
    own = appointment.master
    return [(line.master or own).name for line in appointment.lines.select_related("master").order_by("position")]


def test_the_second_service_is_booked_with_somebody_else(desk, cast):
    assert desk.post(reverse("desk:visit_new"), form(cast)).status_code == 302
    assert hands(Appointment.objects.get()) == ["Anna", "Boris"]


def test_the_same_master_does_both_unless_somebody_is_chosen(desk, cast):
    desk.post(reverse("desk:visit_new"), form(cast, also_master=0))
    assert hands(Appointment.objects.get()) == ["Anna", "Anna"]


def test_whoever_is_free_is_one_for_both_if_she_can(desk, cast):
    desk.post(reverse("desk:visit_new"), form(cast, master=0))
    assert hands(Appointment.objects.get()) == ["Boris", "Boris"]
    make_skill(cast.boris, cast.removal)
    desk.post(reverse("desk:visit_new"), form(cast, master=0, at="14:00"))
    assert hands(Appointment.objects.latest("pk")) == ["Anna", "Boris"]


def test_where_the_master_does_only_one_of_them_the_free_times_name_who_does_the_other(desk, cast):
    make_skill(cast.anna, cast.colour)
    make_skill(cast.boris, cast.removal)
    page = desk.post(reverse("desk:visit_new"), form(cast, also_master=0, look="1"))
    slot = page.context["slots"][0]
    assert (slot["who"], slot["value"].rpartition("|")[2]) == ("Anna, Boris", f"{cast.anna.pk},{cast.boris.pk}")

    desk.post(reverse("desk:visit_new"), form(cast, also_master=0, slot=slot["value"]))
    assert hands(Appointment.objects.get()) == ["Anna", "Boris"]


def test_a_taken_chair_is_said_in_its_own_words_with_free_times(desk, cast):
    make_room(cast.colour)
    book_appointment(
        client=cast.dina,
        master=cast.boris,
        services=[cast.colour],
        starts_at=local(TOMORROW, 10),
        branch=cast.branch,
        now=NOW,
        by=By.SALON,
        via=Via.DESK,
    )
    page = desk.post(reverse("desk:visit_new"), form(cast, also="", also_master=0))
    assert "No room is free at this time." in page.content.decode()
    assert page.context["slots"]
    assert Appointment.objects.count() == 1


def test_checkout_credits_each_with_her_part(desk, cast):
    appointment = book_appointment(
        client=cast.vera,
        master=cast.anna,
        masters=[cast.anna, cast.boris],
        services=[cast.colour, cast.removal],
        starts_at=NOW,
        branch=cast.branch,
        now=NOW,
        by=By.SALON,
        via=Via.DESK,
    )
    url = reverse("desk:checkout", args=[appointment.pk])
    page = desk.get(url)
    draft = page.context["draft"]
    sent = {
        "key": draft.key,
        "item": [row.item for row in draft.rows],
        "price": [row.price for row in draft.rows],
        "quantity": ["1", "1"],
        "method": "cash",
        "next": f"decline:{RebookingDecline.Reason.choices[0][0]}",
        "step": "complete",
    }
    answer = desk.post(url, sent)
    assert answer.status_code == 302, answer.context["draft"].errors
    credited = SaleLine.objects.order_by("position").values_list("service__name", "master__name")
    assert list(credited) == [("Colour", "Anna"), ("Removal", "Boris")]
    items = cast.vera.visits.get().items.order_by("pk").values_list("service__name", "master__name")
    assert list(items) == [("Colour", "Anna"), ("Removal", "Boris")]


def test_a_hand_of_another_branch_is_not_credited(desk, cast):
    url = reverse("desk:checkout_new")
    desk.post(
        url,
        {
            "client": cast.vera.pk, "master": cast.anna.pk, "step": "complete", "method": "cash",
            "item": [f"service:{cast.removal.pk}:{cast.outsider.pk}"], "price": ["15"], "quantity": ["1"],
        },
    )  # fmt: skip
    assert SaleLine.objects.get().master == cast.anna


def test_what_is_agreed_with_her_is_written_down_shown_and_ended(desk, cast):
    url = reverse("desk:client_agreements", args=[cast.vera.pk])
    said = {"service": cast.colour.pk, "minutes": "135", "price": "100", "note": "thick hair"}
    assert desk.post(url, said).status_code == 302
    agreed = Accommodation.objects.get()
    assert (agreed.minutes, agreed.price, agreed.note) == (135, Decimal(100), "thick hair")
    assert agreed.history.get().history_user == cast.receptionist
    assert "thick hair" in desk.get(url).content.decode()

    desk.post(reverse("desk:client_agreement_end", args=[cast.vera.pk, cast.colour.pk]))
    assert not Accommodation.objects.exists()


def test_an_agreement_that_says_nothing_comes_back_with_the_form(desk, cast):
    page = desk.post(reverse("desk:client_agreements", args=[cast.vera.pk]), {"service": cast.colour.pk})
    assert (page.status_code, Accommodation.objects.exists()) == (422, False)
    assert "her minutes, her price, or both" in page.content.decode()


def test_her_agreements_are_those_of_the_branch_at_hand(desk, cast):
    make_agreement(cast.vera, cast.colour, minutes=135)
    desk.force_login(cast.user_of(cast.outsider))
    assert desk.get(reverse("desk:client_agreements", args=[cast.vera.pk])).context["rows"] == []
    desk.post(reverse("desk:client_agreement_end", args=[cast.vera.pk, cast.colour.pk]))
    assert Accommodation.objects.exists()


def test_booking_shows_times_for_her_own_minutes(desk, cast):
    make_agreement(cast.vera, cast.lashes, minutes=535)
    page = desk.post(reverse("desk:visit_new"), form(cast, service=cast.lashes.pk, also="", also_master=0, look="1"))
    # nine hours are worked, from 9 to 18: eight hours and 55 minutes begin at nine
    assert {choice["hour"] for choice in page.context["slots"]} == {"09:00"}


def slot_at(branch, master, starts_at):
    return Slot(
        master=master, branch=branch, starts_at=starts_at, ends_at=starts_at + timedelta(minutes=60), masters=(master,)
    )


def test_the_hour_that_comes_twice_says_which_is_meant():
    branch = make_branch(time_zone="Europe/Berlin")
    master = make_master(branch=branch)
    # the clock goes back at 01:00 UTC: 02:30 is 00:30 and 01:30
    first, second = (slot_at(branch, master, datetime(2026, 10, 25, hour, 30, tzinfo=UTC)) for hour in (0, 1))
    plain = slot_at(branch, master, datetime(2026, 10, 25, 2, 30, tzinfo=UTC))
    assert [choice["hour"] for choice in slot_choices([first, second, plain])] == [
        "02:30+02:00",
        "02:30+01:00",
        "03:30",
    ]
    _on, at, _master = picked_slot(slot_value(second), [master])
    assert at == time.fromisoformat("02:30+01:00")


def test_the_second_of_two_equal_hours_is_booked(client, cast):
    branch = make_branch(time_zone="Europe/Berlin")
    master = make_master(branch=branch, hours=(time(1), time(5)), weekdays=range(7))
    service = cast.removal
    service.branch = branch
    service.save()
    cast.receptionist.branch = branch
    cast.receptionist.save()
    second = datetime(2026, 10, 25, 1, 30, tzinfo=UTC)
    with time_machine.travel(datetime(2026, 10, 20, 9, tzinfo=UTC), tick=False):
        client.force_login(cast.receptionist)
        page = client.post(
            reverse("desk:visit_new"),
            {"client": cast.vera.pk, "service": service.pk, "slot": slot_value(slot_at(branch, master, second))},
        )
    assert page.status_code == 302, page.context["form"].errors
    assert Appointment.objects.get().starts_at == second
