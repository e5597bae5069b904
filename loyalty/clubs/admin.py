"""The office: clubs with their rule and what they give; who is in, who came and who went."""

from django.contrib import admin, messages
from django.db.models import Count, Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from unfold.decorators import action, display

from crm.team.admin_base import (
    ReadOnlyModelAdmin,
    ReadWriteModelAdmin,
    ReadWriteTabular,
    Toned,
    WithHistory,
    WithNearDays,
    ask,
    toned,
)
from loyalty.clubs.models import Club, ClubChoice, ClubMember
from loyalty.clubs.services import keep_club, today_of


class ChoiceInline(ReadWriteTabular):
    model = ClubChoice
    fields = ["client", "is_in"]
    autocomplete_fields = ["client"]
    hide_title = False


@admin.register(Club)
class ClubAdmin(WithNearDays, WithHistory, ReadWriteModelAdmin):
    near_days = ("offer_from", "offer_until")
    list_display = ["name", "rule", "shown_members", "percent", "extra_days", "kept_on", "shown_state"]
    list_filter = ["is_active", "rule"]
    ordering = ["name"]
    autocomplete_fields = ["services", "rules"]
    inlines = [ChoiceInline]
    actions_detail = ["keep", "members"]
    fieldsets = [
        (None, {"fields": [("name", "branch"), "is_active"]}),
        (_("Who is in"), {"fields": ["rule", ("top_percent", "days"), ("min_visits", "stage")]}),
        (_("Closed offer"), {"fields": ["percent", "services", ("offer_from", "offer_until")]}),
        (_("Beside that"), {"fields": ["extra_days", "rules"]}),
    ]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Club]:
        now_in = Count("members", filter=Q(members__until__isnull=True))
        return super().get_queryset(request).annotate(now_in=now_in)

    @display(description=_("members"), ordering="now_in")
    def shown_members(self, club: Club) -> int:
        return club.now_in  # type: ignore[attr-defined]

    @display(description=_("state"), label={"on": "success", "off": "danger"}, ordering="is_active")
    def shown_state(self, club: Club) -> Toned:
        return toned("on", _("on")) if club.is_active else toned("off", _("off"))

    @action(description=_("Work out the members now"), url_path="keep", permissions=["office"], icon="refresh")
    def keep(self, request: HttpRequest, object_id: str) -> HttpResponse:
        club = self.get_object(request, object_id)
        if club is None:
            raise Http404
        back = reverse("admin:loyalty_club_change", args=[club.pk])
        if request.method != "POST":
            return ask(
                self,
                request,
                title=_("Work out the members now?"),
                description=_("It happens by itself every night; now it takes your newest changes into account."),
                submit=_("Work out the members now"),
                back=back,
            )
        now = timezone.now()
        kept = keep_club(club=club, today=today_of(club, now), now=now)
        messages.success(request, _("%(joined)s came in, %(left)s left.") % {"joined": kept.joined, "left": kept.left})
        return HttpResponseRedirect(back)

    @action(description=_("Members"), url_path="members", permissions=["office"], icon="group")
    def members(self, request: HttpRequest, object_id: str) -> HttpResponse:
        return HttpResponseRedirect(
            f"{reverse('admin:loyalty_clubmember_changelist')}?club__id__exact={int(object_id)}"
        )


class InFilter(admin.SimpleListFilter):
    title = _("is in")
    parameter_name = "in"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin) -> list[tuple[str, object]]:
        return [("now", _("is in now")), ("left", _("has left"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[ClubMember]) -> QuerySet[ClubMember]:
        return queryset.filter(until__isnull=self.value() == "now") if self.value() else queryset


@admin.register(ClubMember)
class ClubMemberAdmin(ReadOnlyModelAdmin):
    list_display = ["client", "club", "since", "until"]
    list_filter = [InFilter, "club"]
    list_select_related = ["client", "club"]
    search_fields = ["client__name", "client__code"]
    ordering = ["-since", "pk"]
    date_hierarchy = "since"


@admin.register(ClubChoice)
class ClubChoiceAdmin(ReadOnlyModelAdmin):
    list_display = ["client", "club", "is_in"]
    list_filter = ["club", "is_in"]
    list_select_related = ["client", "club"]
    ordering = ["club", "pk"]
