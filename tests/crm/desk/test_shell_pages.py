"""The addresses that surround every page, open to everyone."""

import json

import pytest
from django.conf import settings
from django.test import Client

from crm.team.models import CrmSettings

pytestmark = pytest.mark.django_db


def test_brand_css_holds_the_salons_colour(client: Client) -> None:
    CrmSettings.objects.create(pk=1, accent="#1e3a8a")

    answer = client.get("/brand.css")

    assert answer["Content-Type"] == "text/css; charset=utf-8"
    assert "--brand:#1e3a8a;--on-brand:#ffffff;" in answer.content.decode()


def test_icon_is_where_browsers_look_for_it(client: Client) -> None:
    answer = client.get("/favicon.ico")

    assert (answer.status_code, answer["Content-Type"]) == (200, "image/png")
    assert b"".join(answer.streaming_content).startswith(b"\x89PNG")


@pytest.mark.parametrize("language", ["en", "ru", "bs", "ar"])
def test_manifest_is_sound_in_every_language(client: Client, language: str) -> None:
    CrmSettings.objects.create(pk=1, salon_name='Lipa "by the river" <1>')
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = language

    manifest = json.loads(client.get("/manifest.webmanifest").content)

    assert manifest["name"] == 'Lipa "by the river" <1>'
    assert manifest["lang"] == language
    assert manifest["dir"] == ("rtl" if language == "ar" else "ltr")
    assert manifest["start_url"] == "/"


def test_service_worker_governs_from_the_root(client: Client) -> None:
    answer = client.get("/sw.js")

    assert answer["Content-Type"] == "text/javascript; charset=utf-8"
    assert answer["Cache-Control"] == "no-cache"
    assert b"data-offline" in b"".join(answer)


def test_unknown_address_says_a_way_on(client: Client) -> None:
    answer = client.get("/nowhere/")

    assert answer.status_code == 404
    assert 'href="/"' in answer.content.decode()
