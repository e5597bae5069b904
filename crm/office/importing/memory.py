"""Writing notes, complaints and feedback of an import."""

from collections import defaultdict
from collections.abc import Iterable

from django.utils.translation import gettext as _

from crm.care.models import Complaint, ComplaintCause, ComplaintEvent, Feedback
from crm.care.models.complaints import new_number
from crm.office.importing.reading import chunked
from crm.office.importing.records import ComplaintRecord, FeedbackRecord, NoteRecord
from crm.office.importing.run import Run
from crm.people.models import HealthNote, Note

HEALTH = "health"


def _no_client(code: str) -> str:
    return _("There is no client “%(code)s”.") % {"code": code}


def write_notes(run: Run, file: str, records: Iterable[NoteRecord]) -> None:
    """New notes; the same words about the same client of the same day are there already. Health is encrypted."""
    count = run.outcome.file(file)
    for chunk in chunked(records):
        clients = run.clients({record.client for record in chunk})
        there = _notes_of(run, set(clients.values()))
        notes, health = [], []
        for record in chunk:
            client = clients.get(record.client)
            if client is None:
                run.outcome.reject(file, record.line, _no_client(record.client))
                continue
            if (client, record.kind, record.text) in there and (record.on in there[client, record.kind, record.text]):
                count.unchanged += 1
                continue
            there[client, record.kind, record.text].add(record.on)
            count.imported += 1
            if record.kind == HEALTH:
                health.append(
                    HealthNote(
                        client_id=client,
                        branch=run.branch,
                        text=record.text,
                        written_on=record.on,
                        author_name=record.author,
                        is_current=not record.is_over,
                    )
                )
            else:
                notes.append(
                    Note(
                        client_id=client,
                        kind=record.kind,
                        text=record.text,
                        written_on=record.on,
                        ask_again_on=record.ask_again,
                        asked_on=record.asked,
                        is_pinned=record.is_pinned,
                        author_name=record.author,
                    )
                )
        Note.objects.bulk_create(notes)
        HealthNote.objects.bulk_create(health)


def _notes_of(run: Run, clients: set[int]) -> dict[tuple, set]:
    found: dict[tuple, set] = defaultdict(set)
    for client, kind, text, on in Note.objects.filter(client__in=clients).values_list(
        "client_id", "kind", "text", "written_on"
    ):
        found[client, kind, text].add(on)
    # compared in memory: what is encrypted cannot be searched
    for client, text, on in HealthNote.objects.filter(client__in=clients, branch=run.branch).values_list(
        "client_id", "text", "written_on"
    ):
        found[client, HEALTH, text].add(on)
    return found


def write_complaints(run: Run, file: str, records: Iterable[ComplaintRecord]) -> None:
    """New complaints with their events; one of the same client, day and words is there already."""
    count = run.outcome.file(file)
    for chunk in chunked(records):
        clients = run.clients({record.client for record in chunk})
        # as the export writes it: how it came stands for one without words
        there = {
            (complaint.client_id, complaint.opened_on, complaint.words)
            for complaint in Complaint.objects.filter(client__in=set(clients.values()))
        }
        causes = dict(ComplaintCause.objects.values_list("name", "pk"))
        wanted = [record.number for record in chunk if record.number]
        taken = set(Complaint.objects.filter(number__in=wanted).values_list("number", flat=True))
        complaints = []
        for record in chunk:
            client = clients.get(record.client)
            if client is None:
                run.outcome.reject(file, record.line, _no_client(record.client))
                continue
            if (client, record.opened_on, record.text) in there:
                count.unchanged += 1
                continue
            there.add((client, record.opened_on, record.text))
            # hers, as she was told it; where another one has it, a new one
            number = record.number if record.number and record.number not in taken else new_number()
            taken.add(number)
            complaints.append(
                Complaint(
                    number=number,
                    branch=run.branch,
                    client_id=client,
                    opened_at=record.opened_at,
                    opened_on=record.opened_on,
                    source=Complaint.Source.IMPORT,
                    cause_id=causes.get(record.category),
                    category=record.category,
                    text=record.text,
                    resolved_at=record.resolved_at,
                    resolved_on=record.resolved_on,
                    outcome=record.outcome,
                    is_urgent=record.is_urgent,
                    resolution=record.resolution,
                )
            )
            run.touched.add(client)
        complaints = Complaint.objects.bulk_create(complaints)
        ComplaintEvent.objects.bulk_create(
            [
                ComplaintEvent(complaint=complaint, kind=kind, at=at)
                for complaint in complaints
                for kind, at in (
                    (ComplaintEvent.Kind.OPENED, complaint.opened_at),
                    (ComplaintEvent.Kind.RESOLVED, complaint.resolved_at),
                )
                if at is not None
            ]
        )
        count.imported += len(complaints)


def write_feedback(run: Run, file: str, records: Iterable[FeedbackRecord]) -> None:
    """New answers; a visit is answered once."""
    count = run.outcome.file(file)
    for chunk in chunked(records):
        clients = run.clients({record.client for record in chunk})
        there = set(Feedback.objects.filter(client__in=set(clients.values())).values_list("client_id", "visit_on"))
        answers = []
        for record in chunk:
            client = clients.get(record.client)
            if client is None:
                run.outcome.reject(file, record.line, _no_client(record.client))
                continue
            if (client, record.visit_on) in there:
                count.unchanged += 1
                continue
            there.add((client, record.visit_on))
            answers.append(
                Feedback(
                    client_id=client,
                    branch=run.branch,
                    visit_on=record.visit_on,
                    score=record.score,
                    pleased=record.pleased,
                    displeased=record.displeased,
                    answered_at=record.answered_at,
                    quote_agreed_at=record.quote_agreed_at,
                )
            )
        Feedback.objects.bulk_create(answers)
        count.imported += len(answers)
