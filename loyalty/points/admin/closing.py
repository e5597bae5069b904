"""The office: the books of points are closed month by month, for good."""

from datetime import timedelta
from typing import Any

from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from unfold.decorators import action

from crm.team.admin_base import ReadOnlyModelAdmin, ask
from loyalty.points.forms import CloseForm
from loyalty.points.models import PeriodClose
from loyalty.points.services import CloseRefused, close_period


@admin.register(PeriodClose)
class PeriodCloseAdmin(ReadOnlyModelAdmin):
    list_display = ["last_on", "closed_at", "closed_by"]
    list_select_related = ["closed_by"]
    fields = ["last_on", "closed_at", "closed_by"]
    ordering = ["-last_on"]
    actions_list = ["close"]

    @action(description=_("Close the books up to a day"), url_path="close", permissions=["office"], icon="lock")
    def close(self, request: HttpRequest, *args: Any) -> HttpResponse:
        today = timezone.localdate()
        form = CloseForm(request.POST or None, initial={"last_on": today.replace(day=1) - timedelta(days=1)})
        back = reverse("admin:loyalty_periodclose_changelist")
        if form.is_valid():
            try:
                closed = close_period(last_on=form.cleaned_data["last_on"], user=request.user, now=timezone.now())
            except CloseRefused as refusal:
                form.add_error("last_on", str(refusal))
            else:
                messages.success(request, _("The books are closed up to %(day)s.") % {"day": closed.last_on})
                return HttpResponseRedirect(back)
        return ask(
            self,
            request,
            title=_("Close the books of points"),
            description=_(
                "Nothing dated up to this day is ever written any more, whoever asks. What has to be put right "
                "later is an entry of its own day."
            ),
            form=form,
            submit=_("Close the books"),
            back=back,
        )
