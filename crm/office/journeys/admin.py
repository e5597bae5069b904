"""The office: which kinds of messages are on, when they go, what they give and what they brought."""

from datetime import timedelta
from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.utils import flatten
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.text import capfirst
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST
from unfold.decorators import action, display

from crm.office.effects.words import sentence
from crm.office.journeys.views import forecast_view, switch_on_view, work_out_view
from crm.reports.selectors.figures import salon_currency
from crm.reports.selectors.standing import On
from crm.team.admin_base import ReadWriteModelAdmin, Toned, WithHistory, ask, toned
from crm.team.models import Branch
from loyalty.points.models import LoyaltySettings
from reminders.effect.selectors.effects import effect_of
from reminders.effect.selectors.observing import Series
from reminders.journeys.forms import GIVES, JourneyForm, in_units
from reminders.journeys.models import WITH_CONTROL, Journey
from reminders.journeys.occasions import MARKETING, WIN_BACKS
from reminders.journeys.services.giving import change_gift
from reminders.journeys.services.switching import SWITCHED, change_figures, switch_off
from reminders.journeys.terms import ROWS, Row, terms
from reminders.journeys.views import for_client_view
from reminders.messages.models import Kind

# where the owner finds what a journey takes from elsewhere: each number has one place
LOYALTY = (_("Vouchers, points and cards"), "admin:loyalty_loyaltysettings_changelist")
RULES = (_("Rules of messages"), "admin:reminders_messagesettings_changelist")
PLACES = {
    Kind.FEEDBACK: (RULES,),
    Kind.REASSURANCE: (RULES,),
    Kind.LASHES: ((_("After how many days a service is asked about"), "admin:crm_service_changelist"),),
    Kind.DUE_SOON: (RULES,),
    Kind.BIRTHDAY: (LOYALTY,),
    Kind.POINTS_EXPIRING: (LOYALTY,),
    Kind.CARD_REVIEW: (LOYALTY,),
}
# over which the verdict beside a journey is spoken
YEAR = timedelta(days=365)
RULES_OF_LOYALTY = LoyaltySettings._meta
LISTS = [each.name for each in RULES_OF_LOYALTY.many_to_many]


@admin.register(Journey)
class JourneyAdmin(WithHistory, ReadWriteModelAdmin):
    """A journey as the owner's rule, with what comes with it and what it brought; its words are one tap away."""

    form = JourneyForm
    list_display = ["shown_kind", "shown_state", "shown_when", "shown_way", "on_since", "switched_by"]
    readonly_fields = ["shown_state", "on_since", "forecast_seen_at", "imported_at", "switched_by", "brought", "beside"]
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
            ("forecast/", "reminders_journey_forecast", forecast_view),
            ("forecast/anew/", "reminders_journey_work_out", require_POST(work_out_view)),
            ("switch-on/", "reminders_journey_switch_on", require_POST(switch_on_view)),
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

    @display(description=_("until now"))
    def brought(self, journey: Journey) -> str:
        """The verdict on all that has gone of it, with the way to the numbers."""
        if not Branch.objects.exists():
            return ""
        on = On.of(None, timezone.now())
        effect, _observed = effect_of(Series(journey.kind), since=on.now - YEAR, until=on.now, now=on.now)
        words = (
            sentence(effect, salon_currency()) if effect.sent + effect.held_back + effect.running else _("Nothing yet.")
        )
        url = f"{reverse('effect', args=[journey.kind])}?days=365"
        return format_html('{} <a class="text-link" href="{}">{}</a>', words, url, _("The numbers"))

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
        by_hand = ["otherwise"] if obj is not None and (obj.kind not in MARKETING or obj.kind in WIN_BACKS) else []
        is_compared = obj is not None and obj.kind in WITH_CONTROL
        gives = GIVES.get(Kind(obj.kind), ()) if obj is not None else ()
        return [
            (None, {"fields": [("shown_state", "on_since", "switched_by")]}),
            (_("When and how"), {"fields": [*figures, "way", *by_hand]}),
            *([(_("What comes with it"), {"fields": gives})] if gives else []),
            *([(_("What it brings"), {"fields": ["control_percent", "brought"]})] if is_compared else []),
            (_("Elsewhere"), {"fields": ["beside"]}),
        ]

    def get_form(self, request: HttpRequest, obj: Journey | None = None, change: bool = False, **kwargs: Any) -> Any:
        # which fields there are is the form's own decision: it knows the kind
        kwargs["fields"] = JourneyForm.Meta.fields
        names = flatten(GIVES.get(Kind(obj.kind), ())) if obj is not None else []
        given = {name: self.formfield_for_dbfield(RULES_OF_LOYALTY.get_field(name), request) for name in names}
        kwargs["form"] = type("JourneyForm", (JourneyForm,), given)
        return super().get_form(request, obj, change, **kwargs)

    def get_autocomplete_fields(self, request: HttpRequest) -> list[str]:
        return LISTS

    def save_model(self, request: HttpRequest, obj: Journey, form: Any, change: bool) -> None:
        with transaction.atomic():
            change_figures(journey=obj, now=timezone.now())
            if form.gift:
                change_gift(figures=form.gift)

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
