"""The office: what was said to clients, and the salon's own words for it."""

from typing import Any

from django.contrib import admin, messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST
from unfold.decorators import action, display

from crm.team.admin_base import (
    EMPTY,
    ReadOnlyModelAdmin,
    ReadOnlyTabular,
    ReadWriteModelAdmin,
    Toned,
    WithHistory,
    ask,
    plain_money,
    toned,
)
from crm.team.models import Branch, Language
from crm.team.selectors import desk_branch
from crm.team.wording import money_words
from reminders.campaigns.selectors.campaigns import campaign_key
from reminders.messages.forms import TextForm
from reminders.messages.models import NO_TEXT, OWNERS_WORDS, Kind, Message, MessageEvent, MessageText, SmsMonth
from reminders.messages.preview import preview
from reminders.messages.services import claim, drop, retry_by_hand
from reminders.messages.texts import PLACEHOLDERS, default_words
from reminders.messages.views import WITH_WORDS, sheet_view, tact_choices, tact_of
from reminders.messages.words import in_words

TONES = {
    "planned": "info",
    "sending": "info",
    "sent": "success",
    "delivered": "success",
    "failed": "danger",
    "unknown": "warning",
    "dropped": "default",
    "cancelled": "default",
    "control": "default",
}
TEXTS = [kind for kind in Kind if kind not in NO_TEXT]
PLACEHOLDER_WORDS = {
    "salon": _("the salon's name"),
    "link": _("her own link; the button leads there too"),
    "name": _("what she likes to be called"),
    "hello": _("the greeting of an SMS"),
    "day": _("day of the appointment"),
    "hour": _("hour of the appointment"),
    "master": _("who serves her"),
    "details": _("day, hour, master and address, one below the other"),
    "address": _("address of the branch"),
    "phone": _("phone of the branch"),
    "service": _("the service by its neutral name"),
    "duration": _("how long it takes, with the margin"),
    "price": _("the planned price"),
    "before": _("when it was to be before"),
    "series": _("the other dates of a series, one below the other"),
    "dates": _("the days of these, in one line"),
    "terms": _("until when it is kept, or that several were asked"),
    "until": _("until when it is kept for her"),
    "visit_day": _("day of her visit"),
    "care_guide": _("how to care for it at home"),
    "question": _("the question of the service"),
    "offer": _("the offer, only where she wants offers"),
    "percent": _("the voucher's percentage"),
    "code": _("the voucher's code"),
    "book_until": _("last day for booking with it"),
    "valid_until": _("last day of the voucher"),
    "wishes": _("birthday wishes, or that a present is waiting"),
    "gift": _("what is free for her"),
    "points": _("how many points expire"),
    "expires": _("when they expire"),
    "worth": _("what they are worth"),
    "cause": _("what we thank for"),
    "amount": _("the sum that the voucher takes off"),
    "event": _("the event, as the invitation is headed"),
    "place": _("where the event is"),
    "friend": _("that she comes with a friend, only if so"),
}


class EventInline(ReadOnlyTabular):
    model = MessageEvent
    fields = ["at", "state", "detail"]
    ordering = ["at"]
    verbose_name_plural = _("What happened")


@admin.register(Message)
class MessageAdmin(ReadOnlyModelAdmin):
    list_display = ["send_at", "client", "kind", "shown_state", "channel", "language", "sent_at", "shown_why"]
    list_filter = ["state", "kind", "purpose", "channel", "language", "branch"]
    list_select_related = ["client", "branch"]
    search_fields = ["client__name", "client__code", "address", "subject"]
    ordering = ["-send_at", "-pk"]
    date_hierarchy = "send_at"
    inlines = [EventInline]
    actions = ["send_again"]
    actions_detail = ["send_once_more", "leave_unsent"]
    fieldsets = [
        (None, {"fields": ["client", "kind", "purpose", "shown_reason", "shown_state", "shown_why"]}),
        (_("When"), {"fields": ["planned_at", "send_at", "not_after", "sent_at", "attempts"]}),
        (_("Where to"), {"fields": ["channel", "address", "language", "provider", "provider_id"]}),
        (_("What was said"), {"fields": ["words_in_use", "parts", "shown_cost", "sent_with"]}),
    ]

    @display(description=_("state"), label=TONES, ordering="state")
    def shown_state(self, message: Message) -> Toned:
        return toned(message.state, message.get_state_display())

    @display(description=_("why"))
    def shown_reason(self, message: Message) -> str:
        return in_words(message.reason)

    @display(description=_("what happened"))
    def shown_why(self, message: Message) -> str:
        return in_words(message.state_reason)

    @display(description=_("words"))
    def words_in_use(self, message: Message) -> str:
        if message.kind in OWNERS_WORDS and (written := campaign_key(message.occasion)):
            return format_html(
                '<a class="text-link" href="{}">{}</a>', reverse("campaign", args=[written]), _("The campaign")
            )
        if message.kind not in TEXTS or message.language not in Language.values:
            return EMPTY
        url = reverse("admin:reminders_messagetext_preview", args=[message.kind, message.language])
        return format_html('<a class="text-link" href="{}">{}</a>', url, _("See them as she does"))

    def get_actions_detail(self, request: HttpRequest, object_id: Any) -> list:
        """Only what this message is in the state for."""
        message = self.get_object(request, str(object_id))
        state = message.state if message else ""
        wanted = {
            "send_once_more": state in (Message.State.FAILED, Message.State.UNKNOWN),
            "leave_unsent": state == Message.State.PLANNED,
        }
        offered = super().get_actions_detail(request, object_id)
        return [each for each in offered if wanted.get(each.action_name.removeprefix("reminders_message_"), True)]

    @display(description=_("cost"))
    def shown_cost(self, message: Message) -> str:
        return plain_money(message.cost)

    @admin.action(description=_("Send failed and unknown ones again"), permissions=["office"])
    def send_again(self, request: HttpRequest, queryset: Any) -> None:
        stuck = queryset.filter(state__in=[Message.State.FAILED, Message.State.UNKNOWN], sent_with__isnull=True)
        for message in stuck:
            retry_by_hand(message=message, now=timezone.now())
        messages.success(request, _("Sent again: %(count)s.") % {"count": len(stuck)})

    @action(
        description=_("Send again"), url_path="send-again", permissions=["office"], icon="refresh",
    )  # fmt: skip
    def send_once_more(self, request: HttpRequest, object_id: str) -> HttpResponse:
        if request.method != "POST":
            return ask(
                self,
                request,
                title=_("Send this message again?"),
                description=_("If its fate is unknown she may have got it already. Its conditions are asked again."),
                submit=_("Send again"),
            )
        message = self.get_object(request, object_id)
        if message.state in (Message.State.FAILED, Message.State.UNKNOWN):
            retry_by_hand(message=message, now=timezone.now())
            messages.success(request, _("It goes out with the next turn."))
        else:
            messages.error(request, _("Only a failed or an unknown message can be sent again."))
        return self._back(object_id)

    @action(
        description=_("Do not send"), url_path="leave-unsent", permissions=["office"], icon="block",
    )  # fmt: skip
    def leave_unsent(self, request: HttpRequest, object_id: str) -> HttpResponse:
        if request.method != "POST":
            return ask(
                self,
                request,
                title=_("Leave this message unsent?"),
                description=_("It never goes out, and stays here with the reason."),
                submit=_("Do not send"),
            )
        now = timezone.now()
        # claimed first, so that no sender has it in hand
        taken = claim([int(object_id)], now=now)
        for message in taken:
            drop(message=message, now=now, why=str(_("left unsent by the owner")))
        if taken:
            messages.success(request, _("It will not be sent."))
        else:
            messages.error(request, _("It is no longer waiting to be sent."))
        return self._back(object_id)

    def _back(self, object_id: str) -> HttpResponse:
        return HttpResponseRedirect(reverse("admin:reminders_message_change", args=[object_id]))


@admin.register(MessageText)
class MessageTextAdmin(WithHistory, ReadWriteModelAdmin):
    form = TextForm
    change_form_template = "admin/texts/change_form.html"
    actions_detail = ["back_to_default"]
    search_fields = ["subject"]

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def get_custom_urls(self) -> tuple:
        return (
            ("preview/<str:kind>/<str:language>/", "reminders_messagetext_preview", self.preview_view),
            ("look/", "reminders_messagetext_look", require_POST(self.look_view)),
            ("sheet/<str:language>/", "reminders_messagetext_sheet", sheet_view),
        )

    def changelist_view(self, request: HttpRequest, extra_context: dict | None = None) -> HttpResponse:
        """Every kind in every language, whether the words are the salon's own or those that came with Regulars."""
        if not self.has_view_permission(request):
            return super().changelist_view(request, extra_context)
        own = {(text.kind, text.language): text for text in MessageText.objects.all()}
        return TemplateResponse(
            request,
            "admin/texts/all.html",
            {
                **self.admin_site.each_context(request),
                "opts": self.opts,
                "title": _("Message texts"),
                "languages": Language.choices,
                "kinds": [
                    (kind, kind.label, [(language, own.get((kind, language))) for language in Language.values])
                    for kind in TEXTS
                ],
            },
        )

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        """The words in use, to begin from."""
        kind, language = request.GET.get("kind", ""), request.GET.get("language", "")
        if kind not in TEXTS or language not in Language.values:
            return {}
        words = default_words(kind, language)
        return {
            "kind": kind,
            "language": language,
            "subject": words.subject,
            "body": words.body,
            "button": words.button,
            "sms": words.sms,
        }

    def get_readonly_fields(self, request: HttpRequest, obj: MessageText | None = None) -> tuple[str, ...]:
        return ("kind", "language") if obj is not None else ()

    def get_fieldsets(self, request: HttpRequest, obj: MessageText | None = None) -> list:
        return [
            (None, {"fields": [("kind", "language")]}),
            (_("Mail"), {"fields": ["subject", "body", "button"]}),
            (_("SMS"), {"fields": ["sms"]}),
        ]

    def render_change_form(self, request: HttpRequest, context: dict, *args: Any, **kwargs: Any) -> HttpResponse:
        obj = kwargs.get("obj")
        kind = obj.kind if obj else request.POST.get("kind") or request.GET.get("kind", "")
        known = PLACEHOLDERS.get(kind) if kind else None
        context["placeholders"] = [
            (f"{{{name}}}", PLACEHOLDER_WORDS.get(name, ""), name in known.maybe)
            for name in (sorted(known.all) if known else [])
        ]
        return super().render_change_form(request, context, *args, **kwargs)

    def preview_view(self, request: HttpRequest, kind: str, language: str, model_admin: Any = None) -> HttpResponse:
        """The words in use as a client will see them."""
        if kind not in TEXTS or language not in Language.values:
            raise Http404
        return self._shown(request, kind, language)

    def look_view(self, request: HttpRequest, model_admin: Any = None) -> HttpResponse:
        """What stands in the form, before it is saved."""
        own = MessageText.objects.filter(pk=request.POST.get("pk") or None).first()
        values = request.POST.copy()
        if own:
            values.update({"kind": own.kind, "language": own.language})
        form = TextForm(values, instance=own)
        if not form.is_valid():
            return self._shown(request, values.get("kind", ""), values.get("language", ""), refused=form)
        return self._shown(request, values["kind"], values["language"], words=form.words())

    def _shown(
        self, request: HttpRequest, kind: str, language: str, *, words: Any = None, refused: TextForm | None = None
    ) -> HttpResponse:
        branch = desk_branch(request.user) or Branch.objects.first()
        seen, (form, gender) = None, tact_of(request)
        if refused is None and branch is not None:
            seen = preview(
                kind=kind, language=language, branch=branch, now=timezone.now(), words=words, form=form, gender=gender
            )
        return TemplateResponse(
            request,
            "admin/texts/preview.html",
            {
                **self.admin_site.each_context(request),
                "opts": self.opts,
                "title": dict(Kind.choices).get(kind, kind),
                "kind": kind,
                "language": language,
                "languages": [
                    (reverse("admin:reminders_messagetext_preview", args=[kind, code]), name, code == language)
                    for code, name in Language.choices
                    if kind in WITH_WORDS
                ],
                "tact": f"?form={form}&gender={gender}",
                **tact_choices(form, gender),
                "seen": seen,
                "cost": money_words(seen.cost, branch.currency, get_language() or "en") if seen and seen.cost else "",
                "refused": refused,
                "is_draft": words is not None or refused is not None,
            },
        )

    @action(
        description=_("Back to the words that came with it"), url_path="default", permissions=["office"],
        icon="restart_alt",
    )  # fmt: skip
    def back_to_default(self, request: HttpRequest, object_id: str) -> HttpResponse:
        if request.method != "POST":
            return ask(
                self,
                request,
                title=_("Give up the salon's own words?"),
                description=_("This kind speaks again in the words that came with Regulars."),
                submit=_("Go back"),
            )
        text = self.get_object(request, object_id)
        if text is None:
            raise Http404
        text.delete()
        messages.success(request, _("The words that came with it are in use again."))
        return HttpResponseRedirect(reverse("admin:reminders_messagetext_changelist"))


@admin.register(SmsMonth)
class SmsMonthAdmin(ReadOnlyModelAdmin):
    list_display = ["month", "shown_spent"]
    ordering = ["-month"]
    fields = ["month", "shown_spent"]
    readonly_fields = ["shown_spent"]

    @display(description=_("spent on SMS"), ordering="spent")
    def shown_spent(self, month: SmsMonth) -> str:
        return plain_money(month.spent)
