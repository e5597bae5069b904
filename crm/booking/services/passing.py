"""What the passing of time alone changes in pulses."""

from datetime import datetime, timedelta

from crm.booking.models import Appointment, Pulse
from crm.booking.services.pulse import refresh_pulses

# an appointment is open for seven days after its start
STAYS_OPEN = timedelta(days=8)


def refresh_passed(*, now: datetime) -> int:
    """An appointment whose hour has passed is nobody's next one any more; returns how many clients that were."""
    begun = Appointment.objects.filter(
        status__in=Appointment.OPEN, starts_at__lt=now, starts_at__gt=now - STAYS_OPEN
    ).values("pk")
    ids = list(Pulse.objects.filter(next_appointment__in=begun).order_by("pk").values_list("pk", flat=True))
    refresh_pulses(client_ids=ids, now=now)
    return len(ids)
