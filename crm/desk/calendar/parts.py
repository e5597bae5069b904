"""Which master does what of a visit, one after the other."""

from dataclasses import dataclass

from crm.booking.models import Appointment


@dataclass(frozen=True, slots=True)
class Part:
    """What one master does of a visit, in minutes from the visit's start."""

    master_id: int
    begins: int
    ends: int


def parts_of(visit: Appointment) -> list[Part]:
    """What each master does, one after the other; the appointment comes with `work`."""
    minutes = visit.minutes
    if visit.starts_at and visit.ends_at:
        minutes = int((visit.ends_at - visit.starts_at).total_seconds() // 60)
    masters = [line.master_id or visit.master_id for line in visit.work]
    if len(set(masters)) <= 1:
        return [Part(masters[0] if masters else visit.master_id, 0, minutes)]
    parts: list[Part] = []
    at = 0
    for master_id, line in zip(masters, visit.work, strict=True):
        if parts and parts[-1].master_id == master_id:
            parts[-1] = Part(master_id, parts[-1].begins, at + line.minutes)
        else:
            parts.append(Part(master_id, at, at + line.minutes))
        at += line.minutes
    # an end that was stretched by hand belongs to the last
    parts[-1] = Part(parts[-1].master_id, parts[-1].begins, max(minutes, parts[-1].begins + 5))
    return parts
