"""Every page of the office opens for the owner and for nobody else."""

import pytest
from django.contrib import admin
from django.urls import reverse

from crm.team.models import User
from tests.factories import make_branch, make_user

pytestmark = pytest.mark.django_db

MODELS = sorted(admin.site._registry, key=lambda model: model._meta.label)
SINGLE = {"crm.CrmSettings", "loyalty.LoyaltySettings", "reminders.MessageSettings"}


def address(model, page, *args):
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{page}", args=args)


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model._meta.label)
def test_list_opens_for_the_owner(client, model):
    client.force_login(make_user(User.Role.OWNER, branch=make_branch()))

    response = client.get(address(model, "changelist"), follow=True)

    assert response.status_code == 200


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model._meta.label)
def test_add_form_opens_where_the_owner_writes(client, model):
    client.force_login(make_user(User.Role.OWNER, branch=make_branch()))
    writes = admin.site._registry[model].has_add_permission.__qualname__.startswith("OwnerWrites")

    response = client.get(address(model, "add"))

    assert response.status_code == (200 if writes else 403)


@pytest.mark.parametrize("role", [User.Role.RECEPTIONIST, User.Role.MASTER])
@pytest.mark.parametrize("staff", [False, True])
def test_office_is_closed_to_everybody_else(client, role, staff):
    """Also where somebody has ticked Django's staff flag behind the salon's back."""
    client.force_login(make_user(role, is_staff=staff))

    opened = [
        model._meta.label
        for model in MODELS
        for page in ("changelist", "add")
        if client.get(address(model, page), follow=True).status_code != 403
    ]

    assert opened == []


def test_office_asks_strangers_to_log_in(client):
    response = client.get(reverse("admin:index"), follow=True)

    assert response.request["PATH_INFO"] == reverse("account_login")


@pytest.mark.parametrize("name", ["reminders_journey_forecast", "reminders_messagetext_look"])
def test_pages_beside_the_lists_are_the_owners_too(client, name):
    client.force_login(make_user(User.Role.MASTER, is_staff=True))

    assert client.get(reverse(f"admin:{name}")).status_code == 403
