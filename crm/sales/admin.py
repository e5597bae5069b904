"""The office: receipts. A completed sale is never edited; a refund is made at the desk and names it."""

from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display

from crm.sales.models import DayClose, Payment, RebookingDecline, Sale, SaleLine
from crm.team.admin_base import EMPTY, ReadOnlyModelAdmin, ReadOnlyTabular, plain_money, shown_money


class Refunds(admin.SimpleListFilter):
    title = _("kind")
    parameter_name = "refund"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin) -> list[tuple[str, str]]:
        return [("no", _("sales")), ("yes", _("refunds")), ("anonymous", _("without a client"))]

    def queryset(self, request: HttpRequest, queryset):  # type: ignore[no-untyped-def]
        match self.value():
            case "yes":
                return queryset.filter(refund_of__isnull=False)
            case "no":
                return queryset.filter(refund_of__isnull=True)
            case "anonymous":
                return queryset.filter(client__isnull=True)
        return queryset


class LineInline(ReadOnlyTabular):
    model = SaleLine
    fields = ["position", "shown_item", "master", "shown_quantity", "shown_full", "shown_discount", "shown_amount"]
    readonly_fields = ["shown_item", "shown_quantity", "shown_full", "shown_discount", "shown_amount"]
    ordering = ["position"]
    verbose_name_plural = _("Lines")

    @display(description=_("what"))
    def shown_item(self, line: SaleLine) -> str:
        return str(line.service or line.product)

    @display(description=_("quantity"))
    def shown_quantity(self, line: SaleLine) -> str:
        return f"{line.quantity.normalize():f}"

    @display(description=_("before discount"))
    def shown_full(self, line: SaleLine) -> str:
        full = plain_money(line.full_amount)
        if line.usual_amount is None:
            return full
        return _("%(sum)s, usually %(usual)s: %(why)s") % {
            "sum": full,
            "usual": plain_money(line.usual_amount),
            "why": line.lowered_why,
        }

    @display(description=_("discount"))
    def shown_discount(self, line: SaleLine) -> str:
        if not line.discount_amount:
            return EMPTY
        return f"{line.discount_label or line.discount_kind}: {plain_money(line.discount_amount)}"

    @display(description=_("amount"))
    def shown_amount(self, line: SaleLine) -> str:
        return plain_money(line.amount)


class PaymentInline(ReadOnlyTabular):
    model = Payment
    fields = ["method", "shown_amount", "points"]
    readonly_fields = ["shown_amount"]
    verbose_name_plural = _("Payments")

    @display(description=_("amount"))
    def shown_amount(self, payment: Payment) -> str:
        return plain_money(payment.amount)


@admin.register(Sale)
class SaleAdmin(ReadOnlyModelAdmin):
    list_display = ["code", "on", "client", "shown_total", "shown_paid", "branch", "completed_by"]
    list_filter = ["branch", Refunds]
    list_select_related = ["client", "branch", "completed_by"]
    search_fields = ["code", "client__name", "client__code"]
    ordering = ["-on", "-pk"]
    date_hierarchy = "on"
    inlines = [LineInline, PaymentInline]
    fieldsets = [
        (None, {"fields": ["code", "client", "branch", "on", "sold_at", "completed_by"]}),
        (_("Money"), {"fields": ["shown_total", "shown_paid", "shown_tax"]}),
        (_("Belongs to"), {"fields": ["appointment", "refund_of"]}),
    ]

    @display(description=_("total"), ordering="total")
    def shown_total(self, sale: Sale) -> str:
        return shown_money(sale.total, sale.branch.currency)

    @display(description=_("paid in money"), ordering="paid")
    def shown_paid(self, sale: Sale) -> str:
        return shown_money(sale.paid, sale.branch.currency)

    @display(description=_("tax"))
    def shown_tax(self, sale: Sale) -> str:
        return shown_money(sale.tax, sale.branch.currency)


@admin.register(RebookingDecline)
class RebookingDeclineAdmin(ReadOnlyModelAdmin):
    list_display = ["declined_at", "shown_client", "reason", "until"]
    list_filter = ["reason", "sale__branch"]
    list_select_related = ["sale__client"]
    search_fields = ["sale__client__name", "sale__code"]
    ordering = ["-declined_at"]
    date_hierarchy = "declined_at"

    @display(description=_("client"))
    def shown_client(self, decline: RebookingDecline) -> str:
        return str(decline.sale.client or EMPTY)


@admin.register(DayClose)
class DayCloseAdmin(ReadOnlyModelAdmin):
    list_display = ["on", "branch", "client_days", "rebooked", "shown_rate", "shown_revenue"]
    list_filter = ["branch"]
    list_select_related = ["branch"]
    ordering = ["-on"]
    date_hierarchy = "on"

    @display(description=_("rebooking"))
    def shown_rate(self, day: DayClose) -> str:
        return f"{round(100 * day.rebooked / day.client_days)} %" if day.client_days else EMPTY

    @display(description=_("revenue"), ordering="revenue")
    def shown_revenue(self, day: DayClose) -> str:
        return shown_money(day.revenue, day.branch.currency)
