"""One HTTP request to a provider, which knows how far it came."""

import http.client
import json
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any
from urllib.parse import urlencode, urlsplit

from reminders.transports.outgoing import PermanentFailure, TemporaryFailure, UnknownFate

CONNECT_SECONDS = 10
ANSWER_SECONDS = 20
LONGEST_ANSWER = 1_000_000


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    headers: Mapping[str, str]
    body: bytes

    def json(self) -> Any:
        """The body as JSON, none where it is none."""
        try:
            return json.loads(self.body)
        except (ValueError, RecursionError):
            return None

    def fields(self) -> dict[str, Any]:
        """The body as an object of JSON, empty where it is none."""
        found = self.json()
        return found if isinstance(found, dict) else {}


def exchange(method: str, url: str, *, headers: Mapping[str, str], body: bytes | None = None) -> Answer:
    """Ask and get the answer, whatever its status.

    TemporaryFailure: nobody was there, nothing has gone. UnknownFate: the request was on
    its way when the connection broke.
    """
    parts = urlsplit(url)
    kind = http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
    connection = kind(parts.hostname or "", parts.port, timeout=CONNECT_SECONDS)
    try:
        try:
            connection.connect()
        except OSError as error:
            raise TemporaryFailure(f"The SMS provider cannot be reached: {error}")
        connection.sock.settimeout(ANSWER_SECONDS)
        target = parts.path or "/"
        try:
            connection.request(method, f"{target}?{parts.query}" if parts.query else target, body, dict(headers))
            response = connection.getresponse()
            return Answer(response.status, dict(response.headers), response.read(LONGEST_ANSWER))
        except (OSError, http.client.HTTPException) as error:
            raise UnknownFate(f"The SMS provider took it and gave no answer: {error}")
    finally:
        connection.close()


def post_form(url: str, fields: Mapping[str, str], *, headers: Mapping[str, str] | None = None) -> Answer:
    kind = {"Content-Type": "application/x-www-form-urlencoded", "Accept": "application/json"}
    return exchange("POST", url, headers={**kind, **(headers or {})}, body=urlencode(fields).encode())


def post_json(url: str, content: Any, *, headers: Mapping[str, str]) -> Answer:
    kind = {"Content-Type": "application/json", "Accept": "application/json"}
    return exchange("POST", url, headers={**kind, **headers}, body=json.dumps(content, ensure_ascii=False).encode())


def refuse(answer: Answer, said: str) -> None:
    """Raise what an answer that is no 2xx means; the provider's own codes come before."""
    reason = f"The SMS provider answers {answer.status}: {said}"
    if answer.status == 429:
        wait = {name.lower(): value for name, value in answer.headers.items()}.get("retry-after", "")
        raise TemporaryFailure(reason, retry_after=int(wait) if wait.isdigit() else None)
    if answer.status >= 500 or answer.status in (401, 403, 404, 408):
        # our settings or their trouble, not this SMS
        raise TemporaryFailure(reason)
    if answer.status >= 400:
        raise PermanentFailure(reason, address_is_dead=False)
    if not 200 <= answer.status < 300:
        raise TemporaryFailure(reason)


def objects(value: Any) -> list[dict[str, Any]]:
    """The objects in a list of JSON; nothing where it is no list."""
    return [each for each in value if isinstance(each, dict)] if isinstance(value, list) else []


def inner(found: Mapping[str, Any], name: str) -> dict[str, Any]:
    """The object of JSON under this name; an empty one where there is none."""
    value = found.get(name)
    return value if isinstance(value, dict) else {}


def amount(value: Any) -> Decimal | None:
    """What a provider says it took, whichever way it writes money; none where it says nothing."""
    try:
        found = Decimal(str(value))
    except InvalidOperation:
        return None
    return abs(found) if found.is_finite() else None


def counted(value: Any, otherwise: int) -> int:
    """A number of parts; `otherwise` where the provider says none."""
    return int(str(value)) if str(value).isdigit() and int(str(value)) else otherwise
