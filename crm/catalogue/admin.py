"""The office: products. Services and rooms are edited one roof higher: they reach into rhythms and into visits."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display

from crm.catalogue.models import (
    FollowRule,
    Product,
    Recommendation,
    ServiceRoom,
    ServiceStretch,
    ServiceWords,
    Skill,
    StockMove,
    StockTake,
    StockTakeLine,
)
from crm.catalogue.selectors import low_filter
from crm.catalogue.services import open_stock
from crm.team.admin_base import (
    ReadOnlyModelAdmin,
    ReadOnlyTabular,
    ReadWriteModelAdmin,
    ReadWriteStacked,
    ReadWriteTabular,
    WithHistory,
    shown_money,
)


class LowStock(admin.SimpleListFilter):
    title = _("stock")
    parameter_name = "stock"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin) -> list[tuple[str, str]]:
        return [("low", _("below the minimum"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Product]) -> QuerySet[Product]:
        return queryset.filter(low_filter()) if self.value() == "low" else queryset


@admin.register(Product)
class ProductAdmin(WithHistory, ReadWriteModelAdmin):
    list_display = ["name", "brand", "shown_price", "shown_cost", "stock", "minimum", "branch", "is_active"]
    list_filter = ["branch", "is_active", LowStock, "brand"]
    list_select_related = ["branch"]
    search_fields = ["name", "code", "brand", "supplier"]
    ordering = ["name"]
    fieldsets = [
        (None, {"fields": ["name", "code", "branch", "brand", "category", "supplier", "is_active"]}),
        (_("Money and stock"), {"fields": [("price", "cost"), ("stock", "minimum"), "lasts_days"]}),
    ]

    def get_readonly_fields(self, request: HttpRequest, obj: Product | None = None) -> list[str]:
        """The stock is the sum of its moves: it is counted at the desk."""
        return [] if obj is None else ["stock"]

    def save_model(self, request: HttpRequest, obj: Product, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)
        if not change:
            open_stock(products=[obj], now=timezone.now(), user=request.user)

    @display(description=_("price"), ordering="price")
    def shown_price(self, product: Product) -> str:
        return shown_money(product.price, product.branch.currency)

    @display(description=_("cost"), ordering="cost")
    def shown_cost(self, product: Product) -> str:
        return shown_money(product.cost, product.branch.currency)


@admin.register(StockMove)
class StockMoveAdmin(ReadOnlyModelAdmin):
    list_display = ["product", "kind", "quantity", "at", "reason", "source", "user"]
    list_filter = ["kind", "product__branch"]
    list_select_related = ["product", "user"]
    search_fields = ["product__name", "product__code", "reason"]
    date_hierarchy = "at"
    ordering = ["-at", "-pk"]


class StockTakeLineInline(ReadOnlyTabular):
    model = StockTakeLine
    fields = ["product", "counted", "book", "counted_at", "user"]
    ordering = ["counted_at"]


@admin.register(StockTake)
class StockTakeAdmin(ReadOnlyModelAdmin):
    list_display = ["started_at", "category", "started_by", "ended_at", "is_saved", "branch"]
    list_filter = ["branch", "is_saved"]
    list_select_related = ["branch", "started_by"]
    inlines = [StockTakeLineInline]
    ordering = ["-started_at"]


class RecommendationInline(ReadWriteTabular):
    model = Recommendation
    fields = ["product", "position"]
    autocomplete_fields = ["product"]
    ordering = ["position"]
    tab = True
    verbose_name_plural = _("Goes well with it")


class StretchInline(ReadWriteTabular):
    model = ServiceStretch
    fields = ["position", "kind", "minutes"]
    ordering = ["position"]
    tab = True
    verbose_name_plural = _("Stretches")


class WordsInline(ReadWriteStacked):
    model = ServiceWords
    tab = True
    max_num = 4
    ordering = ["language"]
    verbose_name_plural = _("Words per language")
    fieldsets = [
        (None, {"fields": [("language", "name"), "neutral_name"]}),
        (
            _("How does it hold?"),
            {"fields": ["question", ("answer_good", "answer_mend", "answer_alarm"), "safety_text"]},
        ),
        (_("At home"), {"fields": ["care_guide"]}),
        (_("Before she books"), {"fields": ["policy"]}),
    ]


class RoomInline(ReadWriteTabular):
    model = ServiceRoom
    fields = ["room"]
    autocomplete_fields = ["room"]
    tab = True
    verbose_name_plural = _("Rooms")


class FollowInline(ReadWriteTabular):
    model = FollowRule
    fk_name = "service"
    fields = ["after", "within_days"]
    autocomplete_fields = ["after"]
    tab = True
    verbose_name_plural = _("Only after")


class SkillInline(ReadWriteTabular):
    model = Skill
    fields = ["master"]
    autocomplete_fields = ["master"]
    tab = True
    verbose_name_plural = _("Who does it")
