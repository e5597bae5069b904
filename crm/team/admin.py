"""The office: branches, logins, masters with their hours."""

from typing import Any

from django.contrib import admin, messages
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin
from django.db.models import QuerySet
from django.forms import ModelForm
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.dates import WEEKDAYS_ABBR
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext_lazy as _
from unfold.decorators import action, display
from unfold.enums import ActionVariant
from unfold.forms import AdminPasswordChangeForm

from crm.team.admin_base import (
    ReadWriteModelAdmin,
    ReadWriteTabular,
    Toned,
    WithHistory,
    WithNearDays,
    ask,
    toned,
)
from crm.team.forms import HolidaysForm, LoginChangeForm, LoginForm, TimeOffForm
from crm.team.holidays import is_known
from crm.team.models import Branch, Closure, Master, SpecialHours, TimeOff, User, WorkingHours
from crm.team.selectors import ProposedDay, proposed_closures, zone
from crm.team.services import LastOwner, close_days, dismiss, save_login

ACTIVE = {"active": "success", "inactive": "danger"}


class ClosureInline(WithNearDays, ReadWriteTabular):
    model = Closure
    near_days = ("first_on", "last_on")
    fields = ["first_on", "last_on", "name"]
    ordering = ["-first_on"]
    tab = True
    verbose_name_plural = _("Closed days")


@admin.register(Branch)
class BranchAdmin(WithHistory, ReadWriteModelAdmin):
    list_display = ["name", "time_zone", "currency", "phone", "address", "is_active"]
    list_filter = ["is_active"]
    search_fields = ["name", "address"]
    ordering = ["name"]
    inlines = [ClosureInline]
    actions_detail = ["propose_holidays"]
    fieldsets = [
        (None, {"fields": ["name", "address", "phone", "country", "is_active"]}),
        (
            _("Clock and money"),
            {
                "fields": ["time_zone", "currency"],
                "description": _("The zone decides every day of this branch: visit days, today, birthdays."),
            },
        ),
    ]

    def get_readonly_fields(self, request: HttpRequest, obj: Branch | None = None) -> tuple[str, ...]:
        # amounts already written down would change their meaning
        return ("currency",) if obj is not None else ()

    @action(
        description=_("Propose public holidays"), url_path="holidays", permissions=["office"], icon="celebration",
    )  # fmt: skip
    def propose_holidays(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """First the year, then its days to look at; nothing is written before the second press."""
        branch = self.get_object(request, object_id)
        back = reverse("admin:crm_branch_change", args=[object_id])
        if not is_known(branch.country):
            messages.error(request, _("Write down the branch's country first, two letters like BA."))
            return HttpResponseRedirect(back)
        this_year = timezone.localdate(timezone=zone(branch)).year
        asked = HolidaysForm(request.POST if request.method == "POST" else None, this_year=this_year)
        if not asked.is_valid():
            title = _("Public holidays of which year?")
            return ask(self, request, title=title, form=asked, submit=_("Show them"), back=back)
        proposed = proposed_closures(branch=branch, year=asked.cleaned_data["year"], language=get_language() or "en")
        form = HolidaysForm(
            request.POST if "listed" in request.POST else None,
            this_year=this_year,
            proposed=proposed,
            initial={"year": asked.cleaned_data["year"]},
        )
        if not form.is_valid():
            return self._holidays_to_choose(request, form, proposed, back)
        chosen = set(form.cleaned_data["days"])
        new = close_days(branch=branch, days={day.on: day.name for day in proposed if day.on.isoformat() in chosen})
        words = ngettext("%(count)d closed day is written down.", "%(count)d closed days are written down.", len(new))
        messages.success(request, words % {"count": len(new)})
        return HttpResponseRedirect(back)

    def _holidays_to_choose(
        self, request: HttpRequest, form: HolidaysForm, proposed: list[ProposedDay], back: str
    ) -> HttpResponse:
        known = [day for day in proposed if day.is_closed]
        if len(known) == len(proposed):
            messages.info(request, _("All of them are written down already."))
            return HttpResponseRedirect(back)
        return ask(
            self,
            request,
            title=_("On which of these days is the branch closed?"),
            form=form,
            description=_("Days that follow the moon are estimates. Who is booked on one of them stays booked."),
            submit=_("Close on the ticked days"),
            back=back,
        )


@admin.register(User)
class UserAdmin(WithHistory, DjangoUserAdmin, ReadWriteModelAdmin):
    form = LoginChangeForm
    add_form = LoginForm
    add_form_template = None
    change_password_form = AdminPasswordChangeForm
    list_display = ["shown_name", "username", "role", "branch", "shown_state", "last_login"]
    list_filter = ["role", "branch", "is_active"]
    list_select_related = ["branch"]
    search_fields = ["username", "first_name", "last_name", "email"]
    ordering = ["username"]
    filter_horizontal = ()
    readonly_fields = ["last_login", "date_joined", "is_active"]
    actions_detail = ["dismiss_person", "take_back"]
    fieldsets = [
        (None, {"fields": ["username", "password"]}),
        (_("Person"), {"fields": ["first_name", "last_name", ("email", "phone"), "language"]}),
        (
            _("Work"),
            {
                "fields": ["role", "branch"],
                "description": _(
                    "The owner sees every branch and this office; a receptionist and a master see their own branch."
                ),
            },
        ),
        (_("State"), {"fields": ["is_active", "last_login", "date_joined"]}),
    ]
    add_fieldsets = [
        (None, {"fields": ["username", "password1", "password2"]}),
        (_("Person"), {"fields": ["first_name", "last_name", ("email", "phone"), "language"]}),
        (_("Work"), {"fields": ["role", "branch"]}),
    ]

    @display(description=_("name"), ordering="first_name")
    def shown_name(self, user: User) -> str:
        return str(user)

    @display(description=_("state"), label=ACTIVE, ordering="is_active")
    def shown_state(self, user: User) -> Toned:
        return toned("active", _("works here")) if user.is_active else toned("inactive", _("dismissed"))

    def save_model(self, request: HttpRequest, obj: User, form: ModelForm, change: bool) -> None:
        save_login(user=obj)

    @action(
        description=_("Dismiss"), url_path="dismiss", permissions=["office"], icon="person_off",
        variant=ActionVariant.DANGER,
    )  # fmt: skip
    def dismiss_person(self, request: HttpRequest, object_id: str) -> HttpResponse:
        if request.method != "POST":
            return ask(
                self,
                request,
                title=_("Dismiss this person?"),
                description=_("The login ends at once, on every device. What was written keeps the name."),
                submit=_("Dismiss"),
            )
        user = self.get_object(request, object_id)
        try:
            dismiss(user=user, now=timezone.now())
        except LastOwner as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(request, _("%(name)s can no longer log in.") % {"name": user})
        return self._back(object_id)

    @action(
        description=_("Take back"), url_path="take-back", permissions=["office"], icon="person_add",
    )  # fmt: skip
    def take_back(self, request: HttpRequest, object_id: str) -> HttpResponse:
        if request.method != "POST":
            return ask(
                self,
                request,
                title=_("Take this person back?"),
                description=_("Give a new password afterwards: the old one was thrown away."),
                submit=_("Take back"),
            )
        user = self.get_object(request, object_id)
        user.is_active = True
        save_login(user=user)
        messages.success(request, _("%(name)s works here again. Now set a new password.") % {"name": user})
        return self._back(object_id)

    def get_actions_detail(self, request: HttpRequest, object_id: Any) -> list:
        """Who works here can be dismissed, who was dismissed can be taken back."""
        user = self.get_object(request, str(object_id))
        other = "take_back" if user is not None and user.is_active else "dismiss_person"
        offered = super().get_actions_detail(request, object_id)
        return [each for each in offered if not each.action_name.endswith(other)]

    def _back(self, object_id: str) -> HttpResponse:
        return HttpResponseRedirect(reverse("admin:crm_user_change", args=[object_id]))


class WorkingHoursInline(ReadWriteTabular):
    model = WorkingHours
    fields = ["weekday", "starts", "ends"]
    ordering = ["weekday", "starts"]
    tab = True
    verbose_name_plural = _("Working hours")


class TimeOffInline(ReadWriteTabular):
    model = TimeOff
    form = TimeOffForm
    fields = ["starts_at", "ends_at", "reason"]
    ordering = ["-starts_at"]
    tab = True


class SpecialHoursInline(WithNearDays, ReadWriteTabular):
    model = SpecialHours
    near_days = ("on",)
    fields = ["on", "starts", "ends"]
    ordering = ["-on", "starts"]
    tab = True
    verbose_name_plural = _("Hours on dates")


class MasterAdmin(WithHistory, ReadWriteModelAdmin):
    list_display = ["name", "branch", "shown_hours", "user", "is_active"]
    list_filter = ["branch", "is_active"]
    list_select_related = ["branch", "user"]
    search_fields = ["name", "code"]
    ordering = ["branch__name", "name"]
    autocomplete_fields = ["user"]
    inlines = [WorkingHoursInline, SpecialHoursInline, TimeOffInline]
    fieldsets = [(None, {"fields": ["name", "code", "branch", "user", "is_active"]})]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Master]:
        return super().get_queryset(request).prefetch_related("working_hours")

    @display(description=_("works on"))
    def shown_hours(self, master: Master) -> str:
        days = sorted({hours.weekday for hours in master.working_hours.all()})
        return ", ".join(str(WEEKDAYS_ABBR[day]) for day in days)


@admin.register(TimeOff)
class TimeOffAdmin(ReadWriteModelAdmin):
    form = TimeOffForm
    list_display = ["master", "starts_at", "ends_at", "reason"]
    list_filter = ["master__branch", "master"]
    list_select_related = ["master"]
    ordering = ["-starts_at"]
    autocomplete_fields = ["master"]
    date_hierarchy = "starts_at"
    fields = ["master", "starts_at", "ends_at", "reason"]

    def has_delete_permission(self, request: HttpRequest, obj: TimeOff | None = None) -> bool:
        return self.has_change_permission(request, obj)
