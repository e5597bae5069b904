"""The checkout page: what it shows, what it sends, what it says to bad input."""

import re
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext, override

from crm.booking.models import Appointment, AppointmentService
from crm.booking.services import refresh_pulses
from crm.care.models import Complaint
from crm.people.models import Client
from crm.sales.models import Payment, RebookingDecline, Sale, SaleLine
from crm.sales.selectors import lowered_by_user
from crm.team.selectors import branch_day
from loyalty.cards.services import issue_card
from loyalty.checkout.selectors import refused_benefits
from loyalty.gifts.models import Gift, GiftGiven, GiftPot
from loyalty.points.models import EarningRule, RefusedBenefit
from loyalty.vouchers.codes import new_code
from loyalty.vouchers.models import GiftCertificate, Voucher
from loyalty.vouchers.services import issue_voucher
from tests.factories import make_appointment, make_product, make_service
from tests.loyalty.till import held, pay, rules

pytestmark = pytest.mark.django_db


@pytest.fixture
def visit(cast) -> Appointment:
    """Vera is in Anna's chair, right now; a month ago she paid 1,000."""
    now = timezone.now()
    pay(cast.vera, 1000, now=now - timedelta(days=28), service=cast.lashes)
    appointment = make_appointment(
        client=cast.vera,
        master=cast.anna,
        starts_at=now - timedelta(minutes=50),
        services=[cast.lashes],
        status=Appointment.Status.IN_PROGRESS,
    )
    refresh_pulses(client_ids=[cast.vera.pk], now=now)
    return appointment


@pytest.fixture
def desk(client, cast):
    client.force_login(cast.user_of(cast.anna))
    return client


def fields(html: str) -> dict[str, list[str]]:
    """What a browser would send of the page: hidden and typed fields, what is checked."""
    sent: dict[str, list[str]] = {}
    form = html[html.index('id="checkout"') :] if 'id="checkout"' in html else html
    for tag in re.findall(r"<input\b[^>]*>", form):
        found = dict(re.findall(r'([\w-]+)="([^"]*)"', tag))
        if found.get("type") in ("radio", "checkbox") and " checked" not in tag:
            continue
        if "name" in found and found["name"] != "csrfmiddlewaretoken":
            sent.setdefault(found["name"], []).append(found.get("value", ""))
    return sent


def url_of(appointment: Appointment) -> str:
    return reverse("desk:checkout", args=[appointment.pk])


def free_times(desk, appointment) -> list[str]:
    html = desk.get(reverse("desk:checkout_times", args=[appointment.pk])).content.decode()
    return re.findall(r'name="next" value="(\d{4}[^"]+)"', html)


def test_page_is_filled_from_the_appointment(desk, visit):
    html = desk.get(url_of(visit)).content.decode()

    sent = fields(html)
    assert sent["price"] == ["60.00"]
    assert sent["expected"] == ["60.00"]
    assert sent["method"] == ["cash"]
    assert "She has 50 points" in html


def test_usual_visit_with_points_and_next_visit(desk, visit, cast):
    sent = fields(desk.get(url_of(visit)).content.decode())
    with_points = desk.post(url_of(visit), sent | {"step": "all_points"}).content.decode()
    sent = fields(with_points)
    assert (sent["points"], sent["expected"]) == (["50"], ["10.00"])

    answer = desk.post(url_of(visit), sent | {"next": free_times(desk, visit)[0], "step": "complete"})

    sale = Sale.objects.get(appointment=visit)
    assert answer.url == reverse("desk:receipt", args=[sale.pk])
    assert dict(sale.payments.values_list("method", "amount")) == {"cash": Decimal(10), "points": Decimal(50)}
    visit.refresh_from_db()
    assert visit.status == Appointment.Status.DONE
    booked = Appointment.objects.get(client=cast.vera, status=Appointment.Status.BOOKED)
    assert (booked.master, booked.rebooked_on_spot) == (cast.anna, True)
    # 1,010 at 5 %: 50 points before, none more
    assert held(cast.vera) == (0, 0)
    receipt = desk.get(answer.url).content.decode()
    assert "50 points" in receipt
    assert "with \u2068Anna\u2069" in receipt


def test_three_free_times_on_three_days_are_proposed(desk, visit):
    times = free_times(desk, visit)

    assert len({time[:10] for time in times}) == 3


def test_page_without_javascript_shows_times_by_a_button(desk, visit):
    html = desk.get(url_of(visit)).content.decode()
    assert "Show free times" in html

    html = desk.post(url_of(visit), fields(html) | {"step": "times"}).content.decode()

    assert len(re.findall(r'name="next" value="\d{4}', html)) == 3


def test_best_benefit_is_a_sentence_and_the_others_say_why_not(desk, visit, cast):
    now = timezone.now()
    issue_card(client=cast.vera, now=now, rules=rules())
    today = branch_day(cast.branch, now)
    issue_voucher(
        client=cast.vera,
        branch=cast.branch,
        kind="offer",
        amount=Decimal(3),
        key="o",
        now=now,
        valid_from=today,
        valid_until=today,
    )

    html = desk.get(url_of(visit)).content.decode()

    # 1,000 paid makes a gold card: 10 % of 60 is 6
    assert "Gold card: 10 % off, saves BAM 6.00" in html.replace("\xa0", " ")
    assert "Better than Offer by BAM 3.00." in html.replace("\xa0", " ")
    assert "BAM 3.00 less than Gold card." in html.replace("\xa0", " ")
    assert fields(html)["expected"] == ["54.00"]


def test_another_benefit_can_be_chosen(desk, visit, cast):
    now = timezone.now()
    issue_card(client=cast.vera, now=now, rules=rules())
    today = branch_day(cast.branch, now)
    voucher = issue_voucher(
        client=cast.vera, branch=cast.branch, kind="offer", amount=Decimal(3), key="o", now=now,
        valid_from=today, valid_until=today,
    )  # fmt: skip
    sent = fields(desk.get(url_of(visit)).content.decode())

    chosen = fields(desk.post(url_of(visit), sent | {"choose": voucher.code}).content.decode())
    desk.post(url_of(visit), chosen | {"next": "decline:will_call", "step": "complete"})

    voucher.refresh_from_db()
    sale = Sale.objects.get(appointment=visit)
    assert (sale.total, voucher.redeemed_sale) == (Decimal(57), sale)


def test_declining_takes_one_answer(desk, visit):
    sent = fields(desk.get(url_of(visit)).content.decode())

    desk.post(url_of(visit), sent | {"next": "decline:schedule", "step": "complete"})

    assert RebookingDecline.objects.get(sale__appointment=visit).reason == "schedule"


def test_nothing_said_of_the_next_visit_is_asked_again(desk, visit):
    sent = fields(desk.get(url_of(visit)).content.decode())

    html = desk.post(url_of(visit), sent | {"step": "complete"}).content.decode()

    assert "One tap is missing" in html
    assert not Sale.objects.filter(appointment=visit).exists()


def test_break_needs_its_end_and_begins_with_it(desk, visit, cast):
    sent = fields(desk.get(url_of(visit)).content.decode())
    html = desk.post(url_of(visit), sent | {"next": "decline:break", "step": "complete"}).content.decode()
    assert "Until when" in html

    until = branch_day(cast.branch, timezone.now()) + timedelta(days=60)
    desk.post(url_of(visit), fields(html) | {"until": str(until), "step": "complete"})

    vera = Client.objects.get(pk=cast.vera.pk)
    assert (vera.status, vera.break_until) == ("break", until)


def test_not_satisfied_without_words_is_said_in_the_language_of_who_reads(desk, visit):
    sent = fields(desk.get(url_of(visit)).content.decode())

    desk.post(url_of(visit), sent | {"next": "decline:not_satisfied", "text": "", "step": "complete"})

    complaint = Complaint.objects.get()
    assert (complaint.text, complaint.words) == ("", "Not satisfied, said at the checkout.")
    with override("bs"):
        assert (
            complaint.words == gettext("Not satisfied, said at the checkout.") != "Not satisfied, said at the checkout."
        )


def test_not_satisfied_opens_a_complaint(desk, visit, cast):
    sent = fields(desk.get(url_of(visit)).content.decode())

    answer = {"next": "decline:not_satisfied", "text": "The curl is too strong", "step": "complete"}
    desk.post(url_of(visit), sent | answer)

    complaint = Complaint.objects.get(client=cast.vera)
    assert (complaint.text, complaint.source, complaint.appointment) == ("The curl is too strong", "checkout", visit)


@pytest.mark.parametrize("price", ["", "a lot", "-5", "12.345", "1e9", "NaN", "Infinity"])
def test_a_price_that_is_none_is_said_and_kept(desk, visit, price):
    sent = fields(desk.get(url_of(visit)).content.decode())

    html = desk.post(
        url_of(visit), sent | {"price": price, "next": "decline:will_call", "step": "complete"}
    ).content.decode()

    assert ("This is no price." in html) or ("Type the price." in html)
    assert fields(html)["price"] == [price]
    assert fields(html)["next"] == ["decline:will_call"]
    assert not Sale.objects.filter(appointment=visit).exists()


def test_price_may_be_typed_with_a_comma(desk, visit):
    sent = fields(desk.get(url_of(visit)).content.decode())

    html = desk.post(url_of(visit), sent | {"price": "72,50", "step": "recalc"}).content.decode()

    assert fields(html)["expected"] == ["72.50"]


def test_changed_sum_is_shown_before_it_is_taken(desk, visit):
    sent = fields(desk.get(url_of(visit)).content.decode())

    html = desk.post(
        url_of(visit), sent | {"price": "80", "next": "decline:will_call", "step": "complete"}
    ).content.decode()

    assert "please look once more" in html
    assert fields(html)["expected"] == ["80.00"]
    assert not Sale.objects.filter(appointment=visit).exists()


def test_product_is_added_and_taken_from_stock(desk, visit, cast):
    serum = make_product(branch=cast.branch, name="Serum", price=20, stock=5)
    sent = fields(desk.get(url_of(visit)).content.decode())

    sent = fields(desk.post(url_of(visit), sent | {"new": f"product:{serum.pk}", "step": "add"}).content.decode())
    assert sent["expected"] == ["80.00"]
    sent["quantity"][1] = "2"
    sent = fields(desk.post(url_of(visit), sent | {"step": "recalc"}).content.decode())
    desk.post(url_of(visit), sent | {"next": "decline:will_call", "step": "complete"})

    serum.refresh_from_db()
    assert (Sale.objects.get(appointment=visit).total, serum.stock) == (Decimal(100), 3)


def test_line_can_be_taken_off(desk, visit):
    sent = fields(desk.get(url_of(visit)).content.decode())

    html = desk.post(url_of(visit), sent | {"remove": "0"}).content.decode()

    assert "Nothing yet" in html


def test_paid_in_two_ways(desk, visit):
    sent = fields(desk.get(url_of(visit)).content.decode())
    ways = {"amount-cash": "20", "amount-card": "40", "next": "decline:will_call", "step": "complete"}

    desk.post(url_of(visit), sent | ways)

    sale = Sale.objects.get(appointment=visit)
    assert dict(sale.payments.values_list("method", "amount")) == {"cash": Decimal(20), "card": Decimal(40)}


def test_ways_that_do_not_add_up_are_refused(desk, visit):
    sent = fields(desk.get(url_of(visit)).content.decode())
    ways = {"amount-cash": "20", "amount-card": "30", "next": "decline:will_call", "step": "complete"}

    html = desk.post(url_of(visit), sent | ways).content.decode()

    assert "50" in html
    assert not Sale.objects.filter(appointment=visit).exists()
    assert fields(html)["amount-card"] == ["30"]


def test_same_form_twice_is_one_sale(desk, visit):
    sent = fields(desk.get(url_of(visit)).content.decode()) | {"next": "decline:will_call", "step": "complete"}

    first, second = desk.post(url_of(visit), sent), desk.post(url_of(visit), sent)

    assert first.url == second.url
    assert Sale.objects.filter(appointment=visit).count() == 1


def test_visit_paid_before_shows_its_receipt(desk, visit):
    sent = fields(desk.get(url_of(visit)).content.decode()) | {"next": "decline:will_call", "step": "complete"}
    first = desk.post(url_of(visit), sent)

    assert desk.get(url_of(visit)).url == first.url
    # another till had the page open as well
    assert desk.post(url_of(visit), sent | {"key": "0" * 32}).url == first.url


def test_taken_slot_is_answered_with_others(desk, visit, cast):
    sent = fields(desk.get(url_of(visit)).content.decode())
    time = free_times(desk, visit)[0]
    starts_at = timezone.datetime.fromisoformat(time.split()[0].replace("Z", "+00:00"))
    make_appointment(client=cast.dina, master=cast.anna, starts_at=starts_at, services=[cast.lashes])

    html = desk.post(url_of(visit), sent | {"next": time, "step": "complete"}).content.decode()

    # what is wrong stands at the top too, with the way to its place
    top, _form, below = html.partition('id="checkout"')
    assert "This time is taken." in top
    assert 'href="#next"' in top
    assert 'id="next" data-wrong' in below
    assert re.findall(r'name="next" value="\d{4}', html)
    assert not Sale.objects.filter(appointment=visit).exists()


def test_htmx_gets_the_receipt_and_the_bar_only(desk, visit):
    sent = fields(desk.get(url_of(visit)).content.decode())

    html = desk.post(
        url_of(visit), sent | {"price": "70", "step": "recalc"}, headers={"HX-Request": "true"}
    ).content.decode()

    assert "<html" not in html
    assert 'hx-swap-oob="true"' in html
    assert "70.00" in html


def test_why_it_was_refused_goes_once_the_reason_is_typed(desk, visit):
    sent = fields(desk.get(url_of(visit)).content.decode()) | {"price": "10"}
    refused = desk.post(url_of(visit), sent | {"step": "complete"}).content.decode()
    assert 'href="#why"' in refused

    html = desk.post(
        url_of(visit), sent | {"why": "a model", "step": "recalc"}, headers={"HX-Request": "true"}
    ).content.decode()

    said = html.partition('id="checkout-refused"')[2].partition('id="receipt"')[0]
    assert 'hx-swap-oob="true"' in said
    assert "notice" not in said


def test_somebody_unknown_buys_over_the_counter(desk, cast):
    serum = make_product(branch=cast.branch, name="Serum", price=20)
    url = reverse("desk:checkout_new")
    sent = fields(desk.get(url).content.decode())

    sent = fields(desk.post(url, sent | {"new": f"product:{serum.pk}", "step": "add"}).content.decode())
    desk.post(url, sent | {"step": "complete"})

    sale = Sale.objects.get(client__isnull=True)
    assert (sale.total, sale.completed_by) == (Decimal(20), cast.user_of(cast.anna))


def test_known_client_buys_without_an_appointment(desk, cast):
    serum = make_product(branch=cast.branch, name="Serum", price=20)
    url = reverse("desk:checkout_new")
    sent = fields(desk.get(f"{url}?client={cast.vera.pk}").content.decode())

    sent = fields(desk.post(url, sent | {"new": f"product:{serum.pk}", "step": "add"}).content.decode())
    desk.post(url, sent | {"step": "complete"})

    assert Sale.objects.get(client=cast.vera).total == Decimal(20)
    assert held(cast.vera) == (1, 0)


def test_another_branch_sees_nothing(client, cast, visit):
    client.force_login(cast.user_of(cast.outsider))
    sale = pay(cast.vera, 10, now=timezone.now())

    for url in (
        url_of(visit),
        reverse("desk:checkout_times", args=[visit.pk]),
        reverse("desk:receipt", args=[sale.pk]),
    ):
        assert client.get(url).status_code == 404


def test_reception_returns_a_sale(client, cast):
    sale = pay(cast.vera, 1000, now=timezone.now())
    client.force_login(cast.receptionist)
    assert "Return something" in client.get(reverse("desk:receipt", args=[sale.pk])).content.decode()
    url = reverse("desk:refund", args=[sale.pk])
    line = sale.lines.get()

    nothing = client.post(url, {"key": "a" * 32}).content.decode()
    assert "Nothing is marked" in nothing
    answer = client.post(url, {"key": "a" * 32, f"quantity-{line.pk}": "1", "method": "card"})

    refund = Sale.objects.get(refund_of=sale)
    assert answer.url == reverse("desk:receipt", args=[refund.pk])
    assert refund.payments.get().method == Payment.Method.CARD
    assert held(cast.vera) == (0, 0)
    assert "Nothing left to return" in client.get(url).content.decode()


def test_master_gives_no_money_back(desk, cast):
    sale = pay(cast.vera, 1000, now=timezone.now())

    assert desk.get(reverse("desk:refund", args=[sale.pk])).status_code == 403
    assert "Return something" not in desk.get(reverse("desk:receipt", args=[sale.pk])).content.decode()


def test_service_of_no_set_price_is_typed(desk, cast, visit):
    custom = make_service(branch=cast.branch, name="Bridal", price=None)
    sent = fields(desk.get(url_of(visit)).content.decode())

    sent = fields(desk.post(url_of(visit), sent | {"new": f"service:{custom.pk}", "step": "add"}).content.decode())

    assert sent["price"] == ["60.00", ""]


def test_guessing_codes_is_slowed(desk, visit, cast):
    now = timezone.now()
    today = branch_day(cast.branch, now)
    real = issue_voucher(
        client=None, branch=cast.branch, kind="offer", percent=90, key="r", now=now,
        valid_from=today, valid_until=today,
    )  # fmt: skip
    sent = fields(desk.get(url_of(visit)).content.decode())
    for number in range(20):
        html = desk.post(url_of(visit), sent | {"code": f"{number:010d}", "step": "recalc"}).content.decode()
        assert "There is no voucher with this code" in html

    html = desk.post(url_of(visit), sent | {"code": real.code, "step": "recalc"}).content.decode()

    # the right one is not told from a wrong one either
    assert "Too many wrong codes" in html
    assert fields(html)["expected"] == ["60.00"]


def test_certificates_cannot_be_guessed_by_the_fields_that_keep_them(desk, visit):
    rules()
    desk.post(reverse("desk:certificate_new"), {"amount": "100", "method": "cash", "key": "a" * 32})
    one = GiftCertificate.objects.get()
    sent = fields(desk.get(url_of(visit)).content.decode())
    for _number in range(4):
        guesses = [new_code() for _guess in range(5)]
        desk.post(url_of(visit), sent | {"certificate": guesses, "step": "recalc"})

    html = desk.post(url_of(visit), sent | {"certificate": [one.code], "step": "recalc"}).content.decode()

    assert "Too many wrong codes" in html
    assert fields(html)["expected"] == ["60.00"]


def test_code_that_nobody_has_looked_at_takes_no_payment(desk, visit):
    sent = fields(desk.get(url_of(visit)).content.decode())

    html = desk.post(
        url_of(visit), sent | {"code": "0000000001", "next": "decline:will_call", "step": "complete"}
    ).content.decode()

    assert "Look at what the code gives" in html
    assert "There is no voucher with this code" in html
    assert not Sale.objects.filter(appointment=visit).exists()
    # seen, it is no hindrance
    desk.post(url_of(visit), fields(html) | {"next": "decline:will_call", "step": "complete"})
    assert Sale.objects.get(appointment=visit).total == 60


def test_bearer_voucher_is_typed_and_used(desk, visit, cast):
    now = timezone.now()
    today = branch_day(cast.branch, now)
    real = issue_voucher(
        client=None, branch=cast.branch, kind="offer", percent=50, key="r", now=now,
        valid_from=today, valid_until=today,
    )  # fmt: skip
    sent = fields(desk.get(url_of(visit)).content.decode())

    sent = fields(desk.post(url_of(visit), sent | {"code": real.code.lower(), "step": "recalc"}).content.decode())
    desk.post(url_of(visit), sent | {"next": "decline:will_call", "step": "complete"})

    real.refresh_from_db()
    assert real.redeemed_sale == Sale.objects.get(appointment=visit)
    assert real.redeemed_sale.total == Decimal(30)


def test_certificate_is_sold_read_and_spent_at_the_desk(desk, visit, cast):
    rules()
    url = reverse("desk:certificate_new")
    nothing = desk.post(url, {"amount": "", "made_out_to": "Mila", "key": "a" * 32})
    assert nothing.status_code == 422
    assert 'value="Mila"' in nothing.content.decode()
    sold = desk.post(url, {"amount": "100", "made_out_to": "Mila", "method": "card", "key": "a" * 32})
    one = GiftCertificate.objects.get()
    assert sold.url == reverse("desk:certificate", args=[one.pk])
    assert "BAM 100.00 of BAM 100.00 is left." in desk.get(sold.url).content.decode().replace("\xa0", " ")
    assert desk.post(reverse("desk:scan"), {"code": one.code.lower()}).url == sold.url

    sent = fields(desk.get(url_of(visit)).content.decode())
    html = desk.post(url_of(visit), sent | {"code": one.code, "step": "recalc"}).content.decode()
    assert "Made out to \u2068Mila\u2069; BAM 40.00 stays on it." in html.replace("\xa0", " ")
    sent = fields(html)
    # it is kept beside the field, which is free for the next code
    assert (sent["certificate"], sent["code"], sent["expected"]) == ([one.code], [""], ["0.00"])
    dropped = fields(desk.post(url_of(visit), sent | {"drop": one.code}).content.decode())
    assert ("certificate" in dropped, dropped["expected"]) == (False, ["60.00"])
    answer = desk.post(url_of(visit), sent | {"next": "decline:will_call", "step": "complete"})

    sale = Sale.objects.get(appointment=visit)
    assert (sale.paid, dict(sale.payments.values_list("method", "amount"))) == (60, {"certificate": Decimal(60)})
    assert "BAM 40.00 is left on it." in desk.get(answer.url).content.decode().replace("\xa0", " ")


def test_what_was_shown_in_vain_is_noted_once_and_not_where_it_was_taken_after_all(desk, visit, cast):
    now = timezone.now()
    today = branch_day(cast.branch, now)
    hers = issue_voucher(
        client=cast.dina, branch=cast.branch, kind="offer", percent=90, key="r", now=now,
        valid_from=today, valid_until=today,
    )  # fmt: skip
    bearer = issue_voucher(
        client=None, branch=cast.branch, kind="offer", free_service=cast.removal, key="f", now=now,
        valid_from=today, valid_until=today,
    )  # fmt: skip
    sent = fields(desk.get(url_of(visit)).content.decode())
    for code in (hers.code, hers.code, "Vera Petrovic", "0000000001"):
        desk.post(url_of(visit), sent | {"code": code, "step": "recalc"})
    noted = list(RefusedBenefit.objects.order_by("pk").values_list("kind", "reason", "typed", "client"))
    # a name is not kept
    assert noted == [
        ("voucher", "other_client", hers.code, cast.vera.pk),
        ("code", "unknown", "", cast.vera.pk),
        ("code", "unknown", "0000000001", cast.vera.pk),
    ]
    Voucher.objects.filter(pk=bearer.pk).update(valid_from=today + timedelta(days=1), valid_until=today + timedelta(9))
    desk.post(url_of(visit), sent | {"code": bearer.code, "step": "recalc"})
    assert RefusedBenefit.objects.filter(typed=bearer.code).count() == 1
    Voucher.objects.filter(pk=bearer.pk).update(valid_from=today)
    sent = fields(
        desk.post(url_of(visit), sent | {"new": f"service:{cast.removal.pk}", "step": "add"}).content.decode()
    )
    sent = fields(desk.post(url_of(visit), sent | {"code": bearer.code, "step": "recalc"}).content.decode())
    desk.post(url_of(visit), sent | {"next": "decline:will_call", "step": "complete"})

    bearer.refresh_from_db()
    assert bearer.redeemed_sale is not None
    later = now + timedelta(hours=1)
    assert bearer.code not in refused_benefits(now - timedelta(hours=1), later).values_list("typed", flat=True)
    assert refused_benefits(now - timedelta(hours=1), later).count() == 3


def test_less_than_usual_asks_why_and_stands_in_the_books(desk, visit, cast):
    sent = fields(desk.get(url_of(visit)).content.decode()) | {"price": "45", "expected": "45.00"}
    sent |= {"next": "decline:will_call", "step": "complete"}

    asked_back = desk.post(url_of(visit), sent)

    assert asked_back.status_code == 200
    assert "Say in a word why it costs less" in asked_back.content.decode()
    assert not Sale.objects.filter(appointment=visit).exists()
    answer = desk.post(url_of(visit), fields(asked_back.content.decode()) | {"why": "A colleague", "step": "complete"})
    line = SaleLine.objects.get(sale__appointment=visit)
    assert (line.full_amount, line.usual_amount, line.lowered_why) == (45, 60, "A colleague")
    assert "usually BAM 60.00: \u2068A colleague\u2069" in desk.get(answer.url).content.decode().replace("\xa0", " ")
    (found,) = lowered_by_user(line.sale.on, line.sale.on + timedelta(days=1))
    assert (found.user, found.receipts, found.of_receipts, found.less) == (cast.user_of(cast.anna), 1, 1, Decimal(15))


def test_what_was_agreed_or_costs_more_needs_no_word(desk, visit):
    AppointmentService.objects.filter(appointment=visit).update(price=50)
    html = desk.get(url_of(visit)).content.decode()
    assert "Why does it cost less" not in html

    desk.post(url_of(visit), fields(html) | {"next": "decline:will_call", "step": "complete"})

    assert SaleLine.objects.get(sale__appointment=visit).usual_amount is None


# Queries, beside session, user, settings and savepoints ----------------------

BESIDE = ("django_session", '"crm_user"', "crm_crmsettings", "loyalty_loyaltysettings", "SAVEPOINT", '"cache"')


def asked(connection_queries) -> int:
    return sum(not any(name in query["sql"] for name in BESIDE) for query in connection_queries)


def lines_of(cast, visit, many: int) -> None:
    AppointmentService.objects.filter(appointment=visit).delete()
    quick = make_service(branch=cast.branch, minutes=10, price=60)
    AppointmentService.objects.bulk_create(
        AppointmentService(appointment=visit, service=quick, position=place, minutes=10, price=60)
        for place in range(many)
    )


@pytest.mark.parametrize("many", [1, 30])
def test_queries_of_the_pages_do_not_grow(desk, visit, cast, many):
    now = timezone.now()
    issue_card(client=cast.vera, now=now, rules=rules())
    lines_of(cast, visit, many)
    for number in range(many):
        issue_voucher(
            client=cast.vera, branch=cast.branch, kind="offer", percent=1, key=f"v {number}", now=now,
            valid_from=now.date(), valid_until=now.date(),
        )  # fmt: skip
        make_product(branch=cast.branch)
    html = desk.get(url_of(visit)).content.decode()

    with CaptureQueriesContext(connection) as page:
        desk.get(url_of(visit))
    with CaptureQueriesContext(connection) as times:
        desk.get(reverse("desk:checkout_times", args=[visit.pk]))
    with CaptureQueriesContext(connection) as recalculated:
        desk.post(url_of(visit), fields(html) | {"step": "recalc"})
    sent = fields(html) | {"next": "decline:will_call", "step": "complete"}
    with CaptureQueriesContext(connection) as declined:
        answer = desk.post(url_of(visit), sent)
    with CaptureQueriesContext(connection) as receipt:
        desk.get(answer.url)

    counts = [asked(each.captured_queries) for each in (page, times, recalculated, declined, receipt)]
    assert counts == [11, 12, 9, 26, 11]


def test_the_next_visit_beside_another_of_hers_asks_for_the_word_and_keeps_the_tap(desk, visit, cast):
    sent = fields(desk.get(url_of(visit)).content.decode())
    tapped = free_times(desk, visit)[0]
    starts_at = datetime.strptime(tapped[:16], "%Y-%m-%dT%H:%M").replace(tzinfo=UTC)
    make_appointment(client=cast.vera, master=cast.boris, starts_at=starts_at, services=[cast.lashes])
    # proposed is nothing while she sits with Boris
    assert tapped not in free_times(desk, visit)
    sent |= {"next": tapped, "step": "complete"}

    asked = desk.post(url_of(visit), sent).content.decode()
    assert "She already has" in asked
    assert f'value="{tapped}" checked' in asked
    assert 'name="beside_another"' in asked
    assert len(re.findall(r'name="next" value="(\d{4}[^"]+)"', asked)) == 4

    assert desk.post(url_of(visit), sent | {"beside_another": "on"}).status_code == 302
    assert Appointment.objects.filter(client=cast.vera, starts_at=starts_at).count() == 2


def test_queries_of_points_card_and_next_visit_at_once(desk, visit, cast):
    rules(rebooking_on=True)
    issue_card(client=cast.vera, now=timezone.now(), rules=rules())
    sent = fields(desk.get(url_of(visit)).content.decode())
    sent = fields(desk.post(url_of(visit), sent | {"step": "all_points"}).content.decode())
    sent |= {"next": free_times(desk, visit)[0], "step": "complete"}

    with CaptureQueriesContext(connection) as completed:
        answer = desk.post(url_of(visit), sent)

    assert answer.status_code == 302
    assert asked(completed.captured_queries) == 32


# what else is in it; what showing and completing it ask
@pytest.mark.parametrize(
    ("beside", "shown", "completed"),
    [
        ("", 13, 37),
        ("voucher", 14, 39),
        ("certificate", 13, 40),
        ("rule", 14, 37),
        ("voucher certificate rule", 15, 42),
    ],
)
def test_queries_of_card_points_gift_and_next_visit_at_once(desk, visit, cast, beside, shown, completed):
    now = timezone.now()
    today = branch_day(cast.branch, now)
    # the next 3.00 in money earn a point: 19.00 wait since the last time
    pay(cast.vera, 19, now=now - timedelta(days=27), service=cast.lashes)
    issue_card(client=cast.vera, now=now, rules=rules(rebooking_on=True, gifts_on=True))
    gift = Gift.objects.create(branch=cast.branch, name="Lash brush", cost=Decimal(3), stock=5)
    GiftPot.objects.create(branch=cast.branch, balance=Decimal(10))
    typed = {}
    if "voucher" in beside:
        voucher = issue_voucher(
            client=cast.vera, branch=cast.branch, kind="offer", amount=Decimal(7), key="o", now=now, valid_from=today,
            valid_until=today,
        )  # fmt: skip
        voucher.services.add(cast.lashes)
    if "certificate" in beside:
        desk.post(reverse("desk:certificate_new"), {"amount": "100", "method": "card", "key": "a" * 32})
        typed = {"code": GiftCertificate.objects.get().code}
    if "rule" in beside:
        EarningRule.objects.create(name="Double", factor=2).services.add(cast.lashes)
    with CaptureQueriesContext(connection) as page:
        sent = fields(desk.get(url_of(visit)).content.decode())
    counts = [asked(page.captured_queries)]
    sent = fields(desk.post(url_of(visit), sent | typed | {"step": "all_points"}).content.decode())
    sent |= {"give": str(gift.pk), "next": free_times(desk, visit)[0]}

    with CaptureQueriesContext(connection) as done:
        answer = desk.post(url_of(visit), sent)
    counts.append(asked(done.captured_queries))

    assert GiftGiven.objects.get(sale__appointment=visit).gift == gift
    assert "Lash brush" in desk.get(answer.url).content.decode()
    assert counts == [shown, completed]


def test_price_of_a_certificate_is_given_back_at_the_desk_by_who_may_refund(desk, client, cast):
    rules()
    desk.post(reverse("desk:certificate_new"), {"amount": "100", "method": "card", "key": "a" * 32})
    one = GiftCertificate.objects.get()
    url = reverse("desk:certificate_return", args=[one.pk])
    assert desk.get(url).status_code == 403
    assert url not in desk.get(reverse("desk:certificate", args=[one.pk])).content.decode()
    client.force_login(cast.receptionist)
    assert url in client.get(reverse("desk:certificate", args=[one.pk])).content.decode()

    for _twice in range(2):
        assert client.post(url).status_code == 302

    one.refresh_from_db()
    assert (one.balance, one.movements.filter(kind="returned").count()) == (0, 1)
    assert url not in client.get(reverse("desk:certificate", args=[one.pk])).content.decode()
