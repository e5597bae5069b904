"""Vouchers, certificates, cards and points, as files (practices.md, P51)."""

from collections import defaultdict
from datetime import datetime
from decimal import Decimal

from django.db.models import Q

from crm.office.importing.mirrors.belonging import branch_day, everywhere, in_branch, of
from crm.office.importing.mirrors.columns import (
    APPOINTMENT,
    CAMPAIGN,
    CARD,
    CERTIFICATE,
    CLIENT,
    LEVEL,
    RECEIPT,
    SERVICE,
    VOUCHER,
    day,
    hour,
    moment,
    money,
    number,
    one,
    text,
    weekdays,
    whole,
    yes,
)
from crm.office.importing.mirrors.earning import RULE, one_benefit
from crm.office.importing.mirrors.mirror import Many, Mirror, Said
from crm.office.importing.run import Run
from crm.people.models import Client
from loyalty.cards.models import Card, CardEvent, CardLevel, CardUse
from loyalty.points.models import LedgerEntry, PendingGrant, PointsAccount, SpendingCount, SpendingShare
from loyalty.points.services import account_of, rebooking_key
from loyalty.vouchers.models import Campaign, CertificateMovement, GiftCertificate, Voucher, VoucherEvent


def _accounts(run: Run, said: list[Said]) -> dict[int, PointsAccount]:
    """The points account of each client that the rows speak of."""
    wanted = {each["_client"] for each in said}
    found = {account.client_id: account for account in PointsAccount.objects.filter(client__in=wanted, is_current=True)}
    for client in Client.objects.filter(pk__in=wanted - set(found)):
        found[client.pk] = account_of(client, now=run.now)
    return found


def _pending(run: Run, said: list[Said]) -> list[Said]:
    accounts = _accounts(run, said)
    return [
        {
            "account": accounts[each["_client"]],
            # once for each visit, on this side too
            "key": rebooking_key(each["_client"], branch_day(run, each["promised_at"]))
            if each["kind"] == LedgerEntry.Kind.REBOOKING
            else f"import {each['kind']} {each['_client']} {each['promised_at']}",
        }
        for each in said
    ]


def _counts(run: Run, said: list[Said]) -> list[Said]:
    accounts = _accounts(run, said)
    # before there were rules of earning each count was at the owner's own rate
    return [{"account": accounts[each["_client"]], "base_rate": each["_base_rate"] or each["rate"]} for each in said]


def _shares(_run: Run, said: list[Said]) -> list[Said]:
    found: dict[tuple[int, datetime], dict[Decimal, int]] = defaultdict(dict)
    for client, started_at, rate, pk in SpendingCount.objects.filter(
        account__client__in={each["_client"] for each in said}
    ).values_list("account__client", "started_at", "rate", "pk"):
        found[client, started_at][rate] = pk
    return [{"count_id": _count(found[each["_client"], each["_since"]], each["_rate"])} for each in said]


def _count(by_rate: dict[Decimal, int], rate: Decimal | None) -> int | None:
    """The count of this rate; where the file says none there was but one."""
    return by_rate.get(rate) if rate is not None else next(iter(by_rate.values()), None)


def _vouchers(run: Run, said: list[Said]) -> list[Said]:
    return [
        {
            "branch_id": run.branch.pk,
            "key": f"import {each['code']}",
            "issued_on": branch_day(run, each["issued_at"]),
            "redeemed_on": branch_day(run, each["redeemed_at"]),
        }
        for each in said
    ]


def _cards(run: Run, said: list[Said]) -> list[Said]:
    return [{"issued_on": branch_day(run, each["issued_at"])} for each in said]


def _certificates(run: Run, said: list[Said]) -> list[Said]:
    return [
        {
            "issued_on": branch_day(run, each["issued_at"]),
            "key": f"imported {each['code']}",
            "branch_id": run.branch.pk,
        }
        for each in said
    ]


def _movements(_run: Run, said: list[Said]) -> list[Said]:
    return [{"key": f"imported {each['certificate_id']} {each['kind']} {each['at'].isoformat()}"} for each in said]


LOYALTY = (
    Mirror(
        "campaigns.csv", Campaign,
        (
            text("name", needed=True), text("benefit", needed=True), whole("percent"), money("amount"),
            yes("services_only", "services_only"), day("valid_from", "valid_from", needed=True),
            day("valid_until", "valid_until", needed=True), money("minimum"), weekdays("weekdays"),
            hour("from", "from_time"), hour("to", "to_time"), yes("first_visit", "first_visit_only"),
            yes("here", "here_only"),
        ),
        here=of("branch"), same=("name", "branch_id"), follows=in_branch, holds=one_benefit,
        many=(Many("services", "services", SERVICE), Many("except", "except_services", SERVICE)),
    ),
    Mirror(
        "vouchers.csv", Voucher,
        (
            text("code", needed=True), text("kind", needed=True), text("benefit", needed=True), whole("percent"),
            money("amount"), yes("services_only", "services_only"), one("client", "client", CLIENT),
            one("campaign", "campaign", CAMPAIGN),
            day("book_until", "book_until"), day("valid_from", "valid_from", needed=True),
            day("valid_until", "valid_until", needed=True), whole("prolonged_days", empty=0),
            moment("issued", "issued_at", needed=True), one("reserved_for", "reserved_for", APPOINTMENT),
            one("redeemed_in", "redeemed_sale", RECEIPT), moment("redeemed", "redeemed_at"),
            moment("voided", "voided_at"), yes("quiet_hours", "quiet_only"),
        ),
        here=of("branch"), same=("code",), follows=_vouchers, holds=one_benefit, many=(Many("services", "services", SERVICE),),
    ),
    Mirror(
        "voucher_events.csv", VoucherEvent,
        (
            one("voucher", "voucher", VOUCHER, needed=True), text("kind", needed=True), moment("when", "at", needed=True),
            one("appointment", "appointment", APPOINTMENT), one("receipt", "sale", RECEIPT), whole("days"),
        ),
        here=of("voucher__branch"), same=("voucher_id", "kind", "at"),
    ),
    Mirror(
        "gift_certificates.csv", GiftCertificate,
        (
            text("code", needed=True), text("receipt", needed=True), text("method", needed=True),
            money("amount", needed=True), money("left", "balance", needed=True), text("made_out_to"),
            one("bought_by", "bought_by", CLIENT), moment("issued", "issued_at", needed=True),
            day("valid_until", "expires_on"),
        ),
        here=of("branch"), same=("code",), follows=_certificates,
    ),
    Mirror(
        "gift_certificate_movements.csv", CertificateMovement,
        (
            one("certificate", "certificate", CERTIFICATE, needed=True), text("kind", needed=True),
            money("amount", needed=True), one("receipt", "sale", RECEIPT), moment("when", "at", needed=True),
            day("date", "on", needed=True),
        ),
        here=of("certificate__branch"), same=("certificate_id", "kind", "at"), follows=_movements,
    ),
    Mirror(
        "card_levels.csv", CardLevel,
        (
            text("code", needed=True), whole("percent", needed=True), money("from_paid", needed=True), text("name"),
        ),
        here=everywhere, same=("code",),
    ),
    Mirror(
        "cards.csv", Card,
        (
            text("number", needed=True), one("client", "client", CLIENT, needed=True),
            one("level", "level", LEVEL, needed=True), yes("bearer", "is_bearer"),
            moment("issued", "issued_at", needed=True), day("review", "review_on", needed=True),
            moment("noticed", "review_noticed_at"), moment("closed", "closed_at"),
        ),
        here=lambda branch: Q(client__branch=branch) | Q(uses__sale__branch=branch), same=("number",), follows=_cards,
    ),
    Mirror(
        "card_events.csv", CardEvent,
        (
            one("card", "card", CARD, needed=True), text("kind", needed=True), one("level", "level", LEVEL, needed=True),
            moment("when", "at", needed=True),
        ),
        here=of("card__client__branch"), same=("card_id", "kind", "at"),
    ),
    Mirror(
        "card_uses.csv", CardUse,
        (
            one("card", "card", CARD, needed=True), one("receipt", "sale", RECEIPT, needed=True),
            one("client", "client", CLIENT), money("saved", needed=True), day("date", "on", needed=True),
        ),
        here=of("sale__branch"), same=("sale_id",),
    ),
    Mirror(
        "points_pending.csv", PendingGrant,
        (
            one("client", "client", CLIENT, needed=True, through="account"), whole("points", needed=True),
            text("kind", needed=True), one("appointment", "appointment", APPOINTMENT, needed=True),
            text("state", needed=True), moment("promised", "promised_at", needed=True), moment("settled", "settled_at"),
        ),
        here=of("account__client__branch"), same=("key",), follows=_pending,
    ),
    Mirror(
        "cashback_counts.csv", SpendingCount,
        (
            one("client", "client", CLIENT, needed=True, through="account"), number("rate", needed=True),
            moment("since", "started_at", needed=True), money("paid", needed=True), whole("points", needed=True),
            yes("current", "is_current", empty=True), number("usual_rate", "_base_rate", path="base_rate"),
            money("carried_paid", empty=Decimal(0)), whole("carried_points", empty=0),
        ),
        here=of("account__client__branch"), same=("account_id", "started_at", "rate"), follows=_counts,
    ),
    Mirror(
        "cashback.csv", SpendingShare,
        (
            one("receipt", "sale", RECEIPT, needed=True), one("client", "client", CLIENT, needed=True, through="count__account"),
            moment("since", "_since", path="count__started_at", needed=True), money("paid", needed=True), whole("points", needed=True),
            whole("forgiven", needed=True), number("rate", "_rate", path="count__rate"), text("lines"),
            one("rule", "rule", RULE),
        ),
        here=of("sale__branch"), same=("sale_id", "count_id"), follows=_shares,
    ),
)  # fmt: skip
