"""`twilio://SID:TOKEN@?from=+1555...`: Twilio's Programmable Messaging.

Settings: `from` (a number or sender) or `service` (a messaging service), `base` (another address of the API),
`callback` (where Twilio reports to).
"""

import hmac
from base64 import b64decode, b64encode
from binascii import Error as NotBase64
from collections.abc import Mapping
from decimal import Decimal
from hashlib import sha1
from typing import Any, Self
from urllib.parse import SplitResult, quote

from django.core.exceptions import ImproperlyConfigured

from reminders.transports.outgoing import Accepted, Fate, PermanentFailure, Reply, Report, UnknownFate
from reminders.transports.segments import segments
from reminders.transports.sms.exchange import amount, counted, exchange, post_form, refuse
from reminders.transports.sms.hook import Call, WebhookRefused
from reminders.transports.sms.protocol import Quiet, login, options

API = "https://api.twilio.com"
# not a number, not reachable, unsubscribed at the carrier, not a mobile, landline, unknown
DEAD = {21211, 21610, 21612, 21614, 30003, 30005, 30006}
FATES = {
    "delivered": Fate.DELIVERED,
    "read": Fate.DELIVERED,
    "failed": Fate.FAILED,
    "undelivered": Fate.FAILED,
    "canceled": Fate.FAILED,
}


class Twilio(Quiet):
    name = "twilio"

    def __init__(self, *, sid: str, token: str, origin: dict[str, str], base: str = API, callback: str = "") -> None:
        self.sid, self.token, self.origin, self.base, self.callback = sid, token, origin, base.rstrip("/"), callback

    @classmethod
    def from_url(cls, url: SplitResult) -> Self:
        sid, token = login(url)
        if not sid or not token:
            raise ImproperlyConfigured("SMS_URL: twilio needs its account and token, twilio://SID:TOKEN@?from=NUMBER.")
        found = options(url, allowed=frozenset({"from", "service", "base", "callback"}), needed=frozenset())
        if bool(found.get("from")) == bool(found.get("service")):
            raise ImproperlyConfigured("SMS_URL: twilio needs either from or service.")
        origin = {"From": found["from"]} if found.get("from") else {"MessagingServiceSid": found["service"]}
        return cls(
            sid=sid, token=token, origin=origin, base=found.get("base") or API, callback=found.get("callback", "")
        )

    def send(self, *, to: str, text: str, key: str) -> Accepted:
        form = {"To": to, "Body": text, **self.origin}
        if self.callback:
            form["StatusCallback"] = self.callback
        url = f"{self.base}/2010-04-01/Accounts/{quote(self.sid)}/Messages.json"
        answer = post_form(url, form, headers=self._authorised())
        said = answer.fields()
        if said.get("code") in DEAD:
            raise PermanentFailure(f"Twilio says: {said.get('message', '')}", address_is_dead=True)
        refuse(answer, str(said.get("message", "")))
        if not said.get("sid"):
            raise UnknownFate("Twilio's answer cannot be read.")
        return Accepted(
            provider=self.name,
            provider_id=str(said["sid"]),
            parts=counted(said.get("num_segments"), segments(text).parts),
            # a negative number, later or never
            cost=amount(said.get("price")),
        )

    def parse_webhook(self, call: Call) -> list[Report | Reply]:
        form = call.form
        self._check_signature(call.url, call.headers.get("X-Twilio-Signature", ""), form)
        number = form.get("MessageSid") or form.get("SmsSid") or ""
        if not number:
            raise WebhookRefused("Twilio names no message.")
        if "MessageStatus" in form:
            return [report(number, form["MessageStatus"], form.get("ErrorCode"))]
        return [Reply(sender=form.get("From", ""), text=form.get("Body", ""), provider_id=number)]

    def poll_status(self, provider_id: str, *, to: str) -> Report | None:
        answer = exchange(
            "GET",
            f"{self.base}/2010-04-01/Accounts/{quote(self.sid)}/Messages/{quote(provider_id, safe='')}.json",
            headers=self._authorised(),
        )
        said = answer.fields()
        if answer.status != 200 or "status" not in said:
            refuse(answer, str(said.get("message", "")))
            return None
        return report(provider_id, str(said["status"]), said.get("error_code"), cost=amount(said.get("price")))

    def _authorised(self) -> dict[str, str]:
        pair = b64encode(f"{self.sid}:{self.token}".encode()).decode()
        return {"Authorization": f"Basic {pair}", "Accept": "application/json"}

    def _check_signature(self, url: str, signature: str, form: Mapping[str, str]) -> None:
        """Twilio signs the address and the form's sorted names and values with the account's token."""
        signed = url + "".join(name + form[name] for name in sorted(form))
        # how Twilio signs is not ours to choose
        wanted = hmac.new(self.token.encode(), signed.encode(), sha1).digest()
        try:
            given = b64decode(signature, validate=True)
        except (NotBase64, ValueError):
            given = b""
        if not hmac.compare_digest(wanted, given):
            raise WebhookRefused("The signature is not Twilio's.")


def report(number: str, status: str, code: Any, *, cost: Decimal | None = None) -> Report:
    error = int(code) if str(code or "").isdigit() else 0
    fate = FATES.get(status, Fate.SENT)
    return Report(
        provider_id=number,
        fate=fate,
        detail=f"{status} {error}" if error else status,
        address_is_dead=fate == Fate.FAILED and error in DEAD,
        cost=cost,
    )
