"""What the owner says about rooms, dates, rules and agreements, in the office."""

from datetime import date, time, timedelta
from decimal import Decimal

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from crm.booking.models import Accommodation
from crm.catalogue.models import FollowRule, Room, ServiceRoom
from crm.team.holidays import is_known, public_holidays
from crm.team.models import Closure, SpecialHours, User
from crm.team.selectors import proposed_closures
from crm.team.services import close_days
from tests.admin.test_office_writes import form_of
from tests.factories import (
    NOW,
    make_agreement,
    make_appointment,
    make_branch,
    make_client,
    make_closure,
    make_master,
    make_service,
    make_user,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def branch():
    return make_branch(country="BA")


@pytest.fixture(autouse=True)
def owner(client):
    user = make_user(User.Role.OWNER, username="owner")
    client.force_login(user)
    return user


@pytest.mark.parametrize("country", ["BA", "RU", "RS", "HR", "AE", "SA", "DE", "US", "CA"])
def test_holidays_of_the_countries_that_were_asked_for_are_known(country):
    assert is_known(country)
    assert public_holidays(country=country, year=2027, language="en")


def test_names_are_in_the_language_of_who_looks_else_in_english():
    unity = date(2027, 10, 3)
    assert public_holidays(country="DE", year=2027, language="de")[unity] == "Tag der Deutschen Einheit"
    assert public_holidays(country="DE", year=2027, language="ar")[unity] == "German Unity Day"
    assert (is_known("XX"), public_holidays(country="XX", year=2027, language="en")) == (False, {})


def test_closing_days_twice_writes_them_once_and_leaves_what_is_closed(branch):
    make_closure(branch, date(2027, 1, 1), date(2027, 1, 7), "Winter")
    days = {date(2027, 1, 2): "New Year", date(2027, 5, 1): "Labour Day"}
    assert [row.first_on for row in close_days(branch=branch, days=days)] == [date(2027, 5, 1)]
    assert close_days(branch=branch, days=days) == []
    assert Closure.objects.filter(branch=branch).count() == 2


@time_machine.travel(NOW, tick=False)
def test_public_holidays_are_shown_first_and_written_on_confirmation(client, branch):
    url = reverse("admin:crm_branch_propose_holidays", args=[branch.pk])
    proposed = proposed_closures(branch=branch, year=2027, language="en")
    wanted = [day.on.isoformat() for day in proposed][:2]

    assert client.get(url).context["form"].fields["year"].choices == [(2026, "2026"), (2027, "2027")]
    listed = client.post(url, {"year": "2027"})
    assert [value for value, _words in listed.context["form"].fields["days"].choices] == [
        day.on.isoformat() for day in proposed
    ]
    assert not Closure.objects.exists()

    client.post(url, {"year": "2027", "listed": "yes", "days": wanted})
    client.post(url, {"year": "2027", "listed": "yes", "days": wanted})
    assert [row.first_on.isoformat() for row in Closure.objects.order_by("first_on")] == wanted
    # what is written down is not asked about again
    again = client.post(url, {"year": "2027"})
    assert wanted[0] not in again.content.decode()


def test_a_branch_without_a_country_is_asked_for_it(client):
    branch = make_branch()
    page = client.get(reverse("admin:crm_branch_propose_holidays", args=[branch.pk]), follow=True)
    assert "Write down the branch" in page.content.decode()


def whole_form(page):
    """The form as shown, with the rows of its tables."""
    shown = {}
    for each in page.context["inline_admin_formsets"]:
        for row in each.formset.initial_forms:
            shown |= {field.html_name: field.value() for field in row if field.value() is not None}
    return form_of(page) | shown


def rows(page, prefix, *new):
    """The same with new rows in one of its tables."""
    fields = whole_form(page)
    known = int(fields[f"{prefix}-INITIAL_FORMS"])
    for number, row in enumerate(new, start=known):
        fields |= {f"{prefix}-{number}-{name}": value for name, value in row.items()}
    return fields | {f"{prefix}-TOTAL_FORMS": str(known + len(new))}


def test_hours_on_a_date_are_written_on_the_masters_page(client, branch):
    master = make_master(branch=branch)
    url = reverse("admin:crm_master_change", args=[master.pk])
    on = date.today() + timedelta(days=9)

    client.post(url, rows(client.get(url), "special_hours", {"on": str(on), "starts": "12:00", "ends": "15:00"}))

    hours = SpecialHours.objects.get(master=master)
    assert (hours.on, hours.starts, hours.ends) == (on, time(12), time(15))


def test_who_is_switched_off_with_visits_ahead_has_them_named(client, branch):
    anna = make_master(branch=branch, name="Anna")
    for days in (1, 2, 3, 4):
        make_appointment(
            client=make_client(branch=branch, name=f"Vera {days}"),
            master=anna,
            starts_at=timezone.now() + timedelta(days=days),
        )
    url = reverse("admin:crm_master_change", args=[anna.pk])
    form = form_of(client.get(url))
    # her hours stay as they are
    form |= {name: 0 for name in form if name.endswith("_FORMS")}
    form.pop("is_active")

    answer = client.post(url, form, follow=True)

    said = [str(message) for message in answer.context["messages"] if message.level_tag == "warning"]
    assert len(said) == 1
    assert "4 visits ahead" in said[0]
    assert [f"Vera {days}" in said[0] for days in (1, 2, 3, 4)] == [True, True, True, False]
    assert f"view=week&amp;master={anna.pk}" in said[0]
    # saved once more, nothing has changed
    again = client.post(url, form, follow=True)
    assert [message.level_tag for message in again.context["messages"]].count("warning") == 0


def test_closed_days_are_written_on_the_branchs_page(client, branch):
    url = reverse("admin:crm_branch_change", args=[branch.pk])
    first = date.today() + timedelta(days=9)
    new = {"first_on": str(first), "last_on": str(first + timedelta(days=2)), "name": "Refit"}

    client.post(url, rows(client.get(url), "closures", new))

    assert [(row.first_on, row.last_on, row.name) for row in branch.closures.all()] == [
        (first, first + timedelta(days=2), "Refit")
    ]


def test_a_room_is_made_with_what_is_done_in_it(client, branch):
    service = make_service(branch=branch)
    url = reverse("admin:crm_room_add")
    fields = rows(client.get(url), "services", {"service": str(service.pk)})

    client.post(url, fields | {"name": "Chair 1", "branch": str(branch.pk), "is_active": "on"})

    assert ServiceRoom.objects.get().room == Room.objects.get(name="Chair 1", branch=branch)
    assert client.get(reverse("admin:crm_room_changelist")).status_code == 200


def test_what_a_service_follows_and_what_is_done_instead(client, branch):
    full_set, fill = make_service(branch=branch, name="Full set"), make_service(branch=branch, name="Fill")
    url = reverse("admin:crm_service_change", args=[fill.pk])
    fields = rows(client.get(url), "follows", {"after": str(full_set.pk), "within_days": "21"})

    client.post(url, fields | {"otherwise": str(full_set.pk)})

    fill.refresh_from_db()
    assert fill.otherwise == full_set
    assert FollowRule.objects.filter(service=fill, after=full_set, within_days=21).exists()


def test_what_is_agreed_with_a_client_is_changed_on_her_page_and_its_history_kept(client, branch):
    guest, service = make_client(branch=branch), make_service(branch=branch)
    agreed = make_agreement(guest, service, minutes=90)
    url = reverse("admin:crm_client_change", args=[guest.pk])

    client.post(url, whole_form(client.get(url)) | {"accommodations-0-price": "45.00"})

    agreed.refresh_from_db()
    assert (agreed.minutes, agreed.price) == (90, Decimal(45))
    assert Accommodation.history.count() == 2
