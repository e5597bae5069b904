"""The line that says how a visit went beside what she was told, on the axis that the owner chose (practices.md, P6)."""

from datetime import timedelta

import pytest

from crm.booking.models import Appointment
from crm.desk.told import line_at_the_till, lines_of
from crm.team.models import CrmSettings
from tests.crm.reports.test_margin import tick, visit
from tests.factories import TODAY, local, make_standard


@pytest.mark.parametrize(
    ("axis", "better", "worse"),
    [
        ("time", "1 minute earlier than told", "9 minutes later than told"),
        ("cost", "BAM\u00a06.00 less than told", "BAM\u00a03.50 more than told"),
        ("level", "More than our standard asks", "Less than our standard asks"),
    ],
)
def test_line_speaks_of_the_chosen_axis_and_is_silent_where_it_was_as_told(cast, axis, better, worse):
    CrmSettings.objects.create(pk=1, promise_axis=axis)
    make_standard("Greet", branch=cast.branch, optional=["Massage"])
    visits = [
        visit(cast, cast.anna, [cast.lashes], times=(0, 0, minutes), told=105, paid=[paid])
        for minutes, paid in ((104, 54), (105, 60), (114, "63.50"))
    ]
    for made, said in zip(visits, (("done", "done"), ("done", "open"), ("open", "done")), strict=True):
        tick(made, *said)

    told = lines_of([made.pk for made in visits], "BAM")

    assert {pk: tuple(line.values()) for pk, line in told.items()} == {
        visits[0].pk: (better, "good"),
        visits[2].pk: (worse, "warn"),
    }


def test_the_till_praises_no_visit_before_half_of_what_was_told(cast):
    """Told 105 minutes, begun at ten: 52 of them are less than half."""
    going = visit(cast, cast.anna, [cast.lashes], times=(0, 0, None), told=105, status=Appointment.Status.IN_PROGRESS)
    over = visit(cast, cast.anna, [cast.lashes], times=(0, 0, 40), told=105)

    said = [
        line_at_the_till(made, local(TODAY, 10) + timedelta(minutes=minutes))
        for made, minutes in ((going, 52), (going, 53), (over, 90))
    ]

    assert [line and line["text"] for line in said] == [
        None, "52 minutes earlier than told", "65 minutes earlier than told",
    ]  # fmt: skip
