"""Memory while news goes to everybody: the count as it is built, the release, the planner, and a part of the sending."""

from contextlib import ExitStack
from datetime import time, timedelta
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory

from django.conf import settings
from django.db.models import Value
from django.db.models.functions import Concat

from crm.office.benching import memory
from crm.office.benching.figures import Figure, Times, Work, timed
from crm.office.benching.planning import make_due
from crm.office.benching.salon import Salon
from crm.office.benching.sending import go, sender, sink
from crm.people.models import Client
from reminders.campaigns.models import Campaign
from reminders.campaigns.selectors.audience import reach_of
from reminders.campaigns.services.drafts import begin_campaign, set_when, write_words
from reminders.consent.models import ContactPermission
from reminders.journeys.models import Journey
from reminders.journeys.services.planning import plan_due
from reminders.journeys.services.releasing import release
from reminders.messages.models import Message

# of the audience so many are sent in two turns, the second of which must take no more memory than the first
PART = 5_000
# before its hour, so that each is looked at when it comes
EARLIER = timedelta(hours=1)
WORDS = {
    "subject": "News of the salon",
    "body": "A new room is open, {name}.",
    "button": "Look",
    "sms": "{hello} {link}",
}


def measure(salon: Salon) -> list[Figure]:
    """How memory grows, in KiB at its peak: nothing of it may grow with the audience."""
    _agreed(salon)
    draft = begin_campaign(kind=Campaign.Kind.NEWS, title="News", branch=None, user=None, now=salon.now)
    draft = set_when(
        campaign=draft, goes_on=salon.today, hour=time(11), portion=None, control_percent=0, fixed_costs=Decimal(0)
    )
    for language, _name in settings.LANGUAGES:
        write_words(campaign=draft, language=language, words=WORDS)
    reaches = []
    counted = Times((timed(lambda: reaches.append(reach_of(draft, now=salon.now))),))
    released, for_release = _grown(lambda: release(campaign=draft, user=None, now=salon.now - EARLIER))
    planned, for_plan = _grown(lambda: plan_due(now=salon.now, limit=2 * PART))
    first, second = _sent(salon)
    sizes = f"{reaches[0].reached} meant of {reaches[0].chosen}"
    return [
        Figure("V2 audience", f"the count of {sizes}", counted),
        Figure("V2 release", f"memory grew by {for_release} KiB", released),
        Figure("V2 plan", f"{Message.objects.count()} messages planned; memory grew by {for_plan} KiB", planned),
        Figure(
            "V2 memory", f"{first['sent']} sent, memory grew by {first['grown_kib']} KiB; "
            f"{second['sent']} more, by {second['grown_kib']} KiB", Times((second["seconds"],)),
        ),
    ]  # fmt: skip


def _agreed(salon: Salon) -> None:
    """Everybody reads mail and wants news; nobody else is looked at."""
    Client.objects.filter(email="").update(email=Concat("code", Value("@example.test")))
    Client.objects.update(preferred_channel=Client.Channel.EMAIL)
    unasked = Client.objects.exclude(pk__in=ContactPermission.objects.values("client")).order_by("pk")
    while some := list(unasked.values_list("pk", flat=True)[:PART]):
        ContactPermission.objects.bulk_create([ContactPermission(client_id=pk) for pk in some])
    ContactPermission.objects.update(marketing_email=True, email_dead_at=None)
    # Nobody is looked at but for the news, and nothing else goes to whoever is: the free times of an invitation are
    # worked out from the diaries of all masters, who are hundreds in a salon of this size.
    make_due(salon, 0)
    Journey.objects.update(is_on=False)


def _grown(work: Work) -> tuple[Times, int]:
    before = memory.from_here()
    took = timed(work)
    return Times((took,)), memory.peak() - before


def _sent(salon: Salon) -> list[dict]:
    """Two parts, one after the other, by one worker."""
    waiting = list(Message.objects.filter(state="planned").order_by("pk").values_list("pk", flat=True)[: 2 * PART])
    Message.objects.exclude(pk__in=waiting).filter(state="planned").update(state=Message.State.CANCELLED)
    told = []
    with TemporaryDirectory(prefix="regulars-bench-") as folder, ExitStack() as stack:
        port = stack.enter_context(sink(Path(folder) / "letters"))
        worker = stack.enter_context(sender(salon, port))
        for part in (waiting[:PART], waiting[PART:]):
            Message.objects.filter(pk__in=waiting).exclude(state="sent").update(state=Message.State.CANCELLED)
            Message.objects.filter(pk__in=part).update(state=Message.State.PLANNED)
            told += go([worker])
    return told
