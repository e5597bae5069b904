"""The salon's standard at the desk: ticked on a visit, asked about once, read; the handbook and helped out."""

from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse

from crm.booking.models import Appointment
from crm.care.models import HandbookEntry, HandbookUse, HelpGiven, HelpKind, LessonRead, TeamScore, VisitStep
from crm.care.selectors import checklist_of
from crm.team.models import CrmSettings
from tests.crm.desk.test_pages import text
from tests.factories import NOW, TODAY, local, make_appointment, make_standard

Status = Appointment.Status
HTMX = {"HTTP_HX_REQUEST": "true"}


@pytest.fixture
def visit(cast):
    make_standard("Greet by name", "Head massage", branch=cast.branch, optional=["Aroma"])
    return make_appointment(client=cast.vera, master=cast.anna, starts_at=local(TODAY, 11), services=[cast.lashes])


@pytest.fixture
def anna(cast, desk):
    return desk(cast.user_of(cast.anna))


def mark(browser, visit, place, htmx=False, **sent):
    step = checklist_of(visit, NOW)[place].step_id
    return browser.post(reverse("desk:step", args=[visit.pk, step]), sent, **(HTMX if htmx else {}))


def states(visit):
    return [(row.state, row.reason, row.why) for row in checklist_of(visit, NOW)]


def test_step_is_one_tap_and_another_takes_it_back(visit, anna):
    answer = mark(anna, visit, 0, do="done")
    assert answer.url == reverse("desk:visit", args=[visit.pk]) + "#steps"
    assert states(visit) == [("done", "", ""), ("open", "", ""), ("open", "", "")]
    assert 'value="open" aria-pressed="true"' in text(anna.get(answer.url))

    fragment = text(mark(anna, visit, 0, htmx=True, do="open"))

    assert fragment.count("<section") == 1
    assert "<html" not in fragment
    assert states(visit)[0] == ("open", "", "")


def test_left_out_asks_why_and_knows_no_taste(visit, anna):
    mark(anna, visit, 0, do="declined")
    asked = text(mark(anna, visit, 1, htmx=True, do="impossible", why=" "))
    assert "Say in a few words what made it impossible today." in asked
    assert 'step-skip" open' in asked
    plain = anna.get(mark(anna, visit, 1, do="impossible").url)
    assert "Say in a few words what made it impossible today." in text(plain)

    mark(anna, visit, 1, do="impossible", why="The basin leaks")

    assert states(visit)[:2] == [("skipped", "declined", ""), ("skipped", "impossible", "The basin leaks")]
    page = text(anna.get(reverse("desk:visit", args=[visit.pk])))
    assert "The client did not want it" in page
    assert "Impossible today: <bdi>The basin leaks</bdi>" in page


def test_before_it_has_begun_the_list_says_what_to_tap(visit, anna):
    with time_machine.travel(NOW, tick=False):
        page = reverse("desk:visit", args=[visit.pk])
        assert "She is not checked in yet" in text(anna.get(page))
        anna.post(reverse("desk:arrive", args=[visit.pk]))
        assert "Not begun yet" in text(anna.get(page))
        anna.post(reverse("desk:start", args=[visit.pk]))
        assert "Not begun yet" not in text(anna.get(page))


def test_visit_that_begins_is_laid_out_and_stays_so(cast, visit, anna):
    anna.post(reverse("desk:start", args=[visit.pk]))

    assert VisitStep.objects.filter(appointment=visit).count() == 3


def test_before_the_checkout_it_asks_once(visit, anna):
    checkout = reverse("desk:checkout", args=[visit.pk])
    ask = reverse("desk:steps_ask", args=[visit.pk])
    assert anna.get(checkout).url == ask
    page = text(anna.get(ask))
    assert "2 steps are not ticked yet." in page
    # a look writes nothing, and asks again
    assert not VisitStep.objects.exists()

    assert anna.post(ask).url == checkout

    assert anna.get(checkout).status_code == 200
    assert set(VisitStep.objects.values_list("state", "asked_at")) == {("open", NOW)}


def test_nobody_is_asked_when_all_is_said(visit, anna):
    mark(anna, visit, 0, do="done")
    mark(anna, visit, 1, do="declined")

    assert anna.get(reverse("desk:checkout", args=[visit.pk])).status_code == 200
    # somebody kept the page open
    assert anna.get(reverse("desk:steps_ask", args=[visit.pk])).url.startswith(
        reverse("desk:checkout", args=[visit.pk])
    )


@pytest.mark.parametrize(
    "otherwise", [{"on": TODAY - timedelta(days=1)}, {"status": Status.CANCELLED}, {"status": Status.NO_SHOW}]
)
def test_visit_that_is_no_longer_under_way_is_not_asked_about(visit, anna, otherwise):
    Appointment.objects.filter(pk=visit.pk).update(**otherwise)

    for address in ("desk:checkout", "desk:steps_ask"):
        assert len(anna.get(reverse(address, args=[visit.pk]), follow=True).redirect_chain) <= 1


def test_visit_of_yesterday_shows_its_list_and_changes_nothing(cast, visit, anna):
    mark(anna, visit, 0, do="done")
    Appointment.objects.filter(pk=visit.pk).update(on=TODAY - timedelta(days=1), status=Status.DONE)
    visit.refresh_from_db()

    page = text(anna.get(reverse("desk:visit", args=[visit.pk])))
    assert "Our standard: 1 of 3" in page
    assert "step-tap" not in page
    mark(anna, visit, 1, do="done")
    assert states(visit)[1] == ("open", "", "")


@pytest.mark.parametrize("count", [1, 15])
def test_list_takes_one_query_whatever_its_length(cast, anna, count, django_assert_num_queries):
    make_standard(*(f"Step {number}" for number in range(count)), branch=cast.branch)
    visit = make_appointment(client=cast.vera, master=cast.anna, starts_at=local(TODAY, 11), services=[cast.lashes])
    mark(anna, visit, 0, do="done")

    with django_assert_num_queries(14):
        assert "step-tap" in text(anna.get(reverse("desk:visit", args=[visit.pk])))


def test_new_lesson_stands_on_today_until_it_is_read(cast, visit, desk, anna):
    version = checklist_of(visit, NOW)[0].step.version
    address = reverse("desk:lesson", args=[version.pk])
    assert address in text(anna.get("/"))
    page = text(anna.get(address))
    for words in ("Why we do it so.", "Greet by name", "I have read it"):
        assert words in page

    assert anna.post(reverse("desk:lesson_read", args=[version.pk])).url == "/"

    assert address not in text(anna.get("/"))
    assert "I have read it" not in text(anna.get(address))
    assert LessonRead.objects.get().user == cast.user_of(cast.anna)
    assert address not in text(desk(cast.receptionist).get("/"))


def test_month_is_told_by_one_tap_and_a_word(cast, desk, anna):
    score = reverse("desk:team_score")
    assert "How is it to work here this month?" in text(anna.get("/"))
    assert "How is it to work here this month?" not in text(desk(cast.receptionist).get("/"))

    assert anna.post(score, {"score": "6"}).url == score
    assert "What would make it better?" in text(anna.get(score))
    assert anna.post(score, {"words": "Two towels more"}).url == "/"

    assert TeamScore.objects.values_list("user__username", "score", "words", "month").get() == (
        cast.user_of(cast.anna).username, 6, "Two towels more", TODAY.replace(day=1),
    )  # fmt: skip
    assert "How is it to work here this month?" not in text(anna.get("/"))
    for nonsense in ("11", "-1", "x", "٧", "9" * 30):
        anna.post(score, {"score": nonsense})
    assert TeamScore.objects.get().score in (6, 7)


def test_owner_may_leave_the_month_unasked(cast, anna):
    CrmSettings.objects.create(pk=1, asks_team_monthly=False)

    assert "How is it to work here this month?" not in text(anna.get("/"))


def test_handbook_is_searched_from_the_visit_and_counts_what_worked(cast, visit, anna):
    entry = HandbookEntry.objects.create(text_en="It is too expensive", answer_en="It holds three weeks.")
    HandbookEntry.objects.create(text_en="I want peace", answer_en="Then we are quiet.")
    book = reverse("desk:handbook")
    assert f'action="{book}"' in text(anna.get(reverse("desk:visit", args=[visit.pk])))

    found = text(anna.get(book, {"q": "expensiv", "visit": visit.pk}, **HTMX))
    assert "It holds three weeks." in found
    assert "peace" not in found
    assert "<html" not in found
    page = anna.post(reverse("desk:handbook_used", args=[entry.pk]), {"worked": "yes", "visit": visit.pk}, follow=True)

    use = HandbookUse.objects.get()
    assert (use.worked, use.appointment, use.user) == (True, visit, cast.user_of(cast.anna))
    assert "worked 1 time" in text(page)
    anna.post(reverse("desk:handbook_undo", args=[use.pk]))
    assert not HandbookUse.objects.exists()


def test_helped_out_takes_one_tap_and_stands_in_briefing_and_card(cast, visit, anna):
    umbrella = HelpKind.objects.create(text_en="Umbrella")
    new = reverse("desk:help_new")
    assert "Vera Example" in text(anna.get(new))
    assert "Tap what it was." in text(anna.post(new, {"client": cast.vera.pk}))

    page = anna.post(new, {"client": cast.vera.pk, "kind": umbrella.pk, "words": "the red one"}, follow=True)

    assert "Helped out \u2068Vera Example\u2069: \u2068Umbrella\u2069." in text(page)
    given = HelpGiven.objects.get()
    assert (given.client, given.words, given.on, given.user) == (
        cast.vera, "the red one", TODAY, cast.user_of(cast.anna),
    )  # fmt: skip
    assert "Umbrella · Wed 10 Jun · the red one" in text(anna.get(reverse("desk:visit", args=[visit.pk])))
    assert "the red one" in text(anna.get(reverse("desk:client", args=[cast.vera.pk])))
    # nothing of it while she looks over the shoulder
    assert "the red one" not in text(anna.get(reverse("desk:client", args=[cast.vera.pk]) + "?shown=1"))
    anna.post(reverse("desk:help_undo", args=[given.pk]))
    assert not HelpGiven.objects.exists()


def test_somebody_nobody_knows_is_helped_out_too(cast, anna):
    umbrella = HelpKind.objects.create(text_en="Umbrella")

    anna.post(reverse("desk:help_new"), {"client": "", "kind": umbrella.pk})

    assert HelpGiven.objects.get().client is None


def test_master_sees_how_she_kept_it_herself(cast, visit, desk, anna):
    mark(anna, visit, 0, do="done")
    mark(anna, visit, 1, do="declined")
    Appointment.objects.filter(pk=visit.pk).update(status=Status.DONE)

    page = reverse("desk:lessons")
    assert "You, in the last 30 days: 100% kept. 1 of 2 steps done" in text(anna.get(page))
    assert "kept." not in text(desk(cast.user_of(cast.boris)).get(page))
    assert "kept." not in text(desk(cast.receptionist).get(page))


def test_outsider_ticks_and_reads_nothing(cast, visit, desk):
    outsider = desk(cast.user_of(cast.outsider))
    version = checklist_of(visit, NOW)[0].step.version

    assert mark(outsider, visit, 0, do="done").status_code == 404
    assert outsider.get(reverse("desk:lesson", args=[version.pk])).status_code == 404
    assert outsider.get(reverse("desk:steps_ask", args=[visit.pk])).status_code == 404
    assert not VisitStep.objects.exists()
