"""What the client pages show, put into her language: facts of an appointment, slots for the fragments."""

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext as _

from crm.booking.models import Appointment
from crm.booking.services import Slot
from crm.catalogue.models import Service
from crm.team.wording import date_words, day_words, money_words, percent_words, short_day_words
from loyalty.vouchers.models import Voucher
from reminders.links.doors import Visitor
from reminders.links.selectors import Chooser
from reminders.messages.filling import appointment_values, clean, hour_in
from reminders.messages.selectors import words_of_services
from reminders.messages.tokens import slot_code


def appointment_facts(appointment: Appointment, visitor: Visitor) -> dict[str, Any]:
    """When, what, with whom, where, how long and for how much; on her own page by the service's own name."""
    values = appointment_values(appointment, visitor.client, visitor.speech, with_price=True)
    services = [line.service for line in appointment.lines.select_related("service").order_by("position")]
    return {
        **values,
        "what": visitor.speech.listed(*service_names(services, visitor.language)),
        "is_ahead": appointment.starts_at is not None and visitor.now < appointment.starts_at,
    }


def service_names(services: list[Service], language: str) -> list[str]:
    """Each service as it is called in this language."""
    known = words_of_services(services, language)
    return [(known[each.pk].name if each.pk in known else "") or each.name for each in services]


def slots_for(
    slots: Iterable[Slot], visitor: Visitor, *, best: str = "", with_day: bool = True
) -> list[dict[str, Any]]:
    """For components/slots.html; `best` is the code of the slot she tapped in the letter."""
    return [
        {
            "value": (code := slot_code(slot.starts_at, slot.master.pk)),
            "day": short_day_words(slot.on, visitor.language) if with_day else "",
            "hour": hour_in(slot.starts_local, slot.branch, visitor.client, visitor.speech),
            "who": clean(slot.master.name),
            "best": code == best,
        }
        for slot in slots
    ]


def chooser_context(found: Chooser, visitor: Visitor, **fixed: str) -> dict[str, Any]:
    """Links for days, masters and fortnights beside the slots of the day that is open."""

    def address(**changes: Any) -> str:
        chosen = {
            "master": found.master.pk if found.master else "",
            "page": found.page or "",
            **fixed,
            **changes,
        }
        return "?" + "&".join(f"{name}={value}" for name, value in chosen.items() if value not in ("", None))

    return {
        "days": [
            {
                "label": short_day_words(day, visitor.language),
                "url": address(day=day.isoformat()),
                "is_open": day == found.day,
            }
            for day in found.days
        ],
        "day_words": day_words(found.day, visitor.language) if found.day else "",
        "masters": [
            {"label": _("anyone"), "url": address(master=""), "is_open": found.master is None},
            *(
                {"label": clean(each.name), "url": address(master=each.pk), "is_open": each == found.master}
                for each in found.masters
            ),
        ],
        "slots": slots_for(found.slots, visitor, with_day=False),
        "earlier_url": address(page=found.earlier) if found.earlier is not None else "",
        "later_url": address(page=found.later) if found.later is not None else "",
    }


def voucher_words(voucher: Voucher | None, visitor: Visitor) -> str:
    """What the voucher gives and until when, in one sentence; empty without one."""
    if voucher is None:
        return ""
    until = date_words(voucher.valid_until, visitor.language)
    if voucher.benefit == Voucher.Benefit.PERCENT:
        return _("%(percent)s off is yours for a visit up to %(until)s.") % {
            "percent": percent_words(voucher.percent or 0, visitor.language),
            "until": until,
        }
    if voucher.benefit == Voucher.Benefit.AMOUNT and voucher.amount is not None:
        return _("%(amount)s off is yours for a visit up to %(until)s.") % {
            "amount": money_words(voucher.amount, voucher.branch.currency, visitor.language),
            "until": until,
        }
    names = " / ".join(service_names(list(voucher.services.all()), visitor.language))
    return _("On us, for a visit up to %(until)s: %(what)s.") % {"until": until, "what": names or _("one service")}
