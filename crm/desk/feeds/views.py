"""The address under which a master sees her visits in the calendar of her phone."""

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from crm.booking.models import CalendarFeed
from crm.booking.services.feeds import feed_token, open_feed, revoke_feed
from crm.desk.access import branches_of, desk_page, is_front_desk, own_master
from crm.team.models import Master
from crm.team.selectors import masters_of


@require_safe
@desk_page
def my_feed(request: HttpRequest) -> HttpResponse:
    """Straight to her own; the reception and the owner choose whose."""
    own = own_master(request.user)
    if own is not None:
        return redirect("desk:feed", master_id=own.pk)
    masters = masters_of(request.branch) if is_front_desk(request.user) else []
    return render(request, "desk/feeds/choose.html", {"nav": "calendar", "masters": masters})


@require_safe
@desk_page
def feed(request: HttpRequest, master_id: int) -> HttpResponse:
    """The address, how to use it, and how to end it."""
    master = _hers(request, master_id)
    row = CalendarFeed.objects.filter(master=master, revoked_at__isnull=True).first()
    address = settings.PUBLIC_URL + reverse("calendar_feed", args=[feed_token(row)]) if row else ""
    context = {
        "nav": "calendar",
        "master": master,
        "feed": row,
        "address": address,
        # phones and desktops subscribe by this one at a tap
        "webcal": "webcal:" + address.partition(":")[2] if address else "",
    }
    return render(request, "desk/feeds/page.html", context)


@require_POST
@desk_page
def feed_open(request: HttpRequest, master_id: int) -> HttpResponse:
    """A new address; the old one is dead."""
    master = _hers(request, master_id)
    open_feed(master=master, now=timezone.now(), user=request.user)
    messages.success(request, _("Here is the address. Keep it to yourself: who has it sees the calendar."))
    return redirect("desk:feed", master_id=master.pk)


@require_POST
@desk_page
def feed_revoke(request: HttpRequest, master_id: int) -> HttpResponse:
    """Nobody reads it any more."""
    master = _hers(request, master_id)
    if revoke_feed(master=master, now=timezone.now()):
        messages.success(request, _("The address is dead. Calendars that used it get nothing more."))
    return redirect("desk:feed", master_id=master.pk)


def _hers(request: HttpRequest, master_id: int) -> Master:
    """A master's own calendar, or any of the branch for the reception and the owner; 404 else."""
    masters = Master.objects.filter(branch__in=branches_of(request.user), is_active=True)
    if not is_front_desk(request.user):
        masters = masters.filter(user=request.user)
    return get_object_or_404(masters, pk=master_id)
