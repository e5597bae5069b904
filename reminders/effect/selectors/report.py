"""`report effect`: what offers brought against who was held back, and what the rest of the programme costs."""

from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from crm.reports.selectors.figures import money, salon_currency
from crm.reports.selectors.standing import On
from crm.team.models import Branch
from crm.team.selectors import zone
from reminders.effect.comparing import Difference
from reminders.effect.selectors.effects import Effect, effects, local_start
from reminders.effect.selectors.unsent import Stretch, Unsent, unsent

FOUR = Decimal("0.0001")


def effect_report(on: On, since: date, until: date) -> dict[str, Any]:
    """Offers that went on days of `[since, until)`, as known at the end of today, and rules that are not sent.

    Keys of an offer: `kind`, `campaign` (its title; null for a journey), `verdict` (no_control, running, too_few,
    gaining, unclear, losing), `sent` and `control` (clients whose 30 days are over), `running` (those within
    them), `running_until`; `visits` and `margin` per client: of both arms, their `difference`, its 95 % interval
    from `low` to `high` (null: too few to say); `costs` of those sent; `displaced` full-price visits and their
    price; `net`, `net_low`, `net_high`: difference x sent - fixed costs - displaced.
    """
    currency = salon_currency()
    branch = Branch.objects.order_by("pk").first()
    found = []
    if branch is not None:
        here = zone(branch)
        found = effects(since=local_start(since, here), until=local_start(until, here), now=on.now)
    return {
        "currency": currency,
        "offers": [_offer(effect, currency, branch) for effect in found],
        "not_sent": [_unsent(each, currency) for each in unsent(on, since, until)],
    }


def _offer(effect: Effect, currency: str, branch: Branch | None) -> dict[str, Any]:
    until = effect.runs_until
    return {
        "kind": effect.series.kind,
        "campaign": effect.title or None,
        "verdict": effect.verdict.value,
        "sent": effect.sent,
        "control": effect.held_back,
        "running": effect.running,
        "running_until": None if until is None or branch is None else _day(until, branch).isoformat(),
        "visits": _arms(effect.visits_sent, effect.visits_held_back, effect.visits, number),
        "margin": _arms(
            effect.margin_sent, effect.margin_held_back, effect.margin, lambda value: money(exact(value), currency)
        ),
        "costs": {
            "messages": money(effect.messages, currency),
            "gifts": money(effect.gifts, currency),
            "discounts": money(effect.discounts, currency),
            "fixed": money(effect.fixed, currency),
        },
        "displaced": {"visits": effect.displaced, "price": money(effect.displaced_price, currency)},
        "net": _maybe(effect.net, currency),
        "net_low": _maybe(effect.net_low, currency),
        "net_high": _maybe(effect.net_high, currency),
    }


def _arms(sent: float, control: float, difference: Difference, write: Any) -> dict[str, Any]:
    return {
        "sent": write(sent),
        "control": write(control),
        "difference": write(difference.mean),
        "low": None if difference.low is None else write(difference.low),
        "high": None if difference.high is None else write(difference.high),
    }


def _unsent(each: Unsent, currency: str) -> dict[str, Any]:
    def stretch(one: Stretch) -> dict[str, Any]:
        return {"visits": one.visits, "revenue": money(one.revenue, currency)}

    return {
        "rule": each.rule,
        "since": each.since.isoformat(),
        "cost": money(each.cost, currency),
        "days": each.days,
        "before": stretch(each.before),
        "after": stretch(each.after),
        "label": "no control",
    }


def number(value: float) -> float:
    """A figure per client, half up to four decimals."""
    return float(exact(value).quantize(FOUR, rounding=ROUND_HALF_UP))


def exact(value: float) -> Decimal:
    """The decimal that a float is written as."""
    return Decimal(repr(value))


def _maybe(amount: Decimal | None, currency: str) -> str | None:
    return None if amount is None else money(amount, currency)


def _day(at: datetime, branch: Branch) -> date:
    return at.astimezone(zone(branch)).date()
