"""`smsru://API_ID@?from=Salon`: SMS.RU.

As *Отправить СМС сообщение*, *Проверить статус сообщений*, *Callback* and *Коды ответов* at sms.ru/api say.
Settings: `from`, `callback` (the address written into its settings, *API, callback*), `base`. It brings no replies.
"""

from hashlib import sha256
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
from reminders.transports.sms.exchange import amount, inner, post_form, refuse
from reminders.transports.sms.hook import Call, WebhookRefused, same
from reminders.transports.sms.protocol import Quiet, login, options

API = "https://sms.ru"
DONE = 100
# login, money, limits of a day or an hour, their trouble
LATER = {200, 201, 206, 220, 230, 231, 232, 300, 301, 302, 500, 501}
# not a number, no way to it
DEAD = {202, 207}
FATES = {
    103: Fate.DELIVERED,
    110: Fate.DELIVERED,
    **dict.fromkeys((104, 105, 106, 107, 108, 150), Fate.FAILED),
    **dict.fromkeys(DEAD, Fate.FAILED),
}
# on its way
WAITING = {100, 101, 102}


class SmsRu(Quiet):
    name = "smsru"
    # it tells the same for days to whoever does not say this
    thanks = "100"

    def __init__(self, *, api_id: str, given: dict[str, str]) -> None:
        self.api_id, self.sender = api_id, given.get("from", "")
        self.base, self.callback = (given.get("base") or API).rstrip("/"), given.get("callback", "")

    @classmethod
    def from_url(cls, url: SplitResult) -> Self:
        api_id, _password = login(url)
        if not api_id:
            raise ImproperlyConfigured("SMS_URL: smsru needs its api_id, smsru://API_ID@?from=SENDER.")
        return cls(
            api_id=api_id, given=options(url, allowed=frozenset({"from", "callback", "base"}), needed=frozenset())
        )

    def send(self, *, to: str, text: str, key: str) -> Accepted:
        form = {"api_id": self.api_id, "to": to.lstrip("+"), "msg": text, "json": "1"}
        if self.sender:
            form["from"] = self.sender
        answer = post_form(f"{self.base}/sms/send", form)
        said = answer.fields()
        refused(said)
        refuse(answer, "")
        sms = next((found for found in inner(said, "sms").values() if isinstance(found, dict)), {})
        refused(sms)
        if not sms.get("sms_id"):
            raise UnknownFate("SMS.RU's answer cannot be read.")
        return Accepted(
            provider=self.name,
            provider_id=str(sms["sms_id"]),
            parts=segments(text).parts,
            cost=amount(sms.get("cost")),
        )

    def parse_webhook(self, call: Call) -> list[Report | Reply]:
        """Up to a hundred changes, each in lines: what, the SMS, its status, when; hashed together with the api_id."""
        entries = [value for name, value in call.form.items() if name.startswith("data[")]
        wanted = sha256((self.api_id + "".join(entries)).encode()).hexdigest()
        if not entries or not same(call.form.get("hash", "").lower(), wanted):
            raise WebhookRefused("The hash is not SMS.RU's.")
        found: list[Report | Reply] = []
        for entry in entries:
            kind, number, status, *_when = [*entry.replace("\r\n", "\n").split("\n"), "", "", ""]
            if kind == "sms_status" and (told := report(number, status)):
                found.append(told)
        return found

    def poll_status(self, provider_id: str, *, to: str) -> Report | None:
        form = {"api_id": self.api_id, "sms_id": provider_id, "json": "1"}
        answer = post_form(f"{self.base}/sms/status", form)
        said = answer.fields()
        refused(said)
        refuse(answer, "")
        sms = inner(inner(said, "sms"), provider_id)
        return report(provider_id, str(sms.get("status_code", "")), cost=sms.get("cost"))


def refused(said: dict[str, Any]) -> None:
    """SMS.RU answers 200 to everything, and says in the body what it is, once for all and once for each number."""
    code = said.get("status_code")
    if not isinstance(code, int) or code == DONE:
        return
    reason = f"SMS.RU says: {code} {said.get('status_text', '')}"
    if code in LATER:
        raise TemporaryFailure(reason)
    raise PermanentFailure(reason, address_is_dead=code in DEAD)


def report(number: str, status: str, *, cost: Any = None) -> Report | None:
    code = int(status) if status.isdigit() else 0
    if code not in FATES and code not in WAITING:
        return None
    return Report(
        provider_id=number,
        fate=FATES.get(code, Fate.SENT),
        detail=status,
        address_is_dead=code in DEAD,
        cost=amount(cost),
    )
