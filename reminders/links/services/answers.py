"""What she answers when she is asked how it was and how it holds."""

from datetime import datetime

from django.db import transaction

from crm.care.models import AfterAnswer, Feedback
from crm.care.services import record_after_answer, record_feedback
from crm.catalogue.models import Service
from crm.people.models import Client
from reminders.messages.models import Message


@transaction.atomic
def give_feedback(
    *, message: Message, score: int, pleased: str, displeased: str, may_quote: bool = False, now: datetime
) -> bool:
    """Her score for the visit the message asks about; False where she had given one."""
    if message.visit_on is None:
        return False
    Client.objects.select_for_update().get(pk=message.client_id)
    if Feedback.objects.filter(client=message.client, visit_on=message.visit_on).exists():
        return False
    record_feedback(
        client=message.client,
        branch=message.branch,
        visit_on=message.visit_on,
        score=score,
        pleased=pleased,
        displeased=displeased,
        may_quote=may_quote,
        now=now,
    )
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
