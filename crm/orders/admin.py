"""The office: orders, what is ordered from suppliers, places that have it, and who was helped."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display

from crm.orders.models import Order, OrderEvent, OtherPlace, Place, StockHelp, SupplierOrder, SupplierOrderLine
from crm.team.admin_base import (
    ReadOnlyModelAdmin,
    ReadOnlyTabular,
    ReadWriteModelAdmin,
    Toned,
    WithHistory,
    shown_money,
    toned,
)


class OrderEventInline(ReadOnlyTabular):
    model = OrderEvent
    fields = ["at", "kind", "user", "promised_before", "promised_after", "reason", "undone_at"]
    ordering = ["at"]
    verbose_name_plural = _("What happened")


@admin.register(Order)
class OrderAdmin(ReadOnlyModelAdmin):
    list_display = ["accepted_at", "client", "product", "quantity", "shown_price", "shown_stage", "promised_on"]
    list_filter = ["stage", "branch"]
    list_select_related = ["client", "product", "branch"]
    search_fields = ["client__name", "client__code", "product__name", "note"]
    date_hierarchy = "accepted_at"
    ordering = ["-accepted_at"]
    inlines = [OrderEventInline]

    @display(description=_("price"), ordering="price")
    def shown_price(self, order: Order) -> str:
        return shown_money(order.price, order.branch.currency)

    @display(
        description=_("stage"),
        label={
            **dict.fromkeys(Order.COMING, "info"),
            "arrived": "warning",
            "handed_over": "success",
            "called_off": "danger",
        },
        ordering="stage",
    )
    def shown_stage(self, order: Order) -> Toned:
        return toned(order.stage, order.get_stage_display())


class SupplierLineInline(ReadOnlyTabular):
    model = SupplierOrderLine
    fields = ["product", "quantity", "arrived"]


@admin.register(SupplierOrder)
class SupplierOrderAdmin(ReadOnlyModelAdmin):
    list_display = ["ordered_at", "supplier", "ordered_by", "arrived_at", "booked_in_by", "branch"]
    list_filter = ["branch", "supplier"]
    list_select_related = ["branch", "ordered_by", "booked_in_by"]
    ordering = ["-ordered_at"]
    inlines = [SupplierLineInline]


@admin.register(Place)
class PlaceAdmin(WithHistory, ReadWriteModelAdmin):
    list_display = ["name", "address", "phone", "is_active", "branch"]
    list_filter = ["branch", "is_active"]
    list_select_related = ["branch"]
    search_fields = ["name", "address"]
    ordering = ["name"]
    fields = ["branch", "name", "address", "phone", "is_active"]


class OtherPlaceInline(ReadOnlyTabular):
    model = OtherPlace
    fields = ["name", "address", "price"]
    ordering = ["position"]


@admin.register(StockHelp)
class StockHelpAdmin(ReadOnlyModelAdmin):
    list_display = ["at", "client", "product", "wants_word", "given_up_at", "user", "branch"]
    list_filter = ["branch", "wants_word"]
    list_select_related = ["client", "product", "branch", "user"]
    search_fields = ["client__name", "client__code", "product__name"]
    date_hierarchy = "at"
    ordering = ["-at"]
    inlines = [OtherPlaceInline]
