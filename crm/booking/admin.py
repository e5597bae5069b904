"""The office: appointments and visits to look at. They are made and changed at the desk."""

from django.contrib import admin
from django.db.models import Prefetch, Q, QuerySet
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils import formats
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display

from crm.booking.models import (
    Accommodation,
    Appointment,
    AppointmentEvent,
    AppointmentService,
    Visit,
    VisitItem,
    WaitingEntry,
    WaitingOffer,
    WaitingService,
)
from crm.booking.selectors import cancelled_late
from crm.team.admin_base import (
    EMPTY,
    ReadOnlyModelAdmin,
    ReadOnlyTabular,
    ReadWriteTabular,
    Toned,
    plain_money,
    shown_money,
    toned,
)
from crm.team.selectors import salon_settings, zone

STATUS_TONES = {
    "booked": "info",
    "confirmed": "info",
    "arrived": "warning",
    "in_progress": "warning",
    "done": "success",
    "cancelled": "danger",
    "no_show": "danger",
}


class AgreementInline(ReadWriteTabular):
    model = Accommodation
    fields = ["service", "minutes", "price", "note"]
    autocomplete_fields = ["service"]
    tab = True
    verbose_name_plural = _("Agreed with her")


class LineInline(ReadOnlyTabular):
    model = AppointmentService
    fields = ["service", "master", "minutes", "shown_price"]
    readonly_fields = ["shown_price"]
    ordering = ["position"]
    verbose_name_plural = _("Services")

    @display(description=_("price"))
    def shown_price(self, line: AppointmentService) -> str:
        return plain_money(line.price)


class EventInline(ReadOnlyTabular):
    model = AppointmentEvent
    fields = ["at", "kind", "user", "via", "reason"]
    ordering = ["at"]
    verbose_name_plural = _("What happened")


class Missed(admin.SimpleListFilter):
    """Whose time was kept in vain (rules.md, Visits)."""

    title = _("kept in vain")
    parameter_name = "missed"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin) -> list[tuple[str, str]]:
        return [("any", _("missed or cancelled late")), ("late", _("cancelled late"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        late = cancelled_late(salon_settings())
        kinds = {"any": Q(status=Appointment.Status.NO_SHOW) | late, "late": late}
        return queryset.filter(kinds[value]) if (value := self.value()) in kinds else queryset


@admin.register(Appointment)
class AppointmentAdmin(ReadOnlyModelAdmin):
    list_display = [
        "shown_when", "client", "shown_services", "master", "shown_status", "shown_price", "branch",
    ]  # fmt: skip
    list_filter = ["status", Missed, "branch", "master", "rebooked_on_spot"]
    list_select_related = ["branch", "client", "master"]
    search_fields = ["code", "client__name", "client__code", "master__name"]
    ordering = ["-on", "-starts_at"]
    date_hierarchy = "on"
    inlines = [LineInline, EventInline]
    fieldsets = [
        (None, {"fields": ["at_the_desk", "client", "master", "branch", "shown_when", "shown_status"]}),
        (_("Agreed"), {"fields": ["minutes", "told_minutes", "shown_price", "wish", "rebooked_on_spot"]}),
        (_("Booked"), {"fields": ["booked_at", "booked_by", "code"]}),
        (_("Came"), {"fields": ["arrived_at", "started_at", "finished_at"]}),
        (_("Cancelled"), {"fields": ["cancelled_at", "cancelled_by", "cancel_reason"]}),
    ]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Appointment]:
        lines = AppointmentService.objects.select_related("service").order_by("position")
        return super().get_queryset(request).prefetch_related(Prefetch("lines", queryset=lines))

    @display(description=_("when"), ordering="starts_at")
    def shown_when(self, appointment: Appointment) -> str:
        day = formats.date_format(appointment.on, "SHORT_DATE_FORMAT")
        if appointment.starts_at is None:
            return day
        # by the clock of its own branch, whatever the clock of who looks
        there = appointment.starts_at.astimezone(zone(appointment.branch))
        return f"{day}, {there:%H:%M}"

    @display(description=_("services"))
    def shown_services(self, appointment: Appointment) -> str:
        return ", ".join(line.service.name for line in appointment.lines.all()) or EMPTY

    @display(description=_("status"), label=STATUS_TONES, ordering="status")
    def shown_status(self, appointment: Appointment) -> Toned:
        return toned(appointment.status, appointment.get_status_display())

    @display(description=_("price"), ordering="price")
    def shown_price(self, appointment: Appointment) -> str:
        return shown_money(appointment.price, appointment.branch.currency)

    @display(description=_("at the desk"))
    def at_the_desk(self, appointment: Appointment) -> str:
        try:
            url = reverse("desk:visit", args=[appointment.pk])
        except NoReverseMatch:
            return EMPTY
        return format_html(
            '<a class="text-primary-600 dark:text-primary-500 font-medium" href="{}">{}</a>', url, _("Open it there")
        )


class ItemInline(ReadOnlyTabular):
    model = VisitItem
    fields = ["service", "product", "master", "source"]
    verbose_name_plural = _("What was done and sold")


@admin.register(Visit)
class VisitAdmin(ReadOnlyModelAdmin):
    list_display = ["on", "client", "shown_items", "branch", "counts", "is_paid"]
    list_filter = ["branch", "counts", "is_paid"]
    list_select_related = ["client", "branch"]
    search_fields = ["client__name", "client__code"]
    ordering = ["-on", "-pk"]
    date_hierarchy = "on"
    inlines = [ItemInline]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Visit]:
        items = VisitItem.objects.select_related("service", "product")
        return super().get_queryset(request).prefetch_related(Prefetch("items", queryset=items))

    @display(description=_("what was done and sold"))
    def shown_items(self, visit: Visit) -> str:
        names = [str(item.service or item.product) for item in visit.items.all() if item.service or item.product]
        return ", ".join(dict.fromkeys(names)) or EMPTY


class OfferInline(ReadOnlyTabular):
    model = WaitingOffer
    fields = ["starts_at", "master", "offered_at", "until", "keeps", "state", "closed_at"]
    ordering = ["offered_at"]
    verbose_name_plural = _("What was offered to her")


WAITING_TONES = {"waiting": "warning", "booked": "success", "withdrawn": "default", "over": "default"}


@admin.register(WaitingEntry)
class WaitingEntryAdmin(ReadOnlyModelAdmin):
    list_display = ["created_at", "client", "shown_services", "master", "from_day", "to_day", "shown_state", "branch"]
    list_filter = ["state", "branch", "master"]
    list_select_related = ["client", "master", "branch"]
    search_fields = ["client__name", "client__code"]
    ordering = ["-created_at", "-pk"]
    inlines = [OfferInline]
    fieldsets = [
        (None, {"fields": ["client", "branch", "shown_services", "master", "shown_state", "note"]}),
        (_("When"), {"fields": ["from_day", "to_day", "from_time", "to_time", "weekdays", "instead_of"]}),
        (_("How it ended"), {"fields": ["appointment", "created_at", "closed_at", "user"]}),
    ]

    def get_queryset(self, request: HttpRequest) -> QuerySet[WaitingEntry]:
        lines = WaitingService.objects.select_related("service").order_by("position")
        return super().get_queryset(request).prefetch_related(Prefetch("lines", queryset=lines))

    @display(description=_("services"))
    def shown_services(self, entry: WaitingEntry) -> str:
        return ", ".join(line.service.name for line in entry.lines.all()) or EMPTY

    @display(description=_("state"), label=WAITING_TONES, ordering="state")
    def shown_state(self, entry: WaitingEntry) -> Toned:
        return toned(entry.state, entry.get_state_display())
