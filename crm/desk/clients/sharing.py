"""A number that somebody else has too: families share phones, but it may be the same client written down twice."""

from django.contrib import messages
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _

from crm.people.models import Client


def tell_shared_number(request: HttpRequest, client: Client) -> None:
    """Says whose number this is besides hers, with the way to that card; nothing where it is hers alone."""
    if not client.phone:
        return
    other = Client.objects.filter(phone=client.phone).exclude(pk=client.pk).order_by("pk").first()
    if other is None:
        return
    name = format_html('<a href="{}"><bdi>{}</bdi></a>', reverse("desk:client", args=[other.pk]), other.shown_name)
    messages.warning(request, format_html(_("This is also %(name)s's number.").replace("%(name)s", "{}"), name))
