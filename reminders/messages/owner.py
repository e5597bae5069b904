"""What the owner is told of the salon's own messages. Network: never inside a transaction."""

import structlog
from django.conf import settings
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from crm.reports.selectors.figures import salon_currency
from crm.team.models import User
from crm.team.selectors import salon_settings
from crm.team.wording import money_words
from reminders.consent.models import Channel
from reminders.consent.selectors import message_settings
from reminders.messages.models import SmsMonth
from reminders.messages.spending import next_to_tell
from reminders.transports.services import Outgoing, TransportFailure, send

log = structlog.get_logger(__name__)


def tell_of_spending() -> int:
    """One mail to each owner at 80 % of the month's limit for SMS and one when it is reached; how many letters went."""
    found = next_to_tell()
    if found is None:
        return 0
    month, level = found
    gone = 0
    for owner in User.objects.filter(role=User.Role.OWNER, is_active=True).exclude(email=""):
        with translation.override(owner.language):
            letter = letter_of(owner, month, level)
        try:
            send(letter)
            gone += 1
        except TransportFailure as error:
            # the first page of the office says it too
            log.warning("the owner could not be told what SMS cost", reason=error.reason)
    return gone


def letter_of(owner: User, month: SmsMonth, level: int) -> Outgoing:
    currency = salon_currency()
    spent, limit = (
        money_words(amount, currency, owner.language) for amount in (month.spent, message_settings().sms_monthly_limit)
    )
    if level == 100:
        subject = _("SMS have reached this month's limit")
        words = _(
            "SMS have cost %(spent)s this month, and your limit is %(limit)s. Questions and offers by SMS now wait for "
            "the next month, or until you raise the limit; messages about appointments go on."
        )
    else:
        subject = _("SMS are near this month's limit")
        words = _(
            "SMS have cost %(spent)s this month; your limit is %(limit)s. When it is reached, questions and offers by "
            "SMS wait, and messages about appointments go on."
        )
    rules = settings.PUBLIC_URL + reverse("admin:reminders_messagesettings_changelist")
    return Outgoing(
        channel=Channel.EMAIL,
        to=owner.email,
        subject=subject,
        text=f"{words % {'spent': spent, 'limit': limit}}\n\n{rules}\n",
        idempotency_key=f"spending {month.month} {level} {owner.pk}",
        language=owner.language,
        sender_name=salon_settings().salon_name,
    )
