"""What each offer brought, as compared with who was held back, and what it cost (rules.md, Effect of a campaign)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from crm.booking.local_time import computed_instant
from crm.reports.selectors.chairs import Chairs, chairs_of
from crm.team.models import Branch
from crm.team.selectors import branch_day, zone
from reminders.campaigns.models import Campaign
from reminders.campaigns.selectors.campaigns import campaign_key
from reminders.effect.comparing import ENOUGH, Difference, compare
from reminders.effect.selectors.observing import WINDOW, ZERO, Observed, Series, observe, series_in

NOTHING = Difference(0.0)
# how far back one looks for what an offer of this kind has brought
EARLIER = timedelta(days=365)


class Verdict(TextChoices):
    """What can be said of an offer."""

    NO_CONTROL = "no_control", _("nobody held back")
    RUNNING = "running", _("still running")
    TOO_FEW = "too_few", _("too few to say")
    GAINING = "gaining", _("brings money")
    UNCLEAR = "unclear", _("no clear effect")
    LOSING = "losing", _("losing money")


@dataclass(frozen=True, slots=True)
class Effect:
    """One journey or campaign over those whose 30 days are over. Money in the salon's currency, instants aware.

    `visits` and `margin` are differences per client. `net` is the margin's times the number sent, less what
    the offer cost as a whole and the full prices that it displaced.
    """

    series: Series
    title: str
    campaign: int | None
    sent: int
    held_back: int
    # who is still within her 30 days, and when the last of them is through
    running: int
    runs_until: datetime | None
    visits_sent: float
    visits_held_back: float
    visits: Difference
    margin_sent: float
    margin_held_back: float
    margin: Difference
    messages: Decimal
    gifts: Decimal
    discounts: Decimal
    fixed: Decimal
    displaced: int
    displaced_price: Decimal

    def total(self, per_client: float) -> Decimal:
        """That much a client, for all who were sent it, less what it cost as a whole."""
        return Decimal(repr(per_client)) * self.sent - self.fixed - self.displaced_price

    @property
    def net(self) -> Decimal | None:
        return self.total(self.margin.mean) if self.sent and self.held_back else None

    @property
    def net_low(self) -> Decimal | None:
        return None if self.margin.low is None else self.total(self.margin.low)

    @property
    def net_high(self) -> Decimal | None:
        return None if self.margin.high is None else self.total(self.margin.high)

    @property
    def verdict(self) -> Verdict:
        """A campaign is judged once all its windows are over; a journey goes on, so by those that are."""
        if self.running and (self.series.occasion or not self.sent + self.held_back):
            return Verdict.RUNNING
        if not self.held_back:
            return Verdict.NO_CONTROL
        low, high = self.net_low, self.net_high
        if min(self.sent, self.held_back) < ENOUGH or low is None or high is None:
            return Verdict.TOO_FEW
        if high < 0:
            return Verdict.LOSING
        return Verdict.GAINING if low > 0 else Verdict.UNCLEAR


def effects(*, since: datetime, until: datetime, now: datetime, compared_only: bool = False) -> list[Effect]:
    """Of every offer that went in `[since, until)`, as it is known at `now`; or of those with somebody held back."""
    branches = list(Branch.objects.order_by("pk"))
    if not branches:
        return []
    here = zone(branches[0])
    found = series_in(since, min(until, now), compared_only=compared_only)
    campaigns = campaigns_of(each.occasion for each in found if each.occasion)
    read = _Branches(branches, {})
    return [
        _effect(each, observe(each, since=since, until=min(until, now), zone=here), campaigns, read, now)
        for each in found
    ]


def effect_of(series: Series, *, since: datetime, until: datetime, now: datetime) -> tuple[Effect, list[Observed]]:
    """Of one offer, with those it is made of; the first branch's clock tells the days."""
    branches = list(Branch.objects.order_by("pk"))
    observed = observe(series, since=since, until=min(until, now), zone=zone(branches[0]))
    campaigns = campaigns_of([series.occasion] if series.occasion else [])
    return _effect(series, observed, campaigns, _Branches(branches, {}), now), observed


@dataclass(frozen=True, slots=True)
class Expected:
    """What one message of this kind has brought until now: visits and margin more than without it, per client."""

    visits: float
    margin: float
    is_clear: bool


def expected(kind: str, *, now: datetime) -> Expected | None:
    """By those of the last year whose 30 days are over; none while there are too few to say (practices.md, P59)."""
    series = Series(kind)
    if not Branch.objects.exists():
        return None
    effect, _observed = effect_of(series, since=now - EARLIER, until=now, now=now)
    if not effect.margin.is_known:
        return None
    return Expected(effect.visits.mean, effect.margin.mean, effect.margin.is_an_effect)


def campaigns_of(occasions: Iterable[str]) -> dict[str, Campaign]:
    """Campaigns by the occasion of their messages."""
    return {each.key: each for each in Campaign.objects.filter(pk__in=[campaign_key(each) for each in occasions])}


@dataclass(frozen=True, slots=True)
class _Branches:
    """How full the hours of each branch were before a day, read when first asked for."""

    branches: Sequence[Branch]
    known: dict[int, Chairs]

    def is_full(self, branch_id: int, at: datetime, now: datetime) -> bool:
        branch = next(each for each in self.branches if each.pk == branch_id)
        if branch_id not in self.known:
            self.known[branch_id] = chairs_of(branch, today=branch_day(branch, now))
        return self.known[branch_id].is_full(at.astimezone(zone(branch)))


def _effect(
    series: Series, observed: Sequence[Observed], campaigns: dict[str, Campaign], branches: _Branches, now: datetime
) -> Effect:
    over = [each for each in observed if each.is_over(now)]
    running = [each for each in observed if not each.is_over(now)]
    sent = [each for each in over if not each.is_held_back]
    held_back = [each for each in over if each.is_held_back]
    campaign = campaigns.get(series.occasion)
    displaced = [
        full for each in sent for at, branch, full in each.offered if full > 0 and branches.is_full(branch, at, now)
    ]
    visits = _both([float(each.visits) for each in sent], [float(each.visits) for each in held_back], series)
    margin = _both([float(each.margin) for each in sent], [float(each.margin) for each in held_back], series)
    return Effect(
        series=series,
        title=campaign.title if campaign else "",
        campaign=campaign.pk if campaign else None,
        sent=len(sent),
        held_back=len(held_back),
        running=len(running),
        runs_until=max((each.at + WINDOW for each in running), default=None),
        visits_sent=_mean([each.visits for each in sent]),
        visits_held_back=_mean([each.visits for each in held_back]),
        visits=visits,
        margin_sent=_mean([each.margin for each in sent]),
        margin_held_back=_mean([each.margin for each in held_back]),
        margin=margin,
        messages=sum((each.messages for each in sent), ZERO),
        gifts=sum((each.gifts for each in sent), ZERO),
        discounts=sum((each.discounts for each in sent), ZERO),
        fixed=campaign.fixed_costs if campaign else ZERO,
        displaced=len(displaced),
        displaced_price=sum(displaced, ZERO),
    )


def _both(sent: list[float], held_back: list[float], series: Series) -> Difference:
    if not sent or not held_back:
        return NOTHING
    # in order, so that the same facts give the same bounds whatever the database's order
    return compare(tuple(sorted(sent)), tuple(sorted(held_back)), seed=series.seed)


def _mean(values: Sequence[Decimal] | Sequence[int]) -> float:
    return float(sum(values) / len(values)) if values else 0.0


def local_start(day: date, here: ZoneInfo) -> datetime:
    """The instant at which a branch day begins."""
    return computed_instant(day, time(0), here)
