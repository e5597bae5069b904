"""Addresses of the desk."""

from django.urls import include, path

app_name = "desk"

urlpatterns = [
    path("", include("crm.desk.checkout.urls")),
]
