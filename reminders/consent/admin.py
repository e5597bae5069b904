"""The office: what clients allow, with the evidence, and the rules of manners."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from crm.team.admin_base import ReadOnlyModelAdmin, ReadWriteModelAdmin, SingleRowAdmin, WithHistory, is_owner
from crm.team.wording import date_words
from reminders.consent.models import ConsentEvent, ContactPermission, MessageSettings, NarrowedWindow


@admin.register(ContactPermission)
class ContactPermissionAdmin(ReadOnlyModelAdmin):
    list_display = ["client", "marketing_email", "marketing_sms", "care_refused", "email_dead_at", "sms_dead_at"]
    list_filter = [
        "marketing_email",
        "marketing_sms",
        "care_refused",
        ("email_dead_at", admin.EmptyFieldListFilter),
        ("sms_dead_at", admin.EmptyFieldListFilter),
    ]
    list_select_related = ["client"]
    search_fields = ["client__name", "client__code"]
    ordering = ["client__name"]
    fieldsets = [
        (None, {"fields": ["client"]}),
        (_("Appointments"), {"fields": ["service_email", "service_sms", "service_chat"]}),
        (_("Care"), {"fields": ["care_refused", "care_email", "care_sms", "care_chat"]}),
        (_("Marketing"), {"fields": ["marketing_email", "marketing_sms", "marketing_chat"]}),
        (
            _("When she agreed"),
            {
                "fields": [
                    ("care_email_at", "care_sms_at", "care_chat_at", "care_call_at"),
                    ("marketing_email_at", "marketing_sms_at", "marketing_chat_at"),
                ]
            },
        ),
        (_("Her own hours"), {"fields": [("hours_from", "hours_until")]}),
        (_("Dead addresses"), {"fields": ["email_dead_at", "sms_dead_at", "call_dead_at"]}),
    ]


@admin.register(ConsentEvent)
class ConsentEventAdmin(ReadOnlyModelAdmin):
    list_display = ["at", "client", "purpose", "channel", "is_given", "where", "user_name", "source"]
    list_filter = ["purpose", "channel", "is_given", "where"]
    list_select_related = ["client"]
    search_fields = ["client__name", "client__code"]
    ordering = ["-at"]
    date_hierarchy = "at"


@admin.register(MessageSettings)
class MessageSettingsAdmin(SingleRowAdmin):
    fieldsets = [
        (_("Manners"), {"fields": [("quiet_until", "quiet_from"), ("marketing_cap_days", "feedback_gap_days")]}),
        (_("Care"), {"fields": ["large_purchase_factor"]}),
        (_("Consent"), {"fields": ["marketing_months", ("care_first", "care_months")]}),
        (_("Invitations"), {"fields": [("due_before_days", "invite_earlier_days")]}),
        (_("Pace"), {"fields": [("email_per_minute", "sms_per_minute")]}),
        (_("Cost"), {"fields": [("sms_price", "sms_monthly_limit")]}),
    ]


@admin.register(NarrowedWindow)
class NarrowedWindowAdmin(WithHistory, ReadWriteModelAdmin):
    """Friday prayer, Ramadan, a quiet Sunday."""

    empty_words = _(
        "Messages go out every day in the hours of the rules of messages. Friday prayer, Ramadan or a quiet Sunday: "
        "write it here, and they rest then."
    )
    list_display = ["name", "shown_days", "how", "begins", "ends"]
    ordering = ["first_on", "weekday", "begins"]
    fieldsets = [
        (None, {"fields": ["name"]}),
        (_("On which days"), {"fields": ["weekday", ("first_on", "last_on")]}),
        (_("What holds then"), {"fields": ["how", ("begins", "ends")]}),
    ]

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        # it says how something is, not that something was
        return is_owner(request)

    @admin.display(description=_("days"), ordering="first_on")
    def shown_days(self, window: NarrowedWindow) -> str:
        dates = " – ".join(date_words(day, get_language() or "en") for day in (window.first_on, window.last_on) if day)
        return ", ".join(part for part in (window.get_weekday_display() or "", dates) if part)
