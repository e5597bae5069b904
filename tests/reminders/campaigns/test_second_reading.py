"""Campaigns held to cases worked by hand, and to a second reading of the rules that knows nothing of the product."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from crm.care.models import Complaint
from reminders.campaigns.models import Addressed, Event
from reminders.journeys.selectors.forecast import forecast
from reminders.messages.models import Message
from tests.factories import make_branch, make_client
from tests.reference.campaigns import CampaignCase, Released, played
from tests.reminders.cast import make_campaign
from tests.reminders.salon_day import allow

pytestmark = pytest.mark.django_db

START = date(2026, 6, 10)


def june(day: int, hour: int = 11, zone: str = "Europe/Sarajevo") -> datetime:
    return datetime.combine(date(2026, 6, day), time(hour), ZoneInfo(zone)).astimezone(UTC)


def on(day: int) -> date:
    return date(2026, 6, day)


CASES = [
    CampaignCase("on its day at eleven", [Released("news", on(12))], [("news", june(12))]),
    CampaignCase(
        "by her own clock", [Released("news", on(12))], [("news", june(12, zone="Asia/Dubai"))], her_zone="Asia/Dubai"
    ),
    # an offer on the 7th: the next may go on the 14th, the last day of these news
    CampaignCase("last day after an offer", [Released("news", on(11))], [("news", june(14))], offers=[on(7)]),
    # an offer on the 8th: free on the 15th, a day too late
    CampaignCase("too late after an offer", [Released("news", on(11))], [], offers=[on(8)]),
    CampaignCase(
        "event before holiday before news",
        [
            Released("news", on(12)),
            Released("holiday", on(12)),
            Released("event", on(12), begins=june(25, 18)),
        ],
        [("event", june(12))],
    ),
    # the holiday on the 12th; the invitation waits a week and is still in time
    CampaignCase(
        "invitation waits up to its event",
        [Released("holiday", on(12)), Released("event", on(13), begins=june(20, 18))],
        [("holiday", june(12)), ("event", june(19))],
    ),
    CampaignCase(
        "invitation that would come after its event",
        [Released("holiday", on(12)), Released("event", on(13), begins=june(19, 10))],
        [("holiday", june(12))],
    ),
    CampaignCase(
        "news at the end of a break",
        [Released("news", on(12)), Released("holiday", on(13))],
        [("news", june(21))],
        away=(on(9), on(20)),
    ),
    # it ends on the 15th: the greeting of the 13th may go up to the 16th
    CampaignCase(
        "greeting while it still is one", [Released("holiday", on(13))], [("holiday", june(16))], away=(on(9), on(15))
    ),
    # resolved on the 5th: quiet up to the 18th
    CampaignCase("dropped with a complaint", [Released("news", on(18))], [], complaint=(on(1), on(5))),
    CampaignCase("the day after its quiet", [Released("news", on(19))], [("news", june(19))], complaint=(on(1), on(5))),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_campaigns_go_as_worked_by_hand(case):
    assert played(case, START) == case.expected

    branch = make_branch(time_zone=case.zone)
    away = {}
    if case.away:
        away = {"status": "break", "break_from": case.away[0], "break_until": case.away[1] + timedelta(days=1)}
    client = make_client(branch=branch, email="vera@example.test", time_zone=case.her_zone, **away)
    allow(client)
    start = datetime.combine(START, time(0), ZoneInfo(case.zone))
    for day in case.offers:
        at = datetime.combine(day, time(9), UTC)
        Message.objects.create(
            client=client, branch=branch, kind="due_soon", purpose="marketing", occasion=day.isoformat(), state="sent",
            send_at=at, sent_at=at, sent_on=day, planned_at=at, not_after=at,
        )  # fmt: skip
    if case.complaint:
        opened, resolved = (datetime.combine(day, time(8), UTC) for day in case.complaint)
        Complaint.objects.create(
            client=client, branch=branch, text="late", opened_at=opened, opened_on=opened.date(),
            resolved_at=resolved, resolved_on=resolved.date(), outcome="solved",
        )  # fmt: skip
    for each in case.released:
        campaign = make_campaign(each.kind, goes_on=each.on, state="released", released_at=start - timedelta(days=60))
        if each.begins:
            Event.objects.create(campaign=campaign, starts_at=each.begins, ends_at=each.begins + timedelta(hours=2))
        Addressed.objects.create(campaign=campaign, client=client)

    found = forecast(start=start, end=start + timedelta(days=case.days))

    campaigns = ("event", "holiday", "news")
    assert [(entry.kind, entry.send_at.astimezone(UTC)) for entry in found if entry.kind in campaigns] == case.expected
