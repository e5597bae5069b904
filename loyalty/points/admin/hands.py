"""The office: points by hand that wait for the owner's word, and benefits that were refused (P30)."""

from operator import itemgetter

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from unfold.decorators import action, display

from crm.team.admin_base import ReadOnlyModelAdmin, Toned, ask, toned
from loyalty.points.models import REASONS, GestureRequest, RefusedBenefit, reason_words
from loyalty.points.services import GestureRefused, decline_gesture, grant_gesture


@admin.register(GestureRequest)
class GestureRequestAdmin(ReadOnlyModelAdmin):
    list_display = ["asked_at", "shown_client", "points", "reason", "asked_by", "shown_state", "decided_by"]
    list_filter = ["state", "asked_by"]
    list_select_related = ["account__client", "asked_by", "decided_by"]
    fields = ["asked_at", "account", "points", "reason", "asked_by", "state", "decided_at", "decided_by", "entry"]
    ordering = ["-asked_at"]
    actions_detail = ["grant", "decline"]

    def has_open_permission(self, request: HttpRequest, object_id: str | None = None) -> bool:
        """Decided once; and not by the one who asked."""
        waiting = GestureRequest.objects.filter(pk=object_id, state=GestureRequest.State.OPEN)
        return self.has_office_permission(request) and waiting.exclude(asked_by=request.user.pk).exists()

    @action(description=_("Grant"), url_path="grant", permissions=["open"], icon="check")
    def grant(self, request: HttpRequest, object_id: str) -> HttpResponse:
        return self._decide(request, object_id, _("Grant these points?"), _("Grant"), is_granted=True)

    @action(description=_("Decline"), url_path="decline", permissions=["open"], icon="close")
    def decline(self, request: HttpRequest, object_id: str) -> HttpResponse:
        return self._decide(request, object_id, _("Decline these points?"), _("Decline"), is_granted=False)

    def _decide(
        self, request: HttpRequest, object_id: str, title: str, submit: str, *, is_granted: bool
    ) -> HttpResponse:
        asked = self.get_object(request, object_id)
        if asked is None:
            raise Http404
        back = reverse("admin:loyalty_gesturerequest_change", args=[asked.pk])
        if request.method != "POST":
            words = _("%(points)s points for %(client)s: “%(reason)s”, asked by %(who)s.") % {
                "points": asked.points,
                "client": asked.account.client,
                "reason": asked.reason,
                "who": asked.asked_by,
            }
            return ask(self, request, title=title, description=words, submit=submit, back=back)
        try:
            if is_granted:
                grant_gesture(request=asked, user=request.user, now=timezone.now())
                messages.success(request, _("The points are hers."))
            else:
                decline_gesture(request=asked, user=request.user, now=timezone.now())
                messages.success(request, _("Declined. Nothing was given."))
        except GestureRefused as refusal:
            messages.error(request, str(refusal))
        return HttpResponseRedirect(back)

    @display(description=_("client"))
    def shown_client(self, asked: GestureRequest) -> str:
        return str(asked.account.client)

    @display(
        description=_("state"), label={"open": "warning", "granted": "success", "declined": "danger"}, ordering="state"
    )
    def shown_state(self, asked: GestureRequest) -> Toned:
        return toned(asked.state, asked.get_state_display())


class ReasonFilter(admin.SimpleListFilter):
    """By why, in words; what is called the same is found together."""

    title = _("why")
    parameter_name = "reason"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin) -> list[tuple[str, str]]:
        noted = RefusedBenefit.objects.order_by().values_list("reason", flat=True).distinct()
        return sorted(
            {reason_words(reason): (reason, reason_words(reason)) for reason in noted}.values(), key=itemgetter(1)
        )

    def queryset(self, request: HttpRequest, queryset: QuerySet[RefusedBenefit]) -> QuerySet[RefusedBenefit]:
        wanted = self.value()
        if not wanted:
            return queryset
        alike = [reason for reason in REASONS if reason_words(reason) == reason_words(wanted)]
        return queryset.filter(reason__in=[wanted, *alike])


@admin.register(RefusedBenefit)
class RefusedBenefitAdmin(ReadOnlyModelAdmin):
    list_display = ["at", "kind", "place", "client", "shown_reason", "words", "typed", "user", "branch"]
    list_filter = ["kind", "place", ReasonFilter, "branch", "user"]
    list_select_related = ["client", "user", "branch"]
    fields = [
        "at",
        "kind",
        "place",
        "shown_reason",
        "words",
        "typed",
        "client",
        "branch",
        "appointment",
        "sale",
        "user",
    ]
    search_fields = ["client__name", "client__code", "typed"]
    ordering = ["-at", "-pk"]
    date_hierarchy = "at"

    @display(description=_("why"), ordering="reason")
    def shown_reason(self, refused: RefusedBenefit) -> str:
        return reason_words(refused.reason)
