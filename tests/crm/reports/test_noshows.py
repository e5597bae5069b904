"""`report noshows`: missed and late, by master and client (practices.md, P49)."""

import json
from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import call_command

from crm.booking.models import Appointment
from tests.factories import TODAY, local, make_appointment, make_cast

Status = Appointment.Status


@pytest.mark.django_db
def test_missed_and_late_are_counted_by_master_and_client():
    cast = make_cast()

    def appointment(client, master, days_ago, **fields):
        starts_at = local(TODAY - timedelta(days=days_ago), 10)
        return make_appointment(client=client, master=master, starts_at=starts_at, services=[cast.lashes], **fields)

    for days_ago in (10, 20, 30):
        appointment(cast.vera, cast.anna, days_ago, status=Status.DONE)
    appointment(cast.dina, cast.anna, 11, status=Status.NO_SHOW)
    for hours, by in ((23, "client"), (25, "client"), (1, "salon")):
        late = appointment(cast.dina, cast.boris, 12 + hours, status=Status.CANCELLED, cancelled_by=by)
        late.cancelled_at = late.starts_at - timedelta(hours=hours)
        late.save()
    # of another month, and still ahead
    appointment(cast.dina, cast.anna, 90, status=Status.NO_SHOW)
    appointment(cast.dina, cast.anna, -1)
    out = StringIO()

    since, until = (TODAY - timedelta(days=60)).isoformat(), TODAY.isoformat()
    call_command("report", "noshows", "--from", since, "--to", until, "--json", stdout=out)

    told = json.loads(out.getvalue())
    assert told == {
        "appointments": 5,
        "no_shows": 1,
        "late_cancellations": 1,
        "share": 0.4,
        "clients_who_missed": 1,
        "masters": [
            {
                "branch": "Harbour",
                "master": cast.anna.code,
                "appointments": 4,
                "no_shows": 1,
                "late_cancellations": 0,
                "share": 0.25,
            },
            {
                "branch": "Harbour",
                "master": cast.boris.code,
                "appointments": 1,
                "no_shows": 0,
                "late_cancellations": 1,
                "share": 1.0,
            },
        ],
        "clients": [
            {"client": cast.dina.code, "appointments": 2, "no_shows": 1, "late_cancellations": 1, "share": 1.0}
        ],
    }
