"""The case at the desk: five steps that are left and resumed, a choice, what waits for a second person (practices.md, P31)."""

import re
from datetime import timedelta

import pytest
import time_machine
from django.test import Client as Browser
from django.urls import reverse

from crm.care.models import Call, Complaint, ComplaintCause, ComplaintOption, ComplaintStep, Redo, StepWords
from crm.care.services import StepTaken, open_complaint, resolve_complaint, save_step
from crm.team.models import User
from tests.factories import NOW, TODAY, local, make_appointment

pytestmark = pytest.mark.django_db


@pytest.fixture
def case(cast) -> Complaint:
    done = make_appointment(
        client=cast.vera,
        master=cast.anna,
        starts_at=local(TODAY - timedelta(days=1), 10),
        services=[cast.lashes],
        status="done",
    )
    return open_complaint(
        client=cast.vera, branch=cast.branch, text="The corners fall out", now=NOW, user=cast.user_of(cast.anna),
        appointment=done,
    )  # fmt: skip


def desk_of(user: User) -> Browser:
    browser = Browser()
    browser.force_login(user)
    return browser


def page(case) -> str:
    return reverse("desk:complaint", args=[case.pk])


def post_step(browser, case, step, **fields):
    return browser.post(reverse("desk:complaint_step", args=[case.pk, step]), {"version": 0} | fields)


def save(case, user, step=2, text="", *, version=0, done=True, now=NOW):
    return save_step(complaint=case, step=step, text=text, is_done=done, version=version, now=now, user=user)


def test_steps_are_said_in_her_language_with_the_colleague_s_beside_and_in_the_owner_s_words(cast, case):
    cast.vera.language, cast.vera.address_form = "ru", "familiar"
    cast.vera.save(update_fields=["language", "address_form"])
    StepWords.objects.create(step=5, language="ru", text="Спасибо {form:вам|тебе}!")
    shown = desk_of(cast.receptionist).get(page(case)).content.decode()
    assert "Расскажи, пожалуйста, всё с самого начала." in shown
    assert "Please tell me everything, from the beginning." in shown
    assert "Спасибо тебе!" in shown
    assert 'lang="ru"' in shown


def test_it_is_left_half_way_and_a_colleague_goes_on(cast, case):
    anna, rada = desk_of(cast.user_of(cast.anna)), desk_of(cast.receptionist)
    with time_machine.travel(NOW, tick=False):
        post_step(anna, case, 1, done="1")
        post_step(anna, case, 2, text="Since Monday", done="1")
    with time_machine.travel(NOW + timedelta(minutes=5), tick=False):
        shown = rada.get(page(case)).content.decode()
        assert "Last saved: Anna, 5 min ago. Next is step 3." in shown
        # the third one is open, what was heard is there
        assert re.findall(r'id="step-(\d)" open', shown) == ["3"]
        assert "Since Monday" in shown
        answer = post_step(rada, case, 3, text="That it holds", done="1")
    assert answer.url.endswith("#steps")
    assert [(row.step, row.text, row.saved_by.first_name) for row in case.steps.order_by("step")] == [
        (1, "", "Anna"),
        (2, "Since Monday", "Anna"),
        (3, "That it holds", "Rada"),
    ]


def test_two_at_once_do_not_write_over_each_other(cast, case):
    anna, rada = desk_of(cast.user_of(cast.anna)), desk_of(cast.receptionist)
    post_step(anna, case, 2, text="Since Monday")
    refused = post_step(rada, case, 2, text="It burned", done="1")
    shown = refused.content.decode()
    assert refused.status_code == 409
    assert "Since Monday" in shown
    assert "It burned</textarea>" in shown
    assert case.steps.get().text == "Since Monday"
    # the version on the screen is the colleague's now: put together it is saved
    version = int(re.search(r'name="version" value="(\d)" id="version-2"', shown).group(1))
    post_step(rada, case, 2, text="Since Monday. It burned", version=version, done="1")
    assert (case.steps.get().text, case.steps.get().version) == ("Since Monday. It burned", 2)


def test_the_same_words_sent_twice_are_no_quarrel_and_finish_the_step(cast, case):
    anna = cast.user_of(cast.anna)
    save(case, anna, text="Since Monday", done=False)
    # the draft was kept while the button was pressed: the form still knows no version
    assert save(case, anna, text="Since Monday").done_at == NOW
    with pytest.raises(StepTaken) as refusal:
        save(case, cast.receptionist, text="Something else")
    assert refusal.value.current.text == "Since Monday"


def test_the_last_words_of_a_page_that_is_left_are_kept_and_write_over_nobody(cast, case):
    anna, rada = desk_of(cast.user_of(cast.anna)), desk_of(cast.receptionist)
    draft = reverse("desk:complaint_step", args=[case.pk, 2]) + "?draft=1"
    # the draft before was under way when she went: the page still knows no version
    anna.post(draft, {"version": 0, "text": "Since Mon"}, headers={"HX-Request": "true"})
    assert anna.post(draft, {"version": 0, "text": "Since Monday evening"}).status_code == 204
    assert (case.steps.get().text, case.steps.get().done_at) == ("Since Monday evening", None)
    # going on with a colleague's words is hers only who has seen them; nor may her own be shortened unseen
    assert rada.post(draft, {"version": 0, "text": "Since Monday evening, it burned"}).status_code == 204
    assert anna.post(draft, {"version": 0, "text": "Since"}).status_code == 204
    assert case.steps.get().text == "Since Monday evening"


def test_what_was_done_is_asked_with_its_star_and_not_where_she_withdrew_it(cast, case):
    rada = desk_of(cast.receptionist)
    shown = rada.get(page(case)).content.decode()
    assert re.search(r"What was done\?\s*<span class=\"asteriskField\">", shown)
    # the browser would ask for it where nothing has to be said
    assert " required" not in re.search(r"<textarea[^>]*name=\"resolution\"[^>]*>", shown).group()
    refused = rada.post(reverse("desk:complaint_resolve", args=[case.pk]), {"outcome": "solved", "resolution": " "})
    assert "Write in a few words what was done." in refused.content.decode()
    rada.post(reverse("desk:complaint_resolve", args=[case.pk]), {"outcome": "withdrawn", "resolution": ""})
    case.refresh_from_db()
    assert case.outcome == "withdrawn"


def test_a_draft_is_kept_while_she_speaks_and_leaves_the_page_as_it_is(cast, case):
    answer = desk_of(cast.receptionist).post(
        reverse("desk:complaint_step", args=[case.pk, 2]) + "?draft=1",
        {"version": 0, "text": "Since Mon"},
        headers={"HX-Request": "true"},
    )
    assert 'id="version-2" hx-swap-oob="true"' in answer.content.decode()
    assert ComplaintStep.objects.get().done_at is None


def test_she_chooses_at_the_desk_and_what_is_done_again_is_booked(cast, case):
    anna = desk_of(cast.user_of(cast.anna))
    with time_machine.travel(NOW, tick=False):
        key = "6f1de9f4-8ef1-4d4d-9a62-0b6a5c1a7c11"
        one = {"key": key, "redo": [cast.lashes.pk]}
        alone = anna.post(reverse("desk:complaint_offer", args=[case.pk]), one)
        assert (alone.status_code, "at least two" in alone.content.decode()) == (422, True)
        anna.post(reverse("desk:complaint_offer", args=[case.pk]), one | {"percent": 20})
        redo = ComplaintOption.objects.get(kind="redo")
        anna.post(reverse("desk:option_choose", args=[case.pk, redo.pk]))
        found = Redo.objects.get()
        shown = anna.get(page(case)).content.decode()
        assert reverse("desk:redo", args=[found.pk]) in shown
        times = anna.get(reverse("desk:redo", args=[found.pk]))
        slot = times.context["slots"][0]["value"]
        booked = anna.post(reverse("desk:redo", args=[found.pk]), {"slot": slot})
    assert booked.url == page(case)
    found.refresh_from_db()
    assert (found.appointment.client, found.appointment.price, found.appointment.master) == (cast.vera, 0, cast.anna)


def test_what_waits_for_a_second_person_is_decided_by_the_reception(cast, case):
    anna, rada = desk_of(cast.user_of(cast.anna)), desk_of(cast.receptionist)
    offer = {"key": "6f1de9f4-8ef1-4d4d-9a62-0b6a5c1a7c12", "percent": 10, "words": "A taxi home", "cost": "45"}
    anna.post(reverse("desk:complaint_offer", args=[case.pk]), offer)
    taxi = ComplaintOption.objects.get(kind="other")
    assert taxi.state == "waiting"
    agree = reverse("desk:option_agree", args=[case.pk, taxi.pk])
    assert agree not in anna.get(page(case)).content.decode()
    assert "to decide" in rada.get(reverse("desk:complaints")).content.decode()
    assert agree in rada.get(page(case)).content.decode()
    rada.post(agree)
    taxi.refresh_from_db()
    assert (taxi.state, taxi.decided_by) == ("offered", cast.receptionist)


def test_closing_asks_for_the_cause_and_somebody_rings_three_days_later(cast, case):
    late = ComplaintCause.objects.create(name="Too late")
    rada = desk_of(cast.receptionist)
    end = reverse("desk:complaint_resolve", args=[case.pk])
    with time_machine.travel(NOW, tick=False):
        assert rada.post(end, {"outcome": "solved", "resolution": "Redone"}).status_code == 422
        # only the owner declines
        declined = {"outcome": "declined", "resolution": "Greedy", "cause": late.pk}
        assert rada.post(end, declined).status_code == 422
        rada.post(end, {"outcome": "solved", "resolution": "Redone", "cause": late.pk})
    case.refresh_from_db()
    call = Call.objects.get()
    assert (case.outcome, case.cause) == ("solved", late)
    assert (call.kind, call.due_at, call.assignee) == ("closing", NOW + timedelta(days=3), cast.user_of(cast.anna))
    assert "Redone" in call.what_to_say
    # opened again, nobody rings
    rada.post(reverse("desk:complaint_reopen", args=[case.pk]))
    assert not Call.objects.exists()


def test_nobody_rings_who_was_declined_or_cannot_be_rung(cast, case):
    resolve_complaint(complaint=case, outcome="declined", resolution="no", now=NOW, user=cast.owner)
    assert not Call.objects.exists()


def test_a_master_sees_those_of_her_clients_and_those_she_looks_after(cast, case):
    anna, boris, stranger = (desk_of(cast.user_of(each)) for each in (cast.anna, cast.boris, cast.outsider))
    assert [browser.get(page(case)).status_code for browser in (anna, boris, stranger)] == [200, 404, 404]
    assert "Vera" not in boris.get(reverse("desk:complaints")).content.decode()
    desk_of(cast.receptionist).post(reverse("desk:complaint_hand", args=[case.pk]), {"to": cast.user_of(cast.boris).pk})
    assert boris.get(page(case)).status_code == 200


def test_a_master_says_herself_that_her_visit_went_wrong(cast, case):
    Complaint.objects.all().delete()
    visit = cast.vera.appointments.get()
    anna, boris = desk_of(cast.user_of(cast.anna)), desk_of(cast.user_of(cast.boris))
    address = reverse("desk:redo_report", args=[visit.pk])
    assert address in anna.get(reverse("desk:visit", args=[visit.pk])).content.decode()
    assert boris.post(address, {"note": "Corners"}).status_code == 403
    with time_machine.travel(NOW, tick=False):
        anna.post(address, {"note": "Corners"})
    redo = Redo.objects.get()
    assert (redo.reported_by_master_at, redo.reverses, redo.complaint) == (NOW, False, None)
    assert "Corners" in Redo.objects.get().note


@pytest.mark.parametrize("rows", [1, 30])
def test_the_list_takes_the_same_queries_whatever_its_length(cast, case, rows, django_assert_num_queries):
    for _number in range(rows - 1):
        open_complaint(client=cast.dina, branch=cast.branch, text="Late", now=NOW, user=cast.receptionist)
    browser = desk_of(cast.receptionist)
    browser.get(reverse("desk:complaints"))
    with django_assert_num_queries(5):
        browser.get(reverse("desk:complaints"))


def test_the_page_takes_a_fixed_number_of_queries(cast, case, django_assert_num_queries):
    browser = desk_of(cast.receptionist)
    browser.get(page(case))
    with django_assert_num_queries(27):
        browser.get(page(case))
