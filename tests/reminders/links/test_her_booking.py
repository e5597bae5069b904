"""Behind her own link she books without a code; what may not follow is offered as something else (practices.md, P47)."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse

from crm.booking.models import Accommodation, Appointment
from crm.care.models import Call
from crm.catalogue.models import FollowRule
from crm.people.models import Client
from crm.team.models import CrmSettings
from loyalty.clubs.models import Club, ClubMember
from loyalty.partners.models import Partner, PartnerCode
from loyalty.partners.services import confirm_code
from reminders.messages.models import Kind
from reminders.messages.tokens import Door, open_url, slot_code
from tests.factories import NOW, TODAY, local, make_appointment, make_service, make_visit
from tests.reminders.cast import make_told
from tests.reminders.links.conftest import follow, text_of
from tests.reminders.links.test_booking_page import AT_TEN, ask, code_sent

Status = Appointment.Status


@pytest.fixture
def hers(cast, visitor):
    """Vera's own page is open in this browser."""
    link = open_url(door=Door.HOME, client_id=cast.vera.pk, today=TODAY).removeprefix("http://testserver")
    assert visitor.get(link, follow=True).status_code == 200
    return visitor


@pytest.fixture
def fill(cast):
    """A fill up to 21 days after lashes, else lashes."""
    fill = make_service(branch=cast.branch, name="Fill", minutes=60, price=35, otherwise=cast.lashes)
    FollowRule.objects.create(service=fill, after=cast.lashes, within_days=21)
    return fill


def details(cast, service, at=AT_TEN, step="details") -> str:
    query = f"?branch={cast.branch.pk}&service={service.pk}"
    return reverse(f"my:book_{step}") + query + (f"&slot={slot_code(at, cast.anna.pk)}" if step == "details" else "")


def test_her_page_leads_to_it(hers, cast):
    page = hers.get("/my/").content.decode()

    assert 'href="/my/book/"' in page
    assert "Lashes" in text_of(hers.get("/my/book/"))


def test_she_books_without_name_and_code(hers, cast):
    page = hers.get(details(cast, cast.lashes))
    assert 'name="phone"' not in page.content.decode()

    end = hers.post(details(cast, cast.lashes), follow=True)

    appointment = Appointment.objects.get()
    assert (appointment.client, appointment.starts_at, appointment.events.get().via) == (cast.vera, AT_TEN, "link")
    assert "You are booked" in text_of(end)


def test_pressed_twice_it_is_one(hers, cast):
    for _ in range(2):
        assert hers.post(details(cast, cast.lashes)).status_code == 302

    assert Appointment.objects.count() == 1


def test_who_fills_the_calendar_is_asked_to_call(hers, cast):
    for day in range(6):
        make_appointment(client=cast.vera, master=cast.boris, starts_at=local(TODAY + timedelta(days=9 + day), 10))

    assert "Please call us" in text_of(hers.post(details(cast, cast.lashes)))


def test_closed_to_her_every_step_says_to_call(hers, cast):
    Client.objects.filter(pk=cast.vera.pk).update(status=Client.Status.BLOCKED)

    for page in (
        hers.get("/my/book/"),
        hers.get(details(cast, cast.lashes, step="times")),
        hers.get(details(cast, cast.lashes)),
    ):
        assert 'class="btn btn-primary btn-block" href="tel:+38761100100"' in page.content.decode()
        assert "Book this time" not in text_of(page)
    assert "Book a visit" not in text_of(hers.get("/my/"))


def test_her_own_minutes_are_planned(hers, cast):
    Accommodation.objects.create(client=cast.vera, service=cast.lashes, minutes=120, price=50)

    # told on every step: 120 minutes and 15 % are 138, up to the next 5
    for page in (hers.get("/my/book/"), hers.get(details(cast, cast.lashes))):
        assert "about 2 hr 20 min , from BAM 50.00" in text_of(page).replace("\xa0", " ")
    hers.post(details(cast, cast.lashes))

    appointment = Appointment.objects.get()
    assert (appointment.minutes, appointment.told_minutes, appointment.price) == (120, 140, 50)


@pytest.mark.parametrize(("days_before", "may"), [(21, True), (22, False)])
def test_a_fill_is_done_up_to_its_days_after_a_set(hers, cast, fill, days_before, may):
    make_visit(cast.vera, AT_TEN.date() - timedelta(days=days_before), services=[cast.lashes])

    page = hers.post(details(cast, fill), follow=True)

    assert Appointment.objects.exists() is may
    if not may:
        assert "“Fill” is done up to 21 days after “Lashes”" in text_of(page)
        assert f"service={cast.lashes.pk}" in page.content.decode()
        assert "Times for Lashes" in text_of(page)


def test_it_is_said_before_she_chooses_an_hour(hers, cast, fill):
    page = text_of(hers.get(details(cast, fill, step="times")))

    assert "“Fill” is done only after “Lashes”." in page
    assert "Times for Lashes" in page


def test_a_stranger_hears_it_after_the_code(visitor, cast, fill, settings):
    sent = {"name": "Mia Example", "phone": "+38761100777", "slot": slot_code(AT_TEN, cast.anna.pk)}
    visitor.post(f"/book/details/?branch={cast.branch.pk}&service={fill.pk}", sent)

    page = visitor.post("/book/code/", {"code": code_sent()})

    assert "First another visit" in text_of(page)
    assert "“Fill” is done only after “Lashes”." in text_of(page)
    assert not Appointment.objects.exists()
    # the way on needs no second code
    times = (
        re.search(r'btn-primary btn-block" href="(/book/times/[^"]+)"', page.content.decode())
        .group(1)
        .replace("&amp;", "&")
    )
    assert f"service={cast.lashes.pk}" in times
    assert ask(visitor, cast)["Location"].startswith("/my/visit/")


def test_it_is_told_to_a_stranger_before_the_code(visitor, cast, fill):
    listed = text_of(visitor.get("/book/"))
    shown = text_of(
        visitor.get(f"/book/details/?branch={cast.branch.pk}&service={fill.pk}&slot={slot_code(AT_TEN, cast.anna.pk)}")
    )

    assert (listed.count("only after Lashes"), shown.count("only after Lashes")) == (1, 1)


def test_all_that_may_be_done_instead_is_a_choice(hers, cast, fill):
    # a fill may follow itself too, which is no way on today; colour may be booked at once
    for after in (fill, cast.colour):
        FollowRule.objects.create(service=fill, after=after, within_days=21)

    page = hers.post(details(cast, fill))

    chosen = re.findall(r'href="/my/book/times/\?branch=\d+&amp;service=(\d+)"', page.content.decode())
    assert [int(key) for key in chosen] == [cast.lashes.pk, cast.colour.pk]


def test_by_a_link_in_a_message_too(visitor, cast, fill):
    message = make_told(cast, cast.vera, Kind.DUE_SOON)
    follow(visitor, message)
    far = local(TODAY + timedelta(days=20), 10)

    page = visitor.post(f"/my/offer/{message.pk}/more/?service={fill.pk}", {"slot": slot_code(far, cast.anna.pk)})

    assert "“Fill” is done up to 21 days after “Lashes”" in text_of(page)
    assert f"/my/offer/{message.pk}/more/?service={cast.lashes.pk}" in page.content.decode()


@pytest.fixture
def soon(cast, visitor, today):
    """Vera's appointment of Friday 11:00, seen when the owner's two hours have just begun."""
    appointment = make_appointment(
        client=cast.vera, master=cast.anna, starts_at=local(TODAY + timedelta(days=2), 11), services=[cast.lashes]
    )
    today.move_to(appointment.starts_at - timedelta(hours=2))
    follow(visitor, make_told(cast, cast.vera, Kind.REMINDER_24H, appointment=appointment))
    return appointment


def test_until_the_owners_limit_she_changes_it_herself(visitor, soon, today):
    today.move_to(soon.starts_at - timedelta(hours=2, seconds=1))

    visitor.post(f"/my/visit/{soon.pk}/cancel/")

    soon.refresh_from_db()
    assert soon.status == Status.CANCELLED


def test_from_the_owners_limit_on_she_is_asked_to_call(visitor, soon):
    page = visitor.get(f"/my/visit/{soon.pk}/")
    for verb in ("cancel", "move"):
        visitor.post(f"/my/visit/{soon.pk}/{verb}/", {"slot": slot_code(AT_TEN + timedelta(days=3), soon.master_id)})

    soon.refresh_from_db()
    assert (soon.status, soon.starts_at) == (Status.BOOKED, local(TODAY + timedelta(days=2), 11))
    assert 'href="tel:+38761100100"' in page.content.decode()
    assert "I cannot come" not in text_of(page)
    # she may still say that she comes
    assert "Yes, I am coming" in text_of(page)


def test_with_a_limit_of_nought_she_changes_it_until_it_begins(visitor, soon, today):
    CrmSettings.objects.update(client_change_hours=0)
    today.move_to(soon.starts_at - timedelta(seconds=1))

    visitor.post(f"/my/visit/{soon.pk}/cancel/")

    soon.refresh_from_db()
    assert soon.status == Status.CANCELLED


def test_she_asks_the_desk_once(visitor, soon):
    for words in ("My bus is late", "again"):
        visitor.post(f"/my/visit/{soon.pk}/ask/", {"words": words})

    call = Call.objects.get()
    assert (call.client, call.kind, call.what_to_say, call.due_at) == (
        soon.client,
        "change",
        "My bus is late",
        soon.starts_at,
    )
    assert "We have read it and will call you." in text_of(visitor.get(f"/my/visit/{soon.pk}/"))


def test_called_already_she_may_ask_anew(visitor, soon, cast):
    visitor.post(f"/my/visit/{soon.pk}/ask/", {"words": "one"})
    Call.objects.update(done_at=soon.starts_at)

    visitor.post(f"/my/visit/{soon.pk}/ask/", {"words": "two"})

    assert list(Call.objects.order_by("pk").values_list("what_to_say", flat=True)) == ["one", "two"]


def test_club_members_see_further_ahead_than_others(hers, cast):
    """Three days for everybody, two more for her: Thursday, Friday, Saturday; Monday is one of hers."""
    CrmSettings.objects.update(self_booking_days=3)
    club = Club.objects.create(name="Closest", rule=Club.Rule.BY_HAND, extra_days=3)
    address = details(cast, cast.lashes, step="times")
    monday = details(cast, cast.lashes, at=local(TODAY + timedelta(days=5), 10))

    def days():
        return re.findall(r"day=(2026-06-\d\d)", hers.get(address).content.decode())

    assert days() == ["2026-06-10", "2026-06-11", "2026-06-12"]
    hers.post(monday)
    assert Appointment.objects.count() == 0

    ClubMember.objects.create(club=club, client=cast.vera, since=TODAY)

    assert days() == ["2026-06-10", "2026-06-11", "2026-06-12", "2026-06-13", "2026-06-15"]
    hers.post(monday)
    assert Appointment.objects.get().on == TODAY + timedelta(days=5)


def test_she_takes_a_code_for_a_partner_once_a_day(hers, cast):
    assert "/my/partners/" not in hers.get("/my/").content.decode()
    petal = Partner.objects.create(
        name="Petal (made up)", slug="petal", gives_there="10 % off", branch=cast.branch, from_on=TODAY
    )
    assert "/my/partners/" in hers.get("/my/").content.decode()

    hers.post("/my/partners/", {"partner": petal.pk})
    hers.post("/my/partners/", {"partner": petal.pk})
    code = PartnerCode.objects.get()
    shown = text_of(hers.get("/my/partners/"))
    confirm_code(partner=petal, typed=code.code, now=NOW)
    again = hers.post("/my/partners/", {"partner": petal.pk})

    assert (code.client, f"{code.code[:5]} {code.code[5:]}" in shown) == (cast.vera, True)
    assert (again.status_code, PartnerCode.objects.count()) == (422, 1)
