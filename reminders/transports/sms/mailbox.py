"""`mailbox://`: an SMS of the demo, for a person to read in the browser. Nothing leaves the machine."""

from datetime import timedelta
from typing import Self
from urllib.parse import SplitResult

from django.core import signing
from django.utils import timezone

from reminders.transports.mailbox import keep_sms
from reminders.transports.models import MailboxLetter
from reminders.transports.outgoing import Accepted, Fate, Reply, Report
from reminders.transports.segments import segments
from reminders.transports.sms.hook import Call, WebhookRefused
from reminders.transports.sms.protocol import Quiet, options

SALT = "reminders.mailbox"
SIGNED_LASTS = timedelta(minutes=5)


class Mailbox(Quiet):
    name = "mailbox"
    takes_key = True

    def __init__(self, *, sender: str = "") -> None:
        self.sender = sender

    @classmethod
    def from_url(cls, url: SplitResult) -> Self:
        found = options(url, allowed=frozenset({"from"}), needed=frozenset())
        return cls(sender=found.get("from", ""))

    def send(self, *, to: str, text: str, key: str) -> Accepted:
        letter = keep_sms(recipient=to, sender=self.sender, text=text, key=key, now=timezone.now())
        return Accepted(provider=self.name, provider_id=str(letter.pk), parts=segments(text).parts)

    def parse_webhook(self, call: Call) -> list[Report | Reply]:
        """What somebody answered on the mailbox page, signed there."""
        try:
            told = signing.loads(call.form.get("signed", ""), salt=SALT, max_age=SIGNED_LASTS)
        except signing.BadSignature:
            raise WebhookRefused("The mailbox has not signed this.")
        return [Reply(sender=told["from"], text=told["text"], provider_id=told["id"], at=call.now)]

    @staticmethod
    def sign(*, sender: str, text: str, number: str) -> dict[str, str]:
        """The form of an answer, as the hook takes it."""
        return {"signed": signing.dumps({"from": sender, "text": text, "id": number}, salt=SALT)}

    def poll_status(self, provider_id: str, *, to: str) -> Report | None:
        if not provider_id.isdigit() or not MailboxLetter.objects.filter(pk=provider_id, channel="sms").exists():
            return None
        return Report(provider_id=provider_id, fate=Fate.DELIVERED)
