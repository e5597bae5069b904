"""What the page of a complaint shows: deadlines, the five steps with their sentences, solutions, what is still to do."""

from datetime import datetime
from typing import Any
from uuid import uuid4

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from crm.booking.models import AppointmentService
from crm.care.models import Complaint, ComplaintOption, ComplaintStep, Redo, Step
from crm.care.selectors import redo_to_book, steps_of, words_of_steps
from crm.catalogue.models import Service
from crm.desk.complaints.forms import OfferForm
from crm.desk.words import language, length_words, money
from crm.sales.models import Sale
from crm.team.selectors import salon_settings
from loyalty.amends.models import Compensation
from loyalty.amends.selectors import given_in, may_decide
from loyalty.amends.words import option_words
from reminders.messages.speech import Speech, speech_of
from reminders.messages.syntax import TextRefused, fill, parse

Kind, State = ComplaintOption.Kind, ComplaintOption.State
DAY = 24 * 60


def steps_context(
    complaint: Complaint, *, clash: ComplaintStep | None = None, typed: str = "", stays: int | None = None
) -> dict[str, Any]:
    """The five steps, open the one that `stays` or else the first one not done.

    `clash` is what a colleague saved while `typed` was written.
    """
    saved = steps_of(complaint)
    speech = speech_of(complaint.client)
    words = words_of_steps({speech.language, language()})
    done = {step for step, row in saved.items() if row.done_at is not None}
    now = timezone.now()
    current = next((step for step in Step if step not in done), None)
    if clash is not None:
        stays = clash.step
    return {
        "complaint": complaint,
        "steps": [
            _step(step, saved.get(step), speech, words)
            | {
                "open": step == (stays or current),
                "clash": clash if clash is not None and clash.step == step else None,
                "typed": typed if clash is not None and clash.step == step else "",
            }
            for step in Step
        ],
        "begun": _begun(saved, current, now),
        "her_language": speech.language,
    }


def _step(
    step: Step, row: ComplaintStep | None, speech: Speech, words: dict[tuple[int, str], list[str]]
) -> dict[str, Any]:
    hers = [_said(sentence, speech) for sentence in words[step, speech.language]]
    mine = words[step, language()] if language() != speech.language else []
    beside = [_said(sentence, Speech(language(), speech.form, speech.gender)) for sentence in mine]
    beside += [""] * (len(hers) - len(beside))
    return {
        "step": step,
        "row": row,
        "label": step.label,
        "sentences": list(zip(hers, beside, strict=False)),
        "asks": question_of(step),
        "is_choice": step == Step.CHOICE,
    }


def question_of(step: int) -> str:
    """What is to be written down in this step; empty where something is said only."""
    return {Step.LISTEN: _("What did she say?"), Step.ASK: _("What would help her?")}.get(Step(step), "")


def _said(sentence: str, speech: Speech) -> str:
    """As this client is spoken to; words that cannot be read are shown as the owner wrote them."""
    try:
        return fill(parse(sentence), {}, form=speech.form, gender=speech.gender) or sentence
    except TextRefused:
        return sentence


def _begun(saved: dict[int, ComplaintStep], current: Step | None, now: datetime) -> str:
    """“Ana was here 5 min ago; step 3 is next.” Empty before anybody began."""
    if not saved:
        return ""
    last = max(saved.values(), key=lambda row: row.saved_at)
    minutes = max(0, int((now - last.saved_at).total_seconds() // 60))
    if minutes >= DAY:
        days = minutes // DAY
        ago = ngettext("%(days)d day ago", "%(days)d days ago", days) % {"days": days}
    else:
        ago = _("%(length)s ago") % {"length": length_words(minutes)} if minutes else _("just now")
    who = str(last.saved_by) if last.saved_by else _("On her own page")
    if current is None:
        return _("Last saved: %(who)s, %(ago)s.") % {"who": who, "ago": ago}
    return _("Last saved: %(who)s, %(ago)s. Next is step %(step)d.") % {"who": who, "ago": ago, "step": current}


def offer_form(complaint: Complaint, data: Any = None) -> OfferForm:
    """What may be offered: what was done at that visit, what of its receipt can come back, what is on the shelf."""
    services = services_at(complaint)
    return OfferForm(data, complaint=complaint, services=services, sale=receipt_at(complaint), initial={"key": uuid4()})


def services_at(complaint: Complaint) -> list[Service]:
    """What was done at the visit that it is about; else at her last one in this branch."""
    visit = complaint.appointment or (
        complaint.client.appointments.filter(branch=complaint.branch, status="done", on__lte=complaint.opened_on)
        .order_by("-on", "-pk")
        .first()
    )
    if visit is None:
        return []
    lines = AppointmentService.objects.filter(appointment=visit).select_related("service").order_by("position")
    return [line.service for line in lines]


def receipt_at(complaint: Complaint) -> Sale | None:
    """The receipt of that visit; else her last one in this branch."""
    sales = Sale.objects.filter(client=complaint.client, branch=complaint.branch, refund_of__isnull=True)
    if complaint.appointment_id:
        of_visit = sales.filter(appointment=complaint.appointment_id).order_by("-pk").first()
        if of_visit is not None:
            return of_visit
    return sales.filter(on__lte=complaint.opened_on).order_by("-on", "-pk").first()


def solutions_context(complaint: Complaint, user: Any, *, form: OfferForm | None = None) -> dict[str, Any]:
    """What is offered, waits, was chosen and given."""
    options = list(
        complaint.options.exclude(state=State.DECLINED)
        .select_related("offered_by", "decided_by")
        .prefetch_related("services")
        .order_by("pk")
    )
    given = {row.option_id: row for row in Compensation.objects.filter(option__in=options).select_related("voucher")}
    sum_given, rules = given_in(complaint), salon_settings()
    for option in options:
        option.words = option_words(option)
        option.cost_words = money(option.cost, complaint.branch.currency)
        option.may_decide = option.state == State.WAITING and may_decide(user, option, given=sum_given, rules=rules)
        option.given = given.get(option.pk)
        option.owes_money = option.state == State.CHOSEN and option.kind == Kind.REFUND and option.given is None
    redo = redo_to_book(complaint)
    return {
        "options": options,
        "must_decide": any(option.may_decide for option in options),
        "offer": form if form is not None else (offer_form(complaint) if complaint.resolved_at is None else None),
        "redo": redo,
        "redone": Redo.objects.filter(complaint=complaint, appointment__isnull=False)
        .select_related("appointment__master")
        .first()
        if redo is None
        else None,
    }
