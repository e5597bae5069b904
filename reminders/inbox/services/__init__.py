"""The verbs of the inbox."""

from reminders.inbox.services.receiving import receive

__all__ = ["receive"]
