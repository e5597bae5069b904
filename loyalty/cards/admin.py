"""The office: card levels to set, cards to look at."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display

from crm.team.admin_base import (
    ReadOnlyModelAdmin,
    ReadOnlyTabular,
    ReadWriteModelAdmin,
    Toned,
    WithHistory,
    plain_money,
    toned,
)
from loyalty.cards.models import Card, CardEvent, CardLevel, CardUse


@admin.register(CardLevel)
class CardLevelAdmin(WithHistory, ReadWriteModelAdmin):
    list_display = ["__str__", "code", "percent", "shown_from"]
    ordering = ["from_paid"]
    fields = ["code", "name", "percent", "from_paid"]

    @display(description=_("from, paid in 365 days"), ordering="from_paid")
    def shown_from(self, level: CardLevel) -> str:
        return plain_money(level.from_paid)


class EventInline(ReadOnlyTabular):
    model = CardEvent
    fields = ["at", "kind", "level", "user"]
    ordering = ["at"]
    verbose_name_plural = _("What happened")


class UseInline(ReadOnlyTabular):
    model = CardUse
    fields = ["on", "sale", "client", "shown_saved"]
    readonly_fields = ["shown_saved"]
    ordering = ["-on"]
    verbose_name_plural = _("Uses")

    @display(description=_("saved"))
    def shown_saved(self, use: CardUse) -> str:
        return plain_money(use.saved)


@admin.register(Card)
class CardAdmin(ReadOnlyModelAdmin):
    list_display = ["number", "client", "level", "is_bearer", "issued_on", "review_on", "shown_state"]
    list_filter = ["level", "is_bearer", ("closed_at", admin.EmptyFieldListFilter)]
    list_select_related = ["client", "level"]
    search_fields = ["number", "client__name", "client__code"]
    ordering = ["-issued_at"]
    date_hierarchy = "issued_on"
    inlines = [EventInline, UseInline]

    @display(description=_("state"), label={"open": "success", "closed": "danger"}, ordering="closed_at")
    def shown_state(self, card: Card) -> Toned:
        return toned("closed", _("closed")) if card.closed_at else toned("open", _("in use"))
