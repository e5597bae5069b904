"""A solution is chosen and given in the same act: one transaction, once for each solution (practices.md, P31)."""

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from crm.booking.services.step import lock_client
from crm.care.models import Complaint, ComplaintEvent, ComplaintOption, Step
from crm.care.services import agree_redo, finish_step
from crm.care.services.complaints import record
from crm.people.services import note_change
from crm.sales.models import Sale, SaleLine
from crm.sales.services import ReturnFact
from crm.team.models import User
from crm.team.selectors import branch_day
from loyalty.amends.models import Compensation
from loyalty.amends.selectors import price_of
from loyalty.amends.services.offering import STANDING, AmendsRefused, lock_complaint
from loyalty.checkout.services import refund_checkout
from loyalty.gifts.models import Gift
from loyalty.gifts.services import give_from_shelf
from loyalty.points.models import AMENDS, LedgerEntry
from loyalty.points.selectors import loyalty_settings
from loyalty.points.services import grant_points
from loyalty.vouchers.models import Voucher
from loyalty.vouchers.services import issue_voucher

Event, Kind, State = ComplaintEvent.Kind, ComplaintOption.Kind, ComplaintOption.State


class NotOffered(AmendsRefused):
    words = _("This is not offered any more. Look at the case again.")


class AlreadyChosen(AmendsRefused):
    words = _("Another solution has been chosen already.")


def choose_solution(
    *, option: ComplaintOption, now: datetime, user: User | None = None, method: str = ""
) -> Compensation | None:
    """She chose this one, at the desk (`user`) or by herself: it is hers at once, and the others are not offered any more.

    Chosen twice it is given once, and gives what came of the first time. None: money that a person still has to hand
    back (`hand_money_back`), as nobody was at the till. `method` is how money goes back (Payment.Method; none: as it
    came). What is done again is agreed by it and booked by `book_redo`. Raises NotOffered, AlreadyChosen, GiftRefused,
    SaleRefused, ComplaintRefused once the case is over.
    """
    with transaction.atomic():
        # client first, as everywhere
        lock_client(option.complaint.client_id)
        if (done := Compensation.objects.filter(option=option).first()) is not None:
            return done
        complaint = lock_complaint(option.complaint)
        _take(complaint, option, now, user)
        if option.kind == Kind.REFUND and user is None:
            return None
        return _give(complaint, option, now, user, method)


def hand_money_back(*, option: ComplaintOption, now: datetime, user: User, method: str = "") -> Compensation:
    """What she chose on her own page is paid back at the till. Done twice it is once. Raises NotOffered, SaleRefused."""
    with transaction.atomic():
        lock_client(option.complaint.client_id)
        if (done := Compensation.objects.filter(option=option).first()) is not None:
            return done
        complaint = lock_complaint(option.complaint)
        option.refresh_from_db()
        if option.kind != Kind.REFUND or option.state != State.CHOSEN:
            raise NotOffered
        return _give(complaint, option, now, user, method)


def _take(complaint: Complaint, option: ComplaintOption, now: datetime, user: User | None) -> None:
    since = complaint.clock_from or complaint.opened_at
    if complaint.options.filter(state=State.CHOSEN, chosen_at__gte=since).exclude(pk=option.pk).exists():
        raise AlreadyChosen
    chosen = {"state": State.CHOSEN, "chosen_at": now, "chosen_with": user}
    if not ComplaintOption.objects.filter(pk=option.pk, state=State.OFFERED).update(**chosen):
        raise NotOffered
    option.refresh_from_db()
    complaint.options.filter(state__in=STANDING).update(state=State.DECLINED)
    record(complaint, Event.CHOSEN, now=now, user=user, text=str(option))
    finish_step(complaint=complaint, step=Step.CHOICE, now=now, user=user)
    note_change([complaint.client_id])


def _give(complaint: Complaint, option: ComplaintOption, now: datetime, user: User | None, method: str) -> Compensation:
    """What it is, by its kind, and what it costs in the end."""
    key = f"amends {option.pk}"
    given: dict[str, Any] = {}
    cost: Decimal = option.cost
    if option.kind == Kind.DISCOUNT:
        given["voucher"] = _voucher(complaint, option, key, now, user)
    elif option.kind == Kind.POINTS:
        given["entry"] = grant_points(
            client=complaint.client,
            points=option.points or 0,
            kind=LedgerEntry.Kind.GESTURE,
            source=f"{AMENDS}{option.pk}",
            key=key,
            now=now,
            reason=gettext("To make up for what went wrong"),
            user=user or option.offered_by,
        )
    elif option.kind == Kind.GIFT:
        gift = Gift.objects.filter(pk=option.thing or 0).first()
        if gift is None:
            raise NotOffered
        given["gift"] = give_from_shelf(gift=gift, client=complaint.client, now=now, user=user or option.offered_by)
        cost = given["gift"].cost
    elif option.kind == Kind.REFUND:
        given["refund"] = _refund(option, key, now, user, method)
        cost = -given["refund"].total
    elif option.kind == Kind.REDO:
        services = list(option.services.select_related("redo_of"))
        agree_redo(complaint=complaint, services=services, now=now, user=user)
        cost = price_of(services)
    compensation = Compensation.objects.create(
        option=option,
        branch=complaint.branch,
        client=complaint.client,
        kind=option.kind,
        cost=cost,
        given_at=now,
        given_on=branch_day(complaint.branch, now),
        user=user,
        **given,
    )
    record(complaint, Event.GIVEN, now=now, user=user, text=str(option))
    return compensation


def _voucher(complaint: Complaint, option: ComplaintOption, key: str, now: datetime, user: User | None) -> Voucher:
    today = branch_day(complaint.branch, now)
    return issue_voucher(
        client=complaint.client,
        branch=complaint.branch,
        kind=Voucher.Kind.AMENDS,
        percent=option.percent,
        valid_from=today,
        valid_until=today + timedelta(days=loyalty_settings().amends_days - 1),
        key=key,
        now=now,
        user=user or option.offered_by,
    )


def _refund(option: ComplaintOption, key: str, now: datetime, user: User | None, method: str) -> Sale:
    if option.sale is None:
        raise NotOffered
    lines = SaleLine.objects.in_bulk([key for key, _count in option.returns])
    return refund_checkout(
        sale=option.sale,
        returns=[ReturnFact(lines[line], Decimal(count)) for line, count in option.returns],
        key=key,
        now=now,
        user=user,
        method=method,
    )
