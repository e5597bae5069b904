"""`/complain/`: something was not right, told in a minute without a password; nobody is argued with (practices.md, P31)."""

import re
from datetime import timedelta
from uuid import uuid4

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from crm.care.models import Call, Complaint, ComplaintEvent, ComplaintPicture, ComplaintReport
from crm.care.selectors import with_handling
from crm.care.services import answer_complaint, resolve_complaint, tie_complaint, write_to_her
from crm.people.models import Client
from crm.team.models import Branch, Closure
from loyalty.amends.services import Solution, offer_solutions
from loyalty.vouchers.models import Voucher
from reminders.consent.models import ConsentEvent
from reminders.links.models import Knock
from reminders.messages.models import Kind
from reminders.messages.rendering import render
from reminders.messages.tokens import Door, open_url
from tests.crm.people.test_pictures import GPS, photograph
from tests.factories import NOW, TODAY, local, make_client
from tests.loyalty.till import pay
from tests.reminders.cast import make_told
from tests.reminders.links.conftest import text_of

WORDS = "<script>alert(1)</script> It burned {name} all night"
NEW_PHONE = "+38761100777"


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


def send(visitor, *, path="/complain/", **fields):
    """What a person types; `key` stands in the form. The first branch is where it was."""
    here = Branch.objects.order_by("pk").values_list("pk", flat=True)[0]
    sent = {"branch": here, "about": "result", "words": WORDS, "reach": NEW_PHONE, "name": "", "key": uuid4(), **fields}
    return visitor.post(path, {name: value for name, value in sent.items() if value is not None}, follow=True)


def picture(**saved) -> SimpleUploadedFile:
    return SimpleUploadedFile("../../x.html", photograph(**saved).getvalue(), content_type="text/html")


def test_a_stranger_gets_a_number_and_a_page_in_her_language(visitor, cast, media):
    page = visitor.get("/complain/", headers={"accept-language": "ru"})
    assert page.status_code == 200
    assert (Complaint.objects.count(), Knock.objects.count()) == (0, 0)
    exif = Image.Exif()
    exif.get_ifd(GPS)[2] = (43.0, 51.0, 23.0)

    page = send(visitor, picture=picture(exif=exif.tobytes()), name="Mia")

    complaint = Complaint.objects.get()
    assert page.redirect_chain == [(f"/my/complaint/{complaint.pk}/", 302)]
    assert complaint.number in text_of(page)
    # Wednesday 11:00 and two hours of work
    assert "Wednesday, 10 June, 13:00" in text_of(page)
    assert "<script>alert" not in page.content.decode()
    assert (complaint.source, complaint.text, complaint.is_urgent) == ("public", WORDS, False)
    client = complaint.client
    assert (client.name, client.phone, client.source, client.language) == ("Mia", NEW_PHONE, "complaint page", "en")
    # nothing is agreed to by a complaint
    assert not ConsentEvent.objects.exists()
    kept = ComplaintPicture.objects.get()
    assert re.fullmatch(r"pictures/(\w\w)/\1\w{30}\.jpg", kept.image.name)
    shown = visitor.get(f"/my/complaint/{complaint.pk}/photograph/{kept.pk}/")
    assert (shown["Content-Type"], shown["Cache-Control"]) == ("image/jpeg", "no-store")
    assert b"Exif" not in b"".join(shown.streaming_content)


def test_one_tap_and_a_telephone_are_enough(visitor, cast):
    page = send(visitor, about="waited", words="")
    complaint = Complaint.objects.get()
    # the desk reads it in the salon's language
    assert (complaint.text, complaint.report.has_words) == ("I had to wait", False)
    assert text_of(page).count("I had to wait") == 1


def test_who_is_hurt_is_rung_up_and_told_what_to_do(visitor, cast):
    page = send(visitor, about="hurts")
    assert Complaint.objects.get().is_urgent
    assert "Leave it alone for now" in text_of(page)
    call = Call.objects.get()
    assert (call.kind, call.due_at) == ("alarm", NOW + timedelta(hours=2))


@pytest.mark.parametrize(
    ("reach", "name", "whose"),
    [
        ("061 100 102", "", "dina"),
        ("DINA@example.test", "", "dina"),
        # mother and daughter share a telephone
        ("+38761100900", "Mother Example", "mother"),
        ("+38761100900", "", None),
    ],
)
def test_whose_contact_it_is_is_taken_for_her_and_nobody_is_told(visitor, cast, reach, name, whose):
    Client.objects.filter(pk=cast.dina.pk).update(phone="+38761100102", email="dina@example.test")
    known = {
        "dina": cast.dina,
        "mother": make_client(branch=cast.branch, name="Mother Example", phone="+38761100900"),
        "daughter": make_client(branch=cast.branch, name="Daughter Example", phone="+38761100900"),
    }
    page = send(visitor, reach=reach, name=name)
    report = ComplaintReport.objects.get()
    assert report.is_new == (whose is None)
    assert report.complaint.client == known.get(whose, report.complaint.client)
    assert (report.is_sure, "Example" in text_of(page)) == (False, False)


def test_by_her_link_nothing_is_asked_that_is_known(visitor, cast):
    visitor.get(open_url(door=Door.COMPLAIN, client_id=cast.vera.pk, today=TODAY), follow=True)
    page = visitor.get("/my/complain/")
    assert 'name="reach"' not in page.content.decode()

    send(visitor, path="/my/complain/", reach=None, name=None)

    complaint = Complaint.objects.get()
    assert (complaint.client, complaint.report.is_sure) == (cast.vera, True)


def test_the_foot_of_every_letter_leads_there(visitor, cast):
    message = make_told(cast, cast.vera, Kind.CONFIRMATION)
    links = re.findall(r"not right\? Tell us: http://testserver(\S+)", render(message, now=NOW).text)
    assert visitor.get(links[0], follow=True).redirect_chain[-1][0] == "/my/complain/"


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"about": ""}, "Tap the one that fits best"),
        ({"reach": ""}, "We need one of them to answer you"),
        ({"reach": "12"}, "no phone number we understand"),
        ({"reach": "mia@"}, "no address that we can write to"),
        ({"picture": SimpleUploadedFile("a.jpg", b"<html>")}, "no photograph that we can open"),
    ],
)
def test_what_was_typed_stays_where_something_is_wrong(visitor, cast, wrong, said):
    page = send(visitor, **wrong)
    assert (page.status_code, Complaint.objects.count()) == (422, 0)
    assert said in text_of(page)
    assert "It burned {name} all night" in page.content.decode()


def test_a_form_sent_twice_is_one_complaint_and_a_machine_none(visitor, cast):
    key = uuid4()
    pages = [send(visitor, key=key) for _press in range(2)]
    assert pages[0].redirect_chain == pages[1].redirect_chain
    send(visitor, website="http://spam.example.test")
    assert (Complaint.objects.count(), Client.objects.filter(phone=NEW_PHONE).count()) == (1, 1)


def test_sending_is_slowed_by_the_contact(visitor, cast):
    for _time in range(5):
        assert send(visitor).status_code == 200
    page = send(visitor)
    assert (page.status_code, Complaint.objects.count()) == (429, 5)
    assert "Please call us" in text_of(page)
    assert "It burned" in text_of(page)


@pytest.fixture
def complaint(visitor, cast):
    send(visitor)
    return Complaint.objects.get()


@pytest.mark.parametrize("contact", ["0777", "+387 61 100 777"])
def test_the_number_and_the_last_digits_lead_back(visitor, complaint, contact):
    visitor.cookies.clear()
    assert visitor.get(f"/my/complaint/{complaint.pk}/").status_code == 404
    page = visitor.post("/complain/find/", {"number": complaint.number.lower(), "contact": contact}, follow=True)
    assert complaint.number in text_of(page)


def test_a_wrong_number_and_wrong_digits_get_the_same_answer(visitor, complaint):
    visitor.cookies.clear()
    pages = [
        visitor.post("/complain/find/", {"number": number, "contact": contact})
        for number, contact in (
            (complaint.number, "0778"),
            ("AAAAAAA", "0777"),
            (complaint.number, "777"),
            (complaint.number, "a@example.test"),
        )
    ]
    assert {page.status_code for page in pages} == {422}
    assert len({re.sub(r'value="[^"]*"', "", text_of(page)) for page in pages}) == 1
    assert not any(complaint.number in text_of(page) for page in pages)


def test_guessing_at_a_number_ends_for_everybody(visitor, complaint):
    for guess in range(10):
        visitor.post("/complain/find/", {"number": complaint.number, "contact": f"{guess:04}"})
    page = visitor.post("/complain/find/", {"number": complaint.number, "contact": "0777"})
    assert page.status_code == 429


def test_the_desks_answer_and_her_words_stand_on_her_page(visitor, cast, complaint):
    write_to_her(complaint=complaint, text="We are so sorry. <b>Come</b> tomorrow?", now=NOW, user=cast.receptionist)
    page = visitor.get(f"/my/complaint/{complaint.pk}/")
    assert "&lt;b&gt;Come&lt;/b&gt; tomorrow?" in page.content.decode()
    for _press in range(2):
        page = visitor.post(f"/my/complaint/{complaint.pk}/add/", {"words": "After four, please"}, follow=True)
    assert text_of(page).count("After four, please") == 1
    assert ComplaintEvent.objects.filter(kind="added", text="After four, please").count() == 1


def test_the_desk_sees_that_she_wrote_until_somebody_answers(visitor, cast, complaint):
    def marks():
        return list(with_handling(Complaint.objects.all()).values_list("wrote_last", flat=True))

    assert marks() == [False]
    visitor.post(f"/my/complaint/{complaint.pk}/add/", {"words": "After four, please"})
    assert marks() == [True]
    write_to_her(complaint=complaint, text="At five?", now=NOW + timedelta(minutes=1), user=cast.receptionist)
    assert marks() == [False]


def test_what_colleagues_write_for_each_other_is_not_hers(visitor, cast, complaint):
    answer_complaint(complaint=complaint, text="Rang her, a greedy one", now=NOW, user=cast.receptionist)
    page = visitor.get(f"/my/complaint/{complaint.pk}/")
    assert "greedy" not in text_of(page)
    assert "We are putting it right" in text_of(page)


def test_she_chooses_by_a_tap_and_gets_what_comes_next(visitor, cast, complaint):
    offered = offer_solutions(
        complaint=complaint,
        solutions=[Solution("discount", "a", percent=20), Solution("redo", "b", services=[cast.lashes])],
        user=cast.owner,
        now=NOW,
    )
    page = visitor.get(f"/my/complaint/{complaint.pk}/")
    assert "20% off your next visit" in text_of(page)

    for _press in range(2):
        page = visitor.post(f"/my/complaint/{complaint.pk}/choose/", {"option": offered[1].pk}, follow=True)
    assert "It costs you nothing" in text_of(page)
    times = visitor.get(f"/my/complaint/{complaint.pk}/times/")
    slot = re.search(r'name="slot" value="([\w-]+)"', times.content.decode()).group(1)
    page = visitor.post(f"/my/complaint/{complaint.pk}/times/", {"slot": slot}, follow=True)
    assert "We look forward to you" in text_of(page)
    redo = complaint.redos.get()
    assert redo.appointment.client == complaint.client
    page = visitor.get(f"/my/complaint/{complaint.pk}/")
    assert "Booked:" in text_of(page)
    # the other one is gone, and a second visit is not to be had
    visitor.post(f"/my/complaint/{complaint.pk}/choose/", {"option": offered[0].pk})
    assert visitor.get(f"/my/complaint/{complaint.pk}/times/").status_code == 302
    assert list(complaint.options.filter(state="chosen")) == [offered[1]]


def test_it_is_not_all_right_yet_opens_it_again(visitor, cast, complaint):
    resolve_complaint(complaint=complaint, outcome="solved", resolution="a kind word", now=NOW, user=cast.owner)
    page = visitor.get(f"/my/complaint/{complaint.pk}/")
    assert "Thank you for telling us" in text_of(page)
    assert "a kind word" not in text_of(page)
    page = visitor.post(f"/my/complaint/{complaint.pk}/add/", {"is_not_right": "1"}, follow=True)
    complaint.refresh_from_db()
    assert (complaint.resolved_at, page.status_code) == (None, 200)
    # a tap stands as what she said, once
    assert complaint.events.order_by("-pk")[0].text == "It is not all right yet"


def test_what_she_chose_stays_hers_once_it_is_open_again(visitor, cast, complaint):
    solutions = [Solution("discount", "a", percent=20), Solution("other", "b", text="Flowers", cost=9)]
    offered = offer_solutions(complaint=complaint, solutions=solutions, user=cast.owner, now=NOW)
    page = visitor.post(f"/my/complaint/{complaint.pk}/choose/", {"option": offered[0].pk}, follow=True)
    code = Voucher.objects.get().code
    assert code in text_of(page)
    resolve_complaint(complaint=complaint, outcome="solved", resolution="20 %", now=NOW, user=cast.owner)
    with time_machine.travel(NOW + timedelta(days=1), tick=False):
        visitor.post(f"/my/complaint/{complaint.pk}/add/", {"is_not_right": "1"})
        again = [Solution("points", "c", points=50), Solution("other", "d", text="Tea", cost=2)]
        offer_solutions(complaint=complaint, solutions=again, user=cast.owner, now=NOW + timedelta(days=1))

        page = visitor.get(f"/my/complaint/{complaint.pk}/")

    # the code of the first choice, and the choice anew
    assert code in text_of(page)
    assert ("You have chosen" in text_of(page), "Choose what suits you best" in text_of(page)) == (True, True)
    # used, the code is of no use any more
    pay(complaint.client, 30, now=NOW + timedelta(days=1))
    page = visitor.get(f"/my/complaint/{complaint.pk}/")
    assert ("You have used it." in text_of(page), code in text_of(page)) == (True, False)


def test_her_own_words_after_the_answer_are_said_to_have_arrived(visitor, cast, complaint):
    write_to_her(complaint=complaint, text="At five?", now=NOW, user=cast.receptionist)
    assert "Here is what we have answered" in text_of(visitor.get(f"/my/complaint/{complaint.pk}/"))
    page = visitor.post(f"/my/complaint/{complaint.pk}/add/", {"words": "At six, please"}, follow=True)
    assert "Your words have arrived" in text_of(page)
    assert "Here is what we have answered" not in text_of(page)


@pytest.mark.parametrize(
    ("hour", "closed_days", "said"),
    [
        (11, 0, "A person reads it today"),
        # open until 20:00: the two hours to an answer end on Thursday morning
        (19, 0, "A person reads it tomorrow"),
        (23, 0, "A person reads it tomorrow"),
        # closed on Thursday and Friday
        (19, 2, "this day: Saturday, 13 June."),
    ],
)
def test_who_complains_at_night_is_told_when_somebody_reads_it(visitor, cast, hour, closed_days, said):
    if closed_days:
        last = TODAY + timedelta(days=closed_days)
        Closure.objects.create(branch=cast.branch, first_on=TODAY + timedelta(days=1), last_on=last)
    with time_machine.travel(local(TODAY, hour), tick=False):
        assert said in text_of(visitor.get("/complain/"))


def test_a_photograph_without_a_word_is_seen_by_the_desk(visitor, complaint):
    visitor.post(f"/my/complaint/{complaint.pk}/add/", {"picture": picture()})
    assert complaint.events.order_by("-pk")[0].text == "A photograph"
    assert complaint.pictures.count() == 1
    page = visitor.post(f"/my/complaint/{complaint.pk}/add/", {"words": " "})
    assert (page.status_code, "Write a few words" in text_of(page)) == (422, True)


@pytest.mark.parametrize("name", ["Win at http://evil.example.test", "<b>Mia</b>", "12345"])
def test_what_is_no_name_greets_nobody(visitor, cast, name):
    send(visitor, name=name)
    assert Complaint.objects.get().client.name == ""


def test_her_link_stays_good_after_the_desk_has_said_who_she_is(visitor, cast, complaint):
    tie_complaint(complaint=complaint, client=cast.dina, now=NOW, user=cast.owner)
    complaint.refresh_from_db()
    assert complaint.client == cast.dina
    assert visitor.get(f"/my/complaint/{complaint.pk}/").status_code == 200
    # and by nobody else's
    visitor.get(open_url(door=Door.COMPLAINT, client_id=cast.vera.pk, subject=complaint.pk, today=TODAY))
    assert visitor.get(f"/my/complaint/{complaint.pk}/").status_code == 404


def test_looking_changes_nothing_however_often(visitor, cast, complaint):
    before = (complaint.events.count(), Knock.objects.count())
    for path in ("/complain/", "/complain/find/", f"/complain/{cast.branch.pk}/", f"/my/complaint/{complaint.pk}/"):
        for method in (visitor.get, visitor.head):
            assert method(path).status_code == 200
    assert (complaint.events.count(), Knock.objects.count()) == before
    assert visitor.get(f"/my/complaint/{complaint.pk}/choose/").status_code == 405


@pytest.mark.parametrize(("length", "status"), [(20 * 1024 * 1024, 422), (20 * 1024 * 1024 + 1, 413), ("much", 413)])
def test_what_is_too_large_is_refused_before_it_is_read(visitor, cast, length, status):
    page = visitor.generic("POST", "/complain/", b"", content_type="text/plain", CONTENT_LENGTH=str(length))
    assert page.status_code == status
