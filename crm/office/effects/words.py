"""An effect as a sentence, and its interval as a small bar."""

from decimal import Decimal
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from crm.team.admin_base import shown_money
from crm.team.fields import round_money
from crm.team.wording import date_words, direction
from reminders.effect.comparing import ENOUGH
from reminders.effect.selectors.effects import Effect, Verdict
from reminders.messages.models import Kind

# of the bar, in its own units: as wide, and from where to where something is drawn
WIDTH, LEFT, RIGHT = 240, 8, 232
# a word joiner
GLUE = "\u2060"


def kind_words(kind: str) -> str:
    return str(Kind(kind).label)


def signed(words: str, value: Decimal | float) -> str:
    """With a real minus or a plus at the left of its figures, that no line breaks off; nought without a sign."""
    before = "\u200e" if direction(get_language() or "en") == "rtl" else ""
    return f"{before}+{GLUE}{words}" if value > 0 else f"{before}−{GLUE}{words}" if value < 0 else words


def sum_of(amount: Decimal, currency: str) -> str:
    """A sum with its sign, to the currency's smallest unit."""
    rounded = round_money(amount, currency)
    return signed(shown_money(abs(rounded), currency), rounded)


def sentence(effect: Effect, currency: str) -> str:
    """The verdict as one would say it."""
    if effect.verdict == Verdict.RUNNING and effect.runs_until is not None:
        return _("Still running: the 30 days of the last one end on %(day)s.") % {
            "day": date_words(effect.runs_until.date(), get_language() or "en")
        }
    if effect.verdict == Verdict.NO_CONTROL:
        return _("Nobody was held back, so there is nobody to compare with. Hold back a tenth, and you will see.")
    low, high = effect.net_low, effect.net_high
    if effect.verdict == Verdict.TOO_FEW or low is None or high is None or effect.net is None:
        return _(
            "Too few to say: %(sent)s got it, %(held_back)s were held back. It takes %(enough)s of each who differ."
        ) % {"sent": effect.sent, "held_back": effect.held_back, "enough": ENOUGH}
    words = {
        Verdict.GAINING: _("It brings money: %(net)s in all, surely between %(low)s and %(high)s."),
        Verdict.LOSING: _("It loses money: %(net)s in all, surely between %(low)s and %(high)s."),
    }.get(effect.verdict, _("It may be chance: %(net)s in all, but anything between %(low)s and %(high)s is possible."))
    return words % {
        "net": sum_of(effect.net, currency),
        "low": sum_of(low, currency),
        "high": sum_of(high, currency),
    }


def bar_of(effect: Effect, currency: str) -> dict[str, Any] | None:
    """Where the net lies, its interval and nought, in the bar's units; none where there is no interval."""
    net, low, high = effect.net, effect.net_low, effect.net_high
    if net is None or low is None or high is None:
        return None
    least, most = min(low, Decimal(0)), max(high, Decimal(0))
    if least == most:
        return None

    def place(amount: Decimal) -> int:
        return LEFT + round((RIGHT - LEFT) * (amount - least) / (most - least))

    return {
        "width": WIDTH,
        "from": place(low),
        "long": max(2, place(high) - place(low)),
        "net": place(net),
        "nought": place(Decimal(0)),
        "low": sum_of(low, currency),
        "high": sum_of(high, currency),
        "words": sum_of(net, currency),
    }
