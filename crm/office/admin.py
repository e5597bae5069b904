"""The office: records whose change reaches into other rooms. Here, at the roof, the rooms above may be told."""

from typing import Any
from uuid import uuid4

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.contrib import admin, messages
from django.contrib.auth.models import Group
from django.db import transaction
from django.db.models import QuerySet
from django.forms import Form, ModelForm
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext_lazy as _
from unfold.decorators import action, display

from crm.booking.admin import AgreementInline
from crm.booking.services import refresh_pulses, service_rules_changed
from crm.catalogue.admin import (
    FollowInline,
    RecommendationInline,
    RoomInline,
    SkillInline,
    StretchInline,
    WordsInline,
)
from crm.catalogue.models import Service
from crm.office.campaigns.holidays import HolidayDayAdmin  # noqa: F401 the page registers itself
from crm.office.forms import AdjustForm, PointsForm, VoucherForm
from crm.office.journeys.admin import JourneyAdmin  # noqa: F401 the page registers itself
from crm.office.leaving import NamesVisitsAhead
from crm.office.merging.admin import ClientMergeAdmin  # noqa: F401 the page registers itself
from crm.office.rooms import GivesRooms
from crm.people.admin import NoteInline
from crm.people.models import Client
from crm.people.searching import search_digits_of, words_of
from crm.people.selectors import beginning
from crm.people.services import write_search, write_tokens
from crm.reports.selectors.states import PAUSE_WORDS, STATE_WORDS, standings
from crm.team.admin import MasterAdmin
from crm.team.admin_base import (
    EMPTY,
    ReadWriteModelAdmin,
    SingleRowAdmin,
    Toned,
    WithHistory,
    WithNearDays,
    ask,
    shown_money,
    toned,
)
from crm.team.models import CrmSettings, Master
from crm.team.selectors import branch_day, hold_salon_settings, zone
from crm.team.wording import isolated
from loyalty.points.models import LedgerEntry
from loyalty.points.selectors import loyalty_settings
from loyalty.points.services import GestureRefused, NotEnoughPoints, adjust_points, give_gesture
from loyalty.vouchers.services import issue_voucher
from reminders.consent.services import revive
from reminders.links.words import standing_policy
from reminders.messages.speech import speech_of

# rights follow the role (crm/team/admin_base.py), and second factors are their owners' own business
for _unused in (Group, EmailAddress, Authenticator):
    if admin.site.is_registered(_unused):
        admin.site.unregister(_unused)

RHYTHM_FIELDS = {"rhythm_default", "rhythm_min", "rhythm_max"}
COMPLAINT_FIELDS = [
    "complaint_answer_hours", ("complaint_urgent_hours", "complaint_solve_hours"),
    ("amends_master_limit", "amends_reception_limit"), "complaint_call_days", "complaint_pause_days",
]  # fmt: skip
ENOUGH_DIGITS = 3
STATE_TONES = {
    "booked": "success",
    "on_rhythm": "success",
    "due": "info",
    "late": "warning",
    "lapsed": "danger",
    "lost": "default",
}


class StateFilter(admin.SimpleListFilter):
    title = _("rhythm")
    parameter_name = "rhythm"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin) -> list[tuple[str, Any]]:
        return list(STATE_WORDS.items())

    def queryset(self, request: HttpRequest, queryset: QuerySet[Client]) -> QuerySet[Client]:
        now = timezone.now()
        today = now.date()
        lasts = {
            "on_rhythm": {"pulse__rhythm_until__gte": today},
            "due": {"pulse__rhythm_until__lt": today, "pulse__due_until__gte": today},
            "late": {"pulse__due_until__lt": today, "pulse__late_until__gte": today},
            "lapsed": {"pulse__late_until__lt": today, "pulse__lapsed_until__gte": today},
            "lost": {"pulse__lapsed_until__lt": today},
        }
        if self.value() == "booked":
            return queryset.filter(pulse__last_counting_on__isnull=False, pulse__open_until__gte=now)
        if self.value() in lasts:
            return queryset.exclude(pulse__open_until__gte=now).filter(**lasts[self.value()])
        return queryset


@admin.register(Master)
class MasterOfficeAdmin(NamesVisitsAhead, MasterAdmin):
    """Here at the roof, as she may have visits."""


@admin.register(Client)
class ClientAdmin(WithNearDays, WithHistory, ReadWriteModelAdmin):
    near_days = ("break_from", "break_until")
    list_display = ["__str__", "shown_phone", "language", "shown_state", "shown_pause", "shown_last", "branch"]
    list_filter = [StateFilter, "status", "branch", "language", "preferred_channel", "tags"]
    list_select_related = ["branch", "pulse"]
    search_fields = ["name", "called", "code", "phone", "email"]
    search_help_text = _("Name in any script, code, e-mail, or the last digits of the phone")
    ordering = ["name", "code"]
    autocomplete_fields = ["referred_by", "tags"]
    inlines = [NoteInline, AgreementInline]
    readonly_fields = ["at_the_desk", "created_at"]
    actions_detail = ["give_points", "give_voucher", "adjust"]
    fieldsets = [
        (None, {"fields": ["at_the_desk", ("name", "called"), ("code", "branch")]}),
        (
            _("Contact"),
            {
                "fields": [
                    ("phone", "email", "messenger"),
                    "postal_address",
                    ("language", "preferred_channel"),
                    ("address_form", "gender"),
                    "time_zone",
                ]
            },
        ),
        (_("About her"), {"fields": [("birth_day", "birth_month"), "birth_year", ("holidays", "drink"), "tags"]}),
        (_("Where from"), {"fields": [("referred_by", "source"), ("since", "created_at")]}),
        (_("Status"), {"fields": ["status", ("break_from", "break_until"), "break_is_open"]}),
    ]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Client]:
        return super().get_queryset(request).select_related("branch", "pulse")

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Client], search_term: str
    ) -> tuple[QuerySet[Client], bool]:
        """Names in any script, by the same words that the desk searches."""
        found, twice = super().get_search_results(request, queryset, search_term)
        words, digits = words_of(search_term), search_digits_of(search_term)
        if not words:
            return found, twice
        by_words = beginning(queryset, words)
        either = found | queryset.filter(pk__in=by_words.values("pk"))
        if len(digits) >= ENOUGH_DIGITS:
            either = either | queryset.filter(pk__in=queryset.filter(search_digits__contains=digits).values("pk"))
        return either, True

    def save_model(self, request: HttpRequest, obj: Client, form: ModelForm, change: bool) -> None:
        now = timezone.now()
        write_search(obj)
        if obj.created_at is None and not change:
            obj.created_at = now
        with transaction.atomic():
            super().save_model(request, obj, form, change)
            write_tokens([obj.pk])
            revive(client=obj, changed=form.changed_data)
            refresh_pulses(client_ids=[obj.pk], now=now)

    def get_changelist_instance(self, request: HttpRequest) -> Any:
        """Where each of the listed clients stands is asked once for the page, not once a row."""
        changelist = super().get_changelist_instance(request)
        now = timezone.now()
        request.standings = {}  # type: ignore[attr-defined]
        by_zone: dict[Any, list[Client]] = {}
        for client in changelist.result_list:
            by_zone.setdefault(zone(client.branch), []).append(client)
        for there, clients in by_zone.items():
            request.standings |= standings(clients, today=now.astimezone(there).date(), now=now)  # type: ignore[attr-defined]
        for client in changelist.result_list:
            client.standing = request.standings[client.pk]  # type: ignore[attr-defined]
        return changelist

    @display(description=_("phone"), ordering="phone")
    def shown_phone(self, client: Client) -> str:
        # digits read from the left also between Arabic words
        return format_html('<bdi dir="ltr">{}</bdi>', client.phone) if client.phone else EMPTY

    @display(description=_("rhythm"), label=STATE_TONES)
    def shown_state(self, client: Client) -> Toned | None:
        state = client.standing.state if hasattr(client, "standing") else None
        return toned(state, STATE_WORDS[state]) if state else None

    @display(description=_("resting"))
    def shown_pause(self, client: Client) -> Any:
        pause = client.standing.pause if hasattr(client, "standing") else None
        return PAUSE_WORDS[pause] if pause else EMPTY

    @display(description=_("last visit"), ordering="pulse__last_visit_on")
    def shown_last(self, client: Client) -> Any:
        pulse = getattr(client, "pulse", None)
        return pulse.last_visit_on if pulse else None

    @action(description=_("Give points"), url_path="points", permissions=["office"], icon="loyalty")
    def give_points(self, request: HttpRequest, object_id: str) -> HttpResponse:
        client = self.get_object(request, object_id)
        form = PointsForm(request.POST or None, initial={"key": uuid4()})
        if not form.is_valid():
            return self._ask(request, client, form, _("Give points to %(name)s"), _("Give"))
        asked = form.cleaned_data
        try:
            given = give_gesture(
                client=client,
                points=asked["points"],
                reason=asked["reason"],
                key=str(asked["key"]),
                user=request.user,
                now=timezone.now(),
                rules=loyalty_settings(),
            )
        except GestureRefused as refusal:
            messages.error(request, str(refusal))
        else:
            if isinstance(given, LedgerEntry):
                messages.success(
                    request,
                    ngettext("%(points)s point is hers.", "%(points)s points are hers.", given.points)
                    % {"points": given.points},
                )
            else:
                messages.warning(request, _("She bears your name: another owner decides about these points."))
        return self._back(client)

    @action(description=_("Adjust points"), url_path="adjust", permissions=["office"], icon="exposure")
    def adjust(self, request: HttpRequest, object_id: str) -> HttpResponse:
        client = self.get_object(request, object_id)
        form = AdjustForm(request.POST or None, initial={"key": uuid4()})
        if form.is_valid():
            asked = form.cleaned_data
            try:
                adjust_points(
                    client=client,
                    points=asked["points"],
                    reason=asked["reason"],
                    key=str(asked["key"]),
                    user=request.user,
                    now=timezone.now(),
                )
            except (GestureRefused, NotEnoughPoints) as refusal:
                form.add_error(None, str(refusal))
            else:
                messages.success(request, _("The balance is put right. The ledger says why."))
                return self._back(client)
        return self._ask(request, client, form, _("Adjust the points of %(name)s"), _("Adjust"))

    @action(description=_("Give a voucher"), url_path="voucher", permissions=["office"], icon="confirmation_number")
    def give_voucher(self, request: HttpRequest, object_id: str) -> HttpResponse:
        client = self.get_object(request, object_id)
        now = timezone.now()
        today = branch_day(client.branch, now)
        form = VoucherForm(request.POST or None, initial={"key": uuid4()}, today=today)
        if not form.is_valid():
            return self._ask(request, client, form, _("Give a voucher to %(name)s"), _("Give"))
        asked = form.cleaned_data
        voucher = issue_voucher(
            client=client,
            branch=client.branch,
            kind=asked["kind"],
            key=f"office {asked['key']}",
            now=now,
            valid_from=today,
            valid_until=asked["valid_until"],
            percent=asked["percent"],
            amount=asked["amount"],
            services_only=asked["services_only"],
            user=request.user,
        )
        messages.success(request, _("Her code is %(code)s.") % {"code": voucher.code})
        return self._back(client)

    def _ask(self, request: HttpRequest, client: Client, form: Form, title: Any, submit: Any) -> HttpResponse:
        back = reverse("admin:crm_client_change", args=[client.pk])
        return ask(
            self, request, title=title % {"name": isolated(client.shown_name)}, form=form, submit=submit, back=back
        )

    def _back(self, client: Client) -> HttpResponse:
        return HttpResponseRedirect(reverse("admin:crm_client_change", args=[client.pk]))

    @display(description=_("at the desk"))
    def at_the_desk(self, client: Client) -> str:
        try:
            url = reverse("desk:client", args=[client.pk])
        except NoReverseMatch:
            return EMPTY
        return format_html(
            '<a class="text-primary-600 dark:text-primary-500 font-medium" href="{}">{}</a>', url, _("Open her card")
        )


class ServiceWordsInline(WordsInline):
    """The words of a service, with those proposed that hold where none are written."""

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        standing = standing_policy(speech_of(Client(), get_language() or "")) if db_field.name == "policy" else ""
        if field is not None and standing:
            field.help_text = format_html("{} {} “{}”", field.help_text, _("Empty:"), standing)
        return field


@admin.register(Service)
class ServiceAdmin(GivesRooms, WithHistory, ReadWriteModelAdmin):
    list_display = [
        "name", "category", "minutes", "shown_price", "usual_return_days", "ask_after_days", "is_one_off",
        "shown_languages", "branch", "is_active",
    ]  # fmt: skip
    list_filter = ["branch", "category", "is_active", "is_one_off"]
    list_select_related = ["branch"]
    search_fields = ["name", "code", "category"]
    ordering = ["category", "name"]
    inlines = [ServiceWordsInline, StretchInline, RoomInline, FollowInline, SkillInline, RecommendationInline]
    autocomplete_fields = ["otherwise"]
    fieldsets = [
        (None, {"fields": [("name", "code"), ("category", "branch"), ("is_active", "is_bookable_online")]}),
        (_("Time and price"), {"fields": [("minutes", "buffer_minutes"), "price"]}),
        (_("What follows it"), {"fields": [("usual_return_days", "ask_after_days"), "is_one_off", "otherwise"]}),
    ]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Service]:
        return super().get_queryset(request).prefetch_related("words")

    @display(description=_("price"), ordering="price")
    def shown_price(self, service: Service) -> str:
        return shown_money(service.price, service.branch.currency)

    @display(description=_("words in"))
    def shown_languages(self, service: Service) -> str:
        return ", ".join(sorted(words.language for words in service.words.all())) or EMPTY

    def save_model(self, request: HttpRequest, obj: Service, form: ModelForm, change: bool) -> None:
        with transaction.atomic():
            super().save_model(request, obj, form, change)
            if change and {"is_one_off", "usual_return_days", "ask_after_days"} & set(form.changed_data):
                service_rules_changed(service=obj, now=timezone.now())


@admin.register(CrmSettings)
class SalonSettingsAdmin(SingleRowAdmin):
    fieldsets = [
        (_("The salon"), {"fields": ["salon_name", "accent", "logo", "address_form"]}),
        (
            _("Rhythm"),
            {
                "fields": ["rhythm_default", ("rhythm_min", "rhythm_max"), "break_default_days"],
                "description": _("A change is worked out anew for every client, at once."),
            },
        ),
        (
            _("Booking"),
            {"fields": [("slot_grid", "undo_minutes"), ("margin_percent", "promise_axis"), "wait_flag_minutes"]},
        ),
        (
            _("Booking by clients"),
            {
                "fields": ["self_booking", ("self_booking_notice", "self_booking_days"), "client_change_hours"],
                "description": _("What can be booked so is said with each service."),
            },
        ),
        (
            _("Missed visits"),
            {
                "fields": [("late_cancel_hours", "misses_flagged")],
                "description": _(
                    "They are counted and pointed out at the next booking. What a client is told before she books "
                    "stands with each service, under its words."
                ),
            },
        ),
        (_("Waiting list"), {"fields": [("waiting_policy", "waiting_hold_minutes")]}),
        (_("Quiet hours of the week"), {"fields": ["full_from_percent"]}),
        (_("Complaints"), {"fields": COMPLAINT_FIELDS}),
    ]

    def save_model(self, request: HttpRequest, obj: CrmSettings, form: ModelForm, change: bool) -> None:
        with transaction.atomic():
            super().save_model(request, obj, form, change)
            hold_salon_settings(None)
            if (RHYTHM_FIELDS | {"complaint_pause_days"}) & set(form.changed_data):
                refresh_pulses(
                    client_ids=Client.objects.order_by("pk").values_list("pk", flat=True), now=timezone.now()
                )
