"""A yes that ends: known to planning, sending, forecast and counting; and a no that outlives what comes after it."""

from datetime import UTC, datetime, time, timedelta

import pytest

from crm.care.models import PhotographConsent, WorkPhotograph
from crm.care.services import answer_about_photographs
from crm.office import safekeeping
from crm.people.models import Client
from reminders.campaigns.models import Campaign
from reminders.campaigns.selectors.audience import reach_of
from reminders.consent.lapsing import ConsentRules, ends_at, months_before
from reminders.consent.models import ConsentEvent, ContactPermission, MessageSettings
from reminders.consent.selectors import is_in_force, permission_of
from reminders.consent.services import (
    choose_hours,
    date_consents,
    grant,
    refuse_care,
    take_back_consents,
    withdraw,
)
from reminders.inbox.services import receive, tie
from reminders.journeys.selectors.forecast import forecast
from reminders.journeys.services import dispatch
from reminders.journeys.services.planning import plan_due
from reminders.messages.models import Message
from tests.crm.office.folders import salon, take_in
from tests.factories import NOW, TODAY, local, make_branch, make_photograph
from tests.reminders.playing_salon import Transport, switch_everything_on
from tests.reminders.salon_day import ELEVEN, allow, days, known, make_due

pytestmark = pytest.mark.django_db

MINUTE = timedelta(minutes=1)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("since", "months", "ends"),
    [
        ("2024-06-10T09:00", 24, "2026-06-10T09:00"),
        ("2025-12-31T23:00", 2, "2026-03-01T00:00"),
        ("2024-02-29T10:00", 12, "2025-03-01T00:00"),
        ("2025-08-31T10:00", 6, "2026-03-01T00:00"),
        ("2025-11-30T10:00", 1, "2025-12-30T10:00"),
        ("2025-11-30T10:00", 13, "2026-12-30T10:00"),
    ],
)
def test_yes_holds_up_to_the_same_hour_so_many_months_later(since, months, ends):
    assert ends_at(at(since), months) == at(ends)
    rules = ConsentRules(marketing_months=months)
    assert rules.holds("marketing", at(since), at(ends) - MINUTE)
    assert not rules.holds("marketing", at(since), at(ends))
    assert months_before(at(ends) - MINUTE, months) < at(since) <= months_before(at(ends), months)


def test_what_needs_no_yes_never_ends_and_a_yes_of_an_unknown_day_has_ended():
    rules = ConsentRules(care_months=6, marketing_months=6)
    assert rules.holds("service", None, NOW)
    assert rules.holds("care", None, NOW)
    assert not rules.holds("marketing", None, NOW)
    assert ConsentRules().holds("marketing", None, NOW)
    assert not ConsentRules(care_first=True).holds("care", None, NOW)
    assert ConsentRules(care_first=True).holds("care", NOW - days(4000), NOW)
    assert not ConsentRules(care_first=True, care_months=6).holds("care", NOW - days(190), NOW)


@pytest.fixture
def transport(monkeypatch):
    stub = Transport()
    monkeypatch.setattr(dispatch, "send", stub)
    switch_everything_on(ELEVEN - days(100))
    return stub


def send(now):
    while dispatch.send_due(now=now):
        pass


def agreed(client: Client, since: datetime) -> None:
    allow(client, marketing_email=True, marketing_email_at=since)


def rule(**fields) -> None:
    MessageSettings.objects.update_or_create(pk=1, defaults=fields)


@pytest.mark.parametrize(
    ("months", "since", "goes"),
    [(None, days(900), True), (24, days(700), True), (24, days(900), False), (6, days(100), True)],
)
def test_offer_goes_only_while_the_yes_holds(transport, months, since, goes):
    client = make_due(make_branch())
    agreed(client, ELEVEN - since)
    rule(marketing_months=months)
    known(client, now=ELEVEN)

    foreseen = [each.kind for each in forecast(start=ELEVEN, end=ELEVEN + days(1))]
    plan_due(now=ELEVEN)
    send(ELEVEN)

    assert [letter.to for letter in transport.sent] == [client.email] * goes
    assert foreseen == ["due_soon"] * goes
    campaign = Campaign(kind=Campaign.Kind.NEWS)
    reach = reach_of(campaign, now=ELEVEN)
    assert (reach.by_email, reach.no_consent) == (int(goes), int(not goes))


def test_yes_that_ends_between_planning_and_sending_stops_what_was_planned(transport):
    client = make_due(make_branch())
    agreed(client, ELEVEN - days(400))
    known(client, now=ELEVEN)
    plan_due(now=ELEVEN)
    assert Message.objects.get().state == "planned"

    rule(marketing_months=12)
    send(ELEVEN)
    assert transport.sent == []
    assert Message.objects.get().state_reason == "consent_ended"

    # she says yes again on her own page
    grant(client=client, purpose="marketing", channel="email", where="link", now=ELEVEN + MINUTE)
    plan_due(now=ELEVEN + days(1))
    send(ELEVEN + days(1))
    assert [letter.to for letter in transport.sent] == [client.email]


def test_forecast_knows_on_which_day_the_yes_ends(transport):
    client = make_due(make_branch())
    rule(marketing_months=12)
    # due tomorrow at eleven: a yes that ends two days after that, and one that ends this evening
    agreed(client, datetime(2025, 6, 12, 18, tzinfo=UTC))
    window = {"start": ELEVEN - days(1), "end": ELEVEN + days(20)}
    assert [each.send_at for each in forecast(**window)] == [ELEVEN]

    agreed(client, datetime(2025, 6, 9, 18, tzinfo=UTC))
    assert forecast(**window) == []


def test_care_that_is_asked_for_first_goes_to_who_has_said_yes(transport):
    client = make_due(make_branch(), phone="+38761100790", times=0)
    rule(care_first=True)
    permission = permission_of(client)
    assert not is_in_force(permission, "care", "email", NOW)

    grant(client=client, purpose="care", channel="email", where="desk", now=NOW, text_shown="May we ask?")

    permission = permission_of(client)
    assert is_in_force(permission, "care", "email", NOW)
    assert not is_in_force(permission, "care", "sms", NOW)


def test_yes_to_one_channel_of_care_is_no_yes_to_those_that_were_refused():
    client = make_due(make_branch(), times=0)
    refuse_care(client=client, refused=True, where="desk", now=NOW)

    grant(client=client, purpose="care", channel="email", where="link", now=NOW + MINUTE)

    permission = permission_of(client)
    assert (permission.care_refused, permission.care_email, permission.care_sms) == (False, True, False)


def test_message_waits_for_her_own_hours(transport):
    client = make_due(make_branch())
    choose_hours(client=client, hours=(time(17), time(18, 30)))
    known(client, now=ELEVEN)

    assert [each.send_at for each in forecast(start=ELEVEN, end=ELEVEN + days(1))] == [local(TODAY, 17)]
    plan_due(now=ELEVEN)
    send(ELEVEN)
    assert transport.sent == []
    plan_due(now=local(TODAY, 17))
    send(local(TODAY, 17))
    assert len(transport.sent) == 1


# slips ---------------------------------------------------------------------


def test_slip_is_taken_back_and_an_old_yes_stays_as_old():
    client, before, slip = make_due(make_branch(), times=0), NOW - days(300), NOW
    grant(client=client, purpose="marketing", channel="sms", where="desk", now=before)
    withdraw(client=client, purpose="marketing", channel="sms", where="link", now=slip)
    grant(client=client, purpose="care", channel="email", where="link", now=slip)

    assert take_back_consents(client=client, at=slip, now=NOW + MINUTE) == 2
    assert take_back_consents(client=client, at=slip, now=NOW + 2 * MINUTE) == 0

    permission = permission_of(client)
    assert (permission.marketing_sms, permission.marketing_sms_at) == (True, before)
    assert permission.care_email_at is None
    assert ConsentEvent.objects.filter(where="undone").count() == 2
    assert date_consents(client_ids=[client.pk]) == []


def test_what_was_said_anew_is_not_taken_back():
    client = make_due(make_branch(), times=0)
    grant(client=client, purpose="marketing", channel="email", where="link", now=NOW)
    withdraw(client=client, purpose="marketing", channel="email", where="one_click", now=NOW + MINUTE)

    assert take_back_consents(client=client, at=NOW, now=NOW + 2 * MINUTE) == 0
    assert not permission_of(client).marketing_email


# unsubscribed stays unsubscribed -------------------------------------------


@pytest.mark.parametrize("has_stopped", [True, False])
def test_import_of_another_card_with_her_address_does_not_bring_her_back(tmp_path, has_stopped):
    first = salon(tmp_path / "one", clients="code,name,email,marketing\nANA,Ana,Ana@example.test,email\n")
    take_in(first)
    ana = Client.objects.get(code="ANA")
    if has_stopped:
        withdraw(client=ana, purpose="marketing", channel="email", where="one_click", now=NOW)

    # the same file once more, and her address on a card of another system
    again = salon(
        tmp_path / "two",
        clients="code,name,email,marketing\nANA,Ana,Ana@example.test,email\nX1,A. Example,ana@example.test,email;sms\n",
    )
    outcome = take_in(again)

    assert permission_of(ana).marketing_email is not has_stopped
    permission = permission_of(Client.objects.get(code="X1"))
    assert (permission.marketing_email, permission.marketing_sms) == (not has_stopped, True)
    assert [remark.line for remark in outcome.left_out] == [3] * has_stopped


def test_import_says_of_each_yes_which_row_it_comes_from(tmp_path):
    take_in(salon(tmp_path, clients="code,name,email,marketing\nMIA,Mia,mia@example.test,email\n"))

    event = ConsentEvent.objects.get()
    assert (event.where, event.source) == ("import", "clients.csv, line 2")
    assert permission_of(event.client).marketing_email_at == event.at


@pytest.mark.parametrize("is_kept", [True, False])
def test_restore_of_an_older_copy_does_not_bring_her_back(monkeypatch, tmp_path, is_kept):
    """The copy was made while she still agreed. The control: with nothing taken along she would be written to again,
    and her photographs would be there.
    """
    client = make_due(make_branch(), times=0)
    answer_about_photographs(client=client, purpose="kept", is_given=False, where="link", now=NOW)
    grant(client=client, purpose="marketing", channel="email", where="desk", now=NOW - days(3))
    withdraw(client=client, purpose="marketing", channel="email", where="one_click", now=NOW, text_shown="Stop?")

    def put_back(_copy):
        ConsentEvent.objects.filter(at__gt=NOW - days(2)).delete()
        ContactPermission.objects.update(marketing_email=True)
        PhotographConsent.objects.all().delete()
        make_photograph(client, branch=client.branch, on=TODAY)

    manifest = {"made_at": (NOW - days(2)).isoformat(), "database": safekeeping.connection.vendor, "format": 1}
    monkeypatch.setattr(safekeeping, "_unpack", lambda *_: manifest)
    monkeypatch.setattr(safekeeping, "_restore_sqlite", put_back)
    monkeypatch.setattr(safekeeping, "_restore_postgres", put_back)
    monkeypatch.setattr(safekeeping, "call_command", lambda *_args, **_more: None)
    if not is_kept:
        monkeypatch.setattr(safekeeping, "refusals_since", lambda _at: [])
        monkeypatch.setattr(safekeeping, "photograph_refusals_since", lambda _at: [])

    safekeeping.restore(file=tmp_path / "copy", now=NOW + days(1), force=True)

    assert permission_of(client).marketing_email is not is_kept
    assert WorkPhotograph.objects.exists() is not is_kept
    if is_kept:
        event = ConsentEvent.objects.get(is_given=False)
        assert (event.where, event.at, event.text_shown) == ("restore", NOW, "Stop?")


@pytest.mark.parametrize("word", ["STOP", "See you on Friday"])
def test_stranger_who_stopped_stays_stopped_on_the_card_she_is_joined_to(word):
    client = make_due(make_branch(), times=0, phone="")
    allow(client, marketing_sms=True)
    letter = receive(channel="sms", sender="+38761100791", text=word, provider="test", provider_id="1", at=NOW, now=NOW)

    tie(conversation=letter.conversation, client=client, now=NOW + MINUTE)

    assert permission_of(client).marketing_sms is (word != "STOP")
