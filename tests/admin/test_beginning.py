"""The fifth step of the first hour: the salon's standard and its touchpoints, taken on one page (practices.md, P5 and P42)."""

import pytest
from django.urls import reverse

from crm.care.models import LessonRead, Standard, Touchpoint
from crm.care.ready import SETS, TOUCHPOINTS, set_for
from crm.care.services import lay_out_steps
from tests.factories import NOW, local, make_appointment, make_service

pytestmark = pytest.mark.django_db
BEGIN = "office:standards_begin"


@pytest.mark.parametrize(
    ("service", "name"),
    [
        ("Volume lashes", "lashes"),
        ("Наращивание ресниц", "lashes"),
        ("Manikir", "nails"),
        ("تصفيف الشعر", "hair"),
        ("Brow lamination", "brows"),
        ("Colour", "hair"),
        ("Consultation", ""),
    ],
)
def test_a_service_is_known_by_its_name(service, name):
    assert set_for(service) == name


def test_what_is_ticked_holds_at_once_and_what_is_there_stays(client, cast):
    client.force_login(cast.owner)
    begin = reverse(BEGIN)
    shown = client.get(begin).content.decode()
    assert f'name="every-{cast.branch.pk}"' in shown
    wanted = {f"every-{cast.branch.pk}": "on", f"service-{cast.lashes.pk}": "lashes", "touchpoints": "on"}

    for _press in range(2):
        client.post(begin, {**wanted, f"service-{cast.colour.pk}": "", f"service-{cast.removal.pk}": "no such set"})

    assert sorted((str(each), each.current.number) for each in Standard.objects.all()) == [
        ("Every visit", 1),
        (cast.lashes.name, 1),
    ]
    assert Standard.objects.get(service=cast.lashes).current.steps.count() == len(SETS["lashes"].steps)
    assert Touchpoint.objects.count() == len(TOUCHPOINTS)
    # come back to, it asks only for what is not there yet
    shown = client.get(begin).content.decode()
    assert f'name="every-{cast.branch.pk}"' not in shown
    assert f'name="service-{cast.lashes.pk}"' not in shown
    assert f'name="service-{cast.colour.pk}"' in shown
    assert 'name="touchpoints"' not in shown


def test_a_slip_is_taken_back_until_a_visit_has_run_on_it_or_somebody_read_it(client, cast):
    client.force_login(cast.owner)
    client.post(reverse(BEGIN), {f"every-{cast.branch.pk}": "on", f"service-{cast.lashes.pk}": "hair"})
    every, lashes = Standard.objects.get(service=None), Standard.objects.get(service=cast.lashes)
    client.post(reverse("office:standard_undo", args=[lashes.pk]))
    assert list(Standard.objects.all()) == [every]

    read = LessonRead.objects.create(version=every.current, user=cast.receptionist, at=NOW)
    assert "It is in use already." in undo(client, every)
    read.delete()
    visit = make_appointment(client=cast.vera, master=cast.anna, starts_at=local(NOW.date(), 11))
    lay_out_steps(appointment=visit, at=every.current.published_at)
    assert "It is in use already." in undo(client, every)
    assert Standard.objects.exists()


def undo(client, standard) -> str:
    return client.post(reverse("office:standard_undo", args=[standard.pk]), follow=True).content.decode()


def test_many_services_ask_the_database_as_often_as_one(client, cast, django_assert_num_queries):
    client.force_login(cast.owner)
    client.get(reverse(BEGIN))
    with django_assert_num_queries(9):
        client.get(reverse(BEGIN))
    for number in range(30):
        make_service(branch=cast.branch, name=f"Cut {number}")
    with django_assert_num_queries(9):
        client.get(reverse(BEGIN))
