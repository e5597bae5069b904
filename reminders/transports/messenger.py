"""Telegram, WhatsApp and Viber through apprise, which is installed apart (requirements/messengers.in).

apprise says yes or no, and nothing else: no number of the message, no report of its delivery, no reason. So what
went by messenger stays *sent* for ever, and a no leaves a doubt: a person looks, or it is tried again where it may be.
"""

import re
from importlib import import_module
from importlib.util import find_spec
from typing import Any
from urllib.parse import quote, urlsplit

from django.conf import settings

from reminders.transports.outgoing import Accepted, Outgoing, PermanentFailure, TemporaryFailure, UnknownFate

# what a client's address begins with, and the scheme of apprise
SCHEMES = {"telegram": "tgram", "whatsapp": "whatsapp", "viber": "viber"}
ADDRESS = re.compile(rf"(?P<name>{'|'.join(SCHEMES)}):(?P<target>[\w+=@/-]{{3,100}})")


def messengers() -> dict[str, str]:
    """The salon's own accounts by messenger, as apprise writes them; nothing where apprise is not installed."""
    if not settings.MESSENGER_URLS or find_spec("apprise") is None:
        return {}
    by_scheme = {urlsplit(url).scheme: url for url in settings.MESSENGER_URLS}
    return {name: by_scheme[scheme] for name, scheme in SCHEMES.items() if scheme in by_scheme}


def can_reach(address: str) -> bool:
    """Whether this is an address of a messenger by which the salon writes."""
    found = ADDRESS.fullmatch(address)
    return found is not None and found["name"] in messengers()


def send_chat(outgoing: Outgoing) -> Accepted:
    """Hand one message to a messenger."""
    found = ADDRESS.fullmatch(outgoing.to)
    if found is None:
        raise PermanentFailure("This is no address of a messenger.", address_is_dead=False)
    account = messengers().get(found["name"])
    if account is None:
        raise TemporaryFailure(f"{found['name'].capitalize()} is not set up: see MESSENGER_URLS.")
    apprise: Any = import_module("apprise")
    # nothing of ours is kept on the disk
    asset = apprise.AppriseAsset(storage_mode=apprise.PersistentStoreMode.MEMORY)
    way = apprise.Apprise(asset=asset)
    if not way.add(to_one(account, found["target"])):
        raise TemporaryFailure(f"{found['name'].capitalize()} cannot be used with these MESSENGER_URLS.")
    if not way.notify(body=outgoing.text, body_format=apprise.NotifyFormat.TEXT):
        raise UnknownFate(f"{found['name'].capitalize()} did not take it, and does not say why.")
    return Accepted(provider=found["name"], provider_id="", parts=1)


def to_one(account: str, target: str) -> str:
    """The salon's account with one client behind it."""
    path, mark, query = account.partition("?")
    return f"{path.rstrip('/')}/{quote(target, safe='')}{mark}{query}"
