"""Days, lengths and rhythm as people say them, in the reader's language."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.utils import timezone
from django.utils.translation import get_language, gettext_lazy, ngettext
from django.utils.translation import gettext as _

from crm.booking.models import Appointment
from crm.booking.selectors import Misses, waits_since
from crm.care.models import Call
from crm.people.models import Client
from crm.reports.selectors.states import PAUSE_WORDS, STAGE_WORDS, Standing
from crm.team import wording
from reminders.messages.models import Kind

Status = Appointment.Status
Chip = dict[str, Any]


def language() -> str:
    """The reader's."""
    return get_language() or "en"


def listed(parts: Iterable[str]) -> str:
    """One after the other, with the comma of the language; what is empty is left out."""
    return wording.comma(language()).join(part for part in parts if part)


def day_words(on: date) -> str:
    """`Friday, 12 June`, as the language writes it by itself; no preposition goes before it."""
    return wording.day_words(on, language())


def short_day(on: date) -> str:
    """`Fri 12 Jun`, which nothing bends."""
    return wording.short_day_words(on, language())


def month_day(on: date) -> str:
    """`12 June`"""
    return wording.date_words(on, language())


def day_of_year(on: date, today: date) -> str:
    """With the year where it is another."""
    return wording.short_date_words(on, language(), with_year=on.year != today.year)


def hour_words(instant: datetime) -> str:
    """By the clock of the branch at hand."""
    return wording.hour_words(timezone.localtime(instant))


def money(amount: Decimal, currency: str) -> str:
    """A sum as it is written in the reader's language."""
    return wording.money_words(amount, currency, language())


def length_words(minutes: int) -> str:
    hours, rest = divmod(minutes, 60)
    if not hours:
        return _("%(minutes)d min") % {"minutes": rest}
    if not rest:
        return _("%(hours)d h") % {"hours": hours}
    return _("%(hours)d h %(minutes)d min") % {"hours": hours, "minutes": rest}


def services_words(appointment: Appointment) -> str:
    """`Lashes · Brow tint (Boris)`, where somebody else does it; the appointment comes with `work`."""
    return " · ".join(
        f"{line.service.name} ({line.master.name})" if line.master_id else line.service.name
        for line in appointment.work
    )


def rhythm_sentence(standing: Standing) -> str:
    """`Every 24 days, 6 late`; empty where she has no rhythm yet."""
    if standing.rhythm is None or standing.silence is None:
        return ""
    every = ngettext("Every %(days)d day", "Every %(days)d days", standing.rhythm) % {"days": standing.rhythm}
    late = standing.days_late
    if late:
        return _("%(every)s, %(late)s") % {
            "every": every,
            "late": ngettext("%(days)d day late", "%(days)d days late", late) % {"days": late},
        }
    return _("%(every)s, last %(ago)s") % {"every": every, "ago": ago_words(standing.silence)}


def ago_words(days: int) -> str:
    if days == 0:
        return _("today")
    return ngettext("%(days)d day ago", "%(days)d days ago", days) % {"days": days}


def standing_chips(standing: Standing) -> list[Chip]:
    """Stage, and why nothing is advertised to her if so."""
    chips: list[Chip] = [{"label": STAGE_WORDS[standing.stage], "icon": "star" if standing.stage == "advocate" else ""}]
    if standing.pause:
        chips.append({"label": PAUSE_WORDS[standing.pause], "icon": "pause", "tone": "warn"})
    return chips


def misses_words(misses: Misses) -> str:
    """`In the last year 2 visits missed and 1 cancelled late.`, where it is often enough to be pointed out; empty else."""
    if not misses.is_flagged:
        return ""
    parts = [
        ngettext("%(count)d visit missed", "%(count)d visits missed", misses.no_shows) % {"count": misses.no_shows}
        if misses.no_shows
        else "",
        ngettext("%(count)d cancelled late", "%(count)d cancelled late", misses.late_cancellations)
        % {"count": misses.late_cancellations}
        if misses.late_cancellations
        else "",
    ]
    return _("In the last year: %(what)s.") % {"what": listed(parts)}


def birthday_in(client: Client, today: date) -> int | None:
    """Days to her next birthday, 0 on the day; 29 February is kept on the 28th in other years."""
    if not client.birth_month or not client.birth_day:
        return None
    for year in (today.year, today.year + 1):
        on = _birthday_of(client, year)
        if on >= today:
            return (on - today).days
    return None


def _birthday_of(client: Client, year: int) -> date:
    try:
        return date(year, client.birth_month or 1, client.birth_day or 1)
    except ValueError:
        return date(year, 2, 28)


def birthday_words(client: Client, today: date) -> str:
    """`Birthday today`, `Birthday on Friday`, within a week; empty else."""
    days = birthday_in(client, today)
    if days is None or days > 7:
        return ""
    if days == 0:
        return _("Birthday today")
    if days == 1:
        return _("Birthday tomorrow")
    # the name of the day stands by itself: “on Wednesday” bends it in Russian and Bosnian
    return _("Birthday: %(weekday)s") % {"weekday": wording.weekday_words(today + timedelta(days=days), language())}


STATE_LOOKS = {
    Status.CONFIRMED: ("", "check"),
    Status.ARRIVED: ("waiting", "waiting"),
    Status.IN_PROGRESS: ("", "scissors"),
    Status.DONE: ("done", "check"),
    Status.CANCELLED: ("off", "block"),
    Status.NO_SHOW: ("off", "block"),
}


def state_look(appointment: Appointment, now: datetime) -> dict[str, str]:
    """How a visit stands on a card: state, its icon and its word; minutes while she waits."""
    state, icon = STATE_LOOKS.get(Status(appointment.status), ("", ""))
    word = "" if appointment.status == Status.BOOKED else str(Status(appointment.status).label)
    if appointment.status == Status.ARRIVED and (since := waits_since(appointment)):
        word = length_words(max(0, int((now - since).total_seconds() // 60)))
    return {"state": state, "state_icon": icon, "state_word": word}


# why a call stands on the list; the kinds of messages that could not be sent say so by their own names
CALL_WORDS = {
    "feedback": gettext_lazy("her score was middling"),
    "alarm": gettext_lazy("her answer was alarming"),
    "change": gettext_lazy("something has come up, her visit begins soon"),
    "who_is_it": gettext_lazy("booked by herself, and it is not sure who she is"),
    "closing": gettext_lazy("her complaint was closed: is all well now?"),
    "after_complaint": gettext_lazy("we have been quiet since her complaint"),
    Call.SURVEY: gettext_lazy("ask her how it was"),
}


def call_words(kind: str) -> str:
    """Why she is to be rung."""
    return str(CALL_WORDS.get(kind) or dict(Kind.choices).get(kind, kind))


def with_words(calls: Iterable[Call]) -> list[Call]:
    """Calls with `why` said in words, for templates."""
    found = list(calls)
    for call in found:
        call.why = call_words(call.kind)
    return found
