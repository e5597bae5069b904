"""The office: the stock of gifts and extras, what is in the pots, and who gave what to whom."""

from django import forms
from django.contrib import admin, messages
from django.core.validators import MaxValueValidator, MinValueValidator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from unfold.decorators import action, display
from unfold.widgets import UnfoldAdminIntegerFieldWidget

from crm.team.admin_base import (
    ReadOnlyModelAdmin,
    ReadWriteModelAdmin,
    Toned,
    WithHistory,
    ask,
    shown_money,
    toned,
)
from loyalty.gifts.models import Gift, GiftGiven, GiftPot, PotEntry
from loyalty.gifts.services import receive_gifts, take_back_gift


class ReceivedForm(forms.Form):
    number = forms.IntegerField(
        label=_("How many have come"),
        validators=[MinValueValidator(1), MaxValueValidator(10_000)],
        widget=UnfoldAdminIntegerFieldWidget,
    )


@admin.register(Gift)
class GiftAdmin(WithHistory, ReadWriteModelAdmin):
    list_display = ["name", "kind", "shown_cost", "stock", "is_active", "branch"]
    list_filter = ["kind", "is_active", "branch"]
    list_select_related = ["branch"]
    search_fields = ["name"]
    ordering = ["branch", "kind", "name"]
    fields = ["branch", "kind", "name", "cost", "stock", "is_active"]
    actions_detail = ["received"]

    def get_readonly_fields(self, request: HttpRequest, obj: Gift | None = None) -> list[str]:
        # the shelf changes with every gift given: what is typed here would overwrite it
        return [] if obj is None else ["branch", "kind", "stock"]

    @action(description=_("More have come"), url_path="received", permissions=["office"], icon="add")
    def received(self, request: HttpRequest, object_id: str) -> HttpResponse:
        gift = self.get_object(request, object_id)
        if gift is None:
            raise Http404
        back = reverse("admin:loyalty_gift_change", args=[gift.pk])
        if gift.kind != Gift.Kind.GIFT:
            messages.info(request, _("An extra is not counted."))
            return HttpResponseRedirect(back)
        form = ReceivedForm(request.POST or None)
        if request.method != "POST" or not form.is_valid():
            return ask(self, request, title=_("More on the shelf"), form=form, submit=_("Add"), back=back)
        receive_gifts(gift=gift, number=form.cleaned_data["number"])
        messages.success(request, _("They are on the shelf."))
        return HttpResponseRedirect(back)

    @display(description=_("cost"), ordering="cost")
    def shown_cost(self, gift: Gift) -> str:
        return shown_money(gift.cost, gift.branch.currency)


@admin.register(GiftPot)
class GiftPotAdmin(ReadOnlyModelAdmin):
    list_display = ["branch", "shown_balance"]
    list_select_related = ["branch"]
    ordering = ["branch__name"]

    @display(description=_("in the pot"), ordering="balance")
    def shown_balance(self, pot: GiftPot) -> str:
        return shown_money(pot.balance, pot.branch.currency)


@admin.register(PotEntry)
class PotEntryAdmin(ReadOnlyModelAdmin):
    list_display = ["at", "kind", "shown_amount", "sale", "branch"]
    list_filter = ["kind", "branch"]
    list_select_related = ["branch", "sale"]
    ordering = ["-at", "-pk"]
    date_hierarchy = "on"

    @display(description=_("amount"), ordering="amount")
    def shown_amount(self, entry: PotEntry) -> str:
        return shown_money(entry.amount, entry.branch.currency)


@admin.register(GiftGiven)
class GiftGivenAdmin(ReadOnlyModelAdmin):
    list_display = ["on", "client", "gift", "kind", "shown_cost", "user", "shown_state", "branch"]
    list_filter = ["kind", "branch", "user", ("taken_back_at", admin.EmptyFieldListFilter)]
    list_select_related = ["client", "gift", "branch", "user"]
    search_fields = ["client__name", "client__code", "gift__name"]
    ordering = ["-given_at"]
    date_hierarchy = "on"
    actions_detail = ["take_back"]

    @action(description=_("Take back"), url_path="take-back", permissions=["office"], icon="undo")
    def take_back(self, request: HttpRequest, object_id: str) -> HttpResponse:
        given = self.get_object(request, object_id)
        if given is None:
            raise Http404
        if request.method != "POST":
            return ask(
                self,
                request,
                title=_("It was not given after all?"),
                description=_("It goes back to the shelf, and its cost back to the pot or the month's budget."),
                submit=_("Take back"),
            )
        if take_back_gift(given=given, now=timezone.now()):
            messages.success(request, _("It is back on the shelf."))
        else:
            messages.error(request, _("It was taken back before."))
        return HttpResponseRedirect(reverse("admin:loyalty_giftgiven_change", args=[given.pk]))

    @display(description=_("cost"), ordering="cost")
    def shown_cost(self, given: GiftGiven) -> str:
        return shown_money(given.cost, given.branch.currency)

    @display(description=_("state"), label={"given": "success", "back": "default"})
    def shown_state(self, given: GiftGiven) -> Toned:
        return toned("back", _("taken back")) if given.taken_back_at else toned("given", _("given"))
