"""Addresses of the owner's own pages within the admin's frame; each asks for the owner by itself."""

from django.contrib import admin
from django.urls import path

from crm.office.programme.views import set_up
from crm.office.watch.views import watch, watch_file

urlpatterns = [
    path("loyalty-set-up/", admin.site.admin_view(set_up), name="loyalty_set_up"),
    path("loyalty-watch/", admin.site.admin_view(watch), name="loyalty_watch"),
    path("loyalty-watch/file.csv", admin.site.admin_view(watch_file), name="loyalty_watch_file"),
]
