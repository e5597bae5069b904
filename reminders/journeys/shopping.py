"""What a client is told of the shop: her order, where else it is, that it is back, what may be running out (rules.md, When)."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta

from reminders.journeys.occasions import Occasion
from reminders.journeys.reading import Reading
from reminders.messages.models import Kind

# told of so long after it, while it is true
OF_USE = {
    Kind.ORDER_STAGE: timedelta(days=14),
    Kind.ORDER_LATE: timedelta(days=14),
    # she looks for it now
    Kind.OTHER_PLACES: timedelta(days=3),
    Kind.BACK_IN_STOCK: timedelta(days=14),
}


class Shopping(Reading):
    """The rows of the table for who buys something to take home."""

    def shop(self) -> Iterator[Occasion]:
        """Orders and stock at once, while it is true; what is used up by the product's days."""
        for fact in self.facts.shop:
            yield Occasion(
                kind=fact.kind,
                key=fact.key,
                planned=fact.at,
                planned_on=self.her_day(fact.at),
                not_after=fact.at + OF_USE[Kind(fact.kind)],
                hour=None,
                reason=fact.kind,
                asks=_as_it_was if fact.stands else _overtaken,
            )
        yield from self._used_up()

    def _used_up(self) -> Iterator[Occasion]:
        figures = self.rules.terms[Kind.USED_UP]
        for due_on in self.facts.used_up:
            day = self.after_a_break(due_on)
            yield Occasion(
                kind=Kind.USED_UP,
                key=due_on.isoformat(),
                planned=self.local(day, figures.hour),
                planned_on=day,
                not_after=self.local(day + figures.lasts, figures.hour),
                hour=figures.hour,
                reason=Kind.USED_UP,
                asks=_as_it_was,
                due_on=due_on,
            )


def _as_it_was(_day: date, _at: datetime) -> None:
    """Nothing stands against it."""


def _overtaken(_day: date, _at: datetime) -> str:
    """Something has happened since that says it all."""
    return "overtaken"
