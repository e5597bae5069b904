"""The office: the catalogue of rewards, what points buy."""

from django.contrib import admin
from django.db.models import ExpressionWrapper, F, QuerySet, Subquery, Value
from django.forms import ModelForm
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display

from crm.team.admin_base import (
    ReadWriteModelAdmin,
    ReadWriteTabular,
    Toned,
    WithHistory,
    plain_money,
    shown_money,
    toned,
)
from crm.team.fields import MoneyField
from crm.team.models import Branch
from loyalty.points.selectors import loyalty_settings
from loyalty.vouchers.models import Benefit, Reward, RewardWords


class RewardWordsInline(ReadWriteTabular):
    model = RewardWords
    fields = ["language", "name"]
    max_num = 4
    ordering = ["language"]
    hide_title = False
    verbose_name_plural = _("Its name in other languages")


class RewardForm(ModelForm):
    """What a reward gives is one thing, and a free service is one of those named."""

    def clean(self) -> dict:
        cleaned = super().clean() or {}
        benefit = cleaned.get("benefit")
        wanted = {Benefit.PERCENT: "percent", Benefit.AMOUNT: "amount"}.get(benefit)
        for name in ("percent", "amount"):
            if name != wanted:
                cleaned[name] = None
            elif not cleaned.get(name) and name not in self.errors:
                self.add_error(name, _("How much?"))
        if benefit == Benefit.FREE_SERVICE and not cleaned.get("services"):
            self.add_error("services", _("Which service is free? Of several she chooses one."))
        return cleaned


@admin.register(Reward)
class RewardAdmin(WithHistory, ReadWriteModelAdmin):
    form = RewardForm
    list_display = ["name", "price", "shown_worth", "shown_benefit", "valid_days", "shown_state"]
    list_filter = ["is_on", "benefit"]
    search_fields = ["name"]
    ordering = ["-is_on", "price", "name"]
    autocomplete_fields = ["services"]
    inlines = [RewardWordsInline]
    fieldsets = [
        (None, {"fields": [("name", "is_on"), ("price", "valid_days")]}),
        (_("What she gets"), {"fields": ["benefit", ("percent", "amount"), "services", "services_only"]}),
    ]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Reward]:
        currency = Branch.objects.order_by("pk").values("currency")[:1]
        return (
            super()
            .get_queryset(request)
            .annotate(
                worth=ExpressionWrapper(
                    F("price") * Value(loyalty_settings().point_value, output_field=MoneyField()),
                    output_field=MoneyField(),
                ),
                currency=Subquery(currency),
            )
        )

    @display(description=_("price in money"), ordering="price")
    def shown_worth(self, reward: Reward) -> str:
        return shown_money(reward.worth, reward.currency or "EUR")  # type: ignore[attr-defined]

    @display(description=_("gives"))
    def shown_benefit(self, reward: Reward) -> str:
        if reward.benefit == Benefit.PERCENT:
            return f"{reward.percent} %"
        if reward.benefit == Benefit.AMOUNT:
            return plain_money(reward.amount)
        return str(reward.get_benefit_display())

    @display(description=_("state"), label={"on": "success", "off": "danger"}, ordering="is_on")
    def shown_state(self, reward: Reward) -> Toned:
        return toned("on", _("offered")) if reward.is_on else toned("off", _("off"))
