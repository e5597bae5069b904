"""The salon's logo: seen by everybody once there is one."""

import pytest
from django.core.files.base import ContentFile
from django.urls import reverse

from crm.team.models import CrmSettings

pytestmark = pytest.mark.django_db


def test_logo_that_nobody_has_given_is_not_there(client):
    assert client.get(reverse("logo")).status_code == 404


def test_logo_is_shown_to_everybody(client, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    row = CrmSettings.objects.create(pk=1)
    row.logo.save("logo.png", ContentFile(b"\x89PNG a picture"))

    answer = client.get(reverse("logo"))

    assert (answer.status_code, b"".join(answer.streaming_content)) == (200, b"\x89PNG a picture")
