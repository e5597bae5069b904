"""Reads of what makes up for a complaint: what it costs, who may give it alone, what was given."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Max, Q, Sum

from crm.care.models import Complaint, ComplaintOption
from crm.catalogue.models import Service
from crm.reports.selectors.grievances import complaints_report
from crm.reports.selectors.standing import On
from crm.sales.models import Sale, SaleLine
from crm.team.fields import round_money
from crm.team.models import CrmSettings, User
from crm.team.selectors import branch_day
from loyalty.amends.models import Compensation
from loyalty.vouchers.selectors import DISCOUNT_KIND

Kind, State = ComplaintOption.Kind, ComplaintOption.State
ZERO = Decimal(0)


def price_of_visit(complaint: Complaint) -> Decimal:
    """What the visit that it is about cost her; else her last receipt; else the dearest service of the branch."""
    if complaint.appointment is not None:
        sold = Sale.objects.filter(appointment=complaint.appointment, refund_of__isnull=True).order_by("-pk").first()
        if sold is not None:
            return sold.total
        if complaint.appointment.price is not None:
            return complaint.appointment.price
    last = Sale.objects.filter(client=complaint.client, refund_of__isnull=True, total__gt=0).order_by("-on", "-pk")
    if (newest := last.first()) is not None:
        return newest.total
    dearest = Service.objects.filter(branch=complaint.branch, is_active=True).aggregate(price=Max("price"))["price"]
    return dearest or ZERO


def percent_of_visit(complaint: Complaint, percent: int) -> Decimal:
    """What a percentage off a visit like that one costs, in the branch's smallest unit."""
    return round_money(price_of_visit(complaint) * percent / 100, complaint.branch.currency)


def price_of(services: Sequence[Service]) -> Decimal:
    """What this work costs elsewhere: of a free twin the price of its service."""
    priced = (service.redo_of or service for service in services)
    return sum((service.price or ZERO for service in priced), ZERO)


def alone_up_to(user: User, rules: CrmSettings) -> Decimal | None:
    """Up to what cost this person decides by herself, for one complaint; None: without a limit."""
    if user.role == User.Role.OWNER:
        return None
    return rules.amends_reception_limit if user.role == User.Role.RECEPTIONIST else rules.amends_master_limit


def needs_a_second(*, kind: str, cost: Decimal, given: Decimal, user: User, rules: CrmSettings) -> bool:
    """Whether somebody else has to agree before it is offered.

    Doing it again is everybody's to offer. Money goes back by the reception's or the owner's word only. Else what was
    given in this case before counts too, so that no two small ones go round the limit.
    """
    limit = alone_up_to(user, rules)
    if limit is None or kind == Kind.REDO:
        return False
    if kind == Kind.REFUND and user.role == User.Role.MASTER:
        return True
    return given + cost > limit


def given_in(complaint: Complaint) -> Decimal:
    """What was given in this case so far, in money; what is done again apart."""
    given = Compensation.objects.filter(option__complaint=complaint).exclude(kind=Kind.REDO)
    return given.aggregate(cost=Sum("cost"))["cost"] or ZERO


def may_decide(user: User, option: ComplaintOption, *, given: Decimal, rules: CrmSettings) -> bool:
    """Whether this person may agree to what another one wants to give."""
    if user.pk == option.offered_by_id or user.role == User.Role.MASTER:
        return False
    limit = alone_up_to(user, rules)
    return limit is None or given + option.cost <= limit


def complaints_with_costs(on: On, since: date, until: date) -> dict[str, Any]:
    """`report complaints`, in which what was given costs what it came to in the end."""
    return complaints_report(on, since, until, costs=costs_in_the_end(since, until, on.today))


def costs_in_the_end(since: date, until: date, today: date) -> dict[int, Decimal]:
    """What was given in cases opened in this time cost up to the end of this day, by the key of the solution.

    A voucher costs what it took off once it is used, less what was returned of that; nothing once its days are over
    or it was revoked. While it can still be used it is not in here: what was reckoned with at the offer stands. Two
    queries.
    """
    given = list(
        Compensation.objects.filter(
            option__complaint__opened_on__gte=since, option__complaint__opened_on__lt=until, given_on__lte=today
        ).select_related("voucher", "branch")
    )
    used = {
        row.voucher.redeemed_sale_id: row.option_id
        for row in given
        if row.voucher is not None and row.voucher.redeemed_on is not None and row.voucher.redeemed_on <= today
    }
    costs = {row.option_id: row.cost for row in given if row.voucher is None}
    for row in given:
        voucher = row.voucher
        if voucher is None or row.option_id in used.values():
            continue
        is_void = voucher.voided_at is not None and branch_day(row.branch, voucher.voided_at) <= today
        if is_void or voucher.valid_until < today:
            costs[row.option_id] = ZERO
    lines = SaleLine.objects.filter(Q(sale__in=used) | Q(sale__refund_of__in=used, sale__on__lte=today))
    for sale, refund_of, off in lines.filter(discount_kind=DISCOUNT_KIND).values_list(
        "sale", "sale__refund_of", "discount_amount"
    ):
        option = used[refund_of or sale]
        costs[option] = costs.get(option, ZERO) + off
    return costs
