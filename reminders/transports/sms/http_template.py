"""`http+template://` and `https+template://`: any provider that takes one request.

`https+template://user:password@sms.example.test/send?to=phone&text=message&sender=Salon&id=data.id`

Settings: `to` and `text` name the provider's fields; `body` is form (default) or json; `bearer` a token;
`sender` with `sender_field` (default: from) the sender; `key_field` the field of the idempotency key; `id` the
path to the message's number in the JSON answer (default: id); `field.NAME` any fixed field.
"""

import json
from base64 import b64encode
from typing import Any, Self
from urllib.parse import SplitResult, parse_qsl, urlencode

from django.core.exceptions import ImproperlyConfigured

from reminders.transports.outgoing import Accepted, Reply, Report, UnknownFate
from reminders.transports.segments import segments
from reminders.transports.sms.exchange import exchange, refuse
from reminders.transports.sms.hook import Call, WebhookRefused
from reminders.transports.sms.protocol import Quiet, login, options

ALLOWED = frozenset({"body", "bearer", "sender", "sender_field", "key_field", "id"})
NEEDED = frozenset({"to", "text"})
FIXED = "field."


class HttpTemplate(Quiet):
    name = "http"

    def __init__(self, *, address: str, given: dict[str, str], fixed: dict[str, str], authorization: str) -> None:
        self.address, self.given, self.fixed, self.authorization = address, given, fixed, authorization
        self.takes_key = bool(given.get("key_field"))

    @classmethod
    def from_url(cls, url: SplitResult) -> Self:
        pairs = parse_qsl(url.query, keep_blank_values=True)
        fixed = {name.removeprefix(FIXED): value for name, value in pairs if name.startswith(FIXED)}
        rest = url._replace(query=urlencode([pair for pair in pairs if not pair[0].startswith(FIXED)]))
        given = options(rest, allowed=ALLOWED, needed=NEEDED)
        if given.get("body", "form") not in ("form", "json"):
            raise ImproperlyConfigured("SMS_URL: body is form or json.")
        user, password = login(url)
        authorization = ""
        if given.get("bearer"):
            authorization = f"Bearer {given['bearer']}"
        elif user:
            authorization = f"Basic {b64encode(f'{user}:{password}'.encode()).decode()}"
        host = url.netloc.rpartition("@")[2]
        address = f"{url.scheme.partition('+')[0]}://{host}{url.path or '/'}"
        return cls(address=address, given=given, fixed=fixed, authorization=authorization)

    def send(self, *, to: str, text: str, key: str) -> Accepted:
        fields = {**self.fixed, self.given["to"]: to, self.given["text"]: text}
        if self.given.get("sender"):
            fields[self.given.get("sender_field", "from")] = self.given["sender"]
        if self.given.get("key_field"):
            fields[self.given["key_field"]] = key
        is_json = self.given.get("body") == "json"
        headers = {"Content-Type": "application/json" if is_json else "application/x-www-form-urlencoded"}
        if self.authorization:
            headers["Authorization"] = self.authorization
        body = json.dumps(fields, ensure_ascii=False) if is_json else urlencode(fields)
        answer = exchange("POST", self.address, headers=headers, body=body.encode())
        refuse(answer, answer.body[:200].decode(errors="replace"))
        number = at(answer.json(), self.given.get("id", "id"))
        if number is None and "id" in self.given:
            # it was said where the number stands, and it does not stand there
            raise UnknownFate("The SMS provider's answer cannot be read.")
        return Accepted(provider=self.name, provider_id=str(number or ""), parts=segments(text).parts)

    def parse_webhook(self, call: Call) -> list[Report | Reply]:
        raise WebhookRefused("A provider by template signs nothing, so nothing is believed.")


def at(answer: Any, path: str) -> str | int | None:
    """What stands at `data.0.id` of an answer; none where it does not."""
    for name in path.split("."):
        if isinstance(answer, dict):
            answer = answer.get(name)
        elif isinstance(answer, list) and name.isdigit() and int(name) < len(answer):
            answer = answer[int(name)]
        else:
            return None
    return answer if isinstance(answer, str | int) else None
