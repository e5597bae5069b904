"""Reads of the inbox: who waits, what was said both ways, what a letter answers and which appointment it is about."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from crm.booking.models import Appointment
from crm.care.models import Complaint
from crm.people.models import Client
from crm.team.models import Branch, User
from reminders.consent.models import Channel
from reminders.inbox.models import Conversation, Letter, Meaning
from reminders.messages.models import SAID_BACK, Kind, Message

# what is older is hardly what she answers
ANSWERED_WITHIN = timedelta(days=30)
# how long after a message about an appointment a STOP word may mean that (rules.md, Opt-out)
MEANT_WITHIN = timedelta(hours=72)
AHEAD = (Appointment.Status.BOOKED, Appointment.Status.CONFIRMED)
ABOUT_APPOINTMENT = (
    Kind.REMINDER_24H,
    Kind.REMINDER_2H,
    Kind.CONFIRMATION,
    Kind.CHANGE,
    Kind.CANCELLATION,
    Kind.MASTER_ILL,
    Kind.MASTER_LATE,
)


def message_answered(clients: Sequence[Client], channel: str, in_reply_to: str, at: datetime) -> Message | None:
    """The message that a letter answers: the one that the mail names, else the last one sent to any of them by this
    channel within 30 days. That settles who of several with one telephone wrote: the one last written to.
    """
    sent = Message.objects.filter(
        client__in=clients, channel=channel, sent_at__lte=at, sent_at__gt=at - ANSWERED_WITHIN
    ).select_related("client__branch", "branch", "appointment")
    if in_reply_to and (named := sent.filter(provider_id=in_reply_to).first()):
        return named
    return sent.order_by("-sent_at", "-pk").first()


def appointment_meant(
    client: Client | None, answered: Message | None, meaning: str, now: datetime
) -> Appointment | None:
    """The appointment that she would cancel or move: that of the message she answers, else her next one.

    A STOP word means one only within 72 h after a message about it.
    """
    if client is None:
        return None
    ahead = Appointment.objects.filter(client=client, status__in=AHEAD, starts_at__gt=now)
    if meaning == Meaning.STOP:
        told = Message.objects.filter(
            client=client, kind__in=ABOUT_APPOINTMENT, sent_at__gt=now - MEANT_WITHIN, appointment__in=ahead
        )
        last = told.order_by("-sent_at", "-pk").select_related("appointment").first()
        return last.appointment if last is not None else None
    if answered is not None and answered.appointment_id is not None:
        about = ahead.filter(pk=answered.appointment_id).first()
        if about is not None:
            return about
    return ahead.order_by("starts_at", "pk").first()


def open_complaint_of(client: Client) -> Complaint | None:
    """Her complaint that is not solved yet, the newest."""
    return Complaint.objects.filter(client=client, resolved_at__isnull=True).order_by("-opened_at", "-pk").first()


def waiting_for(user: User) -> QuerySet[Conversation]:
    """Of whoever waits at any branch, those who wait for this person: taken by nobody else."""
    return Conversation.objects.filter(Q(taken_by__isnull=True) | Q(taken_by=user), done_at__isnull=True)


def with_waiting(branches: QuerySet[Branch], user: User) -> QuerySet[Branch]:
    """The branches, each with how many conversations wait there for this person (`inbox_waiting`), in the same query.

    A stranger's waits at every branch.
    """
    waits = waiting_for(user).filter(Q(branch=OuterRef("pk")) | Q(branch__isnull=True))
    counted = waits.order_by().annotate(one=F("done_at")).values("one").annotate(number=Count("pk")).values("number")
    return branches.annotate(inbox_waiting=Coalesce(Subquery(counted), 0))


def conversations(branch: Branch, *, done: bool) -> QuerySet[Conversation]:
    """Those of a branch and of strangers, with the last letter's words: who waits longest first, or who wrote last."""
    last = Letter.objects.filter(conversation=OuterRef("pk")).order_by("-at", "-pk")
    found = (
        Conversation.objects.filter(Q(branch=branch) | Q(branch__isnull=True), done_at__isnull=not done)
        .select_related("client", "taken_by", "done_by")
        .annotate(
            last_text=Subquery(last.values("text")[:1]),
            last_subject=Subquery(last.values("subject")[:1]),
            last_meaning=Subquery(last.values("meaning")[:1]),
        )
    )
    return found.order_by("-last_at", "-pk") if done else found.order_by("waiting_since", "pk")


@dataclass(frozen=True, slots=True)
class Said:
    """One thing that was said, by either side."""

    at: datetime
    letter: Letter | None = None
    message: Message | None = None


def talk(conversation: Conversation, *, last: int) -> list[Said]:
    """What came and what was sent to her, by time, the last so many of each. Two queries.

    Of what was sent: all that went out or was given up, and answers from the moment they were written.
    """
    letters = conversation.letters.select_related("complaint", "appointment").order_by("-at", "-pk")
    said = [Said(letter.at, letter=letter) for letter in letters[:last]]
    if conversation.client_id is not None:
        told = (
            Message.objects.filter(client=conversation.client_id, sent_with__isnull=True)
            .filter(Q(sent_at__isnull=False) | Q(kind__in=SAID_BACK))
            .exclude(channel=Channel.CALL)
            .annotate(told_at=Coalesce("sent_at", "planned_at"))
            .select_related("written_by")
            .order_by("-told_at", "-pk")
        )
        said += [Said(message.told_at, message=message) for message in told[:last]]
    return sorted(said, key=lambda each: each.at)
