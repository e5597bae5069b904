"""`infobip://API_KEY@ACCOUNT.api.infobip.com?from=Salon`: Infobip's SMS API, version 3.

As *Send an SMS and get a delivery report*, *Receive outbound SMS message report*, *Receive inbound SMS messages*,
*Message status codes* and *Error code reference* at infobip.com/docs say. The host is the account's base URL.
Settings: `from`, `callback` (where Infobip reports to; it signs nothing, so with `?key=`), `base`.
"""

from datetime import datetime
from typing import Any, Self
from urllib.parse import SplitResult, urlencode

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
from reminders.transports.sms.hook import Call, check_key
from reminders.transports.sms.protocol import Quiet, key_of, login, options

# the groups of a status
UNDELIVERABLE, DELIVERED, EXPIRED, REJECTED = 2, 3, 4, 5
FATES = {DELIVERED: Fate.DELIVERED, UNDELIVERABLE: Fate.FAILED, EXPIRED: Fate.FAILED, REJECTED: Fate.FAILED}
DEAD_STATUS = {"REJECTED_PREFIX_MISSING", "REJECTED_DESTINATION"}
DEAD_ERROR = {"EC_UNKNOWN_SUBSCRIBER", "EC_UNIDENTIFIED_SUBSCRIBER", "EC_ILLEGAL_SUBSCRIBER"}
# the account's to mend
LATER = {"REJECTED_NOT_ENOUGH_CREDITS"}


class Infobip(Quiet):
    name = "infobip"

    def __init__(self, *, base: str, api_key: str, given: dict[str, str]) -> None:
        self.base, self.api_key, self.sender = base.rstrip("/"), api_key, given["from"]
        self.callback = given.get("callback", "")
        self.key = key_of(self.callback, scheme=self.name)

    @classmethod
    def from_url(cls, url: SplitResult) -> Self:
        api_key, _password = login(url)
        given = options(url, allowed=frozenset({"callback", "base"}), needed=frozenset({"from"}))
        if not api_key or not (url.hostname or given.get("base")):
            raise ImproperlyConfigured("SMS_URL: infobip needs its key and host, infobip://KEY@HOST?from=SENDER.")
        return cls(base=given.get("base") or f"https://{url.hostname}", api_key=api_key, given=given)

    def send(self, *, to: str, text: str, key: str) -> Accepted:
        message: dict[str, Any] = {
            "sender": self.sender,
            "destinations": [{"to": to.lstrip("+")}],
            "content": {"text": text},
        }
        if self.callback:
            message["webhooks"] = {"delivery": {"url": self.callback}, "contentType": "application/json"}
        answer = post_json(f"{self.base}/sms/3/messages", {"messages": [message]}, headers=self._authorised())
        refuse(answer, words(answer))
        first = next(iter(objects(answer.fields().get("messages"))), {})
        status = inner(first, "status")
        if status.get("groupId") in (UNDELIVERABLE, REJECTED):
            refused(status)
        if not first.get("messageId"):
            raise UnknownFate("Infobip's answer cannot be read.")
        parts = counted(inner(first, "details").get("messageCount"), segments(text).parts)
        return Accepted(provider=self.name, provider_id=str(first["messageId"]), parts=parts)

    def parse_webhook(self, call: Call) -> list[Report | Reply]:
        check_key(call, self.key)
        told = call.json()
        results = objects(told.get("results")) if isinstance(told, dict) else []
        return [reply(result) if "from" in result and "status" not in result else report(result) for result in results]

    def poll_status(self, provider_id: str, *, to: str) -> Report | None:
        # the logs may be read again, the reports are handed out once
        url = f"{self.base}/sms/3/logs?{urlencode({'messageId': provider_id})}"
        answer = exchange("GET", url, headers={**self._authorised(), "Accept": "application/json"})
        refuse(answer, words(answer))
        found = next(iter(objects(answer.fields().get("results"))), None)
        return report({**found, "messageId": provider_id}) if found else None

    def _authorised(self) -> dict[str, str]:
        return {"Authorization": f"App {self.api_key}"}


def words(answer: Answer) -> str:
    said = answer.fields()
    return str(said.get("description") or said.get("errorCode") or "")


def refused(status: dict[str, Any]) -> None:
    name = str(status.get("name", ""))
    if name in LATER:
        raise TemporaryFailure(f"Infobip says: {name}")
    raise PermanentFailure(f"Infobip says: {name}", address_is_dead=name in DEAD_STATUS)


def report(result: dict[str, Any]) -> Report:
    status, error, price = (inner(result, name) for name in ("status", "error", "price"))
    group = status.get("groupId")
    fate = FATES.get(group, Fate.SENT) if isinstance(group, int) else Fate.SENT
    each, parts = amount(price.get("pricePerMessage")), counted(result.get("messageCount", result.get("smsCount")), 1)
    return Report(
        provider_id=str(result.get("messageId", "")),
        fate=fate,
        detail=f"{status.get('name', '')} {error.get('name', '')}".strip(),
        address_is_dead=fate == Fate.FAILED
        and (status.get("name") in DEAD_STATUS or (error.get("permanent") is True and error.get("name") in DEAD_ERROR)),
        cost=None if each is None else each * parts,
    )


def reply(result: dict[str, Any]) -> Reply:
    try:
        at = datetime.fromisoformat(str(result.get("receivedAt", "")))
    except ValueError:
        at = None
    return Reply(
        sender=str(result.get("from", "")),
        text=str(result.get("text") or result.get("cleanText") or ""),
        provider_id=str(result.get("messageId", "")),
        at=at if at is not None and at.tzinfo else None,
    )
