"""The office: which kinds of messages are on. A switch is reached only through a look at the forecast."""

from collections import Counter
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from itertools import groupby
from typing import Any

from django.contrib import admin, messages
from django.core.cache import cache
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html_join
from django.utils.text import capfirst
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST
from unfold.decorators import action, display

from crm.people.models import Client
from crm.team.admin_base import (
    ReadWriteModelAdmin,
    Toned,
    WithHistory,
    ask,
    plain_money,
    toned,
)
from crm.team.models import Branch, Language
from crm.team.once import read_once, reading_once
from reminders.consent.models import Channel
from reminders.journeys.forms import JourneyForm, in_units
from reminders.journeys.models import WITH_CONTROL, Journey
from reminders.journeys.selectors.forecast import Foreseen, forecast
from reminders.journeys.services.switching import (
    SWITCHED,
    ForecastNotSeen,
    change_figures,
    last_import,
    note_forecast_seen,
    switch_off,
    switch_on,
)
from reminders.journeys.terms import ROWS, Row, terms
from reminders.journeys.views import for_client_view
from reminders.messages.models import Kind
from reminders.messages.preview import preview
from reminders.messages.views import WITH_WORDS
from reminders.messages.words import in_words

DAYS = (1, 7, 14, 31)
# where the owner finds what a journey takes from elsewhere: each number has one place
LOYALTY = (_("Vouchers, points and cards"), "admin:loyalty_loyaltysettings_changelist")
RULES = (_("Rules of messages"), "admin:reminders_messagesettings_changelist")
PLACES = {
    Kind.FEEDBACK: (RULES,),
    Kind.REASSURANCE: (RULES,),
    Kind.LASHES: ((_("After how many days a service is asked about"), "admin:crm_service_changelist"),),
    Kind.DUE_SOON: (RULES,),
    Kind.WIN_BACK: (LOYALTY,),
    Kind.SECOND_WIN_BACK: (LOYALTY,),
    Kind.BIRTHDAY: (LOYALTY,),
    Kind.POINTS_EXPIRING: (LOYALTY,),
    Kind.CARD_REVIEW: (LOYALTY,),
}
# a page for people; who wants every row of a large salon asks the command
SHOWN, LARGE = 100, 5_000
# seconds for which one looks through what was found
KEPT = 600
# days up to which a table of days is readable
WEEKLY = 7
# in the session: up to which import the forecast was looked at
SEEN = "forecast_seen"


@admin.register(Journey)
class JourneyAdmin(WithHistory, ReadWriteModelAdmin):
    """A journey as the owner's rule; what it says and what comes with it have their own places, one tap away."""

    form = JourneyForm
    list_display = ["shown_kind", "shown_state", "shown_when", "shown_way", "on_since", "switched_by"]
    readonly_fields = ["shown_state", "on_since", "forecast_seen_at", "imported_at", "switched_by", "beside"]
    list_select_related = ["switched_by"]
    ordering = ["pk"]
    actions_list = ["look"]
    actions_row = ["turn_off"]

    def has_add_permission(self, request: HttpRequest) -> bool:
        # every kind has its row
        return False

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).filter(kind__in=SWITCHED)

    def changelist_view(self, request: HttpRequest, extra_context: dict | None = None) -> HttpResponse:
        return super().changelist_view(request, {**(extra_context or {}), "title": _("Journeys")})

    def get_custom_urls(self) -> tuple:
        return (
            ("forecast/", "reminders_journey_forecast", self.forecast_view),
            ("switch-on/", "reminders_journey_switch_on", require_POST(self.switch_on_view)),
            ("for/<str:kind>/<str:language>/", "reminders_journey_for_client", for_client_view),
        )

    @display(description=_("journey"), ordering="kind")
    def shown_kind(self, journey: Journey) -> str:
        return capfirst(journey.get_kind_display())

    @display(description=_("state"), label={"on": "success", "off": "default"}, ordering="is_on")
    def shown_state(self, journey: Journey) -> Toned:
        return toned("on", _("on")) if journey.is_on else toned("off", _("off"))

    @display(description=_("when"))
    def shown_when(self, journey: Journey) -> str:
        row = ROWS[journey.kind]
        figures = terms(journey.kind, wait=journey.wait, hour=journey.hour, lasts=journey.lasts, way=journey.way)
        wait = in_units(figures.wait // row.wait.unit, row.wait.unit) if row.wait else ""
        hour = f"{figures.hour:%H:%M}" if row.hour else ""
        return ", ".join(part for part in (wait, hour) if part)

    @display(description=_("channel"), ordering="way")
    def shown_way(self, journey: Journey) -> str:
        return journey.get_way_display()

    @display(description=_("beside"))
    def beside(self, journey: Journey) -> str:
        """Where its other figures and its words are."""
        places = [(_("Its texts"), "admin:reminders_messagetext_changelist"), *PLACES.get(journey.kind, ())]
        look = reverse("admin:reminders_journey_for_client", args=[journey.kind, get_language() or "en"])
        links = [(look, _("Look at it for a client, or send it to yourself"))]
        links += [(reverse(name), words) for words, name in places]
        return format_html_join(", ", '<a class="text-link" href="{}">{}</a>', links)

    def get_fieldsets(self, request: HttpRequest, obj: Journey | None = None) -> list:
        row = ROWS[obj.kind] if obj is not None else Row()
        own = [name for name, has in (("wait", row.wait), ("hour", row.hour), ("lasts", row.lasts)) if has]
        figures = [tuple(own)] if own else []
        control = ["control_percent"] if obj is not None and obj.kind in WITH_CONTROL else []
        return [
            (None, {"fields": [("shown_state", "on_since", "switched_by")]}),
            (_("When and how"), {"fields": [*figures, "way", *control]}),
            (_("Elsewhere"), {"fields": ["beside"]}),
        ]

    def get_form(self, request: HttpRequest, obj: Journey | None = None, change: bool = False, **kwargs: Any) -> Any:
        # which fields there are is the form's own decision: it knows the kind
        kwargs["fields"] = JourneyForm.Meta.fields
        return super().get_form(request, obj, change, **kwargs)

    def save_model(self, request: HttpRequest, obj: Journey, form: Any, change: bool) -> None:
        change_figures(journey=obj, now=timezone.now())

    @action(description=_("Look at the forecast"), url_path="look", permissions=["office"], icon="visibility")
    def look(self, request: HttpRequest) -> HttpResponse:
        return HttpResponseRedirect(reverse("admin:reminders_journey_forecast"))

    @action(
        description=_("Switch off"), url_path="switch-off", permissions=["office"], icon="toggle_off",
    )  # fmt: skip
    def turn_off(self, request: HttpRequest, object_id: str) -> HttpResponse:
        if request.method != "POST":
            return ask(
                self,
                request,
                title=_("Switch this journey off?"),
                description=_("What is planned of it is not sent. It can be switched on again through the forecast."),
                submit=_("Switch off"),
            )
        journey = self.get_object(request, object_id)
        if journey is None:
            raise Http404
        switch_off(kind=journey.kind, user=request.user, now=timezone.now())
        messages.success(request, _("“%(kind)s” is off.") % {"kind": journey.get_kind_display()})
        return HttpResponseRedirect(reverse("admin:reminders_journey_changelist"))

    @reading_once()
    def forecast_view(self, request: HttpRequest, model_admin: Any = None) -> HttpResponse:
        """Who would get what, when and why; the only page with a switch."""
        now = timezone.now()
        days = int(request.GET["days"]) if request.GET.get("days") in map(str, DAYS) else 7
        chosen = Chosen.of(request.GET)
        # read before the facts: an import that ends meanwhile asks for another look
        seen = last_import()
        everybody = Client.objects.order_by("pk")
        is_large = everybody.count() > LARGE
        clients = (
            Client.objects.filter(pk__in=list(everybody.values_list("pk", flat=True)[:LARGE])) if is_large else None
        )
        key = f"forecast-{days}-{seen}"
        # leafing through it reads what the look has found; a look without a choice is a new one
        found = cache.get(key) if chosen else None
        if found is None:
            found = forecast(start=now, end=now + timedelta(days=days), clients=clients)
            cache.set(key, found, KEPT)
        request.session[SEEN] = seen
        on = {journey.kind: journey for journey in Journey.objects.filter(kind__in=SWITCHED)}
        counts = Counter(kind for entry in found for kind in entry.kind.split("+"))
        some = [entry for entry in found if chosen.wants(entry)]
        page = Paginator(some, SHOWN).get_page(chosen.page)
        off = {kind for kind, journey in on.items() if not journey.is_on}
        return TemplateResponse(
            request,
            "admin/journeys/forecast.html",
            {
                **self.admin_site.each_context(request),
                "opts": self.opts,
                "title": _("What would be sent"),
                "days": days,
                "choices": DAYS,
                "total": len(some),
                "chosen": chosen,
                "table": by_kind_and_day(found, off, days) if days <= WEEKLY else None,
                "cost": priced(sum((cost_of(entry) for entry in some), Decimal(0))),
                "by_day": by_day(list(page), off),
                "page": page,
                "is_large": is_large,
                "kinds": [
                    {"kind": kind, "words": kind.label, "count": counts[kind], "journey": on.get(kind)}
                    for kind in SWITCHED
                ],
            },
        )

    def switch_on_view(self, request: HttpRequest, model_admin: Any = None) -> HttpResponse:
        kinds = [kind for kind in request.POST.getlist("kind") if kind in SWITCHED]
        now = timezone.now()
        if request.session.get(SEEN) == last_import():
            note_forecast_seen(kinds=kinds, now=now)
        try:
            switched = [switch_on(kind=kind, user=request.user, now=now) for kind in kinds]
        except ForecastNotSeen:
            messages.error(request, _("Look at the forecast first: it shows who would get what."))
            return HttpResponseRedirect(reverse("admin:reminders_journey_forecast"))
        for journey in switched:
            messages.success(request, _("“%(kind)s” is on.") % {"kind": journey.get_kind_display()})
        return HttpResponseRedirect(reverse("admin:reminders_journey_changelist"))


@dataclass(frozen=True, slots=True)
class Chosen:
    """What of the forecast is looked at: a kind, a day, a page; nothing chosen is all of it, anew."""

    kind: str = ""
    day: str = ""
    page: str = ""

    @classmethod
    def of(cls, query: Any) -> "Chosen":
        return cls(*(query.get(name, "") for name in ("kind", "day", "page")))

    def __bool__(self) -> bool:
        return bool(self.kind or self.day or self.page)

    def wants(self, entry: Foreseen) -> bool:
        in_kind = not self.kind or self.kind in entry.kind.split("+")
        return in_kind and (not self.day or entry.send_at.date().isoformat() == self.day)


def cost_of(entry: Foreseen) -> Decimal:
    """About: the parts of such an SMS to somebody made up, at the owner's price. Mail and calls cost nothing."""
    if entry.channel != Channel.SMS:
        return Decimal(0)
    return sum((sms_cost(kind, entry.language) for kind in entry.kind.split("+")), Decimal(0))


def priced(cost: Decimal) -> str:
    """Nothing where the owner has given no price of an SMS."""
    return plain_money(cost) if cost else ""


@read_once
def sms_cost(kind: str, language: str) -> Decimal:
    """Reckoned once for each kind and language of a look."""
    branch = Branch.objects.order_by("pk").first()
    if branch is None or kind not in WITH_WORDS:
        return Decimal(0)
    return preview(kind=kind, language=language, branch=branch, now=timezone.now()).cost


def by_kind_and_day(found: list[Foreseen], off: set[str], days: int) -> dict[str, Any]:
    """How many of each kind go on each day; a kind whose journey is off is marked."""
    counts = Counter((kind, entry.send_at.date()) for entry in found for kind in entry.kind.split("+"))
    on_days = sorted({day for _kind, day in counts})
    kinds = [kind for kind in Kind if any(counts[kind, day] for day in on_days)]
    return {
        "days": on_days,
        "rows": [
            {
                "kind": kind,
                "words": kind.label,
                "is_off": kind in off,
                "counts": [(day, counts[kind, day]) for day in on_days],
            }
            for kind in kinds
        ],
    }


def by_day(found: list[Foreseen], off: set[str]) -> list[tuple[date, list[dict[str, Any]]]]:
    """The rows of the page, grouped by the branch's days."""
    names = {client.pk: client for client in Client.objects.filter(pk__in={entry.client for entry in found})}
    labels, ways, languages = dict(Kind.choices), dict(Channel.choices), dict(Language.choices)
    rows = [
        {
            "at": entry.send_at,
            "client": names[entry.client],
            "kinds": " + ".join(str(labels.get(kind, kind)) for kind in entry.kind.split("+")),
            "purpose": entry.purpose,
            "channel": ways.get(entry.channel, entry.channel),
            "language": languages.get(entry.language, entry.language),
            "why": in_words(entry.reason),
            "cost": priced(cost_of(entry)),
            "is_off": all(kind in off for kind in entry.kind.split("+")),
        }
        for entry in found
    ]
    return [(day, list(group)) for day, group in groupby(rows, key=lambda row: row["at"].date())]
