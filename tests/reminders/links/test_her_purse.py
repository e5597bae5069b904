"""Her own page: what her points are worth, what is coming and ending, what happened (issue: the client's page)."""

from datetime import timedelta
from decimal import Decimal

import pytest

from loyalty.cards.services import issue_card
from loyalty.points.services import grant_points, promise_rebooking
from loyalty.referrals.services import claim_referral, ensure_code
from loyalty.vouchers.models import Reward
from loyalty.vouchers.services import issue_voucher
from reminders.messages.tokens import Door, make_token
from tests.factories import NOW, TODAY, make_appointment, make_client, make_visit
from tests.loyalty.till import give_back, pay, rules
from tests.reminders.links.conftest import text_of


@pytest.fixture
def hers(visitor, cast):
    """Vera's browser, let in by her link."""
    visitor.get(f"/my/o/{make_token(door=Door.HOME, client_id=cast.vera.pk, today=TODAY)}/")
    return visitor


def give(client, points, key, **fields):
    fields.setdefault("kind", "gesture")
    return grant_points(client=client, points=points, source="test", key=key, now=fields.pop("now", NOW), **fields)


def test_points_are_told_in_money_with_what_comes_and_what_ends(hers, cast):
    owners = rules(point_value=Decimal("0.1"), rebooking_on=True, rebooking_points=50)
    give(cast.vera, 200, "a", expires_on=TODAY + timedelta(days=21))
    give(cast.vera, 120, "b")
    visit = make_appointment(client=cast.vera, master=cast.anna, starts_at=NOW + timedelta(days=1))
    promise_rebooking(client=cast.vera, appointment=visit, on=TODAY, now=NOW, rules=owners)

    text = text_of(hers.get("/my/"))

    assert "320 points worth \u2068BAM 32.00\u2069 at the next visit" in text
    assert "50 more when you come: Thursday, 11 June" in text
    # the lot expires as 1 July begins, so 30 June is its last day
    assert "200 of them are good until 30 June." in text


def test_history_is_told_in_plain_words_and_the_staffs_reason_is_not(hers, cast):
    rules()
    sale = pay(cast.vera, 100, now=NOW - timedelta(days=2))
    give(cast.vera, 50, "a", kind="rebooking", now=NOW - timedelta(days=1))
    give(cast.vera, 30, "b", reason="MARKREASON", note="MARKNOTE")
    give_back(sale)

    page = hers.get("/my/points/")

    rows = [(row["on"], row["points"].strip("\u2066\u2069"), row["what"]) for row in page.context["history"]]
    assert rows == [
        ("10 June", "−5", "taken back with a return"),
        ("10 June", "+30", "a gift from us"),
        ("9 June", "+50", "for rebooking on the spot"),
        ("8 June", "+5", "for a visit"),
    ]
    assert "MARK" not in page.content.decode()


def test_long_history_has_pages(hers, cast):
    for number in range(1, 46):
        give(cast.vera, number, f"k{number}")

    shown = {page: hers.get(f"/my/points/?page={page}") for page in ("", "1", "2", "99", "x", "-1")}

    points = {
        page: [row["points"].strip("\u2066\u2069") for row in answer.context["history"]]
        for page, answer in shown.items()
    }
    assert points[""] == points["x"] == points["-1"] == [f"+{number}" for number in range(45, 25, -1)]
    assert points["2"] == [f"+{number}" for number in range(5, 0, -1)]
    assert points["99"] == []
    assert ("?page=1" in shown[""].content.decode(), "?page=2" in shown["1"].content.decode()) == (True, True)


def test_she_is_spoken_to_as_she_is(hers, cast):
    cast.vera.language = "ru"
    cast.vera.save()
    said = {}
    for form in ("formal", "familiar"):
        cast.vera.address_form = form
        cast.vera.save()
        said[form] = text_of(hers.get("/my/"))

    assert "возвращается вам сюда" in said["formal"]
    assert "возвращается тебе сюда" in said["familiar"]


def fill(cast, numbers):
    owners = rules(rebooking_on=True, referral_on=True)
    ensure_code(client=cast.vera, now=NOW)
    for number in numbers:
        give(cast.vera, 10, f"g{number}", expires_on=TODAY + timedelta(days=30 + number))
        visit = make_appointment(client=cast.vera, master=cast.anna, starts_at=NOW + timedelta(days=number + 1))
        on = TODAY - timedelta(days=number)
        promise_rebooking(client=cast.vera, appointment=visit, on=on, now=NOW, rules=owners)
        issue_voucher(
            client=cast.vera, branch=cast.branch, kind="offer", key=f"v{number}", now=NOW,
            valid_from=TODAY, valid_until=TODAY + timedelta(days=30), services=[cast.lashes, cast.colour], amount=Decimal(5),
        )  # fmt: skip
        Reward.objects.create(name=f"Reward {number}", price=5 + 10 * number).services.add(cast.lashes)
        claim_referral(friend=make_client(branch=cast.branch), bringer=cast.vera, via="desk", now=NOW)


def test_page_asks_as_often_for_thirty_as_for_one(hers, cast, django_assert_num_queries):
    make_visit(cast.vera, TODAY - timedelta(days=20), services=[cast.lashes])
    issue_card(client=cast.vera, now=NOW, rules=rules())
    fill(cast, range(1))
    with django_assert_num_queries(QUERIES):
        hers.get("/my/")
    fill(cast, range(1, 31))
    with django_assert_num_queries(QUERIES):
        hers.get("/my/")


# she, settings and rules (3); her next appointment with its lines and words, twice (5); the last visit, what was done
# and its words (3); balance, its end, what is pending, her ledger (5); card (1); rewards and vouchers with their
# services and words (7); her code, what both get, who came (3); partners (1); quotes (1);
# photographs (1)
QUERIES = 32
