"""The address by which a client brings a friend: her code, and with it, if she wishes, a sign that her name may be told.

The sign is signed, so that who has only the code learns no name by guessing the rest of the address.
"""

from dataclasses import dataclass

from django.conf import settings
from django.core import signing
from django.urls import reverse

from loyalty.vouchers.codes import read_code
from reminders.messages.tokens import ShortSigner

SIGNER = ShortSigner(salt="reminders.links.friend", sep=".")
LONGEST = 60


@dataclass(frozen=True, slots=True)
class Invitation:
    """What an address of a friend's link says; whether anybody has that code is not known here."""

    code: str
    is_named: bool


def invitation_url(code: str, *, is_named: bool) -> str:
    """The whole address to hand on."""
    return settings.PUBLIC_URL + reverse("book:from", args=[SIGNER.sign(code) if is_named else code])


def read_invitation(address: str) -> Invitation | None:
    """The code of an address, whatever case and look-alikes it was typed in; None where it cannot be one."""
    if len(address) > LONGEST:
        return None
    try:
        return Invitation(SIGNER.unsign(address), is_named=True)
    except signing.BadSignature:
        code = read_code(address.partition(".")[0])
        return Invitation(code, is_named=False) if code else None
