"""The page of sending in the office, and the stop that works at once."""

from urllib.parse import urlencode

from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from crm.office.sending.figures import given_up, standing
from crm.team.admin_base import owner_only
from crm.team.selectors import salon_settings
from crm.team.services import let_messages_go, stop_messages
from reminders.consent.models import Channel
from reminders.consent.selectors import message_settings
from reminders.journeys.services.doorbell import ring
from reminders.messages.models import Message
from reminders.messages.services import retry_alike
from reminders.messages.words import in_words

BY = dict(Channel.choices)
STATES = dict(Message.State.choices)


@require_safe
@owner_only
def sending(request: HttpRequest) -> HttpResponse:
    """What waits, what was given up, and the stop."""
    classes = [
        {
            "row": row,
            "state": STATES[row.state],
            "by": BY.get(row.channel, ""),
            "words": in_words(row.reason) or STATES[row.state],
            "url": reverse("admin:reminders_message_change", args=[row.first])
            if row.count == 1
            else f"{reverse('admin:reminders_message_changelist')}?{urlencode({'state__exact': row.state})}",
        }
        for row in given_up()
    ]
    rules = message_settings()
    context = {
        **admin.site.each_context(request),
        "title": _("Sending"),
        "stopped_at": salon_settings().messages_paused_at,
        "held_at": rules.held_at,
        "standing": standing(timezone.now()),
        "classes": classes,
        "rules": rules,
    }
    return TemplateResponse(request, "admin/sending/page.html", context)


@require_POST
@owner_only
def sending_stop(request: HttpRequest) -> HttpResponse:
    """Nothing more goes out from this moment on."""
    stop_messages(user=request.user, now=timezone.now())
    messages.warning(request, _("All messages are stopped. What is due waits until you let it go."))
    return _back(request)


@require_POST
@owner_only
def sending_go(request: HttpRequest) -> HttpResponse:
    """It goes on, and the worker need not wait for the next minute."""
    let_messages_go(user=request.user)
    ring()
    messages.success(request, _("Messages go again. What is past its last moment is left out."))
    return _back(request)


@require_POST
@owner_only
def sending_retry(request: HttpRequest) -> HttpResponse:
    """Everything of one class goes once more."""
    again = retry_alike(
        state=request.POST.get("state", ""),
        channel=request.POST.get("channel", ""),
        reason=request.POST.get("reason", ""),
        now=timezone.now(),
    )
    if again:
        ring()
        words = ngettext("%(count)d message goes again.", "%(count)d messages go again.", again)
        messages.success(request, words % {"count": again})
    else:
        messages.info(request, _("Nothing of that kind is left."))
    return _back(request)


def _back(request: HttpRequest) -> HttpResponse:
    """To the page it was pressed on, if that is one of ours."""
    asked = request.POST.get("next", "")
    ours = url_has_allowed_host_and_scheme(asked, allowed_hosts={request.get_host()}, require_https=request.is_secure())
    return HttpResponseRedirect(asked if ours else reverse("sending"))
