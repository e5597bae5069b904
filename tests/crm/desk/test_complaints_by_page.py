"""At the desk: what came by the page for complaints, an answer in writing, and who it was (practices.md, P31)."""

from datetime import timedelta

import pytest
from django.test import Client as Browser

from crm.care.models import Complaint, ComplaintReport
from crm.care.services import Told, add_words, report_complaint
from crm.people.models import Client
from reminders.consent.models import ConsentEvent
from tests.crm.people.test_pictures import photograph
from tests.factories import NOW

pytestmark = pytest.mark.django_db

PHONE = "+38761100777"


@pytest.fixture
def desk(cast):
    browser = Browser()
    browser.force_login(cast.receptionist)
    return browser


@pytest.fixture
def complaint(cast, settings, tmp_path) -> Complaint:
    settings.MEDIA_ROOT = tmp_path
    told = Told("result", "en", words="Half is gone", picture=photograph().getvalue(), name="Mia", phone=PHONE)
    return report_complaint(told=told, branch=cast.branch, key="k", now=NOW).complaint


def test_her_photograph_is_shown_to_the_branch_and_to_nobody_else(desk, cast, complaint):
    page = desk.get(f"/complaints/{complaint.pk}/hers/")
    address = f"/complaints/{complaint.pk}/photograph/{complaint.pictures.get().pk}/"
    assert address in page.content.decode()
    shown = desk.get(address)
    assert (shown["Content-Type"], "private" in shown["Cache-Control"]) == ("image/jpeg", True)
    outsider = Browser()
    outsider.force_login(cast.user_of(cast.outsider))
    assert {outsider.get(each).status_code for each in (address, f"/complaints/{complaint.pk}/hers/")} == {404}
    assert Browser().get(address).status_code == 302


def test_a_photograph_that_was_lost_is_not_there(desk, complaint, tmp_path):
    picture = complaint.pictures.get()
    (tmp_path / picture.image.name).unlink()
    assert desk.get(f"/complaints/{complaint.pk}/photograph/{picture.pk}/").status_code == 404


def test_an_answer_in_writing_is_kept_and_answers_her(desk, complaint):
    assert desk.post(f"/complaints/{complaint.pk}/hers/", {"text": " "}).status_code == 422
    page = desk.post(f"/complaints/{complaint.pk}/hers/", {"text": "Come tomorrow"}, follow=True)
    assert "Come tomorrow" in page.content.decode()
    complaint.refresh_from_db()
    assert complaint.answered_at is not None


def test_who_it_was_is_said_once_and_her_number_goes_on_the_card_that_has_none(desk, cast, complaint):
    Client.objects.filter(pk=cast.dina.pk).update(phone="")
    assert "Who is this?" in desk.get(f"/complaints/{complaint.pk}/").content.decode()
    page = desk.get(f"/complaints/{complaint.pk}/who/", {"client": cast.dina.pk})
    assert "It is she" in page.content.decode()

    desk.post(f"/complaints/{complaint.pk}/who/", {"client": cast.dina.pk})

    complaint.refresh_from_db()
    cast.dina.refresh_from_db()
    assert (complaint.client, cast.dina.phone) == (cast.dina, PHONE)
    assert ComplaintReport.objects.get().tied_by == cast.receptionist
    assert not ConsentEvent.objects.exists()
    # said already
    assert desk.get(f"/complaints/{complaint.pk}/who/").status_code == 302


@pytest.mark.parametrize(("hers_now", "phone"), [("", "+38761100102"), ("on", PHONE)])
def test_a_number_that_is_there_stays_unless_it_is_hers_no_more(desk, cast, complaint, hers_now, phone):
    Client.objects.filter(pk=cast.dina.pk).update(phone="+38761100102")
    desk.post(f"/complaints/{complaint.pk}/who/", {"client": cast.dina.pk, "hers_now": hers_now})
    cast.dina.refresh_from_db()
    assert cast.dina.phone == phone


def test_a_long_talk_asks_the_database_as_often_as_a_short_one(desk, complaint, django_assert_num_queries):
    path = f"/complaints/{complaint.pk}/hers/"
    desk.get(path)
    with django_assert_num_queries(9):
        desk.get(path)
    for minute in range(30):
        add_words(complaint=complaint, words=f"and {minute}", now=NOW + timedelta(minutes=minute))
    with django_assert_num_queries(9):
        desk.get(path)


def test_who_gave_no_name_is_known_by_the_end_of_her_telephone(desk, cast, complaint):
    Client.objects.filter(pk=complaint.client_id).update(name="")
    ComplaintReport.objects.update(name="")
    for path in ("/complaints/", f"/complaints/{complaint.pk}/", f"/complaints/{complaint.pk}/hers/", "/"):
        assert "Telephone ending in 0777" in desk.get(path).content.decode()
    # and not twice beside each other
    assert PHONE not in desk.get(f"/complaints/{complaint.pk}/hers/").content.decode()
