"""Cases worked by hand: points that expire."""

from tests.reference.cases.case import case, client, points
from tests.reference.cases.usual import service

# granted on 21 March 2025, so 365 days later, on 21 March 2026, they expire: 14 days before is the 7th
NOTICE = service("points_expiring", "2026-03-07T11:00+01:00")
POINTS = (
    case(
        "points_fifty_expire",
        "points_expiring: 14 days before 50 or more expire, 11:00.",
        "2026-03-05T00:00 2026-03-25T00:00",
        NOTICE,
        lots=(points(50, "2025-03-21"),),
    ),
    case(
        "points_forty_nine_expire",
        "49 are not 50.",
        "2026-03-05T00:00 2026-03-25T00:00",
        lots=(points(49, "2025-03-21"),),
    ),
    case(
        "points_of_two_lots",
        "What expires on one day is added up.",
        "2026-03-05T00:00 2026-03-25T00:00",
        NOTICE,
        lots=(points(25, "2025-03-21"), points(25, "2025-04-01", "2026-03-21")),
    ),
    case(
        "points_last_day",
        "Not after the expiry: overdue, it goes at 11:00 of the day before.",
        "2026-03-20T11:00 2026-03-25T00:00",
        service("points_expiring", "2026-03-20T11:00+01:00"),
        lots=(points(50, "2025-03-21"),),
    ),
    case(
        "points_to_who_is_paused",
        "Expiring points are service: no pause holds them.",
        "2026-03-05T00:00 2026-03-25T00:00",
        NOTICE,
        clients=(client(status="blocked", marketing="", care="none"),),
        lots=(points(50, "2025-03-21"),),
    ),
    case(
        "points_on_the_day_they_expire",
        "The expiry is the beginning of its day: 11:00 of it is too late.",
        "2026-03-20T11:01 2026-03-25T00:00",
        lots=(points(50, "2025-03-21"),),
        reading=True,
    ),
)
