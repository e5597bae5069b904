"""What the owner may change in the office, what nobody may, and what follows from a change."""

from datetime import date, timedelta
from decimal import Decimal
from uuid import uuid4

import pytest
from django.contrib import admin
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone

from crm.booking.models import Pulse, Visit
from crm.booking.services import VisitFact, record_visit
from crm.people.models import Client
from crm.sales.models import Sale
from crm.team.models import CrmSettings, User
from loyalty.points.models import LedgerEntry
from loyalty.points.services import grant_points
from loyalty.vouchers.models import Voucher
from reminders.messages.models import Message
from tests.factories import (
    NOW,
    PASSWORD,
    TODAY,
    make_branch,
    make_client,
    make_master,
    make_note,
    make_service,
    make_user,
)

pytestmark = pytest.mark.django_db

NEVER_EDITED = [
    "crm_sale", "crm_appointment", "crm_visit", "crm_complaint", "crm_feedback", "crm_dayclose", "crm_call",
    "crm_healthnotereading", "loyalty_ledgerentry", "loyalty_pointsaccount", "loyalty_pendinggrant",
    "loyalty_voucher", "loyalty_card", "reminders_message", "reminders_consentevent", "reminders_contactpermission",
    "reminders_journey",
]  # fmt: skip


@pytest.fixture
def branch():
    return make_branch()


@pytest.fixture
def owner(client, branch):
    user = make_user(User.Role.OWNER, branch=branch)
    client.force_login(user)
    return user


def form_of(page):
    """Every value of the form as it was shown, to post it back."""
    values = {}
    for form in [page.context["adminform"].form, *[each.formset for each in page.context["inline_admin_formsets"]]]:
        for field in getattr(form, "management_form", form):
            values[field.html_name] = "" if field.value() is None else field.value()
    return {name: value for name, value in values.items() if value is not False and name != "logo"}


@pytest.mark.parametrize("name", NEVER_EDITED)
def test_what_has_happened_cannot_be_added_or_deleted(client, owner, name):
    app, model = name.split("_")
    page = next(
        each for each in admin.site._registry.values() if (each.opts.app_label, each.opts.model_name) == (app, model)
    )

    added = client.post(reverse(f"admin:{name}_add"), {})

    assert added.status_code == 403
    assert "delete_selected" not in page.get_actions(client.get(reverse("admin:index")).wsgi_request)


def test_sale_stays_as_it_was(client, owner, branch):
    sale = Sale.objects.create(branch=branch, code="R1", on=TODAY, total=Decimal(50), paid=Decimal(50))

    changed = client.post(reverse("admin:crm_sale_change", args=[sale.pk]), {"total": "1", "code": "X"})
    deleted = client.post(reverse("admin:crm_sale_delete", args=[sale.pk]), {"post": "yes"})

    sale.refresh_from_db()
    assert (changed.status_code, deleted.status_code) == (403, 403)
    assert (sale.code, sale.total) == ("R1", Decimal("50.000"))


def test_ledger_entry_stays_as_it_was(client, owner, branch):
    entry = grant_points(
        client=make_client(branch=branch), points=70, kind="gesture", source="test", key="test", now=NOW
    )

    response = client.post(reverse("admin:loyalty_ledgerentry_change", args=[entry.pk]), {"points": "9000"})

    entry.refresh_from_db()
    assert (response.status_code, entry.points) == (403, 70)


def test_points_by_hand_stand_in_the_ledger_once(client, owner, branch):
    guest = make_client(branch=branch)
    asked = {"points": "30", "reason": "waited in the rain", "key": str(uuid4())}
    url = reverse("admin:crm_client_give_points", args=[guest.pk])

    client.post(url, asked)
    client.post(url, asked)

    entry = LedgerEntry.objects.get()
    assert (entry.points, entry.kind, entry.reason, entry.user) == (30, "gesture", "waited in the rain", owner)


def test_points_without_a_reason_are_not_given(client, owner, branch):
    guest = make_client(branch=branch)

    page = client.post(reverse("admin:crm_client_give_points", args=[guest.pk]), {"points": "30", "key": str(uuid4())})

    assert page.status_code == 200
    assert not LedgerEntry.objects.exists()


def test_voucher_by_hand_is_hers_and_can_be_withdrawn(client, owner, branch):
    guest = make_client(branch=branch)
    until = timezone.now().date() + timedelta(days=20)

    client.post(
        reverse("admin:crm_client_give_voucher", args=[guest.pk]),
        {"kind": "amends", "percent": "20", "valid_until": until.isoformat(), "key": str(uuid4())},
    )
    voucher = Voucher.objects.get()
    given = (voucher.client, voucher.percent, voucher.valid_until, voucher.voided_at)
    client.post(reverse("admin:loyalty_voucher_withdraw", args=[voucher.pk]))

    voucher.refresh_from_db()
    assert given == (guest, 20, until, None)
    assert voucher.voided_at is not None


@pytest.mark.parametrize("asked", [{}, {"percent": "20", "amount": "5"}])
def test_voucher_is_a_percentage_or_an_amount(client, owner, branch, asked):
    guest = make_client(branch=branch)
    until = timezone.now().date() + timedelta(days=20)

    client.post(
        reverse("admin:crm_client_give_voucher", args=[guest.pk]),
        {"kind": "offer", "valid_until": until.isoformat(), "key": str(uuid4()), **asked},
    )

    assert not Voucher.objects.exists()


def test_new_rhythm_is_worked_out_for_every_client(client, owner, branch):
    """A client with one visit takes the salon's usual rhythm: 30 days, then 50."""
    guest = make_client(branch=branch)
    service = make_service(branch=branch)
    record_visit(
        client=guest, branch=branch, on=date(2026, 6, 1), source="test", items=[VisitFact(service=service)],
        is_paid=True, now=NOW,
    )  # fmt: skip
    url = reverse("admin:crm_crmsettings_changelist")
    page = client.get(url, follow=True)
    before = Pulse.objects.get(client=guest).rhythm

    client.post(page.request["PATH_INFO"], {**form_of(page), "rhythm_default": "50"})

    assert (before, Pulse.objects.get(client=guest).rhythm) == (30, 50)
    assert CrmSettings.objects.get().rhythm_default == 50


def test_rule_out_of_bounds_is_not_saved(client, owner):
    page = client.get(reverse("admin:crm_crmsettings_changelist"), follow=True)

    answer = client.post(page.request["PATH_INFO"], {**form_of(page), "rhythm_default": "5000"})

    assert answer.status_code == 200
    assert CrmSettings.objects.get().rhythm_default == 30


def test_service_that_becomes_one_off_starts_no_rhythm(client, owner, branch):
    guest = make_client(branch=branch)
    service = make_service(branch=branch)
    record_visit(
        client=guest, branch=branch, on=date(2026, 6, 1), source="test", items=[VisitFact(service=service)],
        is_paid=True, now=NOW,
    )  # fmt: skip
    url = reverse("admin:crm_service_change", args=[service.pk])

    client.post(url, {**form_of(client.get(url)), "is_one_off": "on"})

    assert Visit.objects.get().counts is False
    assert Pulse.objects.get(client=guest).last_counting_on is None


def test_client_changed_in_the_office_is_found_by_her_new_name(client, owner, branch):
    guest = make_client(branch=branch, name="Anna")
    url = reverse("admin:crm_client_change", args=[guest.pk])

    client.post(url, {**form_of(client.get(url)), "name": "Šejla Primjerić"})

    found = client.get(reverse("admin:crm_client_changelist"), {"q": "Шейла"})
    assert Client.objects.get().name == "Šejla Primjerić"
    assert [row.pk for row in found.context["cl"].result_list] == [guest.pk]


def test_client_is_not_born_on_a_day_that_is_none(client, owner, branch):
    guest = make_client(branch=branch)
    url = reverse("admin:crm_client_change", args=[guest.pk])

    page = client.post(url, {**form_of(client.get(url)), "birth_day": "31", "birth_month": "2"})

    assert page.context["adminform"].form.errors == {"birth_day": ["There is no such day."]}


def test_dismissed_master_is_out_at_the_next_request(client, owner, branch):
    """trust.md, S12."""
    user = make_user(User.Role.MASTER, branch=branch)
    master = make_master(branch=branch, user=user)
    hers = type(client)()
    hers.force_login(user)
    was_in = "_auth_user_id" in hers.session

    client.post(reverse("admin:crm_user_dismiss_person", args=[user.pk]))

    master.refresh_from_db()
    user.refresh_from_db()
    after = hers.get("/")
    assert was_in
    assert after.status_code == 302
    assert "/accounts/login/" in after.url
    assert (user.is_active, user.has_usable_password(), master.is_active) == (False, False, False)


def test_only_owner_cannot_be_dismissed(client, owner):
    client.post(reverse("admin:crm_user_dismiss_person", args=[owner.pk]))

    owner.refresh_from_db()
    assert owner.is_active


def test_new_login_has_the_rights_of_its_role(client, owner, branch):
    client.post(
        reverse("admin:crm_user_add"),
        {
            "username": "lejla", "password1": PASSWORD, "password2": PASSWORD, "first_name": "Lejla", "last_name": "",
            "email": "lejla@example.test", "language": "bs", "role": "master", "branch": str(branch.pk),
        },
    )  # fmt: skip

    user = User.objects.get(username="lejla")
    assert (user.role, user.branch, user.is_staff, user.is_superuser) == ("master", branch, False, False)
    assert user.check_password(PASSWORD)


def test_owner_who_becomes_receptionist_leaves_the_office(client, owner, branch):
    other = make_user(User.Role.OWNER, branch=branch)
    url = reverse("admin:crm_user_change", args=[other.pk])

    client.post(url, {**form_of(client.get(url)), "role": "receptionist"})

    other.refresh_from_db()
    assert (other.role, other.is_staff, other.is_superuser) == ("receptionist", False, False)


def test_master_without_a_branch_is_refused(client, owner):
    page = client.post(
        reverse("admin:crm_user_add"),
        {"username": "nobody", "password1": PASSWORD, "password2": PASSWORD, "language": "en", "role": "master"},
    )

    assert "branch" in page.context["adminform"].form.errors
    assert not User.objects.filter(username="nobody").exists()


def test_failed_message_goes_out_again_and_a_planned_one_may_stay(client, owner, branch):
    guest = make_client(branch=branch)
    rows = [
        Message.objects.create(
            client=guest, branch=branch, kind="thanks", purpose="care", occasion=occasion, state=state,
            send_at=NOW, not_after=NOW + timedelta(days=7), planned_at=NOW,
        )
        for occasion, state in (("one", "failed"), ("two", "planned"))
    ]  # fmt: skip

    client.post(reverse("admin:reminders_message_send_once_more", args=[rows[0].pk]))
    client.post(reverse("admin:reminders_message_leave_unsent", args=[rows[1].pk]))

    assert dict(Message.objects.values_list("occasion", "state")) == {"one": "planned", "two": "dropped"}


def test_hours_off_are_typed_by_the_clock_of_the_branch(client, owner):
    """10:00 typed for a master in Tokyo is 01:00 UTC, whatever the clock of who types."""
    master = make_master(branch=make_branch(time_zone="Asia/Tokyo"))

    client.post(
        reverse("admin:crm_timeoff_add"),
        {
            "master": str(master.pk), "starts_at_0": "2026-06-12", "starts_at_1": "10:00",
            "ends_at_0": "2026-06-12", "ends_at_1": "12:00", "reason": "",
        },
    )  # fmt: skip

    off = master.time_off.get()
    assert (off.starts_at.isoformat(), off.ends_at.isoformat()) == (
        "2026-06-12T01:00:00+00:00",
        "2026-06-12T03:00:00+00:00",
    )


def test_first_owner_is_made_on_the_command_line(client):
    call_command("createsuperuser", interactive=False, username="boss", email="boss@example.test", verbosity=0)

    boss = User.objects.get()
    client.force_login(boss)
    assert (boss.role, boss.is_staff) == ("owner", True)
    assert client.get(reverse("admin:index")).status_code == 200


def given(branch, **changed):
    asked = {"points": 70, "kind": "gesture", "source": "office", "key": "test", "now": NOW}
    return grant_points(client=make_client(branch=branch), **asked | changed)


def test_points_by_hand_are_taken_back_after_a_question(client, owner, branch):
    entry = given(branch)
    url = reverse("admin:loyalty_ledgerentry_take_back", args=[entry.pk])

    asked = client.get(url)
    before = LedgerEntry.objects.count()
    client.post(url)
    client.post(url)

    assert (asked.status_code, before) == (200, 1)
    assert list(LedgerEntry.objects.order_by("pk").values_list("points", "user")) == [(70, None), (-70, owner.pk)]
    listed = client.get(reverse("admin:loyalty_ledgerentry_changelist"), {"by_hand": "yes"}).content.decode()
    assert "taken back by the owner" in listed


@pytest.mark.parametrize("role", [User.Role.MASTER, User.Role.RECEPTIONIST])
def test_points_are_taken_back_by_the_owner_alone(client, branch, role):
    entry = given(branch)
    client.force_login(make_user(role, branch=branch))

    client.post(reverse("admin:loyalty_ledgerentry_take_back", args=[entry.pk]))

    assert LedgerEntry.objects.count() == 1


def test_cashback_has_no_button_to_take_it_back(client, owner, branch):
    entry = given(branch, kind="spending")
    url = reverse("admin:loyalty_ledgerentry_take_back", args=[entry.pk])

    page = client.get(reverse("admin:loyalty_ledgerentry_change", args=[entry.pk])).content.decode()

    assert url not in page
    assert client.post(url).status_code == 403


@pytest.mark.parametrize("field", ["break_from", "break_until"])
def test_break_at_the_end_of_the_calendar_is_refused(client, owner, branch, field):
    guest = make_client(branch=branch)
    url = reverse("admin:crm_client_change", args=[guest.pk])
    today = timezone.now().date().isoformat()
    whole = form_of(client.get(url)) | {"status": "break", "break_until": today}

    far = client.post(url, whole | {field: "9999-12-31"})
    near = client.post(url, whole)

    assert (far.status_code, "Choose a nearer day." in far.content.decode()) == (200, True)
    assert near.status_code == 302
    assert Client.objects.get().status == "break"


def test_question_at_the_end_of_the_calendar_is_refused(client, owner, branch):
    note = make_note(make_client(branch=branch))
    url = reverse("admin:crm_note_change", args=[note.pk])
    whole = form_of(client.get(url))

    far = client.post(url, whole | {"ask_again_on": "9999-12-31"})

    note.refresh_from_db()
    assert (far.status_code, "Choose a nearer day." in far.content.decode()) == (200, True)
    assert note.ask_again_on is None


def test_every_state_of_a_list_has_its_tone():
    """A key without a tone would be shown itself, instead of its words."""
    lacking = {
        (str(model._meta), name): missing
        for model, model_admin in admin.site._registry.items()
        for name in model_admin.list_display
        if isinstance(tones := getattr(getattr(model_admin, str(name), None), "label", None), dict)
        and (by := getattr(getattr(model_admin, str(name)), "admin_order_field", None)) is not None
        and "__" not in by
        and (choices := dict(model._meta.get_field(by).flatchoices))
        and (missing := set(choices) - set(tones))
    }
    assert lacking == {}
