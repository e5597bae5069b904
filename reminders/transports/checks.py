"""What `manage.py check` says of mail and SMS before the first message has to go."""

from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, register
from django.core.exceptions import ImproperlyConfigured

from reminders.transports.services import sms_provider


@register()
def sms_address(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """An SMS_URL that no provider can read is found at the start, not at midnight."""
    if not settings.SMS_URL:
        return []
    try:
        sms_provider()
    except ImproperlyConfigured as error:
        return [Error(str(error), id="reminders.E001")]
    return []
