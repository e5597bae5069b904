"""What the pages of merging show of two cards."""

from datetime import date
from typing import Any

from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from crm.office.merging.decisions import Way, relations
from crm.office.merging.fields import Difference, differences, is_empty, value_of
from crm.people.birthdays import LEAP_YEAR
from crm.people.models import Client, ClientMerge
from crm.people.selectors import Double
from crm.people.selectors.doubles import BIRTHDAY, EMAIL, PHONE
from crm.team.wording import date_words, isolated, short_date_words
from loyalty.points.selectors import balance_of

# what is counted by name before it moves, in this order; the rest moves without being named
NAMED = (
    ("crm.Appointment.client", "calendar"),
    ("crm.Visit.client", "check"),
    ("crm.Sale.client", "receipt"),
    ("crm.Note.client", "note"),
    ("crm.Complaint.client", "complaint"),
    ("crm.Promise.client", "handshake"),
    ("crm.Order.client", "box"),
    ("loyalty.Voucher.client", "voucher"),
    ("loyalty.Card.client", "card"),
    ("loyalty.GiftCertificate.bought_by", "gift"),
    ("reminders.Message.client", "mail"),
    ("reminders.ConsentEvent.client", "check"),
)


def field_words(name: str) -> str:
    """How a field of the card is called."""
    if name == "birthday":
        return _("birthday")
    if name == "status":
        return _("status")
    return str(Client._meta.get_field(name).verbose_name)


def value_words(client: Client, name: str) -> str:
    """A field's value as it is read."""
    if name == "birthday":
        return birthday_words(client)
    if name == "branch":
        return str(client.branch)
    if name == "referred_by":
        return str(client.referred_by)
    if name == "since":
        return short_date_words(client.since, get_language() or "en", with_year=True) if client.since else ""
    field = Client._meta.get_field(name)
    if getattr(field, "choices", None):
        return str(getattr(client, f"get_{name}_display")())
    return str(value_of(client, name)[0])


def birthday_words(client: Client) -> str:
    """“14 September 1990”, as far as it is known."""
    if not (client.birth_day and client.birth_month):
        return str(client.birth_year or "")
    # in a year that has every day there is
    day = date_words(date(LEAP_YEAR, client.birth_month, client.birth_day), get_language() or "en")
    return f"{day} {client.birth_year}" if client.birth_year else day


def card_row(client: Client, other: Client) -> dict[str, Any]:
    """One of the two cards in a few words; what tells it from the other is said."""
    pulse = getattr(client, "pulse", None)
    visits = pulse.visit_days if pulse else 0
    facts = [
        client.code,
        client.phone,
        client.email,
        ngettext("%(count)d visit", "%(count)d visits", visits) % {"count": visits},
    ]
    if pulse is not None and pulse.last_visit_on:
        facts.append(
            _("last on %(day)s")
            % {"day": short_date_words(pulse.last_visit_on, get_language() or "en", with_year=True)}
        )
    if client.branch_id != other.branch_id:
        facts.append(str(client.branch))
    return {"client": client, "facts": [fact for fact in facts if fact]}


def choices(kept: Client, aside: Client, posted: Any = None) -> tuple[list[dict[str, Any]], list[str]]:
    """What both say differently, to choose from; and what only the card put aside says, which comes along."""
    asked, along = [], []
    for each in differences(kept, aside):
        if each.is_filled_up:
            along.append(f"{field_words(each.name).capitalize()}: {isolated(value_words(aside, each.name))}")
        else:
            asked.append(_choice(each, kept, aside, posted))
    return asked, along


def _choice(each: Difference, kept: Client, aside: Client, posted: Any) -> dict[str, Any]:
    proposed = "aside" if each.takes else "kept"
    return {
        "name": f"f-{each.name}",
        "legend": field_words(each.name).capitalize(),
        "value": (posted or {}).get(f"f-{each.name}", proposed),
        "choices": [
            {"value": "kept", "label": isolated(value_words(kept, each.name))},
            {"value": "aside", "label": isolated(value_words(aside, each.name))},
        ],
    }


def what_moves(aside: Client) -> list[dict[str, Any]]:
    """How many rows of which kind go over to the other card."""
    by_label = {relation.label: relation for relation in relations() if relation.way in (Way.MOVED, Way.JOINED)}
    found = []
    for label, icon in NAMED:
        relation = by_label[label]
        if count := relation.rows(aside).count():
            words = str(relation.model._meta.verbose_name_plural).capitalize()
            found.append({"icon": icon, "words": words, "count": count})
    if points := balance_of(aside):
        found.append({"icon": "points", "words": _("Points"), "count": points})
    return found


def taken_words(merge: ClientMerge) -> list[str]:
    """“Name: Vera → Vera Example”: what came from the card put aside, and what stood there before, as the history has it.

    Of a card that was erased meanwhile only the field is named.
    """
    history = Client.history.filter(id=merge.kept_id, history_date__lt=merge.at)
    stood = history.order_by("-history_date", "-history_id").first()
    before = stood.instance if stood is not None else None
    return [_taken(name, before, merge.aside) for name in merge.taken]


def _taken(name: str, before: Client | None, aside: Client) -> str:
    words = field_words(name).capitalize()
    if is_empty(aside, name):
        return words
    value = isolated(value_words(aside, name))
    if before is not None and not is_empty(before, name):
        value = _("%(before)s → %(day)s") % {"before": isolated(value_words(before, name)), "day": value}
    return f"{words}: {value}"


def why_words(pair: Double) -> str:
    """“the same telephone, the same e-mail”"""
    said = {PHONE: _("the same telephone"), EMAIL: _("the same e-mail"), BIRTHDAY: _("the same name and birthday")}
    return ", ".join(said[reason] for reason in pair.why)


def better_first(pair: Double) -> tuple[Client, Client]:
    """Which of the two stays, as proposed: the card with more visits, else the older one."""
    visits = [getattr(getattr(each, "pulse", None), "visit_days", 0) for each in (pair.one, pair.other)]
    return (pair.other, pair.one) if visits[1] > visits[0] else (pair.one, pair.other)
