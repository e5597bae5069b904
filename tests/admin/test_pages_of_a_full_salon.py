"""Every page of a record opens in a salon that has lived, and lists ask a fixed number of times."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from django.contrib import admin
from django.db import transaction
from django.urls import reverse

from crm.office.demo.salon import prepare
from crm.team.models import User
from reminders.journeys.services.planning import plan_due

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 18, 11, 20, tzinfo=ZoneInfo("UTC"))
MODELS = sorted(admin.site._registry, key=lambda model: model._meta.label)


@pytest.fixture(scope="module")
def salon(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock(), transaction.atomic():
        prepared = prepare(now=NOW, clients=60)
        plan_due(now=NOW)
        yield prepared
        transaction.set_rollback(True)


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model._meta.label)
def test_list_and_record_open(client, salon, model):
    client.force_login(User.objects.get(username="owner"))
    name = f"admin:{model._meta.app_label}_{model._meta.model_name}"
    record = model.objects.order_by("pk").first()

    listed = client.get(reverse(f"{name}_changelist"), follow=True)
    opened = client.get(reverse(f"{name}_change", args=[record.pk])) if record else listed

    assert (listed.status_code, opened.status_code) == (200, 200)


# a list reads its rows, counts, dates and settings, and what its columns need for all rows at once
QUERIES = 26


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model._meta.label)
def test_list_asks_as_often_for_many_rows_as_for_few(client, salon, model, django_assert_max_num_queries):
    client.force_login(User.objects.get(username="owner"))

    with django_assert_max_num_queries(QUERIES):
        client.get(reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist"), follow=True)


def test_forecast_shows_who_why_and_how(client, salon):
    client.force_login(User.objects.get(username="owner"))

    page = client.get(reverse("admin:reminders_journey_forecast"))

    assert page.context["total"] > 0
    assert all(row["why"] and row["channel"] for _day, rows in page.context["by_day"] for row in rows)
