"""The owner's first page: the week's figures by hand, and the first steps of an empty salon."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
import time_machine
from django.urls import reverse

from crm.care.services import open_complaint
from crm.office.dashboard import change, tone_of
from crm.reports.selectors import dashboard as figures
from crm.reports.selectors.standing import On
from crm.sales.models import Sale
from crm.team.models import User
from tests.factories import NOW, TODAY, local, make_appointment, make_branch, make_cast, make_client, make_user

pytestmark = pytest.mark.django_db

# TODAY is Wednesday, 10 June 2026; its week begins on Monday the 8th
WEEK = figures.Days(date(2026, 6, 8), date(2026, 6, 11))


def sell(branch, on, amount):
    Sale.objects.create(
        branch=branch, code=f"R{Sale.objects.count()}", on=on, total=Decimal(amount), paid=Decimal(amount)
    )


def test_week_so_far_ends_with_today():
    assert figures.week_so_far(TODAY) == WEEK


def test_turnover_counts_monday_and_today_and_returns():
    branch = make_branch()
    for on, amount in ((7, 100), (8, 40), (10, 25), (10, -5), (11, 70)):
        sell(branch, date(2026, 6, on), amount)

    assert figures.turnover(WEEK) == Decimal(60)
    assert figures.turnover(WEEK.back(figures.WEEK)) == Decimal(0)
    assert figures.turnover_by_day(date(2026, 6, 8)) == [40, 0, 20, 70, 0, 0, 0]


def test_year_ago_is_the_same_weekdays():
    assert WEEK.back(figures.YEAR) == figures.Days(date(2025, 6, 9), date(2025, 6, 12))
    assert WEEK.back(figures.YEAR).since.weekday() == 0


def test_open_complaint_is_counted_and_its_client_is_no_lapsed_one():
    branch = make_branch()
    open_complaint(client=make_client(branch=branch), branch=branch, text="Too dark", now=NOW)

    assert figures.complaints(WEEK) == {"open": 1, "urgent": 0, "opened": 1}
    assert figures.lapsed_count(On(TODAY, NOW, live=True)) == 0


@pytest.mark.parametrize(
    ("value", "before", "tone", "words"),
    [(60, 50, "good", "+20%"), (50, 50, "", "0%"), (40, 50, "careful", "−20%")],
)
def test_arrow_is_shown_for_a_change_only(value, before, tone, words):
    assert (tone_of(Decimal(value), Decimal(before)), change(Decimal(value), Decimal(before))) == (tone, words)


@time_machine.travel(NOW, tick=False)
def test_every_figure_is_defined_and_leads_to_its_list(client):
    branch = make_branch()
    sell(branch, TODAY, 80)
    sell(branch, TODAY - timedelta(days=7), 40)
    client.force_login(make_user(User.Role.OWNER, branch=branch))

    page = client.get(reverse("admin:index"))

    shown = page.context["figures"]
    turnover = shown[0]
    assert turnover.value == "BAM\u00a080.00"
    assert turnover.note == "+100% on last week"
    assert all(figure.meaning and figure.url and figure.link for figure in shown)
    assert [client.get(figure.url).status_code for figure in shown] == [200] * len(shown)


@time_machine.travel(NOW, tick=False)
def test_what_was_kept_in_vain_is_counted_and_its_list_has_just_that(client):
    cast = make_cast()

    def visit(days_ago, status, hours_before=None, by="client"):
        starts_at = local(TODAY - timedelta(days=days_ago), 10)
        cancelled_at = None if hours_before is None else starts_at - timedelta(hours=hours_before)
        return make_appointment(
            client=cast.vera, master=cast.anna, starts_at=starts_at, status=status, cancelled_at=cancelled_at,
            cancelled_by="" if hours_before is None else by,
        )  # fmt: skip

    missed, late, imported = visit(29, "no_show"), visit(3, "cancelled", 23), visit(2, "cancelled", 1, by="")
    # in good time, by the salon, the day before the month begins, and one who came
    visit(4, "cancelled", 25), visit(5, "cancelled", 2, by="salon"), visit(30, "no_show"), visit(6, "done")
    client.force_login(cast.owner)

    page = client.get(reverse("admin:index"))
    (figure,) = [each for each in page.context["figures"] if "missed=any" in each.url]

    assert (figure.value, figure.note) == (3, "1 missed, 2 late in 30 days; 1 the 30 before")
    assert "less than 24 hours before" in figure.meaning
    assert set(client.get(figure.url).context["cl"].queryset) == {missed, late, imported}


def test_empty_salon_is_led_by_its_first_steps(client):
    client.force_login(make_user(User.Role.OWNER))

    page = client.get(reverse("admin:index"))

    assert [step.done for step in page.context["steps"]] == [False] * 5
    assert [client.get(step.url, follow=True).status_code for step in page.context["steps"]] == [200] * 5


@pytest.mark.parametrize("language", ["ru", "bs", "ar"])
def test_page_speaks_the_owners_language(client, language):
    client.force_login(make_user(User.Role.OWNER, branch=make_branch(), language=language))

    page = client.get(reverse("admin:index")).content.decode()

    assert f'lang="{language}"' in page
    assert ('dir="rtl"' in page) == (language == "ar")
