"""Gifts and extras, what fills their pot, and who got what, as files (practices.md, P51)."""

from crm.office.importing.mirrors.belonging import in_branch, of
from crm.office.importing.mirrors.columns import (
    APPOINTMENT,
    CLIENT,
    RECEIPT,
    Reference,
    day,
    moment,
    money,
    number,
    one,
    text,
    whole,
    yes,
)
from crm.office.importing.mirrors.mirror import Mirror, Said
from crm.office.importing.run import Run
from loyalty.gifts.models import Gift, GiftGiven, PotEntry

GIFT = Reference(Gift, "name")


def _entries(run: Run, said: list[Said]) -> list[Said]:
    """The share of a receipt is known by it; what else stands in a pot, by its moment and sum."""
    return [
        {
            "branch_id": run.branch.pk,
            "key": f"fed sale {each['sale_id']}"
            if each["kind"] == PotEntry.Kind.FED and each["sale_id"]
            else f"import {run.branch.pk} {each['kind']} {each['at']:%Y%m%d%H%M%S%f} {each['amount']}",
        }
        for each in said
    ]


def _counted(gift: Gift) -> bool:
    return (gift.kind == Gift.Kind.GIFT) == (gift.stock is not None)


GIFTS = (
    Mirror(
        "gifts.csv", Gift,
        (
            text("name", needed=True), text("kind", needed=True), money("cost", needed=True), whole("stock"),
            yes("given", "is_active", empty=True),
        ),
        here=of("branch"), same=("name", "branch_id"), follows=in_branch, holds=_counted,
    ),
    Mirror(
        "gifts_given.csv", GiftGiven,
        (
            one("gift", "gift", GIFT, needed=True), text("kind", needed=True),
            one("client", "client", CLIENT, needed=True), money("cost", needed=True), one("receipt", "sale", RECEIPT),
            one("appointment", "appointment", APPOINTMENT), moment("given", "given_at", needed=True),
            day("date", "on", needed=True), moment("taken_back", "taken_back_at"),
        ),
        here=of("branch"), same=("given_at", "gift_id", "client_id"), follows=in_branch,
    ),
    Mirror(
        "gift_pot.csv", PotEntry,
        (
            text("kind", needed=True), number("amount", needed=True), one("receipt", "sale", RECEIPT),
            moment("at", "at", needed=True), day("date", "on", needed=True),
        ),
        here=of("branch"), same=("at", "branch_id", "kind", "amount"), follows=_entries,
    ),
)  # fmt: skip
