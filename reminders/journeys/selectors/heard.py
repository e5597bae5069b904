"""What these clients are told of their complaints: one query for the complaints, one for the answers."""

from collections import defaultdict
from collections.abc import Mapping
from datetime import datetime, timedelta

from django.db.models import Q

from crm.care.models import Complaint, ComplaintEvent
from reminders.journeys.facts import Facts, Heard
from reminders.messages.models import Kind

# of older ones nothing is said any more
BACK = timedelta(days=8)
# these she told without anybody at the desk beside her: she is told that it has come, and what she may choose
BY_HERSELF = (Complaint.Source.PUBLIC, Complaint.Source.FEEDBACK)
Outcome, Did = Complaint.Outcome, ComplaintEvent.Kind


def add_heard(facts: Mapping[int, Facts], *, as_of: datetime) -> None:
    """That a complaint has come, while nobody has answered; each answer while it is open; that it is solved, while it is."""
    lately = as_of - BACK
    found = (
        Complaint.objects.filter(client_id__in=facts, opened_at__lte=as_of)
        .filter(Q(opened_at__gt=lately) | Q(resolved_at__gt=lately) | Q(resolved_at__isnull=True))
        .exclude(source=Complaint.Source.IMPORT)
        .order_by("pk")
    )
    complaints = {complaint.pk: complaint for complaint in found}
    if not complaints:
        return
    answers = _answers(list(complaints), lately, as_of)
    for complaint in complaints.values():
        facts[complaint.client_id].heard += _of(complaint, answers[complaint.pk], as_of)


def _of(complaint: Complaint, answers: list[datetime], as_of: datetime) -> list[Heard]:
    resolved_at = complaint.resolved_at if complaint.resolved_at and complaint.resolved_at <= as_of else None
    is_open = resolved_at is None
    heard = []
    if complaint.source in BY_HERSELF:
        heard.append(Heard(complaint.pk, Kind.COMPLAINT_RECEIVED, complaint.opened_at, stands=is_open and not answers))
    # of two answers the later one says it all: they stand on one page
    heard += [Heard(complaint.pk, Kind.COMPLAINT_ANSWER, at, stands=is_open and at == answers[-1]) for at in answers]
    if resolved_at is not None and complaint.outcome in (Outcome.SOLVED, Outcome.YIELDED):
        heard.append(Heard(complaint.pk, Kind.COMPLAINT_RESOLVED, resolved_at))
    return heard


def _answers(complaints: list[int], lately: datetime, as_of: datetime) -> dict[int, list[datetime]]:
    """When each was answered in writing, or solutions were offered to who told it by herself."""
    in_writing = Q(answer__isnull=False)
    offered = Q(kind__in=[Did.OFFERED, Did.AGREED], complaint__source__in=BY_HERSELF)
    found: dict[int, list[datetime]] = defaultdict(list)
    events = ComplaintEvent.objects.filter(in_writing | offered, complaint__in=complaints, at__gt=lately, at__lte=as_of)
    for complaint, at in events.order_by("at", "pk").values_list("complaint_id", "at"):
        found[complaint].append(at)
    return found
