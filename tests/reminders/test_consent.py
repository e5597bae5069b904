"""Consent given and withdrawn: what holds from then on, and its evidence."""

import pytest

from crm.people.models import ClientChange
from reminders.consent.models import ConsentEvent, ContactPermission
from reminders.consent.selectors import is_allowed, permission_of
from reminders.consent.services import grant, mark_dead, refuse_care, revive, stop_channel, withdraw
from tests.factories import NOW, make_branch, make_client, make_user

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]


@pytest.fixture
def client_of_salon():
    return make_client(branch=make_branch())


def allowed(client):
    permission = permission_of(client)
    return {
        (purpose, channel)
        for purpose in ("service", "care", "marketing")
        for channel in ("email", "sms", "call")
        if is_allowed(permission, purpose, channel)
    }


BY_DEFAULT = {
    *(("service", channel) for channel in ("email", "sms", "call")),
    *(("care", channel) for channel in ("email", "sms", "call")),
}


def test_who_said_nothing_gets_service_and_care_and_no_marketing(client_of_salon):
    assert allowed(client_of_salon) == BY_DEFAULT


def test_marketing_goes_where_it_was_consented_to_and_nowhere_else(client_of_salon):
    grant(client=client_of_salon, purpose="marketing", channel="sms", where="desk", now=NOW, text_shown="News by SMS?")

    assert allowed(client_of_salon) == BY_DEFAULT | {("marketing", "sms")}
    event = ConsentEvent.objects.get()
    assert (event.purpose, event.channel, event.is_given, event.at, event.where, event.text_shown) == (
        "marketing", "sms", True, NOW, "desk", "News by SMS?",
    )  # fmt: skip


def test_withdrawing_is_noted_even_if_it_changes_nothing(client_of_salon):
    withdraw(client=client_of_salon, purpose="marketing", channel="sms", where="link", now=NOW)

    assert allowed(client_of_salon) == BY_DEFAULT
    assert ConsentEvent.objects.filter(is_given=False).count() == 1
    assert ClientChange.objects.count() == 0


@pytest.mark.parametrize("channel", ["email", "sms", "call"])
def test_stop_ends_care_and_marketing_of_that_channel_and_leaves_appointments(client_of_salon, channel):
    for each in ("email", "sms"):
        grant(client=client_of_salon, purpose="marketing", channel=each, where="desk", now=NOW)
    before = allowed(client_of_salon)

    stop_channel(client=client_of_salon, channel=channel, where="stop", now=NOW)

    assert allowed(client_of_salon) == before - {("care", channel), ("marketing", channel)}
    assert ClientChange.objects.filter(client=client_of_salon).exists()


def test_refusal_of_all_care_leaves_service_and_is_taken_back_by_agreeing(client_of_salon):
    refuse_care(client=client_of_salon, refused=True, where="desk", now=NOW)
    assert allowed(client_of_salon) == {one for one in BY_DEFAULT if one[0] == "service"}

    grant(client=client_of_salon, purpose="care", channel="email", where="link", now=NOW)

    assert ("care", "email") in allowed(client_of_salon)


def test_dead_address_lives_again_with_a_new_one(client_of_salon):
    mark_dead(client=client_of_salon, channel="email", now=NOW)
    assert ContactPermission.objects.get().email_dead_at == NOW

    revive(client=client_of_salon, changed=["name", "phone"])
    assert ContactPermission.objects.get().email_dead_at == NOW

    revive(client=client_of_salon, changed=["name", "email"])
    assert ContactPermission.objects.get().email_dead_at is None


def test_address_written_anew_at_the_desk_lives_again(client, client_of_salon):
    owner = make_user("owner")
    client.force_login(owner)
    mark_dead(client=client_of_salon, channel="email", now=NOW)
    fields = {"name": client_of_salon.name, "phone": client_of_salon.phone, "email": "new@example.test"}

    client.post(f"/clients/{client_of_salon.pk}/edit/", fields)

    client_of_salon.refresh_from_db()
    assert (client_of_salon.email, ContactPermission.objects.get().email_dead_at) == ("new@example.test", None)
