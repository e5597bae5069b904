"""The office: the ledger of points. No entry ever changes; points by hand are an action that calls the service."""

from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from unfold.decorators import action, display

from crm.team.admin_base import (
    ReadOnlyModelAdmin,
    ReadOnlyTabular,
    Toned,
    ask,
    toned,
)
from loyalty.points.models import LedgerEntry, PendingGrant, PointsAccount
from loyalty.points.selectors import given_by_hand
from loyalty.points.services import NothingToTakeBack, may_void, void_entry


class EntryInline(ReadOnlyTabular):
    model = LedgerEntry
    fields = ["at", "points", "words", "reason", "source", "user"]
    readonly_fields = ["words"]
    ordering = ["-at", "-pk"]
    verbose_name_plural = _("Entries")
    per_page = 30
    # where a gesture can be taken back
    show_change_link = True

    @display(description=_("kind"))
    def words(self, entry: LedgerEntry) -> str:
        return entry.words


@admin.register(PointsAccount)
class PointsAccountAdmin(ReadOnlyModelAdmin):
    list_display = ["client", "shown_balance", "shown_owed", "opened_at", "is_current"]
    list_filter = ["is_current"]
    list_select_related = ["client", "balance_row"]
    search_fields = ["client__name", "client__code"]
    ordering = ["-balance_row__balance", "pk"]
    inlines = [EntryInline]
    fields = ["client", "shown_balance", "shown_owed", "opened_at", "is_current"]

    @display(description=_("balance"), ordering="balance_row__balance")
    def shown_balance(self, account: PointsAccount) -> int:
        return account.balance_row.balance if hasattr(account, "balance_row") else 0

    @display(description=_("owed"), ordering="balance_row__owed")
    def shown_owed(self, account: PointsAccount) -> int:
        return account.balance_row.owed if hasattr(account, "balance_row") else 0


class ByHandFilter(admin.SimpleListFilter):
    title = _("by hand")
    parameter_name = "by_hand"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin) -> list[tuple[str, Any]]:
        return [("yes", _("Points by hand"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[LedgerEntry]) -> QuerySet[LedgerEntry]:
        return queryset.filter(pk__in=given_by_hand().values("pk")) if self.value() else queryset


@admin.register(LedgerEntry)
class LedgerEntryAdmin(ReadOnlyModelAdmin):
    list_display = ["at", "shown_client", "shown_points", "words", "reason", "source", "user"]
    list_filter = [ByHandFilter, "kind", "user"]
    readonly_fields = ["words"]
    fields = ["at", "on", "account", "points", "words", "reason", "source", "user"]
    actions_detail = ["take_back"]
    list_select_related = ["account__client", "user"]
    search_fields = ["account__client__name", "account__client__code", "source", "reason"]
    ordering = ["-at", "-pk"]
    date_hierarchy = "on"

    def has_gesture_permission(self, request: HttpRequest, object_id: Any = None) -> bool:
        """What came of a sale goes back with it; other points are taken back by themselves."""
        entry = LedgerEntry.objects.filter(pk=object_id).first()
        return self.has_office_permission(request) and entry is not None and may_void(entry)

    @action(
        description=pgettext_lazy("points", "Take back"), url_path="take-back", permissions=["gesture"], icon="undo"
    )
    def take_back(self, request: HttpRequest, object_id: str) -> HttpResponse:
        entry = self.get_object(request, object_id)
        if entry is None:
            raise Http404
        back = reverse("admin:loyalty_ledgerentry_change", args=[entry.pk])
        if request.method != "POST":
            return ask(
                self,
                request,
                title=_("Take these points back?"),
                description=_("The ledger gets an entry that says so. What she has spent of them she owes."),
                submit=pgettext_lazy("points", "Take back"),
                back=back,
            )
        try:
            taken = void_entry(entry=entry, user=request.user, now=timezone.now())
        except NothingToTakeBack as why:
            messages.error(request, str(why))
            return HttpResponseRedirect(back)
        if taken.owed:
            messages.warning(
                request,
                _("%(taken)s points are taken back; %(owed)s were spent, and go off her next ones.")
                % {"taken": taken.points, "owed": taken.owed},
            )
        else:
            messages.success(request, _("%(taken)s points are taken back.") % {"taken": taken.points})
        return HttpResponseRedirect(reverse("admin:loyalty_pointsaccount_change", args=[entry.account_id]))

    @display(description=_("kind"), ordering="kind")
    def words(self, entry: LedgerEntry) -> str:
        return entry.words

    @display(description=_("client"))
    def shown_client(self, entry: LedgerEntry) -> str:
        return str(entry.account.client)

    @display(description=_("points"), ordering="points", label={"plus": "success", "minus": "warning"})
    def shown_points(self, entry: LedgerEntry) -> Toned:
        return toned("plus" if entry.points > 0 else "minus", f"{entry.points:+d}")


@admin.register(PendingGrant)
class PendingGrantAdmin(ReadOnlyModelAdmin):
    list_display = ["promised_at", "shown_client", "points", "kind", "shown_state", "settled_at"]
    list_filter = ["state", "kind"]
    list_select_related = ["account__client"]
    search_fields = ["account__client__name", "account__client__code"]
    ordering = ["-promised_at"]
    date_hierarchy = "promised_at"

    @display(description=_("client"))
    def shown_client(self, grant: PendingGrant) -> str:
        return str(grant.account.client)

    @display(
        description=_("state"), label={"pending": "info", "granted": "success", "vanished": "danger"}, ordering="state"
    )
    def shown_state(self, grant: PendingGrant) -> Toned:
        return toned(grant.state, grant.get_state_display())
