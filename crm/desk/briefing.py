"""What a master should know before a visit, on one card (practices.md, P2).

Two queries for any number of clients, one more where somebody was helped out, and one where somebody was told a time before.
"""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from crm.booking.models import Pulse, Visit
from crm.care.models import Complaint, Feedback, HelpGiven, Promise
from crm.care.selectors import MERELY_SATISFIED, last_help
from crm.desk.told import Line, lines_of
from crm.desk.words import birthday_words, rhythm_sentence, short_day
from crm.people.models import Client, HealthNote, Note
from crm.people.selectors import stories_to_ask
from crm.people.selectors.notes import is_due_to_ask
from crm.reports.selectors.states import STAGE_WORDS, Standing, pause_of, stage_of, state_of
from crm.reports.selectors.told import told_visits
from crm.team.models import Branch
from crm.team.selectors import salon_settings
from loyalty.cards.models import Card, CardLevel
from loyalty.clubs.selectors import club_now
from loyalty.points.models import PointsAccount

Fact = dict[str, Any]


@dataclass
class Briefing:
    """One client's card; `to_ask` are the stories whose day has come, `never` what must not be mentioned."""

    client: Client
    standing: Standing
    facts: list[Fact] = field(default_factory=list)
    chips: list[Fact] = field(default_factory=list)
    to_ask: list[Note] = field(default_factory=list)
    never: list[Note] = field(default_factory=list)
    has_health_note: bool = False
    has_complaint: bool = False
    last_score: int | None = None


def briefings(
    client_ids: Collection[int], *, branch: Branch, today: date, now: datetime, may_read_health: bool
) -> dict[int, Briefing]:
    """The briefing of each client, by her key. That a health note is there is said, what it says is not."""
    if not client_ids:
        return {}
    notes = stories_to_ask(client_ids, today=today)
    clients = list(clients_with_facts(client_ids, branch=branch, today=today))
    helped = {client.helped for client in clients if client.helped}
    helps = HelpGiven.objects.select_related("kind").in_bulk(helped) if helped else {}
    before = {client.last_told for client in clients if client.last_told}
    margins = lines_of(before, branch.currency) if before else {}
    return {
        client.pk: _brief(
            client,
            notes.get(client.pk, []),
            today,
            now,
            may_read_health,
            help_given=helps.get(client.helped),
            margin=margins.get(client.last_told),
        )
        for client in clients
    }


def clients_with_facts(client_ids: Collection[int], *, branch: Branch, today: date) -> QuerySet[Client]:
    """Clients with all that a briefing asks, in one query."""
    own = OuterRef("pk")
    quiet_since = today - timedelta(days=salon_settings().complaint_pause_days)
    complaints = Complaint.objects.filter(client=own)
    promised = Promise.objects.filter(client=own, branch=branch, closed_at__isnull=True).order_by("given_at", "pk")
    levels = Card.objects.filter(client=own, is_bearer=False, closed_at__isnull=True)
    return (
        Client.objects.filter(pk__in=client_ids)
        .select_related("pulse", "branch", "referred_by")
        .annotate(
            has_complaint=Exists(complaints.filter(resolved_at__isnull=True)),
            is_quiet=Exists(complaints.filter(Q(resolved_on__isnull=True) | Q(resolved_on__gt=quiet_since))),
            brought_paying=Exists(
                Visit.objects.filter(
                    client__referred_by=own, is_paid=True, on__gt=today - timedelta(days=365), on__lte=today
                )
            ),
            last_score=Subquery(Feedback.objects.filter(client=own).order_by("-answered_at").values("score")[:1]),
            # the oldest says what, the rest are on the page of the visit
            promised=Subquery(promised.values("text")[:1]),
            helped=last_help(today, branch),
            last_told=Subquery(told_visits().filter(client=own, branch=branch).order_by("-on", "-pk").values("pk")[:1]),
            has_health_note=Exists(HealthNote.objects.filter(client=own, branch=branch, is_current=True)),
            points=Subquery(
                PointsAccount.objects.filter(client=own, is_current=True).values("balance_row__balance")[:1]
            ),
            card_code=Subquery(levels.values("level__code")[:1]),
            card_name=Subquery(levels.values("level__name")[:1]),
            **club_now(),
        )
    )


def standing_from(client: Client, *, today: date, now: datetime) -> Standing:
    """Where a client read by `clients_with_facts` stands."""
    pulse: Pulse | None = getattr(client, "pulse", None)
    state = state_of(pulse, today, now)
    last = pulse.last_counting_on if pulse else None
    return Standing(
        state=state,
        pause=pause_of(client, today, has_complaint=client.is_quiet),
        silence=(today - last).days if last else None,
        rhythm=pulse.rhythm if pulse else None,
        stage=stage_of(pulse, state, brought_paying=client.brought_paying, last_score=client.last_score),
    )


def _brief(
    client: Client,
    notes: list[Note],
    today: date,
    now: datetime,
    may_read_health: bool,
    *,
    help_given: HelpGiven | None,
    margin: Line | None,
) -> Briefing:
    standing = standing_from(client, today=today, now=now)
    card = Briefing(
        client=client,
        standing=standing,
        to_ask=[note for note in notes if is_due_to_ask(note, today) and note.kind != Note.Kind.NEVER],
        never=[note for note in notes if note.kind == Note.Kind.NEVER],
        has_health_note=client.has_health_note and may_read_health,
        has_complaint=client.has_complaint,
        last_score=client.last_score,
    )
    asked = {note.pk for note in card.to_ask}
    lasting = [note for note in notes if note.pk not in asked and note.kind != Note.Kind.NEVER]
    card.facts = [
        *_asked(card),
        *_warnings(card),
        *_rhythm(card),
        *_margin(margin),
        *_celebrations(client, today),
        *(
            {"icon": "preference" if note.kind == Note.Kind.PREFERENCE else "pin", "text": note.text}
            for note in lasting
        ),
        *_manners(client),
        *_helped(help_given),
        *_loyalty(client),
    ]
    card.chips = _chips(card, today)
    return card


def _asked(card: Briefing) -> list[Fact]:
    return [{"icon": "ask", "tone": "accent", "label": _("Ask about"), "text": note.text} for note in card.to_ask]


def _warnings(card: Briefing) -> list[Fact]:
    facts: list[Fact] = []
    if card.has_health_note:
        facts.append(
            {"icon": "health", "tone": "bad", "word": _("Health note:"), "text": _("read it before you begin")}
        )
    if card.has_complaint:
        facts.append(
            {"icon": "complaint", "tone": "bad", "word": _("Complaint open."), "text": _("Sell nothing today")}
        )
    if card.client.promised:
        facts.append({"icon": "promise", "tone": "warn", "word": _("Promised:"), "text": card.client.promised})
    if card.last_score in MERELY_SATISFIED:
        facts.append(
            {
                "icon": "neutral",
                "tone": "warn",
                "word": _("Merely satisfied last time."),
                "text": _("%(score)d of 10: surprise her") % {"score": card.last_score},
            }
        )
    elif card.last_score is not None and card.last_score < MERELY_SATISFIED[0]:
        facts.append(
            {"icon": "neutral", "tone": "warn", "text": _("%(score)d of 10 last time") % {"score": card.last_score}}
        )
    return facts


def _rhythm(card: Briefing) -> list[Fact]:
    standing = card.standing
    pulse = getattr(card.client, "pulse", None)
    if pulse is None or not pulse.visit_days:
        return [{"icon": "sparkle", "tone": "accent", "text": _("Her first visit")}]
    facts = []
    sentence = rhythm_sentence(standing)
    if sentence:
        facts.append(
            {
                "icon": "late" if standing.days_late else "calendar",
                "tone": "warn" if standing.days_late else "",
                "text": sentence,
            }
        )
    visits = ngettext("%(count)d visit", "%(count)d visits", pulse.visit_days) % {"count": pulse.visit_days}
    facts.append({"icon": "person", "text": f"{STAGE_WORDS[standing.stage]} · {visits}"})
    return facts


def _margin(line: Line | None) -> list[Fact]:
    """How her last visit here went beside what she was told; nothing where it was as told."""
    if line is None:
        return []
    # only what was worse asks for something
    tone = "warn" if line["tone"] == "warn" else ""
    return [{"icon": "clock", "tone": tone, "label": _("Last time"), "text": line["text"]}]


def _celebrations(client: Client, today: date) -> list[Fact]:
    words = birthday_words(client, today)
    return [{"icon": "cake", "tone": "accent", "text": words}] if words else []


def _manners(client: Client) -> list[Fact]:
    facts: list[Fact] = []
    if client.drink:
        facts.append({"icon": "cup", "text": client.drink})
    if client.address_form:
        facts.append({"icon": "person", "label": _("Form of address"), "text": client.get_address_form_display()})
    if client.referred_by:
        facts.append({"icon": "people", "label": _("Sent by"), "text": str(client.referred_by)})
    return facts


def _helped(given: HelpGiven | None) -> list[Fact]:
    if given is None:
        return []
    words = f"{given.kind.text} · {short_day(given.on)}"
    return [{"icon": "heart", "label": _("Helped out"), "text": f"{words} · {given.words}" if given.words else words}]


def _loyalty(client: Client) -> list[Fact]:
    parts = []
    if client.points:
        parts.append(ngettext("%(points)d point", "%(points)d points", client.points) % {"points": client.points})
    if client.card_code:
        parts.append(str(client.card_name or CardLevel.NAMES.get(client.card_code, client.card_code)))
    facts: list[Fact] = [{"icon": "star", "tone": "accent", "text": client.club_name}] if client.club_name else []
    return [*facts, {"icon": "points", "text": " · ".join(parts)}] if parts else facts


def _chips(card: Briefing, today: date) -> list[Fact]:
    """The few that a folded card shows."""
    chips: list[Fact] = []
    if card.has_health_note:
        chips.append({"label": _("health"), "icon": "health", "tone": "bad"})
    if card.has_complaint:
        chips.append({"label": _("complaint"), "icon": "complaint", "tone": "bad"})
    if card.client.promised:
        chips.append({"label": _("promised"), "icon": "promise", "tone": "warn"})
    if card.to_ask:
        chips.append({"label": _("ask"), "icon": "ask", "tone": "accent"})
    pulse = getattr(card.client, "pulse", None)
    if pulse is None or not pulse.visit_days:
        chips.append({"label": _("first visit"), "icon": "sparkle", "tone": "accent"})
    elif late := card.standing.days_late:
        chips.append(
            {
                "label": ngettext("%(days)d day late", "%(days)d days late", late) % {"days": late},
                "icon": "late",
                "tone": "warn",
            }
        )
    if words := birthday_words(card.client, today):
        chips.append({"label": words, "icon": "cake", "tone": ""})
    if card.last_score in MERELY_SATISFIED:
        chips.append({"label": _("merely satisfied"), "icon": "neutral", "tone": "warn"})
    return chips
