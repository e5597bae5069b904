"""Feedback by voice, for whom no machine reaches or who would rather talk (practices.md, P14)."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from crm.care.models import Call
from crm.care.services.answers import FollowUp, record_feedback
from crm.care.services.calls import finish_call
from crm.team.models import User


class SurveyOver(Exception):
    """This call asks nothing, or somebody has made it already."""

    words = _("Somebody has written her answer down already.")

    def __str__(self) -> str:
        return str(self.words)


@transaction.atomic
def take_survey(
    *, call: Call, score: int, pleased: str, displeased: str, may_quote: bool, now: datetime, user: User
) -> FollowUp:
    """Writes down what she said on the phone, with the consequences of her own tap, and the call is made.

    Raises SurveyOver.
    """
    if call.kind != Call.SURVEY or call.visit_on is None:
        raise SurveyOver
    after = record_feedback(
        client=call.client,
        branch=call.branch,
        visit_on=call.visit_on,
        score=score,
        now=now,
        pleased=pleased,
        displeased=displeased,
        may_quote=may_quote,
        written_by=user,
    )
    if not finish_call(call=call, outcome=Call.Outcome.REACHED, now=now, user=user):
        raise SurveyOver
    return after
