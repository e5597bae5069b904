"""Photographs of a client's work as they are shown: by days, with what she allows (practices.md, P54)."""

from collections.abc import Iterable
from datetime import date
from itertools import groupby
from typing import Any

from django.http import Http404, HttpRequest
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from crm.booking.models import Appointment
from crm.care.models import PhotographConsent, WorkPhotograph
from crm.care.selectors import photograph_wishes, photographs_of
from crm.desk.access import visible_appointment
from crm.desk.words import day_of_year
from crm.people.models import Client
from crm.team.selectors import branches_of
from reminders.messages.speech import speech_of

A_PAGE = 36
# on her card and at her visit
LATEST = 9
Purpose = PhotographConsent.Purpose
Status = Appointment.Status


def questions() -> dict[str, str]:
    """What is asked aloud, purpose by purpose; in her language it is kept with her answer as evidence."""
    return {
        Purpose.KEPT: _("May we photograph our work and keep the photographs for the next visits?"),
        Purpose.SHOWN: _("May we show these photographs to others, without a name?"),
    }


def in_her_words(client: Client) -> dict[str, str]:
    with translation.override(speech_of(client).language):
        return questions()


def visit_in_hand(request: HttpRequest, client: Client) -> Appointment | None:
    """The visit that the page was opened from, else hers of today in this branch; 404 where it is not hers."""
    wanted = request.POST.get("visit") or request.GET.get("visit") or ""
    if wanted.isascii() and wanted.isdecimal():
        visit = visible_appointment(request, int(wanted[:18]))
        if visit.client_id != client.pk:
            raise Http404
        return visit
    here = Appointment.objects.filter(client=client, branch=request.branch, on=timezone.localdate())
    return here.exclude(status__in=[Status.CANCELLED, Status.NO_SHOW]).order_by("starts_at", "pk").first()


def album(
    request: HttpRequest, client: Client, visit: Appointment | None, *, page: int = 0, count: int = A_PAGE
) -> dict[str, Any]:
    """What the album shows. Three queries, and one for the visit's photographs of the page."""
    found = list(photographs_of(client, branches_of(request.user))[page * count : (page + 1) * count + 1])
    hers, asked = in_her_words(client), questions()
    return {
        "client": client,
        "visit": visit,
        "wishes": photograph_wishes(client),
        "days": by_days(found[:count]),
        "has_more": len(found) > count,
        "asks": [
            {
                "purpose": purpose.value,
                "text": asked[purpose],
                # the sentence as she would hear it, where that is another language
                "hers": hers[purpose] if hers[purpose] != asked[purpose] else "",
            }
            for purpose in Purpose
        ],
        "album_url": reverse("desk:client_photographs", args=[client.pk]),
    }


def by_days(photographs: Iterable[WorkPhotograph]) -> list[dict[str, Any]]:
    """Day by day as they come: `when`, whose hands, and the photographs."""
    today = timezone.localdate()
    return [_day(on, list(each), today) for on, each in groupby(photographs, key=lambda photograph: photograph.on)]


def _day(on: date, photographs: list[WorkPhotograph], today: date) -> dict[str, Any]:
    masters = dict.fromkeys(each.master.name for each in photographs if each.master is not None)
    return {"when": day_of_year(on, today), "masters": ", ".join(masters), "photographs": photographs}
