"""`smsc://LOGIN:PASSWORD@?from=Salon`, or `smsc://:API_KEY@?...`: SMS-Centre, smsc.ru.

As *Отправка SMS-сообщения*, *Проверка статуса*, *Коды статусов*, *Коды ошибок в статусе* and *Передача статусов и
сообщений на обработчик Клиента* at smsc.ru/api/http say.
Settings: `from`, `callback` (the address written into its settings, with `?key=`), `sign` (the password for signatures
written there; then what has none is refused), `base` (smsc.kz or another house of theirs).
"""

from collections.abc import Mapping
from hashlib import sha1
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
from reminders.transports.sms.exchange import amount, counted, post_form, refuse
from reminders.transports.sms.hook import Call, WebhookRefused, check_key, same
from reminders.transports.sms.protocol import Quiet, key_of, login, options

API = "https://smsc.ru"
# login, money, address of ours barred, too many at once
LATER = {2, 3, 4, 9}
# not a number, not to be reached by them
DEAD = {7, 8}
DELIVERED, READ, LINK_OPENED = 1, 2, 4
EXPIRED, IMPOSSIBLE, WRONG_NUMBER, FORBIDDEN, NO_MONEY, NO_ROUTE = 3, 20, 22, 23, 24, 25
FATES = {
    **dict.fromkeys((DELIVERED, READ, LINK_OPENED), Fate.DELIVERED),
    **dict.fromkeys((EXPIRED, IMPOSSIBLE, WRONG_NUMBER, FORBIDDEN, NO_MONEY, NO_ROUTE), Fate.FAILED),
}
# of the errors in a status: there is no such subscriber
NO_SUBSCRIBER = "1"


class SmsCentre(Quiet):
    name = "smsc"

    def __init__(self, *, login: dict[str, str], given: dict[str, str]) -> None:
        self.login, self.sender = login, given.get("from", "")
        self.base, self.callback = (given.get("base") or API).rstrip("/"), given.get("callback", "")
        self.key, self.sign = key_of(self.callback, scheme=self.name), given.get("sign", "")

    @classmethod
    def from_url(cls, url: SplitResult) -> Self:
        user, password = login(url)
        if not password:
            raise ImproperlyConfigured("SMS_URL: smsc needs smsc://LOGIN:PASSWORD@ or smsc://:API_KEY@.")
        given = options(url, allowed=frozenset({"from", "callback", "sign", "base"}), needed=frozenset())
        return cls(login={"login": user, "psw": password} if user else {"apikey": password}, given=given)

    def send(self, *, to: str, text: str, key: str) -> Accepted:
        form = {**self.login, "phones": to, "mes": text, "charset": "utf-8", "fmt": "3", "cost": "3"}
        if self.sender:
            form["sender"] = self.sender
        answer = post_form(f"{self.base}/sys/send.php", form)
        said = answer.fields()
        refused(said)
        refuse(answer, "")
        if not said.get("id"):
            raise UnknownFate("smsc's answer cannot be read.")
        return Accepted(
            provider=self.name,
            provider_id=str(said["id"]),
            parts=counted(said.get("cnt"), segments(text).parts),
            cost=amount(said.get("cost")),
        )

    def parse_webhook(self, call: Call) -> list[Report | Reply]:
        check_key(call, self.key)
        told = call.fields()
        number, phone = told.get("id", ""), told.get("phone", "")
        if "mes" in told:
            return [Reply(sender=phone, text=told["mes"], provider_id=number)]
        if not number or not told.get("status", "").lstrip("-").isdigit():
            raise WebhookRefused("smsc names no message.")
        if self.sign:
            # how smsc signs is not ours to choose
            wanted = sha1(f"{number}:{phone}:{told['status']}:{self.sign}".encode()).hexdigest()  # noqa: S324
            if not same(told.get("sha1", "").lower(), wanted):
                raise WebhookRefused("The signature is not smsc's.")
        return [report(number, told)]

    def poll_status(self, provider_id: str, *, to: str) -> Report | None:
        form = {**self.login, "phone": to, "id": provider_id, "fmt": "3", "charset": "utf-8"}
        answer = post_form(f"{self.base}/sys/status.php", form)
        said = answer.fields()
        refused(said)
        refuse(answer, "")
        return report(provider_id, said) if "status" in said else None


def refused(said: dict[str, Any]) -> None:
    """smsc answers 200 to everything, and says in the body what it is."""
    code = said.get("error_code")
    if not isinstance(code, int):
        return
    reason = f"smsc says: {code} {said.get('error', '')}"
    if code in LATER:
        raise TemporaryFailure(reason)
    raise PermanentFailure(reason, address_is_dead=code in DEAD)


def report(number: str, told: Mapping[str, Any]) -> Report:
    status, error = str(told["status"]), str(told.get("err", ""))
    fate = FATES.get(int(status), Fate.SENT) if status.lstrip("-").isdigit() else Fate.SENT
    return Report(
        provider_id=number,
        fate=fate,
        detail=f"{status} {error}".strip(),
        address_is_dead=fate == Fate.FAILED and (int(status) == WRONG_NUMBER or error == NO_SUBSCRIBER),
    )
