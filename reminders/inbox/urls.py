"""Addresses of the hooks (contracts.md)."""

from django.urls import path

from reminders.inbox.views import hook, letters

app_name = "hooks"
urlpatterns = [
    path("<slug:provider>/", hook, name="hook"),
    path("<slug:provider>/inbound/", letters, name="letters"),
]
