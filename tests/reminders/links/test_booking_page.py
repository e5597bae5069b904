"""`/book/`: a stranger chooses, shows her number to be hers, and is booked (practices.md, P47)."""

import re
from datetime import timedelta

import pytest

from crm.booking.models import Appointment, AppointmentEvent
from crm.care.models import Call
from crm.catalogue.models import Service
from crm.people.models import Client
from crm.team.models import CrmSettings
from loyalty.referrals.models import ReferralClaim
from loyalty.referrals.services import ensure_code
from reminders.consent.models import ConsentEvent
from reminders.consent.selectors import permission_of
from reminders.links.drafts import FRIEND_COOKIE
from reminders.links.models import ContactCode
from reminders.messages.tokens import slot_code
from reminders.transports.models import MailboxLetter
from tests.factories import NOW, TODAY, local, make_appointment, make_client, make_service
from tests.reminders.cast import make_words
from tests.reminders.links.conftest import text_of

FRIDAY = TODAY + timedelta(days=2)
AT_TEN = local(FRIDAY, 10)
NEW_PHONE = "+38761100777"


@pytest.fixture(autouse=True)
def sms(settings):
    settings.SMS_URL, settings.EMAIL_URL = "mailbox://", ""


def details(cast, *services, at=AT_TEN, master=None) -> str:
    chosen = "".join(f"&service={service.pk}" for service in services or [cast.lashes])
    return f"/book/details/?branch={cast.branch.pk}{chosen}&slot={slot_code(at, (master or cast.anna).pk)}"


def ask(visitor, cast, *, phone=NEW_PHONE, name="Mia Example", at=AT_TEN, **more):
    """Types who she is and presses the button; more fields as they are sent."""
    sent = {"name": name, "phone": phone, "slot": slot_code(at, cast.anna.pk), **more}
    return visitor.post(details(cast), sent)


def code_sent() -> str:
    """The six digits in the newest SMS."""
    return re.match(r"\d{6}", MailboxLetter.objects.order_by("-pk")[0].text).group()


def book(visitor, cast, **more):
    """The whole way; gives the page on which she ends."""
    assert ask(visitor, cast, **more).status_code == 302
    return visitor.post("/book/code/", {"code": code_sent()}, follow=True)


def test_what_is_offered_is_told_with_its_margin_and_price(visitor, cast):
    make_words(cast.lashes)
    make_service(branch=cast.branch, name="Bridal", is_bookable_online=False)

    text = text_of(visitor.get("/book/"))

    # 90 minutes and 15 % are 103.5, up to the next 5
    assert "Lashes about 1 hr 45 min , from BAM 60.00" in text.replace("\xa0", " ")
    assert "Bridal" not in text


def test_what_costs_nothing_is_called_free(visitor, cast):
    Service.objects.filter(pk=cast.lashes.pk).update(price=0)

    text = text_of(visitor.get("/book/")).replace("\xa0", " ")

    assert ("about 1 hr 45 min , free" in text, "BAM 0.00" in text) == (True, False)
    # the number is read in groups
    assert "+387 61 100 100" in text


def test_of_several_branches_one_is_chosen_first(visitor, cast):
    make_service(branch=cast.elsewhere, name="Brows")

    page = text_of(visitor.get("/book/"))
    there = text_of(visitor.get(f"/book/?branch={cast.elsewhere.pk}"))

    assert ("Harbour" in page, "Hill" in page, "Lashes" in page) == (True, True, False)
    assert ("Brows" in there, "Lashes" in there) == (True, False)


def test_times_are_the_free_ones_within_the_owners_notice_and_days(visitor, cast):
    CrmSettings.objects.update(self_booking_notice=24 * 60, self_booking_days=3)

    page = visitor.get(f"/book/times/?branch={cast.branch.pk}&service={cast.lashes.pk}")

    # it is Wednesday 11:00: Thursday from 11:00 on, Friday, and no day after that
    slots = re.findall(r'name="slot" value="([\w-]+)"', page.content.decode())
    assert slots[0] == slot_code(local(TODAY + timedelta(days=1), 11), cast.anna.pk)
    assert re.findall(r"day=(2026-06-\d\d)", page.content.decode()) == ["2026-06-11", "2026-06-12"]
    # who it is stands beside a time only where it may be several
    hers = visitor.get(f"/book/times/?branch={cast.branch.pk}&service={cast.lashes.pk}&master={cast.anna.pk}")
    assert ('class="who">Anna<' in page.content.decode(), 'class="who"' in hers.content.decode()) == (True, False)


def test_somebody_new_is_booked_and_becomes_a_potential_client(visitor, cast):
    page = book(visitor, cast)

    client = Client.objects.get(phone=NEW_PHONE)
    appointment = Appointment.objects.get(client=client)
    assert (client.name, client.source, client.language, client.branch) == (
        "Mia Example",
        "booking page",
        "en",
        cast.branch,
    )
    assert (appointment.starts_at, appointment.master, appointment.booked_by) == (AT_TEN, cast.anna, "client")
    assert appointment.events.get().via == AppointmentEvent.Via.BOOK
    assert page.redirect_chain[-1][0] == f"/my/visit/{appointment.pk}/"
    assert "Put it into my calendar" in text_of(page)
    assert not Call.objects.exists()


def test_a_known_number_is_recognised_without_a_new_card(visitor, cast):
    book(visitor, cast, phone="061 100 101", name="Vera")

    assert Appointment.objects.get().client == cast.vera
    assert not Call.objects.exists()


def test_nothing_tells_a_stranger_who_is_known(visitor, cast):
    known, unknown = (ask(visitor, cast, phone=phone) for phone in (cast.vera.phone, NEW_PHONE))

    assert (known.status_code, known["Location"]) == (unknown.status_code, unknown["Location"])
    texts = {letter.text[6:] for letter in MailboxLetter.objects.all()}
    assert len(texts) == 1


def test_mother_and_daughter_with_one_number_are_told_apart_by_name(visitor, cast):
    daughter = make_client(branch=cast.branch, name="Мила Example", phone=cast.vera.phone)

    book(visitor, cast, phone=cast.vera.phone, name="Mila")

    assert Appointment.objects.get().client == daughter
    assert not Call.objects.exists()


def test_somebody_else_on_a_shared_number_is_new_and_the_desk_is_asked(visitor, cast):
    make_client(branch=cast.branch, name="Mila Example", phone=cast.vera.phone)

    book(visitor, cast, phone=cast.vera.phone, name="Zora")

    appointment = Appointment.objects.get()
    assert (appointment.client.name, appointment.client.phone) == ("Zora", cast.vera.phone)
    call = Call.objects.get()
    assert (call.client, call.kind, call.branch) == (appointment.client, "who_is_it", cast.branch)
    assert "Vera Example, Mila Example" in call.what_to_say


def test_another_name_on_a_number_of_one_is_hers_and_the_desk_asks(visitor, cast):
    book(visitor, cast, phone=cast.vera.phone, name="Zora")

    assert Appointment.objects.get().client == cast.vera
    assert "“Zora”, on the card of Vera Example" in Call.objects.get().what_to_say


def test_the_number_of_somebody_who_died_is_anothers_now(visitor, cast):
    Client.objects.filter(pk=cast.vera.pk).update(status=Client.Status.DECEASED)

    book(visitor, cast, phone=cast.vera.phone, name="Zora")

    assert Appointment.objects.get().client != cast.vera


def test_who_is_blocked_is_asked_to_call_after_the_code_only(visitor, cast):
    Client.objects.filter(pk=cast.vera.pk).update(status=Client.Status.BLOCKED)

    page = book(visitor, cast, phone=cast.vera.phone)

    assert "Please call us" in text_of(page)
    assert ('href="tel:+38761100100"' in page.content.decode(), "Book this time" in text_of(page)) == (True, False)
    assert not Appointment.objects.exists()


def test_pressed_twice_it_is_one_appointment(visitor, cast):
    ask(visitor, cast)
    code, before = code_sent(), visitor.cookies["booking"].value
    first = visitor.post("/book/code/", {"code": code})
    visitor.cookies["booking"] = before
    second = visitor.post("/book/code/", {"code": code})

    assert first["Location"] == second["Location"]
    assert (Appointment.objects.count(), Client.objects.filter(phone=NEW_PHONE).count()) == (1, 1)


def test_offers_are_a_box_that_nobody_ticked_for_her(visitor, cast):
    page = visitor.get(details(cast)).content.decode()
    assert 'name="wants_offers">' in page

    book(visitor, cast)

    assert not ConsentEvent.objects.exists()


def test_ticked_it_is_kept_with_its_words(visitor, cast):
    book(visitor, cast, wants_offers="on")

    event = ConsentEvent.objects.get()
    assert (event.purpose, event.channel, event.is_given, event.where) == ("marketing", "sms", True, "book")
    assert event.text_shown == "Write to me about free times and offers too. One tap ends it."
    assert permission_of(event.client).marketing_sms is True
    assert permission_of(event.client).marketing_email is False


def test_taken_in_the_last_moment_other_times_are_shown_and_nothing_is_typed_again(visitor, cast):
    ask(visitor, cast, wants_offers="on")
    make_appointment(client=cast.dina, master=cast.anna, starts_at=AT_TEN, services=[cast.lashes])

    page = visitor.post("/book/code/", {"code": code_sent()})

    assert "This time is taken" in text_of(page)
    assert f'value="{NEW_PHONE}"' in page.content.decode()
    assert 'value="Mia Example"' in page.content.decode()
    assert not Client.objects.filter(phone=NEW_PHONE).exists()
    other = re.findall(r'<button class="slot[^>]* value="([\w-]+)"', page.content.decode())[0]
    action = re.search(r'method="post" action="(/book/details/[^"]+)"', page.content.decode()).group(1)
    sent = {"name": "Mia Example", "phone": NEW_PHONE, "other": other, "wants_offers": "on"}
    shown = visitor.post(action.replace("&amp;", "&"), sent)
    # the other time is shown first, with what she typed, and is not booked yet
    assert not Appointment.objects.filter(client__phone=NEW_PHONE).exists()
    assert "Book this time" in text_of(shown)
    assert f'name="slot" value="{other}"' in shown.content.decode()
    assert f'value="{NEW_PHONE}"' in shown.content.decode()
    sent = {"name": "Mia Example", "phone": NEW_PHONE, "slot": other, "wants_offers": "on"}
    end = visitor.post(action.replace("&amp;", "&"), sent, follow=True)
    assert "You are booked" in text_of(end)
    # one code was enough
    assert (MailboxLetter.objects.count(), Appointment.objects.filter(client__phone=NEW_PHONE).count()) == (1, 1)


def test_with_anyone_the_same_hour_of_another_is_offered_first(visitor, cast):
    make_appointment(client=cast.dina, master=cast.anna, starts_at=AT_TEN, services=[cast.lashes])
    offered = re.compile(r'name="other" value="([\w-]+)"')
    sent = {"name": "Mia Example", "phone": NEW_PHONE, "slot": slot_code(AT_TEN, cast.anna.pk)}

    anyone = offered.findall(visitor.post(details(cast), sent).content.decode())
    annas = offered.findall(visitor.post(details(cast) + f"&master={cast.anna.pk}", sent).content.decode())

    of_boris = slot_code(AT_TEN, cast.boris.pk)
    assert (anyone[0], of_boris in annas) == (of_boris, False)


def test_taken_before_the_code_none_is_sent(visitor, cast):
    make_appointment(client=cast.dina, master=cast.anna, starts_at=AT_TEN, services=[cast.lashes])

    page = ask(visitor, cast)

    assert "This time is taken" in text_of(page)
    assert not MailboxLetter.objects.exists()


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        ({"name": ""}, "How may we call you?"),
        ({"name": "🌸🌸"}, "Please write your name in letters."),
        ({"name": "Mia <b>"}, "Please write your name in letters."),
        ({"name": "Mia http://example.test"}, "Please write your name in letters."),
        ({"name": "M" * 121}, "A shorter name will do, please."),
        ({"phone": ""}, "We need this to send you a code."),
        ({"phone": "12"}, "This is no phone number we understand"),
    ],
)
def test_what_is_missing_is_said_and_what_was_typed_stays(visitor, cast, sent, said):
    page = ask(visitor, cast, **{"name": "Mia & Co", "phone": "061 100 777", **sent})

    assert page.status_code == 422
    assert said in text_of(page)
    kept = {"name": "Mia &amp; Co", "phone": "061 100 777"}.items() - {(key, value) for key, value in sent.items()}
    assert [value for key, value in kept if key not in sent and f'value="{value}"' not in page.content.decode()] == []


def test_a_machine_gets_no_code(visitor, cast):
    assert ask(visitor, cast, website="http://example.test").status_code == 302

    assert not ContactCode.objects.exists()
    assert not MailboxLetter.objects.exists()


def test_the_owner_takes_calls_only(visitor, cast):
    CrmSettings.objects.update(self_booking=False)

    for path in ("/book/", details(cast)):
        assert "Call us, and we will find a time" in text_of(visitor.get(path))


def test_what_holds_if_she_cannot_come_is_said_before(visitor, cast):
    assert "tell us at least 24 hr before" in text_of(visitor.get(details(cast)))

    make_words(cast.lashes, policy="Two days before, please.")

    assert "Two days before, please." in text_of(visitor.get(details(cast)))


@pytest.mark.parametrize(
    "query", ["", "?branch=x", "?branch=99999", "?service=x", "?slot=zz", "?branch=1&service=2&slot=%00"]
)
@pytest.mark.parametrize("path", ["/book/", "/book/times/", "/book/details/", "/book/code/"])
def test_an_address_changed_by_hand_breaks_nothing(visitor, cast, path, query):
    assert visitor.get(path + query).status_code in (200, 302, 404)
    assert visitor.post(path + query).status_code in (302, 404, 405, 422)


@pytest.mark.parametrize(("language", "said"), [("ru", "ru"), ("bs", "bs"), ("ar", "ar"), ("de", "en")])
def test_the_browser_chooses_the_language(visitor, cast, language, said):
    page = visitor.get("/book/", headers={"accept-language": language})

    assert f'<html lang="{said}"' in page.content.decode()


@pytest.mark.parametrize("services", [1, 30])
def test_each_step_takes_the_same_queries_whatever_is_offered(visitor, cast, services, django_assert_num_queries):
    for number in range(services):
        make_words(make_service(branch=cast.branch, category=f"C{number % 3}"))

    with django_assert_num_queries(6):
        visitor.get("/book/")
    with django_assert_num_queries(13):
        visitor.get(f"/book/times/?branch={cast.branch.pk}&service={cast.lashes.pk}")
    with django_assert_num_queries(8):
        visitor.get(details(cast))


def test_the_page_is_small(visitor, cast):
    page = visitor.get("/book/")

    assert len(page.content) < 12_000
    assert "<script" not in page.content.decode()


def test_her_appointment_opens_for_her_browser_only(visitor, cast, client):
    page = book(visitor, cast)

    assert client.get(page.redirect_chain[-1][0]).status_code == 404
    assert NOW < Appointment.objects.get().starts_at


def test_friends_link_ties_the_new_client_to_who_sent_it(visitor, cast):
    """Nobody is told whose it is; oneself gets no more than a visit."""
    code = ensure_code(client=cast.vera, now=NOW)
    visitor.cookies[FRIEND_COOKIE] = code

    book(visitor, cast)

    claim = ReferralClaim.objects.get()
    assert (claim.friend, claim.bringer, claim.via, claim.state) == (
        Client.objects.get(phone=NEW_PHONE),
        cast.vera,
        "link",
        "open",
    )
    assert visitor.cookies[FRIEND_COOKIE].value == ""
    visitor.cookies[FRIEND_COOKIE] = code
    book(visitor, cast, phone=cast.vera.phone, name=cast.vera.name, at=local(FRIDAY, 13))
    assert ReferralClaim.objects.count() == 1
