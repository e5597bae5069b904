"""Report of what fell out or alarmed after a visit, by master, service and product (practices.md, P13)."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from crm.booking.models import VisitItem
from crm.care.models import AfterAnswer
from crm.reports.selectors.figures import ratio
from crm.reports.selectors.standing import On

Answer = AfterAnswer.Answer
Named = tuple[str, str]


@dataclass(slots=True)
class Tally:
    """Answers, and those of them that were no good news."""

    answers: int = 0
    fell_out: int = 0
    alarming: int = 0

    def add(self, answer: str) -> None:
        self.answers += 1
        self.fell_out += answer == Answer.MEND
        self.alarming += answer == Answer.ALARM

    def row(self) -> dict[str, Any]:
        return {
            "answers": self.answers,
            "fell_out": self.fell_out,
            "alarming": self.alarming,
            "share": ratio(self.fell_out, self.answers),
        }


def fallouts_report(on: On, since: date, until: date) -> dict[str, Any]:
    """`report fallouts`: answers about the visits of these days, given up to the end of `on`.

    An answer counts once for each master who did the service it is about (of that day, where it names none),
    for that service, and for each product that was sold to her on that day. `share` is of fall-outs in all answers.
    """
    answers = _answers(on, since, until)
    done = _done(answers)
    total = Tally()
    masters: dict[Named, Tally] = defaultdict(Tally)
    services: dict[Named, Tally] = defaultdict(Tally)
    products: dict[Named, Tally] = defaultdict(Tally)
    for client, day, service, code, name, answer in answers.values_list(
        "client_id", "visit_on", "service_id", "service__code", "service__name", "answer"
    ):
        total.add(answer)
        if service is not None:
            services[code, name].add(answer)
        items = done[client, day]
        for master in {each for made, each, _ in items if each and service in (None, made)}:
            masters[master].add(answer)
        for product in {each for _, _, each in items if each}:
            products[product].add(answer)
    return {
        **total.row(),
        "masters": _rows("master", masters),
        "services": _rows("service", services),
        "products": _rows("product", products),
    }


def fallouts_between(since: date, until: date) -> dict[str, int]:
    """How many answered about the visits of these days, and how many of them that something fell out. One query."""
    return AfterAnswer.objects.filter(visit_on__gte=since, visit_on__lt=until).aggregate(
        answers=Count("pk"), fell_out=Count("pk", filter=Q(answer=Answer.MEND))
    )


def _answers(on: On, since: date, until: date) -> QuerySet[AfterAnswer]:
    return AfterAnswer.objects.filter(
        visit_on__gte=since, visit_on__lt=until, visit_on__lte=on.today, answered_at__lte=on.now
    ).order_by()


def _done(
    answers: QuerySet[AfterAnswer],
) -> dict[tuple[int, date], list[tuple[int | None, Named | None, Named | None]]]:
    """Of each client and day that an answer is about: service, master and product of what was done and sold."""
    about = answers.filter(client=OuterRef("visit__client"), visit_on=OuterRef("visit__on"))
    found: dict[tuple[int, date], list[tuple[int | None, Named | None, Named | None]]] = defaultdict(list)
    for client, day, service, master, name, product, label in (
        VisitItem.objects.filter(Exists(about))
        .order_by("pk")
        .values_list(
            "visit__client_id",
            "visit__on",
            "service_id",
            "master__code",
            "master__name",
            "product__code",
            "product__name",
        )
    ):
        found[client, day].append((service, (master, name) if master else None, (product, label) if product else None))
    return found


def _rows(what: str, tallies: dict[Named, Tally]) -> list[dict[str, Any]]:
    """The most fall-outs first, then by code."""
    ordered: Iterable[tuple[Named, Tally]] = sorted(tallies.items(), key=lambda pair: (-pair[1].fell_out, pair[0]))
    return [{what: code, "name": name, **tally.row()} for (code, name), tally in ordered]
