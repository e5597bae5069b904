"""The office: the rules of earning, and the one row of the programme's settings."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display

from crm.team.admin_base import (
    ReadWriteModelAdmin,
    SingleRowAdmin,
    Toned,
    WithHistory,
    WithNearDays,
    shown_money,
    toned,
)
from crm.team.models import Branch
from loyalty.points.models import EarningRule, LoyaltySettings
from loyalty.points.selectors import loyalty_settings


@admin.register(EarningRule)
class EarningRuleAdmin(WithNearDays, WithHistory, ReadWriteModelAdmin):
    near_days = ("first_on", "last_on")
    list_display = ["name", "kind", "shown_factor", "first_on", "last_on", "branch", "for_clubs", "shown_state"]
    list_filter = ["is_on", "kind", "branch"]
    list_select_related = ["branch"]
    search_fields = ["name"]
    ordering = ["-is_on", "name"]
    autocomplete_fields = ["services"]
    fieldsets = [
        (None, {"fields": [("name", "is_on"), ("kind", "factor")]}),
        (_("When and where"), {"fields": [("first_on", "last_on"), ("branch", "for_clubs")]}),
        (_("On what, of the cashback"), {"fields": ["covers", "services"]}),
    ]

    @display(description=_("times"), ordering="factor")
    def shown_factor(self, rule: EarningRule) -> str:
        return f"× {rule.factor.normalize():f}"

    @display(
        description=_("state"),
        label={"on": "success", "ahead": "info", "over": "warning", "off": "danger"},
        ordering="is_on",
    )
    def shown_state(self, rule: EarningRule) -> Toned:
        today = timezone.localdate()
        if not rule.is_on:
            return toned("off", _("off"))
        if rule.first_on and today < rule.first_on:
            return toned("ahead", _("still to come"))
        if rule.last_on and today > rule.last_on:
            return toned("over", _("over"))
        return toned("on", _("on"))


# sums in points, each said in money too
IN_POINTS = (
    "rebooking_points",
    "referrer_points",
    "friend_points",
    "feedback_points",
    "birthday_points",
    "gesture_daily_points",
    "notice_min_points",
)


@admin.register(LoyaltySettings)
class LoyaltySettingsAdmin(SingleRowAdmin):
    autocomplete_fields = ["birthday_services", "win_back_services"]
    fieldsets = [
        (_("Cashback"), {"fields": [("spending_on", "points_per_100"), ("point_value", "max_share_percent")]}),
        (_("Validity"), {"fields": ["validity_days", ("notice_days", "notice_min_points")]}),
        (_("Rebooking on the spot"), {"fields": [("rebooking_on", "rebooking_points")]}),
        (_("Referrals"), {"fields": ["referral_on", ("referrer_points", "friend_points")]}),
        (_("Private feedback"), {"fields": ["feedback_on", ("feedback_points", "feedback_once_days")]}),
        (
            _("Points at a birthday"),
            {"fields": ["birthday_points_on", ("birthday_points", "birthday_settled_days")]},
        ),
        (_("Points by hand"), {"fields": [("gesture_on", "gesture_daily_points")]}),
        (
            _("Win-back voucher"),
            {
                "fields": [
                    ("win_back_percent", "win_back_once_days"),
                    ("win_back_book_days", "win_back_visit_days"),
                    "win_back_services",
                    "win_back_quiet_only",
                    "voucher_prolong_days",
                ]
            },
        ),
        (
            _("Birthday"),
            {"fields": ["birthday_on", ("birthday_before_days", "birthday_after_days"), "birthday_services"]},
        ),
        (_("When a master is ill or late"), {"fields": [("bad_day_percent", "bad_day_days")]}),
        (_("After a complaint"), {"fields": ["amends_days"]}),
        (
            _("Cards and vouchers"),
            {
                "fields": [
                    ("card_max_percent", "card_period_days"),
                    "card_notice_days",
                    "voucher_on_top_of_card",
                    "certificate_days",
                ]
            },
        ),
    ]

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        """Whoever sets so many points sees what they are in money as the rules stand."""
        form = super().get_form(request, obj, change, **kwargs)
        rules = obj or loyalty_settings()
        branch = Branch.objects.order_by("pk").first()
        for name in IN_POINTS:
            if (field := form.base_fields.get(name)) is not None:
                words = points_in_money(rules, name, branch.currency if branch else "EUR")
                field.help_text = f"{field.help_text} {words}" if field.help_text else words
        return form


def points_in_money(rules: LoyaltySettings, name: str, currency: str) -> str:
    """“Now 50 points = 0.50 EUR.”"""
    points = getattr(rules, name)
    return str(_("Now %(points)s points = %(worth)s.")) % {
        "points": points,
        "worth": shown_money(points * rules.point_value, currency),
    }
