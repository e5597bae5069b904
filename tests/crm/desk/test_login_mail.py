"""The letters about a login: in the salon's words, with its name and without the server's address in front."""

import pytest
from django.core import mail
from django.urls import reverse

from crm.team.models import CrmSettings

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def salon(cast, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    CrmSettings.objects.create(pk=1, salon_name="Vesna")
    cast.owner.email = "olga@example.test"
    cast.owner.save()
    return cast


def asked_with(client, email):
    client.post(reverse("account_reset_password"), {"email": email})
    (letter,) = mail.outbox
    return letter


def test_a_new_password_is_asked_for_by_mail(client, salon):
    letter = asked_with(client, "olga@example.test")

    assert letter.subject == "A new password for your login"
    assert letter.body.startswith("Vesna\n\nSomebody, most likely you, asked for a new password")
    assert f"Your login is called {salon.owner.username}." in letter.body
    assert "/accounts/password/reset/key/" in letter.body
    assert "example.com" not in letter.body


def test_an_address_without_a_login_is_told_so(client):
    letter = asked_with(client, "nobody@example.test")

    assert letter.subject == "No login with this address"
    assert "nobody@example.test" in letter.body
    assert "/accounts/" not in letter.body
