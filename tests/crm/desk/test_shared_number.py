"""A number that somebody has already: kept, and said."""

from django.urls import reverse

from crm.people.models import Client
from tests.factories import make_client


def test_a_number_of_two_is_kept_and_said_with_the_way_to_her(cast, desk):
    sister = make_client(branch=cast.branch, name="<Ana> Example", phone="+38761100555")

    answer = desk(cast.receptionist).post(
        reverse("desk:client_new"),
        {"name": "Mia Example", "phone": "+387 61 100 555", "only_client": "1"},
        follow=True,
    )

    assert Client.objects.filter(phone="+38761100555").count() == 2
    link = f'<a href="/clients/{sister.pk}/"><bdi>&lt;Ana&gt; Example</bdi></a>'
    assert f"This is also {link}'s number." in answer.content.decode()


def test_a_number_of_her_own_is_not_spoken_of(cast, desk):
    answer = desk(cast.receptionist).post(
        reverse("desk:client_new"), {"name": "Mia Example", "phone": "+38761100555", "only_client": "1"}, follow=True
    )

    assert "This is also" not in answer.content.decode()
