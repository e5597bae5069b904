"""`vonage://KEY:SECRET@?from=Salon`: Vonage's SMS API (once Nexmo).

As *SMS API Reference*, *Delivery receipts*, *Inbound SMS* and *Signing messages* at developer.vonage.com say.
Settings: `from` (a number or sender), `signature` (the signature secret of the account), `algorithm` (sha256,
the default, or sha512: the HMAC chosen there), `callback` (where Vonage reports to, by POST), `base`.
It cannot be asked how an SMS fared.
"""

import hashlib
import hmac
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
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
from reminders.transports.sms.exchange import amount, objects, post_form, refuse
from reminders.transports.sms.hook import Call, WebhookRefused, check_fresh, same
from reminders.transports.sms.protocol import Quiet, login, options

API = "https://rest.nexmo.com"
ALGORITHMS = {"sha256": hashlib.sha256, "sha512": hashlib.sha512}
# too fast, their trouble, and what is the account's to mend: login, quota, sender, a number not allowed in a trial
LATER = {"1", "2", "4", "5", "8", "9", "10", "11", "14", "15", "29", "32"}
# barred, de-activated
DEAD = {"7", "33"}
# in a receipt: absent for good, no such number
DEAD_IN_RECEIPT = {"3", "9"}
FATES = {"delivered": Fate.DELIVERED, "expired": Fate.FAILED, "failed": Fate.FAILED, "rejected": Fate.FAILED}
# Vonage tells it again for a day where nobody answers
TOLD_AGAIN = timedelta(hours=25)


class Vonage(Quiet):
    name = "vonage"

    def __init__(self, *, login: dict[str, str], given: dict[str, str]) -> None:
        self.login, self.sender = login, given["from"]
        self.base, self.callback = (given.get("base") or API).rstrip("/"), given.get("callback", "")
        self.signature, self.algorithm = given.get("signature", ""), ALGORITHMS[given.get("algorithm") or "sha256"]

    @classmethod
    def from_url(cls, url: SplitResult) -> Self:
        key, secret = login(url)
        if not key or not secret:
            raise ImproperlyConfigured("SMS_URL: vonage needs its key and secret, vonage://KEY:SECRET@?from=SENDER.")
        known = frozenset({"signature", "algorithm", "callback", "base"})
        given = options(url, allowed=known, needed=frozenset({"from"}))
        if (given.get("algorithm") or "sha256") not in ALGORITHMS:
            raise ImproperlyConfigured("SMS_URL: algorithm is sha256 or sha512.")
        if given.get("callback") and not given.get("signature"):
            raise ImproperlyConfigured(
                "SMS_URL: vonage needs signature, the signature secret, to believe its callback."
            )
        return cls(login={"api_key": key, "api_secret": secret}, given=given)

    def send(self, *, to: str, text: str, key: str) -> Accepted:
        counted = segments(text)
        form = {**self.login, "from": self.sender, "to": to.lstrip("+"), "text": text, "client-ref": key[:100]}
        if counted.encoding == "ucs2":
            form["type"] = "unicode"
        if self.callback:
            form["callback"] = self.callback
        answer = post_form(f"{self.base}/sms/json", form)
        parts = objects(answer.fields().get("messages"))
        taken = [part for part in parts if str(part.get("status")) == "0" and part.get("message-id")]
        if parts and not taken:
            refused(str(parts[0].get("status")), str(parts[0].get("error-text", "")))
        refuse(answer, "")
        if not taken:
            raise UnknownFate("Vonage's answer cannot be read.")
        prices = [price for part in taken if (price := amount(part.get("message-price"))) is not None]
        return Accepted(
            provider=self.name,
            provider_id=str(taken[0]["message-id"]),
            parts=len(taken),
            cost=sum(prices[1:], prices[0]) if prices else None,
        )

    def parse_webhook(self, call: Call) -> list[Report | Reply]:
        told = call.fields()
        self._check_signature(call, told)
        number = told.get("messageId", "")
        if not number:
            raise WebhookRefused("Vonage names no message.")
        if "status" in told:
            return [report(number, told)]
        return [
            Reply(
                sender=told.get("msisdn", ""),
                text=told.get("text", ""),
                provider_id=number,
                at=instant(told.get("message-timestamp", "")),
            )
        ]

    def _check_signature(self, call: Call, told: Mapping[str, str]) -> None:
        """The fields in their order, each as &name=value with & and = made harmless, under the signature secret."""
        signed = "".join(
            f"&{name}={told[name].replace('&', '_').replace('=', '_')}" for name in sorted(told) if name != "sig"
        )
        wanted = hmac.new(self.signature.encode(), signed.encode(), self.algorithm).hexdigest()
        if not self.signature or not same(told.get("sig", "").lower(), wanted):
            raise WebhookRefused("The signature is not Vonage's.")
        stamp = told.get("timestamp", "")
        if not stamp.isdigit():
            raise WebhookRefused("Vonage does not say when this was signed.")
        check_fresh(call, datetime.fromtimestamp(int(stamp[:12]), UTC), lasts=TOLD_AGAIN)


def refused(status: str, said: str) -> None:
    reason = f"Vonage says: {status} {said}"
    if status in LATER:
        raise TemporaryFailure(reason)
    raise PermanentFailure(reason, address_is_dead=status in DEAD)


def report(number: str, told: Mapping[str, Any]) -> Report:
    fate = FATES.get(told["status"], Fate.SENT)
    code = told.get("err-code", "")
    return Report(
        provider_id=number,
        fate=fate,
        detail=f"{told['status']} {code}".strip(),
        address_is_dead=fate == Fate.FAILED and code in DEAD_IN_RECEIPT,
        cost=amount(told.get("price")),
    )


def instant(stamp: str) -> datetime | None:
    """Vonage writes 2026-11-22 10:00:00 and means UTC."""
    try:
        return datetime.fromisoformat(stamp).replace(tzinfo=UTC)
    except ValueError:
        return None
