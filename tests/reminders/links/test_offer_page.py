"""Invitations: an offered slot with the voucher on it (practices.md, P18 and P19)."""

import re
from datetime import timedelta
from decimal import Decimal

import pytest

from crm.booking.models import Accommodation, Appointment
from crm.catalogue.models import FollowRule
from loyalty.vouchers.models import Voucher
from reminders.consent.models import ContactPermission
from reminders.consent.services import grant
from reminders.links.selectors.bookable import offered_services
from reminders.links.selectors.times import proposals
from reminders.links.services import take_slot
from reminders.messages.models import Kind
from reminders.messages.tokens import read_slot_code, slot_code
from tests.factories import NOW, TODAY, local, make_appointment, make_service, make_visit
from tests.reminders.cast import VISIT_ON, give_win_back, make_told, make_words
from tests.reminders.links.conftest import follow, text_of

SLOT = re.compile(r'name="slot" value="([\w-]+)"')


@pytest.fixture
def win_back(cast):
    return make_told(cast, cast.vera, Kind.WIN_BACK)


@pytest.fixture
def voucher(cast, win_back):
    return give_win_back(cast, win_back)


def test_offer_shows_three_slots_on_different_days_and_the_voucher(visitor, win_back, voucher):
    page = follow(visitor, win_back)

    assert "50% off is yours for a visit up to 9 August." in text_of(page)
    assert len(SLOT.findall(page.content.decode())) == 3
    assert len(set(re.findall(r'class="day">([^<]+)', page.content.decode()))) == 3


def test_each_time_says_what_it_costs_and_what_the_voucher_makes_of_it(visitor, cast, win_back, voucher):
    # her own price, and half of it: 55.55 is 27.78 off, half up
    Accommodation.objects.create(client=cast.vera, service=cast.lashes, price=Decimal("55.55"))
    # two of the three days are after its end
    first, second, _third = sorted(slot.on for slot in proposals(win_back, [cast.lashes], now=NOW))
    Voucher.objects.update(valid_until=first)

    page = follow(visitor, win_back)
    text = text_of(page).replace("\xa0", " ")

    assert "Lashes BAM 55.55 , with your 50%: BAM 27.77" in text
    tiles = re.findall(r'(?s)name="slot".*?</button>', page.content.decode().replace("\xa0", " "))
    assert [re.findall(r"BAM [\d.]+", tile) for tile in tiles] == [
        ["BAM 55.55", "BAM 27.77"],
        ["BAM 55.55"],
        ["BAM 55.55"],
    ]
    assert second > first
    alone = visitor.get(f"/my/offer/{win_back.pk}/?s={SLOT.search(page.content.decode()).group(1)}")
    assert "from BAM 55.55 with your 50%: BAM 27.77" in text_of(alone).replace("\xa0", " ")


def test_without_a_voucher_the_price_stands_alone(visitor, cast):
    text = text_of(follow(visitor, make_told(cast, cast.vera, Kind.DUE_SOON))).replace("\xa0", " ")

    assert ("BAM 60.00" in text, "with your" in text) == (True, False)


def test_what_is_done_instead_keeps_the_rest_of_her_visit(visitor, cast):
    """A fill and a soak last time, and no set before them: a set takes the fill's place, the soak stays."""
    fill = make_service(branch=cast.branch, name="Fill", minutes=60, price=35, otherwise=cast.lashes)
    FollowRule.objects.create(service=fill, after=cast.lashes, within_days=21)
    # what nobody books by herself stays too, as it was in her visit
    removal = make_service(branch=cast.branch, name="Soak", minutes=30, price=10, is_bookable_online=False)
    make_visit(cast.vera, VISIT_ON, services=[fill, removal], master=cast.anna)
    message = make_told(cast, cast.vera, Kind.DUE_SOON)
    slot = SLOT.search(follow(visitor, message).content.decode()).group(1)

    refused = visitor.post(f"/my/offer/{message.pk}/", {"slot": slot}).content.decode()
    way_on = re.search(r'btn-primary btn-block" href="([^"]+)">Times for Lashes, Soak<', refused).group(1)
    assert way_on == f"/my/offer/{message.pk}/more/?service={cast.lashes.pk}-{removal.pk}"
    page = visitor.get(way_on).content.decode()
    assert f'<option value="{cast.lashes.pk}-{removal.pk}" selected>Lashes, Soak</option>' in page

    visitor.post(way_on, {"slot": SLOT.search(page).group(1)})

    assert [line.service for line in Appointment.objects.get().lines.order_by("position")] == [cast.lashes, removal]


def test_a_tapped_slot_is_booked_with_the_voucher_reserved(visitor, win_back, voucher, cast):
    slot = SLOT.search(follow(visitor, win_back).content.decode()).group(1)

    response = visitor.post(f"/my/offer/{win_back.pk}/", {"slot": slot}, follow=True)

    appointment = Appointment.objects.get()
    voucher.refresh_from_db()
    assert slot == slot_code(appointment.starts_at, appointment.master_id)
    assert (appointment.client, appointment.booked_by, appointment.status) == (cast.vera, "client", "booked")
    assert [line.service for line in appointment.lines.all()] == [cast.lashes]
    assert voucher.reserved_for == appointment
    assert response.redirect_chain[-1][0] == f"/my/visit/{appointment.pk}/"
    assert "Booked. We look forward to you." in text_of(response)
    assert "50% off is yours" in text_of(response)


def test_a_time_tapped_in_the_letter_is_shown_alone_and_not_yet_booked(visitor, win_back, voucher):
    first, second, _third = SLOT.findall(follow(visitor, win_back).content.decode())

    page = visitor.get(f"/my/offer/{win_back.pk}/?s={second}")

    assert SLOT.findall(page.content.decode()) == [second]
    # 90 minutes and 15 % are 103.5, up to the next 5
    assert "about 1 hr 45 min , from BAM 60.00" in text_of(page).replace("\xa0", " ")
    assert ("It is not booked yet." in text_of(page), "50% off" in text_of(page)) == (True, True)
    assert not Appointment.objects.exists()
    assert first in SLOT.findall(visitor.get(f"/my/offer/{win_back.pk}/").content.decode())


def test_a_tapped_time_that_is_gone_is_said_and_others_are_shown(visitor, win_back, cast):
    slot = SLOT.search(follow(visitor, win_back).content.decode()).group(1)
    starts_at, _master = read_slot_code(slot)
    for master in (cast.anna, cast.boris):
        make_appointment(client=cast.dina, master=master, starts_at=starts_at, services=[cast.lashes])

    page = visitor.get(f"/my/offer/{win_back.pk}/?s={slot}")

    assert "The time in our message is taken by now." in text_of(page)
    assert (slot in SLOT.findall(page.content.decode()), len(SLOT.findall(page.content.decode()))) == (False, 3)


def test_pressed_again_it_is_the_same_appointment(visitor, win_back, voucher):
    first, second, _third = SLOT.findall(follow(visitor, win_back).content.decode())

    for slot in (first, first, second):
        response = visitor.post(f"/my/offer/{win_back.pk}/", {"slot": slot})
        assert response.status_code == 302

    assert Appointment.objects.count() == 1
    assert "You are booked already" in text_of(visitor.get(f"/my/offer/{win_back.pk}/"))


def test_a_slot_taken_meanwhile_shows_others(visitor, win_back, voucher, cast):
    slot = SLOT.search(follow(visitor, win_back).content.decode()).group(1)
    page = visitor.get(f"/my/offer/{win_back.pk}/")
    hour = re.search(rf'value="{slot}".*?class="hour">([^<]+)', page.content.decode(), re.DOTALL)
    assert hour
    starts_at, _master = read_slot_code(slot)
    for master in (cast.anna, cast.boris):
        make_appointment(client=cast.dina, master=master, starts_at=starts_at, services=[cast.lashes])

    response = visitor.post(f"/my/offer/{win_back.pk}/", {"slot": slot})

    voucher.refresh_from_db()
    assert "This time is taken" in text_of(response)
    assert slot not in SLOT.findall(response.content.decode())
    assert not Appointment.objects.filter(client=cast.vera).exists()
    assert voucher.reserved_for is None


def test_a_visit_after_the_vouchers_end_is_booked_without_it(cast, win_back, voucher):
    taken = take_slot(
        client=cast.vera,
        branch=cast.branch,
        services=[cast.lashes],
        master=cast.anna,
        starts_at=local(TODAY + timedelta(days=61), 10),
        now=NOW,
        voucher=voucher,
    )

    voucher.refresh_from_db()
    assert taken.is_new
    assert taken.voucher_why_not
    assert voucher.reserved_for is None


def test_past_the_last_day_for_booking_no_voucher_is_promised(visitor, cast, win_back, voucher, today):
    link_page = follow(visitor, win_back)
    assert "50% off" in text_of(link_page)
    Voucher.objects.update(book_until=TODAY - timedelta(days=1))

    assert "50% off" not in text_of(visitor.get(f"/my/offer/{win_back.pk}/"))


def test_another_day_and_master_can_be_chosen(visitor, cast, win_back, voucher):
    follow(visitor, win_back)
    page = visitor.get(f"/my/offer/{win_back.pk}/more/?day={TODAY + timedelta(days=6)}&master={cast.boris.pk}")
    assert "Tuesday, 16 June" in text_of(page)
    slot = slot_code(local(TODAY + timedelta(days=6), 9), cast.boris.pk)
    assert slot in SLOT.findall(page.content.decode())

    visitor.post(f"/my/offer/{win_back.pk}/more/", {"slot": slot})

    appointment = Appointment.objects.get()
    voucher.refresh_from_db()
    assert (appointment.master, voucher.reserved_for) == (cast.boris, appointment)


def test_another_service_can_be_chosen(visitor, cast, win_back):
    follow(visitor, win_back)
    slot = slot_code(local(TODAY + timedelta(days=6), 9), cast.boris.pk)

    visitor.post(f"/my/offer/{win_back.pk}/more/?service={cast.colour.pk}", {"slot": slot})

    (line,) = Appointment.objects.get().lines.all()
    assert line.service == cast.colour


def test_who_had_nothing_repeatable_is_asked_what_for(visitor, cast):
    message = make_told(cast, cast.vera, Kind.BIRTHDAY)

    page = follow(visitor, message)

    assert page.redirect_chain[-1][0] == f"/my/offer/{message.pk}/more/"
    assert "Lashes" in text_of(page)
    assert not SLOT.findall(page.content.decode())


def test_what_was_cancelled_is_offered_again(visitor, cast):
    message = make_told(cast, cast.vera, Kind.CANCELLATION)
    Appointment.objects.update(status="cancelled")
    message.appointment.stretches.update(holds=False)

    page = follow(visitor, message)
    assert len(SLOT.findall(page.content.decode())) == 3
    assert "In place of your visit that was cancelled:" in text_of(page)


def test_who_was_never_here_is_offered_the_next_days(cast):
    message = make_told(cast, cast.vera, Kind.CANCELLATION)
    Appointment.objects.update(status="cancelled")
    message.appointment.stretches.update(holds=False)

    slots = proposals(message, offered_services(message), now=NOW)

    # NOW is a Wednesday
    assert [(slot.on - TODAY).days for slot in slots] == [1, 2, 3]


def test_offers_can_be_stopped_from_the_page(visitor, cast, win_back):
    grant(client=cast.vera, purpose="marketing", channel="email", where="desk", now=NOW)
    follow(visitor, win_back)
    asked = visitor.get(f"/my/offer/{win_back.pk}/stop/")
    assert "No more invitations and offers?" in text_of(asked)
    assert ContactPermission.objects.get(client=cast.vera).marketing_email

    visitor.post(f"/my/offer/{win_back.pk}/stop/")

    assert not ContactPermission.objects.get(client=cast.vera).marketing_email


def test_who_is_blocked_is_asked_to_call(visitor, cast, win_back):
    slot = SLOT.search(follow(visitor, win_back).content.decode()).group(1)
    cast.vera.status = "blocked"
    cast.vera.save()

    page = visitor.post(f"/my/offer/{win_back.pk}/", {"slot": slot})

    assert "Please call us about your next visit." in text_of(page)
    assert not SLOT.findall(page.content.decode())
    assert 'href="tel:+38761100100"' in page.content.decode()
    assert not Appointment.objects.exists()


def test_the_voucher_of_somebody_else_is_never_hung_on(visitor, cast, voucher):
    other = make_told(cast, cast.dina, Kind.WIN_BACK, channel="sms")
    slot = SLOT.search(follow(visitor, other).content.decode()).group(1)

    visitor.post(f"/my/offer/{other.pk}/", {"slot": slot})

    voucher.refresh_from_db()
    assert voucher.reserved_for is None


def test_the_page_calls_the_service_as_the_salon_does(visitor, cast, win_back):
    make_words(cast.lashes, "ar", name="رموش")
    cast.vera.language = "ar"
    cast.vera.save()

    assert "رموش" in text_of(follow(visitor, win_back))
