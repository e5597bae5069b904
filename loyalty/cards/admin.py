"""The office: card levels to set; cards to look at, to close and to issue anew."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from unfold.decorators import action, display

from crm.team.admin_base import (
    ReadOnlyModelAdmin,
    ReadOnlyTabular,
    ReadWriteModelAdmin,
    Toned,
    WithHistory,
    ask,
    plain_money,
    shown_money,
    toned,
)
from loyalty.cards.models import Card, CardEvent, CardLevel, CardUse
from loyalty.cards.selectors import Circle, circle_of, circles
from loyalty.cards.services import CardClosed, close_card, raise_levels, replace_card
from loyalty.points.selectors import loyalty_settings


class CardLevelForm(forms.ModelForm):
    """A level's discount stays within the owner's own limit (LoyaltySettings.card_max_percent)."""

    class Meta:
        model = CardLevel
        fields = ["code", "name", "percent", "from_paid"]

    def clean_percent(self) -> int:
        percent, most = self.cleaned_data["percent"], loyalty_settings().card_max_percent
        if percent > most:
            raise forms.ValidationError(
                _("Your rules let a card give %(most)s %% at most.") % {"most": most}, code="too_much"
            )
        return percent


@admin.register(CardLevel)
class CardLevelAdmin(WithHistory, ReadWriteModelAdmin):
    form = CardLevelForm
    list_display = ["__str__", "code", "percent", "shown_from"]
    ordering = ["from_paid"]
    fields = ["code", "name", "percent", "from_paid"]
    prepopulated_fields = {"code": ["name"]}

    def save_model(self, request: HttpRequest, obj: CardLevel, form: Any, change: bool) -> None:
        """Up at once: whoever has paid enough for a level that is new, or begins lower now, has it."""
        super().save_model(request, obj, form, change)
        if raised := raise_levels(now=timezone.now(), rules=loyalty_settings()):
            messages.info(request, gettext("Cards that go up at once: %(count)s.") % {"count": raised})

    def get_prepopulated_fields(self, request: HttpRequest, obj: CardLevel | None = None) -> dict[str, Any]:
        return {} if obj is not None else dict(self.prepopulated_fields)

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
    list_display = ["number", "client", "level", "is_bearer", "issued_on", "review_on", "brought", "shown_state"]
    list_filter = ["level", "is_bearer", ("closed_at", admin.EmptyFieldListFilter)]
    list_select_related = ["client__branch", "level"]
    search_fields = ["number", "client__name", "client__code"]
    ordering = ["-issued_at"]
    date_hierarchy = "issued_on"
    inlines = [EventInline, UseInline]
    actions_detail = ["to_print", "issue_anew", "close"]

    def get_changelist_instance(self, request: HttpRequest) -> Any:
        """The circles of all the bearer cards on the page at once."""
        found = super().get_changelist_instance(request)
        found.result_list = list(found.result_list)
        brought = circles([card for card in found.result_list if card.is_bearer])
        for card in found.result_list:
            card.circle = brought.get(card.pk)
        return found

    def has_open_permission(self, request: HttpRequest, object_id: Any = None) -> bool:
        """What is closed is closed."""
        in_use = Card.objects.filter(pk=object_id, closed_at__isnull=True)
        return self.has_office_permission(request) and object_id is not None and in_use.exists()

    @action(description=_("Show and print"), url_path="show", permissions=["open"], icon="print")
    def to_print(self, request: HttpRequest, object_id: str) -> HttpResponse:
        return HttpResponseRedirect(reverse("desk:card", args=[self._card(request, object_id).pk]))

    @action(description=_("Lost: issue anew"), url_path="anew", permissions=["open"], icon="autorenew")
    def issue_anew(self, request: HttpRequest, object_id: str) -> HttpResponse:
        card = self._card(request, object_id)
        if request.method != "POST":
            return self._ask(
                request,
                card,
                title=_("Issue this card anew?"),
                description=_("The old number is dead at once. Her level and her yearly day go on."),
                submit=_("Issue anew"),
            )
        try:
            new = replace_card(card=card, now=timezone.now(), user=request.user)
        except CardClosed as refused:
            messages.error(request, str(refused))
            return self._back(card)
        messages.success(request, _("Her new number is %(number)s.") % {"number": new.number})
        return self._back(new)

    @action(description=_("Close"), url_path="close", permissions=["open"], icon="block")
    def close(self, request: HttpRequest, object_id: str) -> HttpResponse:
        card = self._card(request, object_id)
        if request.method != "POST":
            return self._ask(
                request,
                card,
                title=_("Close this card?"),
                description=_("Its number is dead at once. What it was used for stays."),
                submit=_("Close"),
            )
        if close_card(card=card, now=timezone.now(), user=request.user):
            messages.success(request, _("The card is closed."))
        return self._back(card)

    def _card(self, request: HttpRequest, object_id: str) -> Card:
        card = self.get_object(request, object_id)
        if card is None:
            raise Http404
        return card

    def _ask(self, request: HttpRequest, card: Card, **words: Any) -> HttpResponse:
        return ask(self, request, back=reverse("admin:loyalty_card_change", args=[card.pk]), **words)

    def _back(self, card: Card) -> HttpResponse:
        return HttpResponseRedirect(reverse("admin:loyalty_card_change", args=[card.pk]))

    @display(description=_("circle"))
    def brought(self, card: Card) -> str:
        circle: Circle | None = getattr(card, "circle", None) or (circle_of(card) if card.is_bearer else None)
        if circle is None or not circle.people:
            return ""
        return gettext("%(people)s, %(paid)s") % {
            "people": circle.people,
            "paid": shown_money(circle.paid, card.client.branch.currency),
        }

    @display(description=_("state"), label={"open": "success", "closed": "danger"}, ordering="closed_at")
    def shown_state(self, card: Card) -> Toned:
        return toned("closed", _("closed")) if card.closed_at else toned("open", _("in use"))
