"""What colleagues are told of complaints whose deadline is near or over. Network: never inside a transaction."""

from datetime import datetime

import structlog
from django.conf import settings
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from crm.care.models import ComplaintAlert
from crm.care.services import chase_complaints
from crm.team.selectors import salon_settings, zone
from crm.team.wording import hour_words, short_day_words
from reminders.consent.models import Channel
from reminders.transports.services import Outgoing, TransportFailure, send

log = structlog.get_logger(__name__)
About, Level, Mail = ComplaintAlert.About, ComplaintAlert.Level, ComplaintAlert.Mail
# letters in one turn of the clock
AT_ONCE = 50


def tell_of_complaints(*, now: datetime) -> int:
    """Looks whose deadline is near or over and writes to who has an address; how many letters went.

    Each letter is claimed before it goes and so goes once; one whose sender died stays claimed: Today says it too.
    """
    chase_complaints(now=now)
    waiting = ComplaintAlert.objects.filter(mail=Mail.WAITING).order_by("at", "pk").values_list("pk", flat=True)
    return sum(_write(key) for key in list(waiting[:AT_ONCE]))


def _write(key: int) -> int:
    if not ComplaintAlert.objects.filter(pk=key, mail=Mail.WAITING).update(mail=Mail.SENDING):
        # another worker has it
        return 0
    alert = ComplaintAlert.objects.select_related("user", "complaint__client", "complaint__branch").get(pk=key)
    with translation.override(alert.user.language):
        letter = letter_of(alert)
    try:
        send(letter)
    except TransportFailure as error:
        log.warning("a colleague could not be told of a complaint", reason=error.reason)
        alert.mail = Mail.FAILED
    else:
        alert.mail = Mail.SENT
    alert.save(update_fields=["mail"])
    return int(alert.mail == Mail.SENT)


def letter_of(alert: ComplaintAlert) -> Outgoing:
    """In the colleague's language; no words of the client's, as letters are read on many screens."""
    complaint, language = alert.complaint, alert.user.language
    due = alert.due_at.astimezone(zone(complaint.branch))
    values = {
        "name": complaint.client.shown_name,
        "number": complaint.number,
        "day": short_day_words(due.date(), language),
        "hour": hour_words(due),
    }
    if alert.about == About.ANSWER:
        soon = _("%(name)s waits for a first answer to her complaint, until %(day)s, %(hour)s.")
        late = _("%(name)s has not been answered: her first answer was due on %(day)s, %(hour)s.")
    else:
        soon = _("The complaint of %(name)s has to be solved by %(day)s, %(hour)s.")
        late = _("The complaint of %(name)s is not solved: it was due on %(day)s, %(hour)s.")
    if alert.level == Level.SOON:
        subject, words = _("A complaint waits: %(number)s"), soon
    else:
        subject, words = _("A complaint is overdue: %(number)s"), late
    page = settings.PUBLIC_URL + reverse("desk:complaint", args=[complaint.pk])
    return Outgoing(
        channel=Channel.EMAIL,
        to=alert.user.email,
        subject=subject % values,
        text=f"{words % values}\n{_('Speed is what brings her back.')}\n\n{page}\n",
        idempotency_key=f"complaint alert {alert.pk}",
        language=language,
        sender_name=salon_settings().salon_name,
    )
