"""Fourteen days before 50 or more expire she is told; untold they do not expire (rules.md, Points, Validity). By hand."""

from datetime import timedelta

import pytest

from loyalty.points.selectors import needing_notice
from loyalty.points.services import expire_points, grant_points, record_notice
from tests.factories import NOW, TODAY, make_branch, make_client
from tests.loyalty.till import held, rules

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
END = TODAY + 365 * DAY


def test_points_of_one_day_are_told_together_and_only_what_was_told_goes():
    client, row = make_client(branch=make_branch()), rules()

    def give(points: int, key: str, *, days: int = 0) -> None:
        grant_points(
            client=client, points=points, kind="gesture", source=key, key=key, now=NOW, expires_on=END + days * DAY
        )

    def to_tell() -> list[tuple[int, int]]:
        found = needing_notice(client_ids=[client.pk], since=TODAY, until=END + 30 * DAY, rules=row)
        return [((each.expires_on - END).days, each.points) for each in found]

    give(25, "a")
    give(24, "b")
    # on another day as many: 49 a day are never 50
    give(49, "c", days=1)
    assert to_tell() == []
    give(1, "d")
    assert to_tell() == [(0, 50)]

    record_notice(client=client, expires_on=END, now=NOW + 351 * DAY)
    assert to_tell() == []
    # points that come to that day after the notice are told of again, with all of them
    give(10, "e")
    assert to_tell() == [(0, 60)]

    # nobody told her of the 10: of the 60 go the 50 she knew of. The day after, 10 and 49 need no word
    assert expire_points(now=NOW + 365 * DAY) == 50
    assert held(client) == (59, 0)
    assert expire_points(now=NOW + 366 * DAY) == 59
    assert held(client) == (0, 0)
