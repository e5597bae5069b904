"""An angry client on a phone: told in a minute, answered, and given a choice; never argued with (practices.md, P31)."""

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from crm.care.models import Complaint
from crm.care.services import write_to_her
from loyalty.amends.services import Solution, offer_solutions
from tests.crm.people.test_pictures import photograph
from tests.factories import make_cast

pytestmark = pytest.mark.django_db(transaction=True)


def test_an_angry_client_gets_a_number_an_answer_and_a_choice(page, live_server, axe_finds_nothing, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    cast = make_cast()
    page.goto(f"{live_server.url}/complain/{cast.branch.pk}/")
    axe_finds_nothing(page)
    page.get_by_role("radio", name="I do not like how it came out").tap()
    page.get_by_label("What happened?").fill("Half of it is gone after two days!")
    picture = {"name": "IMG_1.jpg", "mimeType": "image/jpeg", "buffer": photograph(800, 600).getvalue()}
    page.get_by_label("A photograph").set_input_files(picture)
    page.get_by_label("Your telephone or e-mail").fill("+387 61 100 777")
    page.get_by_role("button", name="Send it").tap()

    expect(page.get_by_role("heading", level=1)).to_have_text("Thank you for telling us")
    complaint = Complaint.objects.get()
    expect(page.get_by_text(complaint.number)).to_be_visible()
    shown = page.get_by_role("img", name="Your photograph")
    shown.scroll_into_view_if_needed()
    expect(shown).to_have_js_property("naturalWidth", 800)
    axe_finds_nothing(page)

    now = timezone.now()
    write_to_her(complaint=complaint, text="You are right, and we are sorry.", now=now, user=cast.receptionist)
    solutions = [Solution("points", "a", points=40), Solution("redo", "b", services=[cast.lashes])]
    offer_solutions(complaint=complaint, solutions=solutions, user=cast.owner, now=now)

    # she has lost the page, and comes back by her number
    page.context.clear_cookies()
    page.goto(f"{live_server.url}/complain/find/")
    page.get_by_label("The number you were given").fill(complaint.number.lower())
    page.get_by_label("The last four digits").fill("0777")
    page.get_by_role("button", name="Show it").tap()
    expect(page.get_by_text("You are right, and we are sorry.")).to_be_visible()
    page.get_by_role("button", name="We do it again").tap()
    page.get_by_role("link", name="Choose a time").tap()
    page.locator("button.slot").first.tap()

    expect(page.get_by_role("heading", level=1)).to_have_text("You are booked")
    assert complaint.redos.get().appointment.client == complaint.client
