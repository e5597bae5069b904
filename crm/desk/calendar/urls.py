"""Addresses of the calendar, below calendar/."""

from django.urls import path

from crm.desk.calendar.changes import add_off, cancel, move, remove_off, undo
from crm.desk.calendar.views import (
    calendar,
    calendar_feed,
    cancel_sheet,
    master_sheet,
    stamp,
    times,
    visit_sheet,
)

urlpatterns = [
    path("", calendar, name="calendar"),
    path("feed/", calendar_feed, name="calendar_feed"),
    path("stamp/", stamp, name="calendar_stamp"),
    path("visits/<int:appointment_id>/", visit_sheet, name="calendar_visit"),
    path("visits/<int:appointment_id>/times/", times, name="calendar_times"),
    path("visits/<int:appointment_id>/move/", move, name="calendar_move"),
    path("visits/<int:appointment_id>/reasons/", cancel_sheet, name="calendar_reasons"),
    path("visits/<int:appointment_id>/cancel/", cancel, name="calendar_cancel"),
    path("events/<int:event_id>/undo/", undo, name="calendar_undo"),
    path("masters/<int:master_id>/", master_sheet, name="calendar_master"),
    path("masters/<int:master_id>/off/", add_off, name="calendar_off"),
    path("off/<int:time_off_id>/remove/", remove_off, name="calendar_off_remove"),
]
