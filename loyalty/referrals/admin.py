"""The office: who brought whom. What is held the owner grants or declines; the rest follows from visits."""

from django.contrib import admin, messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from unfold.decorators import action, display

from crm.team.admin_base import ReadOnlyModelAdmin, Toned, ask, toned
from loyalty.referrals.models import ReferralClaim, ReferralCode
from loyalty.referrals.services import decide_claim

TONES = {
    "open": "info",
    "held": "warning",
    "paid": "success",
    "declined": "danger",
    "returned": "danger",
    "lapsed": "danger",
    "withdrawn": "danger",
}


@admin.register(ReferralClaim)
class ReferralClaimAdmin(ReadOnlyModelAdmin):
    list_display = ["claimed_at", "friend", "bringer", "shown_state", "doubt", "bringer_points", "friend_points", "via"]
    list_filter = ["state", "doubt", "via", "claimed_by"]
    list_select_related = ["friend", "bringer"]
    search_fields = ["friend__name", "friend__code", "bringer__name", "bringer__code"]
    ordering = ["-claimed_at", "-pk"]
    date_hierarchy = "claimed_on"
    actions_detail = ["grant", "decline"]
    fieldsets = [
        (None, {"fields": ["friend", "bringer", "shown_state", "doubt"]}),
        (_("Claimed"), {"fields": ["claimed_at", "via", "claimed_by"]}),
        (_("Settled"), {"fields": ["sale", "settled_at", ("bringer_points", "friend_points")]}),
        (_("Decided"), {"fields": ["decided_at", "decided_by"]}),
    ]

    def has_held_permission(self, request: HttpRequest, object_id: str | None = None) -> bool:
        """There is something to decide."""
        held = ReferralClaim.objects.filter(pk=object_id, state=ReferralClaim.State.HELD)
        return self.has_office_permission(request) and held.exists()

    @action(description=pgettext_lazy("referral", "Grant"), url_path="grant", permissions=["held"], icon="check")
    def grant(self, request: HttpRequest, object_id: str) -> HttpResponse:
        return self._decide(
            request,
            object_id,
            grants=True,
            title=_("Grant this referral?"),
            description=_("Both get their points: now if the first paid visit is done, else with it."),
        )

    @action(description=pgettext_lazy("referral", "Decline"), url_path="decline", permissions=["held"], icon="block")
    def decline(self, request: HttpRequest, object_id: str) -> HttpResponse:
        return self._decide(
            request,
            object_id,
            grants=False,
            title=_("Decline this referral?"),
            description=_("Neither gets points, and it cannot be claimed again."),
        )

    def _decide(
        self, request: HttpRequest, object_id: str, *, grants: bool, title: object, description: object
    ) -> HttpResponse:
        claim = self.get_object(request, object_id)
        if claim is None:
            raise Http404
        back = reverse("admin:loyalty_referralclaim_change", args=[claim.pk])
        if request.method != "POST":
            submit = pgettext_lazy("referral", "Grant") if grants else pgettext_lazy("referral", "Decline")
            return ask(self, request, title=title, description=description, submit=submit, back=back)
        if not decide_claim(claim=claim, grants=grants, user=request.user, now=timezone.now()):
            messages.error(request, _("This was decided before."))
        elif grants:
            messages.success(request, _("Granted."))
        else:
            messages.success(request, _("Declined."))
        return HttpResponseRedirect(back)

    @display(description=_("state"), label=TONES, ordering="state")
    def shown_state(self, claim: ReferralClaim) -> Toned:
        return toned(claim.state, claim.get_state_display())


@admin.register(ReferralCode)
class ReferralCodeAdmin(ReadOnlyModelAdmin):
    list_display = ["code", "client", "made_at"]
    list_select_related = ["client"]
    search_fields = ["code", "client__name", "client__code"]
    ordering = ["-made_at"]
