"""`messagebird://ACCESS_KEY@?from=Salon`: MessageBird's SMS API (now Bird's).

As *SMS messaging: send messages*, *handle status reports*, *receive messages*, *API errors* and *Verify HTTP requests*
at developers.messagebird.com say. Status reports come by GET.
Settings: `from`, `signing` (the signing key of the account), `callback` (where MessageBird reports to), `base`.
"""

import hmac
import json
from base64 import urlsafe_b64decode
from binascii import Error as NotBase64
from collections.abc import Mapping
from datetime import datetime
from hashlib import sha256
from typing import Any, Self
from urllib.parse import SplitResult, quote

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
from reminders.transports.sms.exchange import Answer, amount, counted, exchange, inner, objects, post_json, refuse
from reminders.transports.sms.hook import Call, WebhookRefused, same
from reminders.transports.sms.protocol import Quiet, login, options

API = "https://rest.messagebird.com"
FATES = {"delivered": Fate.DELIVERED, "expired": Fate.FAILED, "delivery_failed": Fate.FAILED}
DEAD = {"unknown subscriber", "incorrect number"}
# not enough balance, and codes of ours to mend
BALANCE, MISSING, INVALID = 25, 9, 10
# seconds by which two clocks may differ
TOLERANCE = 5


class MessageBird(Quiet):
    name = "messagebird"
    hooks_by_get = True
    thanks = "OK"

    def __init__(self, *, access_key: str, given: dict[str, str]) -> None:
        self.access_key, self.sender = access_key, given["from"]
        self.base, self.callback = (given.get("base") or API).rstrip("/"), given.get("callback", "")
        self.signing = given.get("signing", "")

    @classmethod
    def from_url(cls, url: SplitResult) -> Self:
        access_key, _password = login(url)
        given = options(url, allowed=frozenset({"signing", "callback", "base"}), needed=frozenset({"from"}))
        if not access_key:
            raise ImproperlyConfigured("SMS_URL: messagebird needs its access key, messagebird://KEY@?from=SENDER.")
        if given.get("callback") and not given.get("signing"):
            raise ImproperlyConfigured("SMS_URL: messagebird needs signing, its signing key, to believe its callback.")
        return cls(access_key=access_key, given=given)

    def send(self, *, to: str, text: str, key: str) -> Accepted:
        message = {
            "originator": self.sender,
            "recipients": [to.lstrip("+")],
            "body": text,
            "datacoding": "auto",
            # without one nothing is reported
            "reference": key[:60],
        }
        if self.callback:
            message["reportUrl"] = self.callback
        answer = post_json(f"{self.base}/messages", message, headers=self._authorised())
        refused(answer)
        said = answer.fields()
        if not said.get("id"):
            raise UnknownFate("MessageBird's answer cannot be read.")
        item = item_of(said)
        return Accepted(
            provider=self.name,
            provider_id=str(said["id"]),
            parts=counted(item.get("messagePartCount"), segments(text).parts),
            cost=amount(inner(item, "price").get("amount")),
        )

    def parse_webhook(self, call: Call) -> list[Report | Reply]:
        self._check_signature(call)
        told = call.query if call.method == "GET" else call.fields()
        number = told.get("id", "")
        if not number:
            raise WebhookRefused("MessageBird names no message.")
        if told.get("status"):
            return [report(number, told)]
        if call.method == "GET":
            raise WebhookRefused("MessageBird says nothing.")
        text = told.get("body") or told.get("payload") or ""
        at = instant(told.get("createdDatetime", ""))
        return [Reply(sender=told.get("originator", ""), text=text, provider_id=number, at=at)]

    def poll_status(self, provider_id: str, *, to: str) -> Report | None:
        answer = exchange("GET", f"{self.base}/messages/{quote(provider_id, safe='')}", headers=self._authorised())
        refused(answer)
        item = item_of(answer.fields())
        return report(provider_id, item) if item.get("status") else None

    def _authorised(self) -> dict[str, str]:
        return {"Authorization": f"AccessKey {self.access_key}", "Accept": "application/json"}

    def _check_signature(self, call: Call) -> None:
        """A JWT (RFC 7519) by HS256 under the signing key, over this address and this body, good for a minute."""
        head, _, rest = call.headers.get("MessageBird-Signature-JWT", "").partition(".")
        body, _, signature = rest.partition(".")
        wanted = hmac.new(self.signing.encode(), f"{head}.{body}".encode(), sha256).digest()
        if not self.signing or not hmac.compare_digest(wanted, unpadded(signature)):
            raise WebhookRefused("The signature is not MessageBird's.")
        kind, claims = part(head), part(body)
        if kind.get("alg") != "HS256" or claims.get("iss") != "MessageBird":
            raise WebhookRefused("The signature is not MessageBird's.")
        now = call.now.timestamp()
        since, until = claims.get("nbf"), claims.get("exp")
        if not isinstance(since, int) or not isinstance(until, int):
            raise WebhookRefused("MessageBird does not say when this was signed.")
        if not since - TOLERANCE <= now < until + TOLERANCE:
            raise WebhookRefused("This was signed long ago.")
        if not same(str(claims.get("url_hash", "")), sha256(call.url.encode()).hexdigest()):
            raise WebhookRefused("This was signed for another address.")
        if call.body and not same(str(claims.get("payload_hash", "")), sha256(call.body).hexdigest()):
            raise WebhookRefused("This was signed for another letter.")


def unpadded(text: str) -> bytes:
    try:
        return urlsafe_b64decode(text + "=" * (-len(text) % 4))
    except (NotBase64, ValueError):
        return b""


def part(text: str) -> dict[str, Any]:
    try:
        found = json.loads(unpadded(text))
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def refused(answer: Answer) -> None:
    error = next(iter(objects(answer.fields().get("errors"))), {})
    code, said = error.get("code"), str(error.get("description", ""))
    if code == BALANCE:
        raise TemporaryFailure(f"MessageBird says: {said}")
    if code in (MISSING, INVALID) and error.get("parameter") in ("recipient", "recipients"):
        raise PermanentFailure(f"MessageBird says: {said}", address_is_dead=True)
    refuse(answer, said)


def item_of(said: dict[str, Any]) -> dict[str, Any]:
    return next(iter(objects(inner(said, "recipients").get("items"))), {})


def report(number: str, told: Mapping[str, Any]) -> Report:
    fate = FATES.get(str(told["status"]), Fate.SENT)
    why = str(told.get("statusReason") or "").replace("+", " ")
    return Report(
        provider_id=number,
        fate=fate,
        detail=f"{told['status']} {why}".strip(),
        address_is_dead=fate == Fate.FAILED and why.lower() in DEAD,
    )


def instant(stamp: str) -> datetime | None:
    try:
        at = datetime.fromisoformat(stamp)
    except ValueError:
        return None
    return at if at.tzinfo else None
