"""Checkout: lines, best discount, points, payment and the next visit on one page, sent as one."""

from decimal import Decimal
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from crm.booking.services import BookingRefused, ClientBusy, SlotTaken
from crm.care.selectors import with_steps_to_ask
from crm.catalogue.services import left_words, shortages
from crm.desk.access import desk_page, own_master, visible_appointment
from crm.desk.camera import with_camera
from crm.desk.checkout.forms import (
    DECLINE,
    MONEY_METHODS,
    Draft,
    gift_given,
    new_draft,
    put_order,
    read_count,
    read_draft,
)
from crm.desk.checkout.refusals import guesser_of, note_of, note_refusals
from crm.desk.checkout.till import Till, next_booked, propose, propose_present
from crm.desk.checkout.words import benefits, certificates, gift_words, lowered_words, plain, slot_choices, sums
from crm.desk.standards.listing import asks_first
from crm.desk.told import line_at_the_till
from crm.desk.words import listed, money
from crm.orders.selectors import orders_of
from crm.people.models import Client
from crm.sales.models import Payment, RebookingDecline
from crm.sales.selectors import sale_of_appointment
from crm.team.models import Master
from crm.team.selectors import branch_day, masters_of, zone
from loyalty.checkout.selectors import quote, with_benefits
from loyalty.checkout.services import (
    CertificateRefused,
    Decline,
    GiftRefused,
    NextVisit,
    NotEnoughPoints,
    NotOnTheShelf,
    OrderRefused,
    PartnerRefused,
    SaleAlreadyCompleted,
    SaleRefused,
    SumChanged,
    VoucherRefused,
    complete_checkout,
)
from loyalty.gifts.selectors import gift_named, with_gift
from loyalty.points.models import RefusedBenefit
from loyalty.points.selectors import loyalty_settings
from loyalty.vouchers.selectors import certificate_by_code
from loyalty.vouchers.services import may_try_code
from reminders.journeys.services.doorbell import ring


@with_camera
@desk_page
@require_http_methods(["GET", "POST"])
def checkout_visit(request: HttpRequest, appointment_id: int) -> HttpResponse:
    """Checkout of an appointment."""
    given = gift_given(request.POST)
    appointment = visible_appointment(
        request, appointment_id, read=lambda found: with_steps_to_ask(with_gift(with_benefits(found), given))
    )
    is_sold = request.method == "GET" and appointment.has_sale
    if is_sold and (done := sale_of_appointment(appointment)):
        return redirect("desk:receipt", sale_id=done.pk)
    if request.method == "GET" and asks_first(request, appointment) and not is_sold:
        return redirect("desk:steps_ask", appointment_id=appointment.pk)
    till = Till(
        branch=appointment.branch,
        client=appointment.client,
        appointment=appointment,
        master=appointment.master,
    )
    return _checkout(request, till)


@with_camera
@desk_page
@require_http_methods(["GET", "POST"])
def checkout_new(request: HttpRequest) -> HttpResponse:
    """Checkout without an appointment: of a client (`?client=`), or of somebody who is not known."""
    branch = request.branch
    client = None
    if wanted := request.POST.get("client") or request.GET.get("client"):
        client = get_object_or_404(Client.objects.select_related("branch"), pk=wanted if wanted.isdecimal() else 0)
    masters = list(masters_of(branch))
    chosen = request.POST.get("master", "")
    own = own_master(request.user)
    master = next((each for each in masters if str(each.pk) == chosen), None)
    if master is None and request.method == "GET" and own in masters:
        master = own
    till = Till(branch, client, None, master)
    if client is not None and (ordered := request.POST.get("order") or request.GET.get("order")):
        till.order = get_object_or_404(
            orders_of(client).filter(branch=branch), pk=ordered if ordered.isdecimal() and len(ordered) <= 18 else 0
        )
    return _checkout(request, till, masters=masters)


@desk_page
@require_GET
def next_times(request: HttpRequest, appointment_id: int) -> HttpResponse:
    """The proposal of the next visit, fetched while the sums are being looked at."""
    appointment = visible_appointment(request, appointment_id)
    till = Till(appointment.branch, appointment.client, appointment, appointment.master)
    draft = Draft(key="", next=request.GET.get("next", "")[:120])
    propose(till, draft)
    return render(request, "desk/checkout/_next.html", _next_context(till, draft))


def _checkout(request: HttpRequest, till: Till, masters: list[Master] | None = None) -> HttpResponse:
    # the payment is taken with the gift or without: either is one tap
    step = "complete" if gift_given(request.POST) else request.POST.get("step", "")
    if step == "complete":
        till.fill_with(request.POST.getlist("item"))
    else:
        till.fill()
    currency = till.branch.currency
    if request.method == "GET":
        draft = new_draft(till.booked, currency)
        if till.order is not None:
            put_order(draft, till.order)
        propose_present(till)
        return _page(request, till, draft, masters)
    draft = read_draft(request.POST, services=till.services, products=till.products, currency=currency)
    if request.POST.get("choose"):
        draft.choice = request.POST["choose"][:20]
    if step == "all_points":
        draft.points = str(10**9)
    if step == "complete":
        return _complete(request, till, draft, masters)
    if step == "times" or draft.next:
        propose(till, draft)
    return _page(request, till, draft, masters)


def _complete(request: HttpRequest, till: Till, draft: Draft, masters: list[Master] | None) -> HttpResponse:
    """One service call; whatever it refuses is said on the page, with all that was typed."""
    currency = till.branch.currency
    lowered = till.lowered(draft)
    lines = draft.lines(till.master, currency, till.hands(draft), lowered)
    points, payments = draft.points_to_pay(), draft.payments(currency)
    gift = gift_named(draft.gift, till.branch, till.appointment)
    _ask_what_is_missing(till, draft, is_lowered=bool(lowered))
    if not draft.is_sound:
        return _again(request, till, draft, masters)
    try:
        sale = complete_checkout(
            branch=till.branch,
            client=till.client,
            lines=lines,
            key=draft.key,
            now=timezone.now(),
            user=request.user,
            appointment=till.appointment,
            choice=draft.choice,
            typed=draft.code,
            points_to_pay=points,
            method=draft.method,
            payments=payments,
            expected_due=Decimal(draft.expected) if _is_number(draft.expected) else None,
            next_visit=_next_visit(draft, till),
            decline=Decline(draft.decline_reason, draft.until_day, draft.text.strip())
            if draft.decline_reason
            else None,
            certificates=draft.certificates,
            gift=gift,
            order=till.order if any(row.product == till.order.product for row in draft.rows if till.order) else None,
            short_agreed=draft.short_agreed,
        )
    except SaleAlreadyCompleted as refused:
        messages.info(request, str(refused))
        return redirect("desk:receipt", sale_id=refused.sale.pk)
    except ClientBusy as refused:
        # what was tapped stays tapped: a tick beside it is enough
        draft.errors["next"] = refused.desk_words
        till.slots = [*_tapped(draft, till), *slot_choices(refused.nearest)]
        till.asks_for_both = True
    except SlotTaken as refused:
        draft.errors["next"] = refused.desk_words
        draft.next = ""
        till.slots = slot_choices(refused.nearest)
    except SumChanged as refused:
        draft.errors["sum"] = str(refused)
    except NotOnTheShelf as refused:
        draft.errors["short"] = str(refused)
    except GiftRefused as refused:
        draft.errors["gift"] = str(refused)
        draft.gift = 0
        note_of(request, till, draft, RefusedBenefit.Kind.GIFT, "gift_refused", str(refused))
    except NotEnoughPoints as refused:
        draft.errors["points"] = str(refused)
        note_of(request, till, draft, RefusedBenefit.Kind.POINTS, "not_enough", str(refused))
    except (SaleRefused, VoucherRefused, CertificateRefused, PartnerRefused, OrderRefused, BookingRefused) as refused:
        draft.errors["all"] = str(refused)
    else:
        ring()
        messages.success(request, _("Paid. Receipt %(code)s is written.") % {"code": sale.code})
        return redirect("desk:receipt", sale_id=sale.pk)
    return _again(request, till, draft, masters)


def _ask_what_is_missing(till: Till, draft: Draft, *, is_lowered: bool) -> None:
    """What has to be seen or said before the payment is taken stands beside its field."""
    if draft.code.strip() != draft.shown.strip():
        # sent before anybody has seen what it gives, or why not
        draft.errors["sum"] = _("Look at what the code gives, then take the payment.")
    if is_lowered and not draft.why.strip():
        draft.errors["why"] = _("Say in a word why it costs less: it stands in the books with your name.")
    services = till.services_for_next(draft)
    is_open = draft.slot is None and not draft.decline_reason and till.appointment is not None and bool(services)
    if is_open and till.client and not next_booked(till.client, after=branch_day(till.branch, timezone.now())):
        draft.errors["next"] = _("One tap is missing: her next visit, or why not.")


def _again(request: HttpRequest, till: Till, draft: Draft, masters: list[Master] | None) -> HttpResponse:
    till.fill()
    if till.slots is None:
        propose(till, draft)
    propose_present(till)
    return _page(request, till, draft, masters)


def _next_visit(draft: Draft, till: Till) -> NextVisit | None:
    if draft.slot is None:
        return None
    starts_at, keys = draft.slot
    own = till.master
    if own is not None and keys == [own.pk] and own.branch_id == till.branch.pk and own.is_active:
        return NextVisit(starts_at, own, till.services_for_next(draft), beside_another=draft.beside_another)
    services, known = till.services_for_next(draft), {each.pk: each for each in masters_of(till.branch)}
    hands = [known[key] for key in keys if key in known]
    if not hands or len(hands) not in (1, len(services)):
        return None
    return NextVisit(starts_at, hands[0], services, hands if len(hands) > 1 else None, draft.beside_another)


def _tapped(draft: Draft, till: Till) -> list[dict[str, object]]:
    """The time that was tapped, to be shown again as it was."""
    visit = _next_visit(draft, till)
    if visit is None:
        return []
    who = dict.fromkeys(each.name for each in visit.masters or [visit.master])
    return [{"value": draft.next, "starts": visit.starts_at.astimezone(zone(till.branch)), "who": listed(who)}]


def _is_number(text: str) -> bool:
    return text.replace(".", "", 1).isdecimal()


def _page(request: HttpRequest, till: Till, draft: Draft, masters: list[Master] | None) -> HttpResponse:
    """The whole page, or for htmx the part that recalculates."""
    currency = till.branch.currency
    now = timezone.now()
    is_read = bool(draft.code.strip() or draft.certificates)
    if is_read and not may_try_code(guesser_of(request), now=now):
        draft.certificates = []
        draft.errors["code"] = _("Too many wrong codes. Try again in an hour, or ask the owner.")
    else:
        take_certificate(draft)
    lowered = till.lowered(draft)
    receipt = quote(
        branch=till.branch,
        client=till.client,
        lines=draft.lines(till.master, currency, till.hands(draft)),
        rules=loyalty_settings(),
        today=branch_day(till.branch, now),
        now=now,
        appointment=till.appointment,
        choice=draft.choice,
        typed="" if "code" in draft.errors else draft.code,
        certificates=draft.certificates,
        points_to_pay=draft.points_to_pay(),
    )
    note_refusals(request, till, draft, receipt)
    draft.certificates = [share.certificate.code for share in receipt.certificates]
    if receipt.points_used or draft.points.strip():
        draft.points = str(receipt.points_used) if "points" not in draft.errors else draft.points
    context: dict[str, Any] = {
        "nav": "today",
        "till": till,
        "draft": draft,
        "receipt": receipt,
        "benefits": benefits(receipt, currency, draft.code),
        "certificates": certificates(receipt, currency),
        "gift_why": gift_words(till.gift) if till.gift else "",
        "lowered": lowered_words([(draft.rows[at].name, price) for at, price in lowered.items()], currency),
        "sums": sums(receipt, currency),
        "due": money(receipt.due, currency),
        "expected": plain(receipt.due, currency),
        "points_worth": money(receipt.points_most * receipt.point_value, currency),
        "services": [each for each in till.services.values() if each.is_active],
        "products": [each for each in till.products.values() if each.is_active],
        "recommended": till.recommended(draft),
        "short": short_words(draft),
        "margin": line_at_the_till(till.appointment, now),
        "masters": masters,
        "methods": method_choices(),
        "amounts": [
            (method, capfirst(Payment.Method(method).label), draft.amounts.get(method, "")) for method in MONEY_METHODS
        ],
        "address": request.get_full_path() if masters is None else reverse("desk:checkout_new"),
        **_next_context(till, draft),
    }
    is_part = bool(getattr(request, "htmx", False)) and request.method == "POST"
    template = "desk/checkout/_live.html" if is_part else "desk/checkout/page.html"
    return render(request, template, context)


def short_words(draft: Draft) -> list[str]:
    """“Serum: 0 left by the book.”, for each product of which fewer stand there."""
    counts = [(row.product, read_count(row.quantity) or 0) for row in draft.rows if row.product is not None]
    return [left_words(short) for short in shortages(counts)]


def take_certificate(draft: Draft) -> None:
    """A gift certificate that was read is kept beside the voucher or card that was read before it."""
    certificate = certificate_by_code(draft.code)
    if certificate is None:
        draft.shown = draft.code
    else:
        draft.certificates.append(certificate.code)
        draft.code = draft.shown


def method_choices() -> list[dict[str, str]]:
    icons = {Payment.Method.CASH: "money", Payment.Method.CARD: "card", Payment.Method.TRANSFER: "receipt"}
    return [
        {"value": str(method), "label": capfirst(Payment.Method(method).label), "icon": icons[method]}
        for method in MONEY_METHODS
    ]


def _next_context(till: Till, draft: Draft) -> dict[str, Any]:
    reason = RebookingDecline.Reason
    words = {
        reason.WILL_CALL: _("Will call"),
        reason.SCHEDULE: _("Schedule unknown"),
        reason.PRICE: _("Too expensive"),
        reason.LEAVING: _("Leaving"),
        reason.BREAK: _("Break until …"),
        reason.NOT_SATISFIED: _("Not satisfied"),
    }
    return {
        "till": till,
        "draft": draft,
        "slots": till.slots,
        "upcoming": till.upcoming,
        "declines": [{"value": f"{DECLINE}{key}", "label": label} for key, label in words.items()],
        "times_url": reverse("desk:checkout_times", args=[till.appointment.pk]) if till.appointment else "",
    }
