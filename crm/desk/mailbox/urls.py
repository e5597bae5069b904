"""Addresses of the demo's mailbox; outside the demo there is nothing there."""

from django.urls import path

from crm.desk.mailbox import views

app_name = "mailbox"
urlpatterns = [
    path("", views.letters, name="letters"),
    path("<int:pk>/", views.letter, name="letter"),
    path("<int:pk>/answer/", views.answer, name="answer"),
    path("<int:pk>/html/", views.letter_html, name="html"),
    path("<int:pk>/file/<int:number>/", views.file, name="file"),
]
