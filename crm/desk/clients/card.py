"""All of a client on one page: a fixed number of queries, however long she has been coming."""

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.db.models import Exists, OuterRef, Prefetch, Q
from django.db.models.functions import Upper
from django.http import Http404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from crm.booking.models import Appointment, Visit, VisitItem
from crm.booking.selectors import missed, misses_from, series_places, with_lines
from crm.care.models import Complaint, HelpGiven
from crm.care.selectors import helps_of
from crm.desk.briefing import clients_with_facts, standing_from
from crm.desk.words import (
    birthday_words,
    day_of_year,
    misses_words,
    rhythm_sentence,
    services_words,
    short_day,
    standing_chips,
)
from crm.people.models import Client, HealthNote, Tag
from crm.people.selectors import CardNotes, may_read_health, notes_of
from crm.people.services import read_health_notes
from crm.reports.selectors.states import STATE_WORDS, Standing
from crm.team.models import Branch, User
from crm.team.selectors import branches_of, salon_settings
from crm.team.wording import isolated
from loyalty.cards.models import CardLevel
from loyalty.cards.selectors import cards_in_use
from loyalty.referrals.selectors import friends_now
from loyalty.vouchers.models import Voucher
from loyalty.vouchers.selectors import open_vouchers
from reminders.messages.models import Message
from reminders.messages.selectors import messages_of

RIBBON = 24
MESSAGES = 8
COMPLAINTS = 5
HELPS = 3
Status = Appointment.Status


@dataclass
class ClientCard:
    """What the page shows; over the shoulder the protected parts are not even read."""

    client: Client
    standing: Standing
    notes: CardNotes
    sentence: str
    address: str
    chips: list[dict[str, Any]]
    health: list[HealthNote] = field(default_factory=list)
    ribbon: list[dict[str, Any]] = field(default_factory=list)
    upcoming: list[Appointment] = field(default_factory=list)
    complaints: list[Complaint] = field(default_factory=list)
    helps: list[HelpGiven] = field(default_factory=list)
    vouchers: list[Voucher] = field(default_factory=list)
    messages: list[Message] = field(default_factory=list)
    tags: list[Tag] = field(default_factory=list)
    card_name: str = ""
    missed: str = ""


def client_card(client_id: int, *, branch: Branch, user: User, now: datetime, over_the_shoulder: bool) -> ClientCard:
    """Reads the card; reading health notes is recorded. Raises Http404 for nobody."""
    today = timezone.localdate(now)
    rules = salon_settings()
    client = (
        clients_with_facts([client_id], branch=branch, today=today)
        .annotate(
            **missed(now, rules),
            **cards_in_use(),
            **friends_now(),
            **_alike(),
            has_tags=Exists(Client.tags.through.objects.filter(client=OuterRef("pk"))),
        )
        .first()
    )
    if client is None:
        raise Http404
    standing = standing_from(client, today=today, now=now)
    seen = branches_of(user)
    card = ClientCard(
        client=client,
        standing=standing,
        notes=notes_of(client, today=today, over_the_shoulder=over_the_shoulder),
        sentence=_sentence(client, standing),
        address=_address(client),
        chips=_chips(client, standing, today, over_the_shoulder=over_the_shoulder),
        vouchers=list(open_vouchers(client, today)),
        card_name=str(client.card_name or CardLevel.NAMES.get(client.card_code, "")) if client.card_code else "",
    )
    appointments = _appointments(client, seen, now)
    card.upcoming = [each for each in reversed(appointments) if _is_ahead(each, now)]
    places = series_places(card.upcoming)
    for each in card.upcoming:
        each.place = places.get(each.pk)
    card.ribbon = _ribbon(client, seen, appointments, now)
    if over_the_shoulder:
        return card
    if client.has_health_note and may_read_health(user, branch):
        found = read_health_notes(clients=[client], branch=branch, user=user, where="card", now=now)
        card.health = found.get(client.pk, [])
    card.tags = list(client.tags.order_by("name")) if client.has_tags else []
    card.missed = misses_words(misses_from(client, rules))
    card.complaints = list(
        Complaint.objects.filter(client=client, branch__in=seen).order_by("-opened_at", "-pk")[:COMPLAINTS]
    )
    if client.helped:
        card.helps = list(helps_of(client, seen)[:HELPS])
    card.messages = list(messages_of(client).filter(branch__in=seen)[:MESSAGES])
    return card


def _alike() -> dict[str, Exists]:
    """Whether another card has her telephone or e-mail: one person twice, or a family."""
    others = Client.objects.exclude(pk=OuterRef("pk"))
    return {
        "phone_alike": Exists(others.filter(phone=OuterRef("phone")).exclude(phone="")),
        "mail_alike": Exists(others.alias(mail=Upper("email")).filter(mail=Upper(OuterRef("email"))).exclude(email="")),
    }


def _sentence(client: Client, standing: Standing) -> str:
    pulse = getattr(client, "pulse", None)
    if pulse is None or not pulse.visit_days:
        return _("Has not been here yet")
    return rhythm_sentence(standing) or ngettext("%(count)d visit", "%(count)d visits", pulse.visit_days) % {
        "count": pulse.visit_days
    }


def _address(client: Client) -> str:
    """How she wishes to be spoken to, and in which language."""
    parts = [
        str(client.get_address_form_display()) if client.address_form else "",
        str(client.get_language_display()) if client.language else "",
        client.name if client.called and client.name else "",
    ]
    return " · ".join(part for part in parts if part)


def _chips(client: Client, standing: Standing, today: date, *, over_the_shoulder: bool) -> list[dict[str, Any]]:
    if over_the_shoulder:
        return []
    chips = standing_chips(standing)
    if standing.state:
        tone = {"on_rhythm": "good", "late": "warn", "lapsed": "bad", "lost": "bad"}.get(standing.state, "")
        chips.append(
            {"label": STATE_WORDS[standing.state], "icon": "late" if standing.days_late else "check", "tone": tone}
        )
    if client.club_name:
        chips.append({"label": isolated(client.club_name), "icon": "star", "tone": "accent"})
    if words := birthday_words(client, today):
        chips.append({"label": words, "icon": "cake", "tone": "accent"})
    if client.referred_by:
        chips.append(
            {"label": _("sent by %(name)s") % {"name": isolated(client.referred_by)}, "icon": "people", "tone": ""}
        )
    if client.last_score is not None:
        chips.append({"label": _("%(score)d of 10") % {"score": client.last_score}, "icon": "smile", "tone": ""})
    return chips


def _appointments(client: Client, seen: Any, now: datetime) -> list[Appointment]:
    """What is ahead, missed or cancelled; what was done is told by the visits. The newest first."""
    return list(
        with_lines(
            Appointment.objects.filter(client=client, branch__in=seen).filter(
                Q(status__in=[Status.CANCELLED, Status.NO_SHOW]) | Q(status__in=Appointment.OPEN)
            )
        ).order_by("-on", "-starts_at", "-pk")[:RIBBON]
    )


def _is_ahead(appointment: Appointment, now: datetime) -> bool:
    return appointment.status in Appointment.OPEN and appointment.ends_at is not None and appointment.ends_at > now


def _ribbon(client: Client, seen: Any, appointments: list[Appointment], now: datetime) -> list[dict[str, Any]]:
    """History, the oldest first: visits, what was missed or cancelled, what is booked."""
    today = timezone.localdate(now)
    items = Prefetch(
        "items",
        queryset=VisitItem.objects.select_related("service", "product").order_by("pk"),
        to_attr="done",
    )
    visits = Visit.objects.filter(client=client, branch__in=seen).prefetch_related(items).order_by("-on")[:RIBBON]
    steps: list[tuple[date, dict[str, Any]]] = []
    for visit in visits:
        names = dict.fromkeys(str(item.service or item.product) for item in visit.done if item.service or item.product)
        steps.append((visit.on, {"when": day_of_year(visit.on, today), "what": ", ".join(names) or _("visit")}))
    over = {Status.CANCELLED: ("cancelled", _("cancelled")), Status.NO_SHOW: ("missed", _("missed"))}
    for appointment in appointments:
        status = Status(appointment.status)
        state, word = over.get(status, ("ahead", status.label))
        steps.append(
            (
                appointment.on,
                {
                    "when": day_of_year(appointment.on, today),
                    "what": services_words(appointment),
                    "state": state,
                    "word": word,
                },
            )
        )
    steps.sort(key=lambda step: step[0])
    return [step for _on, step in steps[-RIBBON:]]


def found_row(client: Client, now: datetime, standing: Standing | None) -> dict[str, Any]:
    """A client in a list of those who were found."""
    pulse = getattr(client, "pulse", None)
    ahead = pulse.next_starts_at if pulse else None
    trail = short_day(timezone.localtime(ahead).date()) if ahead and ahead > now else ""
    return {
        "title": str(client),
        "sub": rhythm_sentence(standing) if standing else "",
        "phone": client.phone,
        "url": reverse("desk:client", args=[client.pk]),
        "trail": trail,
    }
