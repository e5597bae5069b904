"""`unifonic://APP_SID@?from=Salon`: Unifonic, for the Gulf.

As *Programmable SMS API*, *Sending Your First SMS via Unifonic API*, *Receiving Delivery Status via Webhook* and
*Understanding Reasons of SMS Non-delivery* at docs.unifonic.com say, and *Can I receive DLR receipt update through
a webhook* at support.unifonic.com for the fields of a report.
Settings: `from`, `callback` (the address of the DLR webhook of the account; it signs nothing, so with `?key=`), `base`.
Its reference has no way to ask how an SMS fared, and its replies belong to another product.
"""

from typing import Any, Self
from urllib.parse import SplitResult

from django.core.exceptions import ImproperlyConfigured

from reminders.transports.outgoing import (
    Accepted,
    Fate,
    PermanentFailure,
    Reply,
    Report,
    TemporaryFailure,
    UnknownFate,
)
from reminders.transports.segments import segments
from reminders.transports.sms.exchange import amount, counted, inner, post_form, refuse
from reminders.transports.sms.hook import Call, WebhookRefused, check_key
from reminders.transports.sms.protocol import Quiet, key_of, login, options

API = "https://el.cloud.unifonic.com"
DONE = "ER-00"
# no money or no price for the country, the sender not registered
LATER = {"ER-01", "ER-08"}
# not a number, too long, too short
DEAD = {"ER-02", "ER-03", "ER-04"}
FATES = {"delivered": Fate.DELIVERED, "undeliverable": Fate.FAILED, "undelivered": Fate.FAILED, "rejected": Fate.FAILED}


class Unifonic(Quiet):
    name = "unifonic"

    def __init__(self, *, app_sid: str, given: dict[str, str]) -> None:
        self.app_sid, self.sender = app_sid, given.get("from", "")
        self.base, self.callback = (given.get("base") or API).rstrip("/"), given.get("callback", "")
        self.key = key_of(self.callback, scheme=self.name)

    @classmethod
    def from_url(cls, url: SplitResult) -> Self:
        app_sid, _password = login(url)
        if not app_sid:
            raise ImproperlyConfigured("SMS_URL: unifonic needs its AppSid, unifonic://APP_SID@?from=SENDER.")
        given = options(url, allowed=frozenset({"from", "callback", "base"}), needed=frozenset())
        return cls(app_sid=app_sid, given=given)

    def send(self, *, to: str, text: str, key: str) -> Accepted:
        form = {
            "AppSid": self.app_sid,
            "Recipient": to.lstrip("+"),
            "Body": text,
            "responseType": "JSON",
            # theirs for our books; it does not keep a second one from going
            "CorrelationID": key,
            "async": "false",
        }
        if self.sender:
            form["SenderID"] = self.sender
        answer = post_form(f"{self.base}/rest/SMS/messages", form)
        said = answer.fields()
        refused(said)
        refuse(answer, str(said.get("message", "")))
        sms = inner(said, "data")
        if not sms.get("MessageID"):
            raise UnknownFate("Unifonic's answer cannot be read.")
        return Accepted(
            provider=self.name,
            provider_id=str(sms["MessageID"]),
            parts=counted(sms.get("NumberOfUnits"), segments(text).parts),
            # 0 where the account is billed otherwise
            cost=amount(sms.get("Cost")) or None,
        )

    def parse_webhook(self, call: Call) -> list[Report | Reply]:
        check_key(call, self.key)
        told = call.fields()
        number, status = told.get("MessageID", ""), told.get("DLR", "")
        if not number or not status:
            raise WebhookRefused("Unifonic names no message.")
        return [Report(provider_id=number, fate=FATES.get(status.lower(), Fate.SENT), detail=status)]


def refused(said: dict[str, Any]) -> None:
    code = str(said.get("errorCode", DONE))
    if code == DONE:
        return
    reason = f"Unifonic says: {code} {said.get('message', '')}"
    if code in LATER:
        raise TemporaryFailure(reason)
    if code.startswith("ER-"):
        raise PermanentFailure(reason, address_is_dead=code in DEAD)
