"""A master who works here no more, and the visits that are still booked with her."""

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.forms import ModelForm
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from crm.booking.models import Appointment
from crm.booking.selectors import visits_ahead
from crm.team.models import Master
from crm.team.selectors import zone
from crm.team.wording import hour_words, isolated, short_day_words

# as many are named; the calendar shows all
NAMED = 3


class NamesVisitsAhead:
    """After a master is switched off, the visits that are still hers are named: they stay booked, with nobody to come."""

    def save_model(self, request: HttpRequest, obj: Master, form: ModelForm, change: bool) -> None:
        super().save_model(request, obj, form, change)  # type: ignore[misc]
        if obj.is_active or "is_active" not in form.changed_data:
            return
        ahead = list(visits_ahead(master=obj.pk, now=timezone.now()).select_related("client"))
        if ahead:
            messages.warning(request, left_words(obj, ahead))


def left_words(master: Master, ahead: list[Appointment]) -> SafeString:
    """How many visits, the first few of them, and the way to the week of the first."""
    here, language = zone(master.branch), get_language() or "en"
    named = [(each.client.shown_name, each.starts_at.astimezone(here)) for each in ahead[:NAMED] if each.starts_at]
    said = "; ".join(f"{short_day_words(at, language)} {hour_words(at)} {isolated(name)}" for name, at in named)
    words = ngettext(
        "%(name)s still has %(count)d visit ahead: %(visits)s.",
        "%(name)s still has %(count)d visits ahead: %(visits)s.",
        len(ahead),
    ) % {
        "name": isolated(master.name),
        "count": len(ahead),
        "visits": said if len(ahead) <= NAMED else f"{said} …",
    }
    query: dict[str, Any] = {"view": "week", "master": master.pk, "day": named[0][1].date().isoformat()}
    week = f"{reverse('desk:calendar')}?{urlencode(query)}"
    return format_html('{} <a class="underline" href="{}">{}</a>', words, week, _("Give them to somebody else"))
