"""What goes out: every kind in every language, joined care, headers, calendar files, hostile names."""

import re
from datetime import timedelta
from html import unescape

import pytest
from icalendar import Calendar

from crm.team.models import CrmSettings
from loyalty.points.models import LedgerEntry
from reminders.consent.services import grant
from reminders.messages import dressing, rendering
from reminders.messages.models import NO_TEXT, Kind, MessageText
from reminders.messages.preview import preview
from reminders.messages.rendering import render, words_for_a_call
from reminders.transports.segments import segments
from tests.factories import NOW, TODAY, make_appointment
from tests.reminders.cast import ABOUT_APPOINTMENT, VISIT_ON, give_win_back, make_told, make_words

pytestmark = pytest.mark.django_db
SHIPPED = [kind for kind in Kind.values if kind not in NO_TEXT]
LANGUAGES = ["en", "ru", "bs", "ar"]
APPOINTMENT_LINK = re.compile(r"http://testserver/my/o/a[\w.-]+/")


@pytest.fixture
def cast(cast):
    CrmSettings.objects.create(pk=1, salon_name="Vesna")
    return cast


@pytest.fixture(autouse=True)
def points(monkeypatch):
    """250 points expire; the ledger has tests of its own."""
    monkeypatch.setattr("reminders.messages.filling.expiring_points", lambda client, on: 250)
    assert LedgerEntry


@pytest.fixture(autouse=True)
def twice(monkeypatch):
    """Each letter of this file is put together from its build, and made from the beginning: they are the same."""

    def dressed(context):
        letter = dressing.dressed(context)
        assert letter == dressing.dressed_by_itself(context)
        return letter

    monkeypatch.setattr(rendering, "dressed", dressed)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", SHIPPED)
@pytest.mark.parametrize("channel", ["email", "sms"])
def test_every_kind_is_whole_in_every_language(cast, kind, language, channel):
    cast.vera.language = language
    cast.vera.save()
    message = make_told(cast, cast.vera, kind, channel=channel)
    if kind in (Kind.WIN_BACK, Kind.SECOND_WIN_BACK):
        give_win_back(cast, message)

    outgoing = render(message, now=NOW)

    said = [outgoing.text] if channel == "sms" else [outgoing.subject, outgoing.text, outgoing.html]
    for text in said:
        assert text.strip()
        assert not re.search(r"\{\w|\w\}|None|\|", text.partition("</head>")[2] or text)
    assert outgoing.language == language
    assert outgoing.to == (cast.vera.email if channel == "email" else cast.vera.phone)
    assert "http://testserver/my/o/" in outgoing.text or kind == Kind.THANKS
    if channel == "email":
        direction = "rtl" if language == "ar" else "ltr"
        assert f'<html lang="{language}" dir="{direction}"' in outgoing.html
        assert outgoing.sender_name == "Vesna"
        # the plain twin: no holes in it, and every way that the letter has; eleven scores are one
        assert not re.search(r"\n{3}|\S  | \n", outgoing.text)
        ways = {unescape(url).partition("?n=")[0] for url in re.findall(r'href="(http[^"]+)"', outgoing.html)}
        assert ways <= set(re.findall(r"http\S+", outgoing.text))
    else:
        assert "Vesna" in outgoing.text
        assert (outgoing.html, outgoing.subject, outgoing.headers, outgoing.attachments) == ("", "", {}, ())


def test_win_back_names_percent_code_and_both_days(cast):
    message = make_told(cast, cast.vera, Kind.WIN_BACK)
    voucher = give_win_back(cast, message)

    text = render(message, now=NOW).text

    assert "Your next visit" not in text
    assert "your next visit costs 50% less" in text
    assert f"Your code is {voucher.code}. It holds if you book by 10 July and come by 9 August" in text


def test_win_back_without_a_voucher_is_as_warm_and_promises_nothing(cast):
    message = make_told(cast, cast.vera, Kind.WIN_BACK)

    mail = render(message, now=NOW)
    sms = render(make_told(cast, cast.vera, Kind.WIN_BACK, channel="sms", occasion="another"), now=NOW)

    assert "we miss you" in mail.text
    assert "%" not in mail.text + sms.text
    assert "code" not in mail.text + sms.text
    assert sms.text.startswith("Hello Vera! We miss you. Choose a time: http://testserver/my/o/o")


@pytest.mark.parametrize(
    ("form", "said"), [("formal", "Мы по вам соскучились"), ("familiar", "Мы по тебе соскучились")]
)
def test_a_client_is_addressed_as_she_wishes(cast, form, said):
    cast.vera.language, cast.vera.address_form = "ru", form
    cast.vera.save()

    assert render(make_told(cast, cast.vera, Kind.WIN_BACK), now=NOW).subject == said


def test_nobody_is_called_by_a_code(cast):
    cast.vera.name = ""
    cast.vera.save()

    text = render(make_told(cast, cast.vera, Kind.FEEDBACK), now=NOW).text

    assert cast.vera.code not in text
    assert "Hello,\n" in text


def test_joined_care_is_one_letter_with_its_parts_in_order(cast):
    make_words(cast.lashes)
    first = make_told(cast, cast.vera, Kind.REASSURANCE, send_at=NOW)
    make_told(cast, cast.vera, Kind.LASHES, send_at=NOW, sent_with=first)
    make_told(cast, cast.vera, Kind.FEEDBACK, send_at=NOW + timedelta(minutes=1), sent_with=first)

    outgoing = render(first, now=NOW)

    text = outgoing.text
    places = [
        text.index(words) for words in ("Thank you for coming", "No oil, ever", "How are your lashes?", "How was it?")
    ]
    assert places == sorted(places)
    assert text.count("Hello Vera,") == 1
    assert text.count("Warmly,") == 1
    # a way to each of them
    assert [letter for letter in "hqf" if f"/my/o/{letter}" in text] == ["h", "q", "f"]


def test_joined_care_by_sms_greets_once(cast):
    first = make_told(cast, cast.vera, Kind.REASSURANCE, channel="sms")
    make_told(cast, cast.vera, Kind.FEEDBACK, channel="sms", sent_with=first)

    text = render(first, now=NOW).text

    assert text.count("Hello") == 1
    assert text.count("Vesna") == 1
    assert text.endswith(" Vesna")


def test_what_goes_together_asks_before_it_offers(cast):
    first = make_told(cast, cast.vera, Kind.REASSURANCE, send_at=NOW)
    make_told(cast, cast.vera, Kind.LASHES, send_at=NOW, sent_with=first)
    grant(client=cast.vera, purpose="marketing", channel="email", where="desk", now=NOW)

    text = render(first, now=NOW).text

    said = ["Everything on one page:", "Answer with one tap:", "these times are free right now:", ", Anna"]
    assert sorted(said, key=text.index) == said


@pytest.mark.parametrize(
    ("kind", "glance"),
    [(Kind.LASHES, "One tap is enough."), (Kind.POINTS_EXPIRING, "You have 250 points with us that are good until")],
)
def test_what_stands_beside_the_subject_does_not_repeat_it(cast, kind, glance):
    html = render(make_told(cast, cast.vera, kind), now=NOW).html

    assert re.search(rf'<div class="preheader"[^>]*>{glance}', html)


def test_a_telephone_keeps_its_order_among_arabic_words(cast):
    cast.branch.phone = "+38761100100"
    cast.branch.save()
    cast.vera.language = "ar"
    cast.vera.save()

    outgoing = render(make_told(cast, cast.vera, Kind.THANKS), now=NOW)

    # unmarked, its groups would stand from right to left
    assert "\u2068+387 61 100 100\u2069" in outgoing.text
    assert 'href="tel:+38761100100" dir="ltr"' in outgoing.html


def test_the_question_is_in_the_words_of_the_service(cast):
    make_words(cast.lashes, "bs", question="Kako su trepavice?")
    cast.vera.language = "bs"
    cast.vera.save()

    assert render(make_told(cast, cast.vera, Kind.LASHES), now=NOW).subject == "Kako su trepavice?"


def test_the_question_offers_slots_only_with_consent(cast):
    message = make_told(cast, cast.vera, Kind.LASHES)
    without = render(message, now=NOW).text
    grant(client=cast.vera, purpose="marketing", channel="sms", where="desk", now=NOW)
    other_channel = render(message, now=NOW).text
    grant(client=cast.vera, purpose="marketing", channel="email", where="desk", now=NOW)
    allowed = render(message, now=NOW).text

    assert ("?s=" in without, "?s=" in other_channel, "?s=" in allowed) == (False, False, True)
    assert "these times are free" in allowed
    assert "free right now" not in without


def test_an_invitation_shows_three_slots_on_three_days(cast):
    outgoing = render(make_told(cast, cast.vera, Kind.DUE_SOON), now=NOW)

    assert len(re.findall(r"\?s=", outgoing.text)) == 3


def test_free_times_stand_under_their_announcement_and_the_way_to_all_of_them_last(cast):
    text = render(make_told(cast, cast.vera, Kind.DUE_SOON), now=NOW).text

    announced, offered, others = (text.index(words) for words in ("free right now:", "?s=", "Choose a time:"))
    assert announced < offered < text.rindex("?s=") < others
    # nothing but the address between the announcement and the first time
    assert text[announced:offered].count("\n\n") == 1


def test_a_question_is_asked_before_times_are_offered(cast):
    grant(client=cast.vera, purpose="marketing", channel="email", where="desk", now=NOW)

    text = render(make_told(cast, cast.vera, Kind.LASHES), now=NOW).text

    assert text.index("Answer with one tap:") < text.index("these times are free") < text.index("?s=")


def test_an_appointment_is_told_by_the_salons_clock(cast):
    # 13:00 UTC is 15:00 in Sarajevo in June
    appointment = make_appointment(
        client=cast.vera, master=cast.anna, starts_at=NOW.replace(hour=13) + timedelta(days=1), services=[cast.lashes]
    )
    at_home = render(make_told(cast, cast.vera, Kind.REMINDER_24H, appointment=appointment), now=NOW)
    cast.vera.time_zone = "Asia/Dubai"
    cast.vera.save()
    abroad = render(make_told(cast, cast.vera, Kind.REMINDER_2H, appointment=appointment), now=NOW)

    assert at_home.subject == "See you Thursday, 11 June, 15:00"
    assert abroad.subject == "See you today at 15:00 (Sarajevo time)"
    assert "With Anna" in at_home.text


def test_a_service_has_a_neutral_name_in_messages(cast):
    make_words(cast.lashes, neutral_name="your hour with us")

    text = render(make_told(cast, cast.vera, Kind.CONFIRMATION), now=NOW).text

    assert "Your hour with us" in text
    assert "Lashes" not in text


@pytest.mark.parametrize("kind", SHIPPED)
def test_care_and_marketing_can_be_stopped_by_one_click_and_appointments_have_no_such_header(cast, kind):
    outgoing = render(make_told(cast, cast.vera, kind), now=NOW)

    care_or_marketing = kind in (
        Kind.REASSURANCE, Kind.FEEDBACK, Kind.LASHES, Kind.THANKS,
        Kind.DUE_SOON, Kind.WIN_BACK, Kind.SECOND_WIN_BACK, Kind.BIRTHDAY, Kind.USED_UP,
    )  # fmt: skip
    assert set(outgoing.headers) == ({"List-Unsubscribe", "List-Unsubscribe-Post"} if care_or_marketing else set())
    if care_or_marketing:
        assert re.fullmatch(r"<http://testserver/my/stop/u[\w.-]+/>", outgoing.headers["List-Unsubscribe"])
        assert outgoing.headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert ("No more of these, please" in outgoing.text) == care_or_marketing


@pytest.mark.parametrize(
    ("kind", "method", "status"),
    [
        (Kind.CONFIRMATION, "REQUEST", "CONFIRMED"),
        (Kind.CHANGE, "REQUEST", "CONFIRMED"),
        (Kind.CANCELLATION, "CANCEL", "CANCELLED"),
    ],
)
def test_a_calendar_file_goes_along(cast, kind, method, status):
    appointment = make_appointment(
        client=cast.vera,
        master=cast.anna,
        starts_at=NOW + timedelta(days=1),
        services=[cast.lashes],
        sequence=3,
    )

    (file,) = render(make_told(cast, cast.vera, kind, appointment=appointment), now=NOW).attachments

    calendar = Calendar.from_ical(file.content)
    (event,) = calendar.walk("VEVENT")
    assert (file.content_type, file.parameters) == ("text/calendar", {"method": method})
    assert calendar["METHOD"] == method
    assert [zone["TZID"] for zone in calendar.walk("VTIMEZONE")] == ["Europe/Sarajevo"]
    assert (event["UID"], event["SEQUENCE"], event["STATUS"]) == (
        f"appointment-{appointment.pk}@example.test",
        3,
        status,
    )
    assert event["DTSTART"].dt.isoformat() == "2026-06-11T11:00:00+02:00"
    assert event["DTEND"].dt - event["DTSTART"].dt == timedelta(minutes=90)
    assert event["ATTENDEE"] == "mailto:vera@example.test"
    assert APPOINTMENT_LINK.search(event["DESCRIPTION"])
    # phones are shared, and so are calendars
    assert "Lashes" not in event["SUMMARY"]


def test_reminders_bring_no_calendar_file(cast):
    assert render(make_told(cast, cast.vera, Kind.REMINDER_24H), now=NOW).attachments == ()


@pytest.mark.parametrize("kind", [*ABOUT_APPOINTMENT, Kind.FEEDBACK, Kind.WIN_BACK])
def test_a_hostile_name_runs_nowhere_and_begins_no_line(cast, kind):
    cast.vera.name = 'Vera\r\nBcc: all@example.test\r\n\r\n<img src=x onerror=alert(1)>{salon}\u202e"'
    cast.vera.save()
    cast.anna.name = "Anna\nATTENDEE:mailto:x@example.test<script>"
    cast.anna.save()

    outgoing = render(make_told(cast, cast.vera, kind), now=NOW)

    assert "<img" not in outgoing.html
    assert "<script" not in outgoing.html
    assert "\u202e" not in outgoing.html + outgoing.text + outgoing.subject
    assert "\nBcc" not in outgoing.text
    assert not re.search(r"[\r\n]", outgoing.subject + outgoing.sender_name + outgoing.to)
    for file in outgoing.attachments:
        assert b"\nATTENDEE:mailto:x@" not in file.content


def test_the_owners_own_words_come_first(cast):
    MessageText.objects.create(
        kind=Kind.THANKS, language="en", subject="Hvala!", body="From {salon}.", button="Look", sms="{hello} Hvala!"
    )

    outgoing = render(make_told(cast, cast.vera, Kind.THANKS), now=NOW)

    assert outgoing.subject == "Hvala!"
    assert "From Vesna." in outgoing.text


def test_a_letter_wears_the_salons_name_and_colour(cast):
    CrmSettings.objects.update(accent="#225577")
    cast.branch.phone, cast.branch.address = "+38761100100", "Obala 1"
    cast.branch.save()

    outgoing = render(make_told(cast, cast.vera, Kind.THANKS), now=NOW)

    assert outgoing.text.startswith("Vesna\n")
    assert "Vesna, +387 61 100 100, Obala 1" in outgoing.text
    assert "#225577" in outgoing.html
    # in the elements themselves, for mail programs that know no style sheets
    assert re.search(r'<a href="http://testserver/my/o/[^>]*style="[^"]*font-weight', outgoing.html)
    assert "prefers-color-scheme: dark" in outgoing.html
    assert len(outgoing.html) < 20_000


@pytest.mark.parametrize(
    ("reason", "said"),
    [("tenth_visit", "ten times"), ("referral", "because of you"), ("complaint_resolved", "told us openly")],
)
def test_thanks_say_what_for(cast, reason, said):
    message = make_told(cast, cast.vera, Kind.THANKS, reason=reason, visit_on=None)

    assert said in render(message, now=NOW).text


def test_birthday_wishes_come_on_the_day_itself(cast):
    before = make_told(cast, cast.vera, Kind.BIRTHDAY)
    on_the_day = make_told(cast, cast.vera, Kind.BIRTHDAY, occasion=TODAY.isoformat())

    assert "just around the corner" in render(before, now=NOW).text
    assert "Happy birthday!" in render(on_the_day, now=NOW).text


def test_a_call_has_words_and_no_links(cast):
    message = make_told(cast, cast.vera, Kind.WIN_BACK, channel="call")
    voucher = give_win_back(cast, message)

    words = words_for_a_call(message, now=NOW)

    assert voucher.code in words
    assert "http" not in words


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", SHIPPED)
def test_the_owner_sees_each_text_before_anybody_else(cast, kind, language):
    seen = preview(kind=kind, language=language, branch=cast.branch, now=NOW)

    for text in (seen.letter.subject, seen.letter.text, seen.sms):
        assert text.strip()
        assert not re.search(r"\{\w|\w\}", text)
    assert seen.segments == segments(seen.sms)
    # nobody pays for a novel
    assert seen.segments.parts <= 4


def test_visit_day_is_said_as_people_say_it(cast):
    text = render(make_told(cast, cast.vera, Kind.FEEDBACK), now=NOW).text

    assert VISIT_ON.isoformat() == "2026-05-26"
    assert "You were with us on 26 May." in text
