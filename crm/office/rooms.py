"""The office: rooms and chairs. A new one, or a new service in one, is found for the visits that are booked already."""

from typing import Any

from django.contrib import admin, messages
from django.db.models import Prefetch, QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import get_language, gettext_lazy, ngettext
from django.utils.translation import gettext as _
from unfold.decorators import display

from crm.booking.models import Appointment
from crm.booking.services.rooms import give_rooms
from crm.catalogue.models import Room, ServiceRoom
from crm.team.admin_base import EMPTY, ReadWriteModelAdmin, ReadWriteTabular, WithHistory
from crm.team.selectors import zone
from crm.team.wording import hour_words, isolated, short_day_words

# more than the owner can talk to at once are only counted
NAMED = 12


class GivesRooms:
    """After saving, visits that are booked already take a room; those for whom none is free are said."""

    def changeform_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response = super().changeform_view(request, *args, **kwargs)  # type: ignore[misc]
        # what was saved is committed by now: rooms are taken behind each client's lock, not the other way round
        if request.method == "POST" and response.status_code == 302 and (none := give_rooms(now=timezone.now())):
            messages.warning(request, no_room_words(none))
        return response


def no_room_words(appointments: list[Appointment]) -> str:
    """`No chair for: Selma, Tue 24 Nov 11:00.`"""
    language = get_language() or "en"
    named = []
    for appointment in appointments[:NAMED]:
        local = timezone.localtime(appointment.starts_at, zone(appointment.branch))
        name = isolated(appointment.client.shown_name)
        named.append(f"{name}, {short_day_words(local.date(), language)} {hour_words(local)}")
    words = _("No room or chair is free for: %(who)s. Move them, or add another.") % {"who": "; ".join(named)}
    more = len(appointments) - NAMED
    if more <= 0:
        return words
    return f"{words} " + ngettext("And %(count)d more visit.", "And %(count)d more visits.", more) % {"count": more}


class ServedInline(ReadWriteTabular):
    model = ServiceRoom
    fields = ["service"]
    autocomplete_fields = ["service"]
    verbose_name_plural = gettext_lazy("What is done in it")


@admin.register(Room)
class RoomAdmin(GivesRooms, WithHistory, ReadWriteModelAdmin):
    list_display = ["name", "branch", "shown_services", "is_active"]
    list_filter = ["branch", "is_active"]
    list_select_related = ["branch"]
    search_fields = ["name"]
    ordering = ["branch__name", "name"]
    inlines = [ServedInline]
    fieldsets = [(None, {"fields": ["name", "branch", "is_active"]})]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Room]:
        served = ServiceRoom.objects.select_related("service").order_by("service__name")
        return super().get_queryset(request).prefetch_related(Prefetch("services", queryset=served))

    @display(description=gettext_lazy("what is done in it"))
    def shown_services(self, room: Room) -> str:
        return ", ".join(served.service.name for served in room.services.all()) or EMPTY
