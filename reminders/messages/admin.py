"""The office: what was said to clients, and the salon's own words for it."""

from typing import Any

from django.contrib import admin
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display

from crm.team.admin_base import ReadOnlyModelAdmin, ReadOnlyTabular, ReadWriteModelAdmin, WithHistory, plain_money
from reminders.messages.models import Message, MessageEvent, MessageText

TONES = {
    "planned": "info",
    "sending": "info",
    "sent": "success",
    "delivered": "success",
    "failed": "danger",
    "unknown": "warning",
    "dropped": "default",
    "cancelled": "default",
}


class EventInline(ReadOnlyTabular):
    model = MessageEvent
    fields = ["at", "state", "detail"]
    ordering = ["at"]
    verbose_name_plural = _("What happened")


@admin.register(Message)
class MessageAdmin(ReadOnlyModelAdmin):
    list_display = ["send_at", "client", "kind", "shown_state", "channel", "language", "sent_at", "state_reason"]
    list_filter = ["state", "kind", "purpose", "channel", "language", "branch"]
    list_select_related = ["client", "branch"]
    search_fields = ["client__name", "client__code", "address", "subject"]
    ordering = ["-send_at", "-pk"]
    date_hierarchy = "send_at"
    inlines = [EventInline]
    fieldsets = [
        (None, {"fields": ["client", "kind", "purpose", "occasion", "reason", "shown_state", "state_reason"]}),
        (_("When"), {"fields": ["planned_at", "send_at", "not_after", "sent_at", "attempts"]}),
        (_("Where to"), {"fields": ["channel", "address", "language", "provider", "provider_id"]}),
        (_("What was said"), {"fields": ["subject", "body", "parts", "shown_cost", "sent_with"]}),
    ]

    @display(description=_("state"), label=TONES, ordering="state")
    def shown_state(self, message: Message) -> tuple[str, Any]:
        return message.state, message.get_state_display()

    @display(description=_("cost"))
    def shown_cost(self, message: Message) -> str:
        return plain_money(message.cost)


@admin.register(MessageText)
class MessageTextAdmin(WithHistory, ReadWriteModelAdmin):
    list_display = ["kind", "language", "subject"]
    list_filter = ["kind", "language"]
    search_fields = ["subject", "body", "sms"]
    ordering = ["kind", "language"]
    fields = ["kind", "language", "subject", "body", "button", "sms"]
