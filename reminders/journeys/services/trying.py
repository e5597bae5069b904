"""A message sent to oneself to see it where clients see theirs: marked, not counted, and not too often."""

from datetime import timedelta
from uuid import uuid4

from django.core.cache import cache
from django.utils.translation import gettext as _
from django.utils.translation import override

from crm.team.models import User
from crm.team.selectors import salon_settings
from reminders.consent.models import Channel
from reminders.messages.preview import Preview
from reminders.messages.speech import clean
from reminders.transports.services import Accepted, Outgoing, TransportFailure, send

# of one login
AT_MOST, WITHIN = 10, timedelta(hours=1)


class NotTried(Exception):
    """Nothing was sent; the words say why."""


def try_on_oneself(*, preview: Preview, channel: str, language: str, user: User) -> Accepted:
    """Hands the message to the real transport, to the user's own address. No row is written and nothing counts it.

    Network: never within a transaction. Raises NotTried.
    """
    to = user.email if channel == Channel.EMAIL else user.phone
    if not to:
        raise NotTried(_("Your own login has no address for this yet: write it down there first."))
    key = f"tried-{user.pk}"
    cache.add(key, 0, int(WITHIN.total_seconds()))
    if cache.incr(key) > AT_MOST:
        raise NotTried(_("That were ten within an hour. Try again a little later."))
    with override(language):
        mark = _("Test")
    mail = channel == Channel.EMAIL
    try:
        return send(
            Outgoing(
                channel=channel,
                to=to,
                text=f"[{mark}]\n\n{preview.letter.text}" if mail else f"[{mark}] {preview.sms}",
                html=preview.letter.html if mail else "",
                subject=f"[{mark}] {preview.letter.subject}" if mail else "",
                language=language,
                sender_name=clean(salon_settings().salon_name) if mail else "",
                idempotency_key=f"try-{uuid4()}",
            )
        )
    except TransportFailure as error:
        raise NotTried(_("It did not go: %(why)s") % {"why": error.reason}) from error
