"""The office: partners, their PIN and codes, both directions counted, months to be closed."""

import csv

from django import forms
from django.contrib import admin, messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext_lazy as _
from unfold.decorators import action, display

from crm.team.admin_base import (
    EMPTY,
    ReadOnlyModelAdmin,
    ReadWriteModelAdmin,
    Toned,
    WithHistory,
    WithNearDays,
    ask,
    shown_money,
    toned,
)
from crm.team.selectors import branch_day
from loyalty.partners.forms import BatchForm, MonthForm
from loyalty.partners.models import Partner, PartnerBatch, PartnerCode, PartnerEvent, PartnerStatement
from loyalty.partners.selectors import Month, is_open, months_of
from loyalty.partners.services import MonthRefused, make_batch, new_pin, settle_month


@admin.register(Partner)
class PartnerAdmin(WithNearDays, WithHistory, ReadWriteModelAdmin):
    near_days = ("from_on", "until_on")
    list_display = ["name", "kind", "branch", "gives_there", "percent_here", "shown_state"]
    list_filter = ["is_active", "branch"]
    list_select_related = ["branch"]
    search_fields = ["name", "kind", "contact"]
    ordering = ["name"]
    prepopulated_fields = {"slug": ["name"]}
    autocomplete_fields = ["services"]
    readonly_fields = ["months"]
    actions_detail = ["pin", "codes", "settle", "statement"]
    fieldsets = [
        (None, {"fields": [("name", "kind"), "contact", ("branch", "slug"), "is_active", ("from_on", "until_on")]}),
        (_("Ours there"), {"fields": ["gives_there", "code_days"]}),
        (_("Theirs here"), {"fields": ["percent_here", "services"]}),
        (_("Both directions"), {"fields": ["months"]}),
    ]

    @display(description=_("state"), label={"on": "success", "off": "danger"})
    def shown_state(self, partner: Partner) -> Toned:
        if is_open(partner, branch_day(partner.branch, timezone.now())):
            return toned("on", _("on"))
        return toned("off", _("off"))

    @display(description=_("month by month"))
    def months(self, partner: Partner) -> SafeString | str:
        rows = months_of(partner) if partner.pk else []
        return format_html_join(mark_safe("<br>"), "{}", ((month_words(row, partner),) for row in rows)) or EMPTY

    @action(description=_("New PIN"), url_path="pin", permissions=["office"], icon="pin")
    def pin(self, request: HttpRequest, object_id: str) -> HttpResponse:
        partner = self._partner(request, object_id)
        if request.method != "POST":
            return ask(
                self,
                request,
                title=_("Make a new PIN?"),
                description=_("It is shown once. The old one, and devices that used it, get in no more."),
                submit=_("New PIN"),
                back=self._back(partner),
            )
        pin = new_pin(partner=partner)
        messages.success(
            request,
            _(
                "The PIN of %(name)s is %(pin)s. Its page is %(address)s. Write both down now: the PIN is not shown again."
            )
            % {
                "name": partner.name,
                "pin": f"{pin[:4]} {pin[4:]}",
                "address": request.build_absolute_uri(reverse("partner:page", args=[partner.slug])),
            },
        )
        return HttpResponseRedirect(self._back(partner))

    @action(description=_("Codes to hand out"), url_path="codes", permissions=["office"], icon="confirmation_number")
    def codes(self, request: HttpRequest, object_id: str) -> HttpResponse:
        partner = self._partner(request, object_id)
        form = BatchForm(request.POST or None)
        if request.method == "POST" and form.is_valid():
            batch = make_batch(partner=partner, now=timezone.now(), user=request.user, **form.cleaned_data)
            return HttpResponseRedirect(reverse("admin:loyalty_partnerbatch_change", args=[batch.pk]))
        return self._ask(
            request, partner, form, _("Codes to hand out"), _("Each is good once here, for one client of theirs.")
        )

    @action(description=_("Close a month"), url_path="settle", permissions=["office"], icon="event_available")
    def settle(self, request: HttpRequest, object_id: str) -> HttpResponse:
        partner = self._partner(request, object_id)
        this_month = branch_day(partner.branch, timezone.now()).replace(day=1)
        open_ones = [row.month for row in months_of(partner) if row.settled is None and row.month < this_month]
        form = MonthForm(request.POST or None, months=open_ones)
        if request.method == "POST" and form.is_valid():
            try:
                settle_month(partner=partner, month=form.chosen, user=request.user, now=timezone.now())
            except MonthRefused as refusal:
                messages.error(request, str(refusal))
            else:
                messages.success(request, _("The month is closed; its figures stay."))
            return HttpResponseRedirect(self._back(partner))
        return self._ask(
            request, partner, form, _("Close a month"), _("What the statement says from then on never changes.")
        )

    @action(description=_("Statement as a file"), url_path="statement", permissions=["office"], icon="download")
    def statement(self, request: HttpRequest, object_id: str) -> HttpResponse:
        partner = self._partner(request, object_id)
        response = _file(f"{partner.slug}.csv")
        writer = csv.writer(response)
        writer.writerow(["month", "taken", "confirmed", "used", "given_here", "currency", "settled"])
        for row in months_of(partner):
            settled = row.settled.settled_on.isoformat() if row.settled else ""
            writer.writerow(
                [f"{row.month:%Y-%m}", row.taken, row.confirmed, row.used, row.saved, partner.branch.currency, settled]
            )
        return response

    def _partner(self, request: HttpRequest, object_id: str) -> Partner:
        partner = self.get_object(request, object_id)
        if partner is None:
            raise Http404
        return partner

    def _back(self, partner: Partner) -> str:
        return reverse("admin:loyalty_partner_change", args=[partner.pk])

    def _ask(
        self, request: HttpRequest, partner: Partner, form: forms.Form, title: object, description: object
    ) -> HttpResponse:
        return ask(self, request, title=title, form=form, description=description, back=self._back(partner))


def month_words(row: Month, partner: Partner) -> str:
    """One month in a line: what was taken, confirmed, used and given, and when it was settled."""
    words = _(
        "%(month)s: %(taken)s taken, %(confirmed)s confirmed there (%(share)s), %(used)s used here, %(saved)s given"
    ) % {
        "month": f"{row.month:%Y-%m}",
        "taken": row.taken,
        "confirmed": row.confirmed,
        "share": EMPTY if row.rate is None else f"{row.rate} %",
        "used": row.used,
        "saved": shown_money(row.saved, partner.branch.currency),
    }
    if row.settled is None:
        return words
    return _("%(words)s; settled on %(day)s") % {"words": words, "day": row.settled.settled_on}


def _file(name: str) -> HttpResponse:
    return HttpResponse(
        content_type="text/csv; charset=utf-8", headers={"Content-Disposition": f'attachment; filename="{name}"'}
    )


@admin.register(PartnerBatch)
class PartnerBatchAdmin(ReadOnlyModelAdmin):
    list_display = ["made_at", "partner", "count", "valid_until", "made_by"]
    list_filter = ["partner"]
    list_select_related = ["partner", "made_by"]
    ordering = ["-made_at"]
    actions_detail = ["codes_file"]

    @action(description=_("Codes as a file"), url_path="codes", permissions=["office"], icon="download")
    def codes_file(self, request: HttpRequest, object_id: str) -> HttpResponse:
        batch = self.get_object(request, object_id)
        if batch is None:
            raise Http404
        response = _file(f"{batch.partner.slug}-{batch.pk}.csv")
        writer = csv.writer(response)
        writer.writerow(["code", "valid_until"])
        for code in batch.codes.order_by("pk").values_list("code", flat=True):
            # in two groups: easier to type, and no spreadsheet takes it for a number
            writer.writerow([f"{code[:5]}-{code[5:]}", batch.valid_until.isoformat()])
        return response


@admin.register(PartnerCode)
class PartnerCodeAdmin(ReadOnlyModelAdmin):
    list_display = ["code", "partner", "side", "client", "made_at", "valid_until", "used_at"]
    list_filter = ["partner", "side", ("used_at", admin.EmptyFieldListFilter)]
    list_select_related = ["partner", "client"]
    search_fields = ["code", "client__name", "client__code"]
    ordering = ["-made_at", "-pk"]
    date_hierarchy = "made_on"


@admin.register(PartnerEvent)
class PartnerEventAdmin(ReadOnlyModelAdmin):
    list_display = ["at", "partner", "kind", "code", "sale", "shown_saved", "user"]
    list_filter = ["partner", "kind"]
    list_select_related = ["partner__branch", "code", "sale", "user"]
    search_fields = ["code__code", "sale__code"]
    ordering = ["-at", "-pk"]
    date_hierarchy = "on"

    @display(description=_("saved"), ordering="saved")
    def shown_saved(self, event: PartnerEvent) -> str:
        return shown_money(event.saved, event.partner.branch.currency) if event.saved else EMPTY


@admin.register(PartnerStatement)
class PartnerStatementAdmin(ReadOnlyModelAdmin):
    list_display = ["partner", "shown_month", "taken", "confirmed", "used", "shown_saved", "settled_on", "settled_by"]
    list_filter = ["partner"]
    list_select_related = ["partner__branch", "settled_by"]
    ordering = ["-month", "partner__name"]

    @display(description=_("month"), ordering="month")
    def shown_month(self, statement: PartnerStatement) -> str:
        return f"{statement.month:%Y-%m}"

    @display(description=_("discounts given here"), ordering="saved")
    def shown_saved(self, statement: PartnerStatement) -> str:
        return shown_money(statement.saved, statement.partner.branch.currency)
