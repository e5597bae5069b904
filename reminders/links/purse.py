"""What she has in the programme, as she reads it: points and their worth, what happened to them, vouchers and terms."""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from crm.catalogue.models import Service
from crm.team.wording import (
    date_words,
    day_words,
    isolated,
    money_words,
    number_words,
    percent_words,
    short_date_words,
)
from loyalty.cards.models import Card
from loyalty.points.models import LedgerEntry, LoyaltySettings, PendingGrant
from loyalty.points.selectors import PointsSummary
from loyalty.vouchers.models import Reward, Voucher
from loyalty.vouchers.models.campaigns import Benefit
from loyalty.vouchers.selectors import OfferedReward, reward_name
from loyalty.vouchers.words import hour_words, limit_words
from reminders.links.doors import Reader
from reminders.links.words import voucher_words
from reminders.messages.selectors import words_of_services

Kind = LedgerEntry.Kind
# an expiry this near stands out
NEAR = timedelta(days=30)
# what an entry was for, to whom it belongs: the staff's reason beside it is not for her eyes
WHAT_FOR = {
    Kind.SPENDING: gettext_lazy("for a visit"),
    Kind.REBOOKING: gettext_lazy("for rebooking on the spot"),
    Kind.REFERRAL: gettext_lazy("for a friend who came by recommendation"),
    Kind.FEEDBACK: gettext_lazy("for saying how it was"),
    Kind.BIRTHDAY: gettext_lazy("for the birthday"),
    Kind.GESTURE: gettext_lazy("a gift from us"),
    Kind.IMPORTED: gettext_lazy("brought over from before"),
    Kind.ADJUSTED: gettext_lazy("put right by us"),
    Kind.PAID: gettext_lazy("paid with at the checkout"),
    Kind.GIVEN_BACK: gettext_lazy("back from a reward that was not used"),
    Kind.REWARD: gettext_lazy("for a reward"),
    Kind.EXPIRED: gettext_lazy("not used in time"),
    Kind.TAKEN_BACK: gettext_lazy("taken back"),
    Kind.OWED: gettext_lazy("open from a return, settled"),
}
# the same where a sale was returned
OF_RETURNS = {
    Kind.GIVEN_BACK: gettext_lazy("given back with a return"),
    Kind.TAKEN_BACK: gettext_lazy("taken back with a return"),
}
SALE = "sale "


def points_words(points: int, language: str) -> str:
    """“320 points”"""
    return ngettext("%(points)s point", "%(points)s points", points) % {"points": number_words(points, language)}


def purse_facts(
    summary: PointsSummary, pending: Iterable[PendingGrant], rules: LoyaltySettings, reader: Reader, today: date
) -> dict[str, Any]:
    """The balance with its worth in money, what is on its way, what is near its end, what is open from a return."""
    language, speech, branch = reader.language, reader.speech, reader.client.branch
    coming = [
        speech.say("purse_pending", {"points": number_words(each.points, language), "day": day_words(day, language)})
        for each in pending
        if (day := each.appointment.on) >= today
    ]
    rate = percent_words(round(rules.points_per_100 * rules.point_value), language) if rules.spending_on else ""
    return {
        "number": number_words(summary.balance, language),
        "unit": ngettext("point", "points", summary.balance),
        "worth": money_words(summary.worth, branch.currency, language) if summary.balance else "",
        "coming": coming,
        "expiring": expiring_words(summary, language, today),
        "is_near": summary.next_expiry_on is not None and summary.next_expiry_on - NEAR <= today,
        "owed": speech.say("purse_owed", {"points": points_words(summary.owed, language)}) if summary.owed else "",
        "empty": speech.say("purse_empty", {"rate": rate}) if not summary.balance and rate else "",
    }


def expiring_words(summary: PointsSummary, language: str, today: date) -> str:
    """How many are good until which day, the last one on which they pay."""
    if summary.next_expiry_on is None:
        return ""
    last = summary.next_expiry_on - timedelta(days=1)
    points, on = number_words(summary.next_expiry_points, language), dated(last, today, language).removesuffix(".")
    if summary.next_expiry_points >= summary.balance:
        return _("They are good until %(on)s.") % {"on": on}
    return _("%(points)s of them are good until %(on)s.") % {"points": points, "on": on}


def dated(on: date, today: date, language: str) -> str:
    """“10 June”; with its year where it is another one."""
    return date_words(on, language) if on.year == today.year else short_date_words(on, language, with_year=True)


def history_rows(entries: Iterable[LedgerEntry], reader: Reader, today: date) -> list[dict[str, Any]]:
    """Each entry as a plain line: the day, how many with their sign, what for."""
    return [
        {
            "on": dated(entry.on, today, reader.language),
            "points": signed(entry.points, reader.language),
            "is_plus": entry.points > 0,
            "what": what_for(entry),
        }
        for entry in entries
    ]


def what_for(entry: LedgerEntry) -> str:
    """Plain words; a reward by its name, what came of a return as that."""
    if entry.kind == Kind.REWARD and entry.reason:
        return _("for a reward: %(name)s") % {"name": isolated(entry.reason)}
    if entry.source.startswith(SALE) and entry.kind in OF_RETURNS:
        return str(OF_RETURNS[Kind(entry.kind)])
    return str(WHAT_FOR[Kind(entry.kind)])


def signed(points: int, language: str) -> str:
    """“+50”, “−20” with a real minus, which stays at the left of its figure in every language."""
    return f"\u2066{'+' if points > 0 else '−'}{number_words(abs(points), language)}\u2069"


def voucher_rows(vouchers: Sequence[Voucher], reader: Reader) -> list[dict[str, Any]]:
    """Each voucher with what it gives and on what terms; the words of all services are asked for once."""
    names = named([service for voucher in vouchers for service in voucher.services.all()], reader.language)
    return [
        {
            "voucher": voucher,
            "url": reverse("my:voucher", args=[voucher.pk]),
            "code": voucher.code,
            "words": voucher_words(voucher, reader, names=names),
            "terms": voucher_terms(voucher, reader, names),
        }
        for voucher in vouchers
    ]


def named(services: list[Service], language: str) -> dict[int, str]:
    """These services by key, as they are called in this language."""
    known = words_of_services(list(dict.fromkeys(services)), language)
    return {each.pk: (known[each.pk].name if each.pk in known else "") or each.name for each in services}


def voucher_terms(voucher: Voucher, reader: Reader, names: dict[int, str]) -> list[str]:
    """What has to be so for the voucher to count, each as a short line."""
    language, terms = reader.language, []
    covered = [names[service.pk] for service in voucher.services.all()]
    if voucher.benefit != Voucher.Benefit.FREE_SERVICE and covered:
        terms.append(_("for: %(what)s") % {"what": reader.speech.listed(*covered)})
    elif voucher.benefit != Voucher.Benefit.FREE_SERVICE and voucher.services_only:
        terms.append(_("for services"))
    if voucher.valid_from > voucher.issued_on:
        terms.append(_("from %(on)s") % {"on": date_words(voucher.valid_from, language)})
    if voucher.book_until is not None and voucher.book_until < voucher.valid_until:
        terms.append(_("to be booked by %(on)s") % {"on": date_words(voucher.book_until, language)})
    terms += hour_words(voucher)
    if voucher.campaign is not None:
        terms += limit_words(voucher.campaign, language)
    if voucher.reserved_for_id is not None:
        terms.append(_("kept for a booking"))
    return terms


def reward_rows(offered: Sequence[OfferedReward], balance: int, reader: Reader) -> list[dict[str, Any]]:
    """Each reward with its price, what it gives, and how far it is; the services' words are asked for once."""
    language = reader.language
    names = named([service for each in offered for service in each.reward.services.all()], language)
    return [
        {
            "reward": each.reward,
            "name": reward_name(each.reward, language),
            "price": points_words(each.reward.price, language),
            "gives": gives_words(each.reward, reader, names),
            "is_hers": not each.missing,
            "missing": _("%(points)s to go") % {"points": number_words(each.missing, language)},
            "done": min(balance, each.reward.price),
        }
        for each in offered
    ]


def gives_words(reward: Reward, reader: Reader, names: dict[int, str]) -> str:
    """What the voucher of a reward is good for: “10% off: Lashes”."""
    language = reader.language
    covered = reader.speech.listed(*(names[service.pk] for service in reward.services.all()))
    if reward.benefit == Benefit.PERCENT:
        off = _("%(percent)s off") % {"percent": percent_words(reward.percent or 0, language)}
    elif reward.benefit == Benefit.AMOUNT:
        currency = reader.client.branch.currency
        off = _("%(amount)s off") % {"amount": money_words(reward.amount or Decimal(0), currency, language)}
    else:
        return _("on us: %(what)s") % {"what": covered or _("one service")}
    return f"{off}: {covered}" if covered else off


def card_words(card: Card | None, language: str) -> dict[str, str] | None:
    """Her level and what it takes off."""
    if card is None:
        return None
    return {
        "level": str(card.level),
        "benefit": _("%(percent)s off") % {"percent": percent_words(card.level.percent, language)},
    }
