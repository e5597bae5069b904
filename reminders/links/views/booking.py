"""The steps of booking by oneself, the same on the public page and behind her own link (practices.md, P47).

What is chosen stands in the address, so that going back loses nothing; who she is never does.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode

from crm.booking.services import Following, SlotTaken, what_may_follow
from crm.catalogue.models import Service
from crm.team.models import Branch
from crm.team.selectors import branch_day, zone
from reminders.links.doors import Reader
from reminders.links.forms import MOST_SERVICES, ChosenForm, SlotForm, WhenForm
from reminders.links.selectors.bookable import open_branches, permitted_instead
from reminders.links.selectors.times import chooser
from reminders.links.services.booking import Wanted
from reminders.links.services.coupons import Coupon
from reminders.links.services.visits import MayNotFollow, PleaseCall
from reminders.links.words import (
    after_words,
    chooser_context,
    offer_facts,
    policies,
    service_cards,
    service_names,
    slots_for,
    visit_facts,
)


@dataclass(frozen=True, slots=True)
class Way:
    """Whose pages these are. `space` begins the names of their addresses, `frame` is the page around them."""

    space: str
    frame: str

    def to(self, step: str, branch: Branch, chosen: Sequence[Service] = (), **more: str) -> str:
        asked = [("branch", branch.pk), *(("service", service.pk) for service in chosen), *more.items()]
        return f"{reverse(self.space + step)}?{urlencode(asked)}"


@dataclass(frozen=True, slots=True)
class Choice:
    """Where she is on the way: the branch and the services chosen so far."""

    way: Way
    branch: Branch
    chosen: ChosenForm
    # the master (the key) she asked for; empty where anyone will do
    with_whom: str = ""

    @property
    def services(self) -> list[Service]:
        return self.chosen.services

    def to(self, step: str, **more: str) -> str:
        whom = {"master": self.with_whom} if self.with_whom else {}
        return self.way.to(step, self.branch, self.services, **whom, **more)


def choice_of(way: Way, data: Any, branches: Sequence[Branch]) -> Choice | None:
    """What the address says; none where the branch is still to be chosen. Raises Http404 for one that is not open."""
    wanted = data.get("branch", "")
    if not wanted and len(branches) != 1:
        return None
    branch = next((each for each in branches if not wanted or str(each.pk) == wanted), None)
    if branch is None:
        raise Http404
    whom = data.get("master", "")
    return Choice(way, branch, ChosenForm(data, branch=branch), whom if whom.isdecimal() and len(whom) < 10 else "")


def services_page(request: HttpRequest, reader: Reader, way: Way, **more: Any) -> HttpResponse:
    """What is offered, after the branch where there are several."""
    branches = list(open_branches())
    choice = choice_of(way, request.GET, branches)
    if choice is None:
        places = [{"branch": each, "url": way.to("start", each)} for each in branches]
        return render(request, "book/branches.html", {"frame": way.frame, "places": places, **more})
    others = [service for service in choice.chosen.offered if service not in choice.services]
    cards = [
        {**card, "url": way.to("times", choice.branch, [*choice.services, card["service"]])}
        for card in service_cards(others, reader, choice.branch)
    ]
    context = {
        **ground_of(choice, reader),
        "several": len(branches) > 1,
        "start_url": reverse(way.space + "start"),
        "categories": [
            {"name": name, "cards": list(group)}
            for name, group in groupby(cards, lambda card: card["service"].category)
        ],
        **more,
    }
    return render(request, "book/services.html", context)


def times_page(request: HttpRequest, reader: Reader, way: Way, **more: Any) -> HttpResponse:
    """With whom and when."""
    choice = choice_of(way, request.GET, list(open_branches()))
    if choice is None or not choice.services:
        return redirect(choice.to("start") if choice else reverse(way.space + "start"))
    # who is known has her own minutes, and some things may not follow what she had
    client = reader.client if reader.client.pk else None
    found = chooser(
        branch=choice.branch, services=choice.services, now=reader.now, client=client, **WhenForm(request.GET).chosen
    )
    late = what_may_follow(client=client, services=choice.services, on=found.day) if client and found.day else []
    fixed = [("branch", choice.branch.pk), *(("service", service.pk) for service in choice.services)]
    context = {
        **ground_of(choice, reader),
        **chooser_context(found, reader, fixed),
        "fixed": [*fixed, ("master", found.master.pk)] if found.master else fixed,
        "details_url": reverse(way.space + "details"),
        "late": " ".join(each.reason for each in late),
        "instead": instead_of(late, choice, reader, found.day) if late and found.day else [],
        "wait_url": choice.to("wait"),
        "more_url": choice.to("start") if len(choice.services) < MOST_SERVICES else "",
        **more,
    }
    return render(request, "book/times.html", context)


def ground_of(choice: Choice, reader: Reader) -> dict[str, Any]:
    """What every step shows: the salon's place, and what is chosen so far with its time and price."""
    return {
        "frame": choice.way.frame,
        "branch": choice.branch,
        "chosen": chosen_cards(choice, reader),
        "facts": offer_facts(choice.services, reader, choice.branch) if choice.services else None,
    }


def chosen_cards(choice: Choice, reader: Reader) -> list[dict[str, Any]]:
    """Each chosen service, with the address at which it is not."""
    cards = service_cards(choice.services, reader, choice.branch) if choice.services else []
    return [
        {
            **card,
            "without_url": choice.way.to(
                "times" if len(cards) > 1 else "start",
                choice.branch,
                [service for service in choice.services if service != card["service"]],
            ),
        }
        for card in cards
    ]


def wanted_of(choice: Choice, slot: SlotForm) -> Wanted | None:
    """What would be booked; none where the slot cannot be read."""
    if not choice.services or not slot.is_valid():
        return None
    return Wanted(branch=choice.branch, services=choice.services, is_with_anyone=not choice.with_whom, **slot.chosen)


def details_of(choice: Choice, wanted: Wanted, reader: Reader, coupon: Coupon | None = None) -> dict[str, Any]:
    """What she is about to book, in full, with its price by the coupon, and with what holds if she cannot come."""
    at = wanted.starts_at.astimezone(zone(choice.branch))
    return {
        "frame": choice.way.frame,
        "branch": choice.branch,
        "facts": visit_facts(
            choice.services, [wanted.master], wanted.starts_at, reader, choice.branch, coupon and coupon.voucher
        ),
        "coupon": coupon,
        "policies": policies(choice.services, reader),
        "after": list(dict.fromkeys(after_words(choice.services, reader).values())),
        "times_url": choice.to("times", day=f"{at:%Y-%m-%d}"),
    }


def typed_coupon(request: HttpRequest) -> str:
    return request.POST.get("coupon", "")[:40]


def refused_with(
    refusal: Exception | None, choice: Choice, reader: Reader, wanted: Wanted | None = None
) -> dict[str, Any]:
    """Why it was not booked, and what there is instead. `why` is taken, follow, call, or nothing for the rest."""
    if refusal is None:
        return {}
    context: dict[str, Any] = {"refusal": str(refusal), "why": ""}
    if isinstance(refusal, SlotTaken):
        context |= {"why": "taken", "nearest": slots_for(refusal.nearest, reader)}
    elif isinstance(refusal, MayNotFollow):
        on = branch_day(choice.branch, wanted.starts_at if wanted else reader.now)
        context |= {"why": "follow", "instead": instead_of(refusal.following, choice, reader, on)}
    elif isinstance(refusal, PleaseCall):
        context["why"] = "call"
    return context


def instead_of(following: Sequence[Following], choice: Choice, reader: Reader, on: date) -> list[dict[str, str]]:
    """The ways on with what is done in place of what may not follow; empty where nothing is."""
    client = reader.client if reader.client.pk else None
    return [
        {
            "label": reader.speech.listed(*service_names(services, reader.language)),
            "url": choice.way.to("times", choice.branch, services),
        }
        for services in permitted_instead(following, choice.services, client=client, on=on)
    ]
