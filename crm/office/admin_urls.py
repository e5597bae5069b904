"""Addresses of the owner's own pages within the admin's frame; each asks for the owner by itself."""

from django.contrib import admin
from django.urls import path

from crm.office.programme.views import set_up

urlpatterns = [
    path("loyalty-set-up/", admin.site.admin_view(set_up), name="loyalty_set_up"),
]
