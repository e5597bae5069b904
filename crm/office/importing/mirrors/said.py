"""What the owner has written to many, who answered, and what clients wrote, as files (practices.md, P51).

Numbers of the database mean nothing elsewhere: something written to many is known by the number that its chance is
drawn by. What was released goes from here; taken in elsewhere it is stopped, so that nobody gets it twice.
"""

import json
from typing import Any

from django.db.models import Q

from crm.catalogue.models import Service
from crm.office.importing import values
from crm.office.importing.mirrors.belonging import everywhere, of
from crm.office.importing.mirrors.circle import OF_BRANCH
from crm.office.importing.mirrors.columns import (
    APPOINTMENT,
    CAMPAIGN,
    CLIENT,
    Column,
    Reference,
    day,
    hour,
    moment,
    money,
    one,
    text,
    whole,
)
from crm.office.importing.mirrors.mirror import Mirror, Said
from crm.office.importing.reading import Row, RowRefused
from crm.office.importing.run import Run
from crm.office.place import Place
from crm.people.models import Client, Tag
from crm.team.models import Branch, Master
from loyalty.clubs.models import Club
from reminders.campaigns.models import Addressed, Campaign, CampaignText, Event, Guest, HolidayDay
from reminders.inbox.models import Conversation, Letter
from reminders.letters.models import PaperLetter

State = Campaign.State
TAG = Reference(Tag, "name", of_branch=False)
CODED = {"services": (Service, "code"), "masters": (Master, "code"), "clubs": (Club, "name"), "tags": (Tag, "name")}


class Number(Reference):
    """A reference by a number, which a cell holds as words."""

    def found(self, run: Run, codes: set[str]) -> dict[str, int]:
        numbers = {code for code in codes if code.isdecimal() and len(code) < 20}
        return {str(number): pk for number, pk in super().found(run, numbers).items()}


MAILING = Number(Campaign, "seed", of_branch=False)


def _written_rules(rules: dict[str, Any], place: Place) -> str:
    """Who is meant, with codes and names in the place of the database's numbers."""
    said = dict(rules)
    for name, (model, code) in CODED.items():
        if name in said:
            rows = model._default_manager.filter(pk__in=said[name])
            if name in ("services", "masters"):
                rows = rows.filter(branch=place.branch)
            said[name] = sorted(rows.values_list(code, flat=True))
    return json.dumps(said, ensure_ascii=False, sort_keys=True) if said else ""


def _read_rules(row: Row, column: str, run: Run) -> dict[str, Any]:
    try:
        said = json.loads(row.get(column))
        if not isinstance(said, dict):
            raise ValueError
        for name, (model, code) in CODED.items():
            if name in said:
                rows = model._default_manager.filter(**{f"{code}__in": [str(each) for each in said[name]]})
                if name in ("services", "masters"):
                    rows = rows.filter(branch=run.branch)
                said[name] = sorted(rows.values_list("pk", flat=True))
    except (ValueError, TypeError) as why:
        raise RowRefused(values.empty(column)) from why
    return said


RULES = Column("who", "rules", "rules", _written_rules, _read_rules, empty={})


def _mailings(run: Run, said: list[Said]) -> list[Said]:
    """Released elsewhere is stopped here: who had it and who was held back is not known to the last one."""
    return [
        {"branch_id": run.branch.pk if each["_branch"] else None}
        | ({"state": State.STOPPED, "ended_at": run.now} if each["state"] == State.RELEASED else {})
        for each in said
    ]


def _here(path: str) -> Any:
    """The branch's own, and the whole salon's in the folder of each branch."""
    return lambda branch: Q(**{path: branch}) | Q(**{f"{path}__isnull": True})


def _guests(_run: Run, said: list[Said]) -> list[Said]:
    wanted = {each["_campaign"] for each in said}
    events = dict(Event.objects.filter(campaign__in=wanted).values_list("campaign", "pk"))
    return [{"event_id": events.get(each["_campaign"])} for each in said]


def _of_branch(run: Run, said: list[Said]) -> list[Said]:
    return [{"branch_id": run.branch.pk if each["_branch"] else None} for each in said]


def _letters(_run: Run, said: list[Said]) -> list[Said]:
    """Hers stand in her conversation, a stranger's in that of the address."""
    hers = dict(
        Conversation.objects.filter(client__in={each["_client"] for each in said if each["_client"]}).values_list(
            "client", "pk"
        )
    )
    strangers = {
        (channel, sender): pk
        for channel, sender, pk in Conversation.objects.filter(
            client__isnull=True, sender__in={each["sender"] for each in said}
        ).values_list("channel", "sender", "pk")
    }
    return [
        {
            "conversation_id": hers.get(each["_client"])
            if each["_client"]
            else strangers.get((each["channel"], each["sender"]))
        }
        for each in said
    ]


def _paper(run: Run, said: list[Said]) -> list[Said]:
    return [
        {
            "branch_id": run.branch.pk,
            "key": f"import {each['client_id']} {each['form']} {each['written_at']:%Y%m%d%H%M%S%f}",
        }
        for each in said
    ]


def _in_conversation(letter: Letter) -> bool:
    return letter.conversation_id is not None


def _of_event(guest: Guest) -> bool:
    return guest.event_id is not None


def _letters_here(branch: Branch) -> Q:
    return Q(conversation__branch=branch) | Q(conversation__branch__isnull=True)


SAID = (
    Mirror("tags.csv", Tag, (text("name", needed=True),), here=everywhere, same=("name",)),
    Mirror(
        "client_tags.csv", Client.tags.through,
        (one("client", "client", CLIENT, needed=True), one("tag", "tag", TAG, needed=True)),
        here=of("client__branch"), same=("client_id", "tag_id"),
    ),
    Mirror(
        "holiday_days.csv", HolidayDay,
        (text("name", needed=True), day("date", "on", needed=True), text("holiday")),
        here=everywhere, same=("name", "on", "holiday"),
    ),
    Mirror(
        "mailings.csv", Campaign,
        (
            text("number", "seed", needed=True), text("kind", needed=True), text("title", needed=True), OF_BRANCH,
            text("holiday"), day("goes_on", "goes_on"), hour("hour", needed=True), whole("portion"), RULES,
            one("coupon", "coupon", CAMPAIGN), whole("control_percent", empty=0), money("fixed_costs", needed=True),
            text("state", needed=True), moment("begun", "created_at", needed=True), moment("released", "released_at"),
            moment("ended", "ended_at"),
        ),
        here=_here("branch"), same=("seed",), follows=_mailings,
    ),
    Mirror(
        "mailing_texts.csv", CampaignText,
        (
            one("mailing", "campaign", MAILING, needed=True), text("language", needed=True),
            text("subject", needed=True), text("body", needed=True), text("button"), text("sms", needed=True),
        ),
        here=_here("campaign__branch"), same=("campaign_id", "language"),
    ),
    Mirror(
        "mailing_clients.csv", Addressed,
        (
            one("mailing", "campaign", MAILING, needed=True), one("client", "client", CLIENT, needed=True),
            whole("day", empty=0),
        ),
        here=of("client__branch"), same=("campaign_id", "client_id"),
    ),
    Mirror(
        "events.csv", Event,
        (
            one("mailing", "campaign", MAILING, needed=True), moment("starts", "starts_at", needed=True),
            moment("ends", "ends_at", needed=True), text("place"), whole("seats"),
            moment("called_off", "cancelled_at"),
        ),
        here=_here("campaign__branch"), same=("campaign_id",),
    ),
    Mirror(
        "guests.csv", Guest,
        (
            one("mailing", "campaign", MAILING, needed=True, through="event"),
            one("client", "client", CLIENT, needed=True), text("state", needed=True), whole("seats", empty=1),
            moment("answered", "answered_at", needed=True), moment("waits_since", "waits_since"),
            moment("moved_up", "moved_up_at"), moment("came", "came_at"),
        ),
        here=of("client__branch"), same=("event_id", "client_id"), follows=_guests, holds=_of_event,
    ),
    Mirror(
        "conversations.csv", Conversation,
        (
            text("from", "sender", needed=True), text("channel", needed=True), one("client", "client", CLIENT), OF_BRANCH,
            moment("waiting_since", "waiting_since", needed=True), moment("last", "last_at", needed=True),
            moment("done", "done_at"),
        ),
        here=_here("branch"), same=("sender", "channel", "client_id"), follows=_of_branch,
    ),
    Mirror(
        "letters.csv", Letter,
        (
            text("from", "sender", needed=True), text("channel", needed=True), moment("came", "at", needed=True),
            one("client", "client", CLIENT, through="conversation"), text("subject"), text("text"),
            text("provider", needed=True), text("number", "provider_id", needed=True), text("asks_for", "meaning"),
            one("appointment", "appointment", APPOINTMENT),
        ),
        here=_letters_here, same=("provider_id", "provider"), follows=_letters, holds=_in_conversation,
    ),
    Mirror(
        "paper.csv", PaperLetter,
        (
            one("client", "client", CLIENT, needed=True), text("form", needed=True), text("kind", needed=True),
            text("language", needed=True), text("text", needed=True), moment("written", "written_at", needed=True),
            moment("until", "due_at", needed=True), moment("printed", "printed_at"), moment("done", "done_at"),
            text("outcome"),
        ),
        here=of("branch"), same=("client_id", "written_at", "form"), follows=_paper,
    ),
)  # fmt: skip
