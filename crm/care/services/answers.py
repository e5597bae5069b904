"""What follows from a client's own taps: a score, or how it holds (rules.md, Feedback; practices.md, P13 and P14)."""

from datetime import date, datetime, timedelta
from enum import StrEnum

from django.conf import settings
from django.db import transaction
from django.utils.translation import get_language, override
from django.utils.translation import gettext as _

from crm.booking.models import Appointment, VisitItem
from crm.care.models import AfterAnswer, Complaint, ComplaintEvent, Feedback
from crm.care.services.calls import ask_for_call
from crm.care.services.complaints import open_complaint
from crm.care.wording import complain
from crm.catalogue.models import Service
from crm.people.models import Client
from crm.people.services import add_health_note, note_change
from crm.team.models import Branch, User
from crm.team.wording import date_words

CALL_WITHIN = timedelta(hours=24)
ALARM_WITHIN = timedelta(hours=2)


class FollowUp(StrEnum):
    """What a score leads to."""

    COMPLAINT = "complaint"
    CALL = "call"
    BRIEFING = "briefing"
    RECOMMEND = "recommend"


def follow_up_of(score: int, *words: str) -> FollowUp:
    """0-4 or words that complain: a complaint; 5-6: a call; 7-8: the briefing; 9-10: asked to recommend."""
    if score <= 4 or complain(*words):
        return FollowUp.COMPLAINT
    if score <= 6:
        return FollowUp.CALL
    return FollowUp.BRIEFING if score <= 8 else FollowUp.RECOMMEND


@transaction.atomic
def record_feedback(
    *,
    client: Client,
    branch: Branch,
    visit_on: date,
    score: int,
    now: datetime,
    pleased: str = "",
    displeased: str = "",
    may_quote: bool = False,
    written_by: User | None = None,
) -> FollowUp:
    """Keeps her score for a visit day and does what it asks for. Told again, it corrects; each follow-up is once.

    `may_quote`: her words may be shown to others. `written_by`: who heard it on the phone; none: she tapped herself.
    """
    Client.objects.select_for_update().get(pk=client.pk)
    said = {
        "branch": branch,
        "score": score,
        "pleased": pleased.strip(),
        "displeased": displeased.strip(),
        "quote_agreed_at": now if may_quote else None,
        "written_by": written_by,
    }
    Feedback.objects.update_or_create(
        client=client, visit_on=visit_on, defaults=said, create_defaults=said | {"answered_at": now}
    )
    after = follow_up_of(score, displeased, pleased)
    # the desk reads this, so it is in the salon's language and not in that of her page
    with override(settings.LANGUAGE_CODE):
        _follow_up(after, client, branch, visit_on, score, displeased, now)
    note_change([client.pk])
    return after


def _follow_up(
    after: FollowUp, client: Client, branch: Branch, visit_on: date, score: int, displeased: str, now: datetime
) -> None:
    if after == FollowUp.COMPLAINT:
        text = displeased.strip() or _("She gave %(score)d of 10 for the visit on %(day)s.") % {
            "score": score,
            "day": date_words(visit_on, get_language() or settings.LANGUAGE_CODE),
        }
        _complain_once(client, branch, visit_on, text, now)
    elif after == FollowUp.CALL:
        ask_for_call(
            client=client,
            branch=branch,
            kind="feedback",
            key=f"feedback {client.pk} {visit_on}",
            due_at=now + CALL_WITHIN,
            now=now,
            what_to_say=_("She gave %(score)d of 10. Thank her for saying so and ask what was missing.")
            % {"score": score},
            assignee=_who_served(client, visit_on),
        )


@transaction.atomic
def record_after_answer(
    *, client: Client, branch: Branch, visit_on: date, answer: str, now: datetime, service: Service | None = None
) -> AfterAnswer:
    """Keeps her answer to “how are your lashes?”; the first one counts, except that an alarm always does.

    An alarm opens an urgent complaint (all selling stops), keeps a health note and asks her master to ring
    within two hours; the safety text is the page's. Mending is offered by the page as a free correction.
    """
    Client.objects.select_for_update().get(pk=client.pk)
    given, is_new = AfterAnswer.objects.get_or_create(
        client=client,
        visit_on=visit_on,
        defaults={"branch": branch, "answer": answer, "service": service, "answered_at": now},
    )
    alarmed = answer == AfterAnswer.Answer.ALARM
    if not is_new and alarmed and given.answer != answer:
        given.answer, given.answered_at = answer, now
        given.save(update_fields=["answer", "answered_at"])
        is_new = True
    if is_new and alarmed:
        with override(settings.LANGUAGE_CODE):
            _raise_alarm(given, now)
    note_change([client.pk])
    return given


def _raise_alarm(given: AfterAnswer, now: datetime) -> None:
    what = _("After the visit on %(day)s (%(service)s) she answered that something is wrong: itching or swelling.") % {
        "day": date_words(given.visit_on, settings.LANGUAGE_CODE),
        "service": given.service.name if given.service else _("service not named"),
    }
    master = _who_served(given.client, given.visit_on)
    add_health_note(client=given.client, text=what, now=now, branch=given.branch, author=None)
    open_complaint(
        client=given.client,
        branch=given.branch,
        # what she feels is health: it stands in the health note, not here
        text=_("Her answer after the visit on %(day)s was alarming. Ring her now.")
        % {"day": date_words(given.visit_on, settings.LANGUAGE_CODE)},
        now=now,
        source=Complaint.Source.ANSWER,
        is_urgent=True,
        owner=master,
        appointment=_visit_on(given.client, given.visit_on),
    )
    ask_for_call(
        client=given.client,
        branch=given.branch,
        kind="alarm",
        key=f"alarm {given.client_id} {given.visit_on}",
        due_at=now + ALARM_WITHIN,
        now=now,
        what_to_say=_("Ask how she is, say what to do, offer to see her today. Sell nothing."),
        assignee=master,
    )


def _complain_once(client: Client, branch: Branch, visit_on: date, text: str, now: datetime) -> None:
    """One complaint for the answers about one visit day; further words join it."""
    known = (
        Complaint.objects.filter(client=client, source=Complaint.Source.FEEDBACK, opened_on__gte=visit_on)
        .order_by("opened_at")
        .first()
    )
    if known is None:
        open_complaint(
            client=client,
            branch=branch,
            text=text,
            now=now,
            source=Complaint.Source.FEEDBACK,
            owner=_who_served(client, visit_on),
            appointment=_visit_on(client, visit_on),
        )
    elif known.text != text:
        ComplaintEvent.objects.create(complaint=known, kind=ComplaintEvent.Kind.ADDED, at=now, text=text)


def _who_served(client: Client, on: date) -> User | None:
    """The login of a master of that visit day, if there is one."""
    item = (
        VisitItem.objects.filter(visit__client=client, visit__on=on, master__user__isnull=False)
        .select_related("master__user")
        .order_by("pk")
        .first()
    )
    return item.master.user if item and item.master else None


def _visit_on(client: Client, on: date) -> Appointment | None:
    """What was done that day, so that it can be done again."""
    done = Appointment.objects.filter(client=client, on=on, status=Appointment.Status.DONE)
    return done.order_by("starts_at", "pk").first()
