"""The result card of a visit: written at the desk, opened on her phone, printed in her language (practices.md, P8)."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from crm.care.models import ResultCard
from crm.catalogue.models import ServiceWords
from crm.people.models import Note
from reminders.links.results import result_url
from reminders.messages.tokens import Door, open_url
from tests.factories import make_appointment, make_cast, make_note
from tests.loyalty.till import give_back, pay

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast():
    cast = make_cast()
    ServiceWords.objects.create(
        service=cast.lashes, language="ru", name="Ресницы", care_guide="Сутки без пара.", safety_text="Зуд: позвоните."
    )
    cast.vera.language = "ru"
    cast.vera.save()
    return cast


@pytest.fixture
def sale(cast):
    return pay(cast.vera, 60, now=timezone.now(), service=cast.lashes)


@pytest.fixture
def desk(client, cast):
    client.force_login(cast.user_of(cast.anna))
    return client


def write(desk, sale, **words):
    return desk.post(reverse("desk:result", args=[sale.pk]), {"formula": "D 0.07, 10-12", "advice": ""} | words)


def test_formula_of_last_time_is_proposed_and_a_new_one_remembered(cast, desk, sale):
    make_note(cast.vera, "C 0.10, 11-13", kind=Note.Kind.FORMULA)
    assert "C 0.10, 11-13" in desk.get(reverse("desk:result", args=[sale.pk])).content.decode()

    write(desk, sale)
    write(desk, sale, advice="Без пара до завтра")

    card = ResultCard.objects.get()
    assert (card.formula, card.advice, card.visit_on) == ("D 0.07, 10-12", "Без пара до завтра", sale.on)
    formulas = Note.objects.filter(client=cast.vera, kind=Note.Kind.FORMULA).order_by("pk")
    assert list(formulas.values_list("text", flat=True)) == ["C 0.10, 11-13", "D 0.07, 10-12"]
    assert 'class="qr"' in desk.get(reverse("desk:result", args=[sale.pk])).content.decode()


def test_her_phone_and_the_paper_say_the_same_in_her_language(cast, desk, client, sale):
    soon = timezone.now() + timedelta(days=21)
    make_appointment(client=cast.vera, master=cast.anna, starts_at=soon, services=[cast.lashes])
    write(desk, sale, advice="Без пара до завтра")
    paper = desk.get(reverse("desk:result_print", args=[sale.pk])).content.decode()
    client.logout()
    link = result_url(ResultCard.objects.get(), today=sale.on)

    phone = client.get(re.sub(r"^https?://[^/]+", "", link), follow=True).content.decode()

    for html in (paper, phone):
        for words in ("Ресницы", "D 0.07, 10-12", "Без пара до завтра", "Сутки без пара.", "Зуд: позвоните."):
            assert words in html
        assert 'lang="ru"' in html
    assert "Ещё не" not in phone


def test_nobody_in_particular_and_a_refund_have_no_card(cast, desk, sale):
    refund = give_back(sale, now=timezone.now())
    assert desk.get(reverse("desk:result", args=[refund.pk])).status_code == 404
    assert desk.get(reverse("desk:result_print", args=[sale.pk])).status_code == 404


def test_a_card_leads_to_booking_and_home_only_who_is_at_home(desk, client, sale):
    write(desk, sale)
    opened = result_url(ResultCard.objects.get(), today=timezone.localdate())
    client.logout()

    shown = client.get(opened, follow=True).content.decode()
    assert f'href="{reverse("book:start")}"' in shown
    assert f'href="{reverse("my:home")}"' not in shown

    home = open_url(door=Door.HOME, client_id=sale.client_id, today=timezone.localdate())
    client.get(home)
    shown = client.get(opened, follow=True).content.decode()
    assert f'href="{reverse("my:home")}"' in shown
    assert f'href="{reverse("my:book_start")}"' in shown
