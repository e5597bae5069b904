"""The provider that SMS_URL names by its scheme. A new one is a file beside this and a line here."""

from collections.abc import Callable
from functools import lru_cache
from urllib.parse import SplitResult, urlsplit

from django.core.exceptions import ImproperlyConfigured

from reminders.transports.sms.http_template import HttpTemplate
from reminders.transports.sms.infobip import Infobip
from reminders.transports.sms.mailbox import Mailbox
from reminders.transports.sms.messagebird import MessageBird
from reminders.transports.sms.protocol import Provider
from reminders.transports.sms.smsc import SmsCentre
from reminders.transports.sms.smsru import SmsRu
from reminders.transports.sms.twilio import Twilio
from reminders.transports.sms.unifonic import Unifonic
from reminders.transports.sms.vonage import Vonage

SCHEMES: dict[str, Callable[[SplitResult], Provider]] = {
    "mailbox": Mailbox.from_url,
    "twilio": Twilio.from_url,
    "vonage": Vonage.from_url,
    "infobip": Infobip.from_url,
    "messagebird": MessageBird.from_url,
    "smsc": SmsCentre.from_url,
    "smsru": SmsRu.from_url,
    "unifonic": Unifonic.from_url,
    "http+template": HttpTemplate.from_url,
    "https+template": HttpTemplate.from_url,
}


@lru_cache(maxsize=4)
def provider_for(url: str) -> Provider:
    """Raises ImproperlyConfigured with one clear line."""
    parts = urlsplit(url)
    if parts.scheme not in SCHEMES:
        raise ImproperlyConfigured(f"SMS_URL: {parts.scheme or 'nothing'} is none of {', '.join(sorted(SCHEMES))}.")
    return SCHEMES[parts.scheme](parts)
