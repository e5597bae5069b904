"""What SMS cost in a month, and the owner's limit: offers wait, appointments go on."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.core import mail
from django.db import connection
from django.urls import reverse

from crm.booking.models import AppointmentEvent
from crm.team.models import User
from reminders.consent.models import MessageSettings
from reminders.journeys.services import dispatch
from reminders.journeys.services.planning import plan_due
from reminders.messages import services, spending
from reminders.messages.models import Message, SmsMonth
from reminders.messages.owner import tell_of_spending
from reminders.messages.services import hand_over_paid
from reminders.messages.spending import OverLimit
from reminders.transports.services import Accepted, PermanentFailure, TemporaryFailure, UnknownFate
from tests.factories import TODAY, local, make_appointment, make_branch, make_master
from tests.reminders.playing_salon import Transport, switch_everything_on
from tests.reminders.salon_day import ELEVEN, allow, days, known, make_regular

BEFORE = ELEVEN - timedelta(hours=2)
HOUR = timedelta(hours=1)
JUNE = date(2026, 6, 1)


@pytest.fixture
def branch(db):
    switch_everything_on(ELEVEN - days(200))
    return make_branch("Harbour")


@pytest.fixture
def transport(monkeypatch):
    stub = Transport()
    monkeypatch.setattr(dispatch, "send", stub)
    return stub


def rules(*, price: str = "0.10", limit: str = "0") -> None:
    MessageSettings.objects.update_or_create(
        pk=1, defaults={"sms_price": Decimal(price), "sms_monthly_limit": Decimal(limit)}
    )


def invited(branch, number: int) -> None:
    """So many who get an offer by SMS at eleven."""
    clients = []
    for place in range(number):
        client = make_regular(branch, TODAY - days(25), email="", phone=f"+38761{200_000 + place}")
        allow(client, marketing_sms=True)
        clients.append(client)
    known(*clients, now=BEFORE)
    plan_due(now=BEFORE)
    plan_due(now=ELEVEN)


def booked(branch) -> None:
    """Somebody who has just booked, and gets an SMS about it."""
    client = make_regular(branch, TODAY - days(3), email="", phone="+38761300000")
    starts_at = local(TODAY + days(3), 15)
    visit = make_appointment(client=client, master=make_master(branch=branch), starts_at=starts_at, booked_at=ELEVEN)
    AppointmentEvent.objects.create(
        appointment=visit, kind=AppointmentEvent.Kind.BOOKED, at=ELEVEN, via="link", starts_after=starts_at
    )
    known(client, now=ELEVEN)
    plan_due(now=ELEVEN)


def send_all(now) -> None:
    while dispatch.send_due(now=now):
        pass


def spent() -> Decimal:
    return SmsMonth.objects.get(month=JUNE).spent


def parts_of(message: Message) -> int:
    return spending.segments(message.body).parts


def test_each_sms_is_counted_as_it_goes(branch, transport):
    rules()
    invited(branch, 2)

    send_all(ELEVEN)

    rows = list(Message.objects.all())
    assert [row.state for row in rows] == ["sent", "sent"]
    # the stub says one part for each
    assert [row.cost for row in rows] == [Decimal("0.1"), Decimal("0.1")]
    assert spent() == Decimal("0.2")


THREE_PARTS = Accepted(provider="x", provider_id="1", parts=3, cost=Decimal("0.0075"))


def test_owners_price_counts_and_not_the_providers_figure_in_another_currency(branch, monkeypatch):
    rules()
    invited(branch, 1)
    monkeypatch.setattr(dispatch, "send", lambda outgoing: THREE_PARTS)

    send_all(ELEVEN)

    assert (Message.objects.get().cost, spent()) == (Decimal("0.3"), Decimal("0.3"))


def test_providers_figure_counts_where_the_owner_named_no_price(branch, monkeypatch):
    rules(price="0")
    invited(branch, 1)
    monkeypatch.setattr(dispatch, "send", lambda outgoing: THREE_PARTS)

    send_all(ELEVEN)

    # to the thousandth in which money is kept
    assert (Message.objects.get().cost, spent()) == (Decimal("0.008"), Decimal("0.008"))


@pytest.mark.parametrize(
    ("failure", "kept"),
    [
        (TemporaryFailure("busy"), Decimal(0)),
        (PermanentFailure("no", address_is_dead=False), Decimal(0)),
        # it may have gone, and may have been paid for
        (UnknownFate("silence"), None),
    ],
)
def test_what_did_not_go_is_given_back(branch, transport, settings, failure, kept):
    # a provider that takes no key: what is in doubt is parked for a person
    settings.SMS_URL = ""
    rules()
    invited(branch, 1)
    transport.refuse = lambda outgoing: failure

    dispatch.send_due(now=ELEVEN)

    message = Message.objects.get()
    assert spent() == (message.cost if kept is None else kept)
    assert (message.cost > 0) == (kept is None)


def test_offers_wait_at_the_limit_and_appointments_go_on(branch, transport):
    # room for one of these offers, whatever it is long
    rules(price="1", limit="5")
    invited(branch, 4)
    SmsMonth.objects.create(month=JUNE, spent=Decimal("4.5"))
    booked(branch)

    send_all(ELEVEN)

    found = {(row.purpose, row.state, row.state_reason, row.send_at) for row in Message.objects.all()}
    tomorrow = ELEVEN + days(1)
    assert found == {
        ("marketing", "planned", "spending_limit", tomorrow),
        ("service", "sent", "", Message.objects.get(purpose="service").send_at),
    }
    assert spent() == Decimal("5.5")
    # nothing was written for those who wait, and no attempt is counted
    assert set(Message.objects.filter(purpose="marketing").values_list("attempts", "body", "cost")) == {(0, "", 0)}

    rules(price="1", limit="100")
    send_all(tomorrow)

    assert set(Message.objects.filter(purpose="marketing").values_list("state", flat=True)) == {"sent"}


def test_offer_that_waited_to_its_last_moment_is_dropped_with_that_reason(branch, transport):
    rules(price="1", limit="0.5")
    invited(branch, 1)
    SmsMonth.objects.create(month=JUNE, spent=Decimal("0.5"))
    SmsMonth.objects.create(month=date(2026, 7, 1), spent=Decimal("0.5"))
    message, moments, now = Message.objects.get(), 0, ELEVEN
    while message.state == "planned" and moments < 100:
        dispatch.send_due(now=now)
        message.refresh_from_db()
        moments, now = moments + 1, message.send_at

    assert (message.state, message.state_reason) == ("dropped", "spending_limit")
    assert (now, transport.sent) == (message.not_after, [])
    # eleven times at eleven: the day it was due and ten more
    assert moments == 11


def test_offer_that_fits_no_more_stays_unsent_though_a_shorter_one_would_have_fitted(branch, transport):
    rules(price="1", limit="1.5")
    invited(branch, 1)
    message = Message.objects.get()
    Message.objects.update(state="sending", claim="00000000-0000-0000-0000-000000000001")
    message.refresh_from_db()

    with pytest.raises(OverLimit):
        hand_over_paid(message=message, now=ELEVEN, known=services.changes_of([message.client_id]), cost=Decimal(2))

    message.refresh_from_db()
    assert (message.handed_at, message.cost) == (None, 0)


def test_next_month_begins_by_the_branchs_own_clock(branch):
    assert spending.month_of(branch, local(date(2026, 6, 30), 23, 59)) == JUNE
    assert spending.month_of(branch, local(date(2026, 7, 1), 0, 1)) == date(2026, 7, 1)


# What the owner hears ---------------------------------------------------------


def test_owner_hears_of_80_and_of_100_percent_once_each(db, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    User.objects.create(username="olga", role=User.Role.OWNER, email="olga@example.test")
    User.objects.create(
        username="anna", role=User.Role.MASTER, email="anna@example.test", branch=make_branch("Harbour")
    )
    rules(price="1", limit="10")
    month = SmsMonth.objects.create(month=JUNE, spent=0)
    heard = []
    for amount in ("7.9", "8", "9", "9.5", "10", "12"):
        SmsMonth.objects.filter(pk=month.pk).update(spent=Decimal(amount))
        heard.append((amount, tell_of_spending(), tell_of_spending()))

    # of 10 nothing fits any more at 9.5
    assert heard == [("7.9", 0, 0), ("8", 1, 0), ("9", 0, 0), ("9.5", 1, 0), ("10", 0, 0), ("12", 0, 0)]
    assert [letter.to for letter in mail.outbox] == [["olga@example.test"]] * 2
    assert [letter.subject for letter in mail.outbox] == [
        "SMS are near this month's limit",
        "SMS have reached this month's limit",
    ]
    # raised, and reached again: told again
    rules(price="1", limit="14")
    assert (tell_of_spending(), len(mail.outbox)) == (0, 2)
    SmsMonth.objects.update(spent=Decimal(14))
    assert (tell_of_spending(), len(mail.outbox)) == (1, 3)


def test_owner_sees_it_on_her_first_page(client, db):
    owner = User.objects.create(username="olga", role=User.Role.OWNER, is_staff=True, is_superuser=True)
    client.force_login(owner)
    assert "SMS this month" not in client.get(reverse("admin:index")).content.decode()
    rules(price="1", limit="10")

    assert "SMS this month" in client.get(reverse("admin:index")).content.decode()


# Many at once -----------------------------------------------------------------


def claimed(branch, number: int) -> list[Message]:
    invited(branch, number)
    Message.objects.update(state="sending", claim="00000000-0000-0000-0000-000000000001")
    return list(Message.objects.select_related("branch"))


def all_at_once(messages: list[Message]) -> int:
    """How many of these got through."""
    known_changes = services.changes_of([message.client_id for message in messages])

    def one(message: Message) -> bool:
        try:
            return hand_over_paid(message=message, now=ELEVEN, known=known_changes, cost=Decimal(1))
        except OverLimit:
            return False
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        return sum(pool.map(one, messages))


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_of_many_at_once_just_as_many_go_as_the_limit_holds(transactional_db):
    switch_everything_on(ELEVEN - days(200))
    rules(price="1", limit="5")
    messages = claimed(make_branch("Harbour"), 16)

    assert (all_at_once(messages), spent()) == (5, 5)


@pytest.mark.race
@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_control_a_limit_that_is_read_and_then_written_is_passed(transactional_db, monkeypatch):
    switch_everything_on(ELEVEN - days(200))
    rules(price="1", limit="5")
    messages = claimed(make_branch("Harbour"), 16)
    SmsMonth.objects.create(month=JUNE, spent=0)

    def read_then_write(message, cost, now):
        row = SmsMonth.objects.get(month=JUNE)
        if row.spent + cost > 5:
            raise OverLimit
        row.spent += cost
        row.save()

    monkeypatch.setattr(services, "take", read_then_write)

    assert all_at_once(messages) > 5
