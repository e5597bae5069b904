"""Who is meant by a campaign, how they are reached, and why the others are not."""

from datetime import timedelta

import pytest
from django.utils import timezone

from crm.booking.services import refresh_pulses
from crm.care.models import Feedback
from crm.people.models import Client, Tag
from crm.reports.selectors.choosing import of_stages, of_states
from crm.reports.selectors.states import standings
from loyalty.clubs.models import Club, ClubMember
from reminders.campaigns.models import Campaign
from reminders.campaigns.selectors.audience import Audience, Reach, chosen, languages_of, reach_of
from reminders.consent.models import ContactPermission
from tests.factories import (
    NOW,
    TODAY,
    make_appointment,
    make_branch,
    make_client,
    make_master,
    make_service,
    make_visit,
)
from tests.reminders.cast import make_campaign

pytestmark = pytest.mark.django_db

STAGES = ("potential", "visitor", "buyer", "regular", "advocate")
STATES = ("booked", "on_rhythm", "due", "late", "lapsed", "lost")


def codes(clients) -> list[str]:
    return sorted(clients.values_list("code", flat=True))


def meant(**rules) -> list[str]:
    fields = {name: rules.pop(name) for name in ("branch", "kind", "holiday") if name in rules}
    campaign = make_campaign(fields.pop("kind", "news"), rules=Audience(**rules).as_rules(), **fields)
    return codes(chosen(campaign, now=NOW))


@pytest.fixture
def salon():
    """Clients a day apart in everything: from the one who comes weekly to the one never seen."""
    branch = make_branch("Harbour")
    master, service = make_master(branch=branch, hours=None), make_service(branch=branch)
    ago = {"booked": 10, "fresh": 20, "due": 40, "late": 50, "lapsed": 90, "lost": 700, "once": 20}
    for number, (code, silent) in enumerate(ago.items()):
        client = make_client(branch=branch, code=code, referred_by=None)
        for times in range(1 if code == "once" else 6 if code == "fresh" else 4):
            make_visit(client, TODAY - timedelta(days=silent + 30 * times), services=[service], master=master)
        Client.objects.filter(pk=client.pk).update(birth_month=number + 1, birth_day=1)
    make_client(branch=branch, code="never")
    booked, fresh = Client.objects.get(code="booked"), Client.objects.get(code="fresh")
    make_appointment(client=booked, master=master, starts_at=NOW + timedelta(days=3), services=[service])
    Feedback.objects.create(client=fresh, branch=branch, visit_on=TODAY, score=9, answered_at=NOW)
    clients = list(Client.objects.all())
    refresh_pulses(client_ids=[client.pk for client in clients], now=NOW)
    return branch


def test_stages_and_states_are_chosen_as_they_are_shown_on_the_card(salon):
    stand = standings(Client.objects.select_related("pulse"), today=TODAY, now=NOW)
    code_of = dict(Client.objects.values_list("pk", "code"))

    for stage in STAGES:
        shown = sorted(code_of[pk] for pk, each in stand.items() if each.stage == stage)
        assert codes(Client.objects.filter(of_stages([stage], today=TODAY, now=NOW))) == shown, stage
    for state in STATES:
        shown = sorted(code_of[pk] for pk, each in stand.items() if each.state == state)
        assert codes(Client.objects.filter(of_states([state], today=TODAY, now=NOW))) == shown, state
    # the comparison says something: every state is there
    assert {each.state for each in stand.values()} == {*STATES, None}
    assert {each.stage for each in stand.values()} >= {"potential", "regular", "advocate"}


def test_rules_hold_together_and_any_value_of_one_is_enough(salon):
    assert meant(states=("due", "late")) == ["due", "late"]
    assert meant(states=("due", "late"), birth_months=(3, 7)) == ["due"]
    assert meant() == sorted(Client.objects.values_list("code", flat=True))


def test_services_masters_clubs_tags_and_branch_choose(cast):
    make_visit(cast.vera, TODAY - timedelta(days=30), services=[cast.lashes], master=cast.anna)
    make_visit(cast.dina, TODAY - timedelta(days=400), services=[cast.removal], master=cast.anna)
    club = Club.objects.create(name="Circle")
    ClubMember.objects.create(club=club, client=cast.dina, since=TODAY)
    ClubMember.objects.create(club=club, client=cast.vera, since=TODAY - timedelta(days=9), until=TODAY)
    bride = Tag.objects.create(name="bride")
    cast.vera.tags.add(bride)

    assert meant(services=(cast.lashes.pk,)) == [cast.vera.code]
    assert meant(services=(cast.lashes.pk, cast.removal.pk)) == sorted([cast.vera.code, cast.dina.code])
    # hers is who served her within a year
    assert meant(masters=(cast.anna.pk,)) == [cast.vera.code]
    assert meant(clubs=(club.pk,)) == [cast.dina.code]
    assert meant(tags=(bride.pk,)) == [cast.vera.code]
    assert meant(branch=make_branch("Elsewhere")) == []


def test_holiday_means_only_those_who_named_it(salon):
    for code, words in {
        "fresh": "Easter; New Year",
        "due": "Orthodox Easter",
        "late": "uskrs",
        "never": "Eastern",
    }.items():
        Client.objects.filter(code=code).update(holidays=words)

    assert meant(kind=Campaign.Kind.HOLIDAY, holiday="catholic_easter") == ["fresh", "late"]
    assert meant(kind=Campaign.Kind.HOLIDAY, holiday="orthodox_easter") == ["due"]
    # a day of the owner's own goes by its name
    assert meant(kind=Campaign.Kind.HOLIDAY, holiday="eastern") == ["never"]


def consent(client, **allowed) -> None:
    ContactPermission.objects.create(client=client, **allowed)


def test_reach_counts_each_once_with_the_first_reason_that_holds(django_assert_num_queries):
    branch = make_branch()
    both = {"email": "a@example.test", "phone": "+38761100101"}
    every = {"marketing_email": True, "marketing_sms": True}
    consent(make_client(branch=branch, language="ru", **both), **every)
    consent(make_client(branch=branch, preferred_channel="sms", **both), **every)
    consent(make_client(branch=branch, preferred_channel="sms", **both), marketing_email=True)
    consent(make_client(branch=branch, email="", phone=both["phone"]), marketing_sms=True)
    # a dead address, a number that is missing
    consent(make_client(branch=branch, **both), marketing_email=True, email_dead_at=timezone.now())
    consent(make_client(branch=branch, email="b@example.test", phone=""), marketing_sms=True)
    make_client(branch=branch, **both)
    consent(make_client(branch=branch, status=Client.Status.MOVED, **both), **every)
    consent(make_client(branch=branch, status=Client.Status.BLOCKED, **both))
    campaign = make_campaign()

    with django_assert_num_queries(3):
        reach = reach_of(campaign, now=NOW)

    assert reach == Reach(chosen=9, by_email=2, by_sms=2, no_consent=1, no_address=2, gone=2)
    assert reach.reached == 4
    assert languages_of(campaign, now=NOW) == {"ru": 1, "en": 3}
