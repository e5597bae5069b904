"""What she answers when she is asked how it was and how it holds."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction

from crm.care.models import AfterAnswer, Feedback
from crm.care.services import FollowUp, record_after_answer, record_feedback
from crm.catalogue.models import Service
from crm.people.models import Client
from crm.team.models import Branch
from loyalty.points.selectors import loyalty_settings
from loyalty.referrals.services import ensure_code
from reminders.journeys.services.doorbell import ring
from reminders.messages.models import Message


@dataclass(frozen=True, slots=True)
class Asked:
    """The visit day that she is asked about."""

    branch: Branch
    visit_on: date | None


@transaction.atomic
def give_feedback(
    *, asked: Asked, client: Client, score: int, pleased: str, displeased: str, may_quote: bool = False, now: datetime
) -> bool:
    """Her score for that visit day; False where she had given one. Who is delighted has a link for her friends."""
    if asked.visit_on is None:
        return False
    Client.objects.select_for_update().get(pk=client.pk)
    if Feedback.objects.filter(client=client, visit_on=asked.visit_on).exists():
        return False
    after = record_feedback(
        client=client,
        branch=asked.branch,
        visit_on=asked.visit_on,
        score=score,
        pleased=pleased,
        displeased=displeased,
        may_quote=may_quote,
        now=now,
    )
    if after == FollowUp.RECOMMEND and loyalty_settings().referral_on:
        ensure_code(client=client, now=now)
    ring()
    return True


def give_answer(*, message: Message, answer: str, service: Service | None, now: datetime) -> AfterAnswer | None:
    """Her one tap; the first counts, but an alarm always does."""
    if message.visit_on is None:
        return None
    return record_after_answer(
        client=message.client,
        branch=message.branch,
        visit_on=message.visit_on,
        answer=answer,
        service=service,
        now=now,
    )
