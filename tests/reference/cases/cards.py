"""Cases worked by hand: a card's level that is about to be lost."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from tests.reference.cards import CardCase


def card(name, rule, window, *expected, level="gold", review_on="2026-07-10", paid=(), zone="Europe/Sarajevo", **more):
    """`window`: two local times of the branch; `expected`: (yearly day, instant), as texts; `paid`: "day sum"."""
    start, end = (datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone)) for text in window.split())
    sums = [line.split() for line in paid]
    return CardCase(
        name=name,
        rule=rule,
        level=level,
        review_on=date.fromisoformat(review_on),
        paid=[(date.fromisoformat(day), amount) for day, amount in sums],
        start=start,
        end=end,
        expected=[(day, datetime.fromisoformat(at)) for day, at in expected],
        zone=zone,
        **more,
    )


# 30 days before 10 July is 10 June; of June and July 2026 all of it is in the window
SUMMER = "2026-06-01T00:00 2026-07-31T00:00"
NOTICE = ("2026-07-10", "2026-06-10T11:00+02:00")
CARD_CASES = (
    card("card_nothing_paid", "30 days before a level is lost, 11:00.", SUMMER, NOTICE),
    card("card_enough_paid", "Gold from 1,000.", SUMMER, paid=["2026-01-15 1000"]),
    card("card_one_cent_short", "Gold from 1,000.", SUMMER, NOTICE, paid=["2026-01-15 999.99"]),
    card("card_refund_counts", "Money paid, less refunds.", SUMMER, NOTICE, paid=["2026-01-15 1000", "2026-02-01 -1"]),
    # 11 July 2025 is 364 days before 10 July 2026, the first of the 365 days
    card("card_first_day_of_the_year", "Money paid in the last 365 days.", SUMMER, paid=["2025-07-11 1000"]),
    card("card_day_before_the_year", "Money paid in the last 365 days.", SUMMER, NOTICE, paid=["2025-07-10 1000"]),
    # enough on 10 June, when the message is due, and no longer on 10 July
    card("card_enough_today_only", "Before a level is lost.", SUMMER, NOTICE, paid=["2025-06-20 1000"]),
    card("card_vip_becomes_gold", "VIP from 3,000.", SUMMER, NOTICE, level="vip", paid=["2026-01-15 1500"]),
    card("card_vip_stays", "VIP from 3,000.", SUMMER, level="vip", paid=["2026-01-15 3000"]),
    card("card_simple_is_never_lost", "Simple from 0.", SUMMER, level="simple"),
    card("card_bearer", "Bearer card: simple level only.", SUMMER, level="simple", is_bearer=True),
    card("card_told_already", "Once.", SUMMER, told=[date(2026, 7, 10)]),
    card("card_told_last_year", "Once, for each yearly day.", SUMMER, NOTICE, told=[date(2025, 7, 10)]),
    card("card_paid_later", "Left out are sales dated later.", SUMMER, NOTICE, paid=["2026-06-02 1000"]),
    card("card_paid_on_the_first_day", "As it is at the window's start.", SUMMER, paid=["2026-06-01 1000"]),
    card("card_window_opens_at_its_hour", "Both ends.", "2026-06-10T11:00 2026-06-10T11:01", NOTICE),
    card("card_window_closes_at_its_hour", "[from, to).", "2026-06-01T00:00 2026-06-10T11:00"),
    card(
        "card_overdue",
        "What is overdue goes at that hour of the first day possible.",
        "2026-06-20T11:01 2026-07-31T00:00",
        ("2026-07-10", "2026-06-21T11:00+02:00"),
    ),
    card(
        "card_on_the_day_itself",
        "Not after that day.",
        "2026-07-10T11:00 2026-07-31T00:00",
        ("2026-07-10", "2026-07-10T11:00+02:00"),
    ),
    card("card_a_minute_too_late", "Not after that day.", "2026-07-10T11:01 2026-07-31T00:00"),
    card("card_of_who_is_blocked", "Service: no pause holds it.", SUMMER, NOTICE, status="blocked"),
    card("card_of_the_deceased", "To the deceased nothing goes.", SUMMER, status="deceased"),
    # 11:00 in New York is 17:00 in Sarajevo
    card(
        "card_by_her_own_clock",
        "At 11:00 by the client's own calendar.",
        SUMMER,
        ("2026-07-10", "2026-06-10T17:00+02:00"),
        her_zone="America/New_York",
    ),
    # the clock goes forward on 29 March 2026: 30 days before 10 April it is winter still
    card(
        "card_notice_before_the_clock_changes",
        "Thirty days, not 720 hours.",
        "2026-03-01T00:00 2026-04-30T00:00",
        ("2026-04-10", "2026-03-11T11:00+01:00"),
        review_on="2026-04-10",
    ),
    # 30 days before 28 April is the day of the change itself
    card(
        "card_notice_on_the_day_the_clock_changes",
        "11:00 of that day, by the new clock.",
        "2026-03-01T00:00 2026-04-30T00:00",
        ("2026-04-28", "2026-03-29T11:00+02:00"),
        review_on="2026-04-28",
    ),
    card(
        "card_of_a_leap_day",
        "29 February is kept on 28 February in other years.",
        "2029-01-01T00:00 2029-03-31T00:00",
        ("2029-02-28", "2029-01-29T11:00+01:00"),
        review_on="2028-02-29",
        # enough on 29 February 2028, a year later no more
        paid=["2028-02-01 1000"],
    ),
    # VIP becomes gold on the first yearly day, and simple on the next
    card(
        "card_down_two_years_running",
        "On the yearly day.",
        "2026-06-01T00:00 2027-07-31T00:00",
        NOTICE,
        ("2027-07-10", "2027-06-10T11:00+02:00"),
        level="vip",
        paid=["2026-01-15 1500"],
    ),
)
