"""V1: planning a day's messages for the same number of due clients in salons of different size."""

from datetime import datetime, timedelta

from django.db import connection, transaction
from django.db.models import Value
from django.db.models.functions import Concat

from crm.booking.models import Pulse
from crm.office.benching.figures import Figure, Times, in_turn
from crm.office.benching.salon import Salon
from crm.people.models import Client, ClientChange
from reminders.consent.models import ContactPermission
from reminders.journeys.models import Journey, Watch
from reminders.journeys.services.planning import plan_due
from reminders.messages.models import Message, MessageEvent

DUE = 300
ROUNDS = 5
DAYS_DUE = 9
COLUMNS = ", ".join(
    f'"{field.column}"' for field in Message._meta.concrete_fields if field.name not in ("id", "sent_with")
)


def make_due(salon: Salon, count: int = DUE) -> list[int]:
    """So many clients with an address who are due today; nobody else is looked at. Fewer where there are not so many."""
    # `switch_on` looks at everybody anew for each of them
    Journey.objects.update(is_on=True, on_since=salon.now - timedelta(days=100), forecast_seen_at=salon.now)
    due = Pulse.objects.filter(
        due_on__gt=salon.today - timedelta(days=DAYS_DUE),
        due_on__lte=salon.today,
        late_until__gte=salon.today,
        open_until__isnull=True,
        client__status=Client.Status.ACTIVE,
    )
    ids = list(due.order_by("pk").values_list("pk", flat=True)[:count])
    Client.objects.filter(pk__in=ids, email="").update(email=Concat("code", Value("@example.test")))
    Client.objects.filter(pk__in=ids).update(preferred_channel=Client.Channel.EMAIL)
    ContactPermission.objects.bulk_create([ContactPermission(client_id=pk) for pk in ids], ignore_conflicts=True)
    ContactPermission.objects.filter(client__in=ids).update(
        care_refused=False, care_email=True, marketing_email=True, email_dead_at=None
    )
    ClientChange.objects.all().delete()
    Watch.objects.update(look_at=salon.now + timedelta(days=400))
    _look(salon, ids)
    return ids


def planner_times(salon: Salon, count: int) -> tuple[Times, int]:
    """The planner alone for so many due clients, or as many as there are: for the comparison with another size."""
    due = len(make_due(salon, count))
    return in_turn(lambda: _plan(salon.now), lambda: None, rounds=ROUNDS)[0], due


def measure(salon: Salon) -> list[Figure]:
    """The planner beside one INSERT ... SELECT of the rows that it planned."""
    ids = make_due(salon)
    with transaction.atomic():
        planned = plan_due(now=salon.now)
        with connection.cursor() as cursor:
            cursor.execute(f"CREATE TEMPORARY TABLE planned AS SELECT {COLUMNS} FROM reminders_message")  # noqa: S608
        MessageEvent.objects.all().delete()
        Message.objects.all().delete()
        _look(salon, ids)
    own, floor = in_turn(lambda: _plan(salon.now), _insert, rounds=ROUNDS)
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE planned")
    return [Figure("V1 plan", f"plan {planned} messages", own, floor, own.median / floor.median, at_most=6)]


def _look(salon: Salon, ids: list[int]) -> None:
    """Early on that day, so that its eleven o'clock is still ahead of the look."""
    Watch.objects.filter(pk__in=ids).update(look_at=salon.now - timedelta(hours=3))


def _plan(now: datetime) -> None:
    with transaction.atomic():
        plan_due(now=now)
        transaction.set_rollback(True)


def _insert() -> None:
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute(f"INSERT INTO reminders_message ({COLUMNS}) SELECT {COLUMNS} FROM planned")  # noqa: S608
        transaction.set_rollback(True)
