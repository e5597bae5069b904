"""Reads of what makes up for a complaint: what it costs, who may give it alone, what was given."""

from collections.abc import Sequence
from decimal import Decimal

from django.db.models import Max, Sum

from crm.care.models import Complaint, ComplaintOption
from crm.catalogue.models import Service
from crm.sales.models import Sale
from crm.team.fields import round_money
from crm.team.models import CrmSettings, User
from loyalty.amends.models import Compensation

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
