"""Two cards of one client become one: the vouchers in her name."""

from datetime import datetime

from django.db import transaction

from crm.people.models import Client
from crm.team.models import User
from loyalty.vouchers.models import Voucher
from loyalty.vouchers.services.issuing import void_voucher

# one a year, one a birthday (rules.md, Vouchers): of two that are unused one stays
ONE_OF_A_KIND = (Voucher.Kind.WIN_BACK, Voucher.Kind.BIRTHDAY)


@transaction.atomic
def join_vouchers(*, kept: Client, aside: Client, now: datetime, user: User | None = None) -> None:
    """All are hers; of two unused win-back or birthday vouchers that which holds longer stays, one on a booking first.

    What names them by her key does so by the new one, so that no fact gives a second. The caller holds both clients.
    """
    for voucher in Voucher.objects.select_for_update().filter(client=aside).order_by("pk"):
        voucher.key = _renamed(voucher.key, kept.pk, aside.pk)
        voucher.client = kept
        voucher.save(update_fields=["key", "client"])
    for kind in ONE_OF_A_KIND:
        unused = Voucher.objects.filter(
            client=kept, kind=kind, redeemed_at__isnull=True, voided_at__isnull=True, reserved_for__isnull=True,
            valid_until__gte=now.date(),
        )  # fmt: skip
        booked = Voucher.objects.filter(
            client=kept, kind=kind, redeemed_at__isnull=True, voided_at__isnull=True, reserved_for__isnull=False
        )
        stays = 0 if booked.exists() else 1
        for surplus in unused.order_by("-valid_until", "-pk")[stays:]:
            void_voucher(voucher=surplus, now=now, user=user)


def _renamed(key: str, kept: int, aside: int) -> str:
    """`win_back 7 2026-05-01` and `campaign 3 of 7` speak of client 7; the key stays where hers is taken."""
    words = key.split(" ")
    place = 1 if len(words) == 3 else 3 if words[0] == "campaign" and len(words) == 4 else 0
    if not place or words[place] != str(aside):
        return key
    words[place] = str(kept)
    renamed = " ".join(words)
    return key if Voucher.objects.filter(key=renamed).exists() else renamed
