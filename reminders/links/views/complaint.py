"""Her complaint as she follows it: what was heard, what was answered, what she may choose, and that it is over (P31).

GET changes nothing; she is never argued with.
"""

from operator import attrgetter
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from crm.care.models import Complaint, ComplaintOption, ComplaintPicture, ComplaintReport
from crm.care.selectors import dialogue_of
from crm.care.services import ComplaintRefused, add_words
from crm.people.pictures import shown
from loyalty.amends.services import choose_solution
from loyalty.gifts.services import GiftRefused
from reminders.journeys.services.doorbell import ring
from reminders.links.complaint_forms import AddForm
from reminders.links.doors import Visitor, behind
from reminders.links.made_good import after_choice
from reminders.links.selectors.keys import complaint_of
from reminders.messages.complained import solution_words
from reminders.messages.speech import moment
from reminders.messages.tokens import Door

REFUSED = 422
State = ComplaintOption.State


@require_safe
@behind(Door.COMPLAINT)
def show(request: HttpRequest, visitor: Visitor) -> HttpResponse:
    return _show(request, visitor, complaint_of(visitor.key), AddForm())


@require_http_methods(["POST"])
@behind(Door.COMPLAINT)
def add(request: HttpRequest, visitor: Visitor) -> HttpResponse:
    """Her further words; that it is not all right yet opens what was closed."""
    complaint = complaint_of(visitor.key)
    form = AddForm(request.POST, request.FILES)
    if form.is_valid():
        try:
            given = form.cleaned_data
            add_words(complaint=complaint, words=given["words"], picture=given["picture"], now=visitor.now)
        except ComplaintRefused as refusal:
            form.add_error("picture", str(refusal))
        else:
            ring()
            messages.success(request, _("We have it. Thank you for telling us."))
            return redirect("my:complaint", subject=complaint.pk)
    return _show(request, visitor, complaint, form, status=REFUSED)


@require_http_methods(["POST"])
@behind(Door.COMPLAINT)
def choose(request: HttpRequest, visitor: Visitor) -> HttpResponse:
    """The solution that she tapped is hers at once; tapped twice it is one."""
    complaint = complaint_of(visitor.key)
    tapped = request.POST.get("option", "")
    option = complaint.options.filter(pk=int(tapped)).first() if tapped.isascii() and tapped.isdecimal() else None
    if option is not None:
        try:
            choose_solution(option=option, now=visitor.now)
        except (ComplaintRefused, GiftRefused):
            messages.error(request, _("This is not there any more. Look at what you may choose now, or call us."))
        else:
            ring()
    return redirect("my:complaint", subject=complaint.pk)


@require_safe
@behind(Door.COMPLAINT, "picture_id")
def photograph(request: HttpRequest, visitor: Visitor, picture_id: int) -> HttpResponse:
    """A photograph that she sent with it."""
    found = ComplaintPicture.objects.filter(pk=picture_id, complaint=complaint_of(visitor.key)).first()
    if found is None:
        raise Http404
    try:
        return shown(found.image)
    except FileNotFoundError as error:
        raise Http404 from error


def _show(
    request: HttpRequest, visitor: Visitor, complaint: Complaint, form: AddForm, *, status: int = 200
) -> HttpResponse:
    report: ComplaintReport | None = getattr(complaint, "report", None)
    context: dict[str, Any] = {
        "complaint": complaint,
        "branch": complaint.branch,
        "form": form,
        "about": report.get_about_display() if report else "",
        "words": complaint.text if report is None or report.has_words else "",
        "said_at": moment(complaint.opened_at, complaint.branch, visitor.client, visitor.speech),
        "safety": visitor.speech.say("safety") if report and report.about == ComplaintReport.About.HURTS else "",
        "pictures": list(complaint.pictures.order_by("pk")),
        "dialogue": [
            {
                "is_hers": event.kind != event.Kind.ANSWERED,
                "text": event.text,
                "at": moment(event.at, complaint.branch, visitor.client, visitor.speech),
            }
            for event in dialogue_of(complaint)
        ],
        **_stand(complaint, visitor),
        **_solutions(complaint, visitor),
    }
    context["wrote_last"] = bool(context["dialogue"]) and context["dialogue"][-1]["is_hers"]
    return render(request, "links/complaint.html", context, status=status)


def _solutions(complaint: Complaint, visitor: Visitor) -> dict[str, Any]:
    """What she may choose, and what she has chosen with what comes next; none once it is closed and nothing was.

    What she chose before it was opened again stays hers: its code and its time stand here, beside a new choice.
    """
    since = complaint.clock_from or complaint.opened_at
    options = list(complaint.options.prefetch_related("services").order_by("pk"))
    for option in options:
        option.complaint = complaint
    chosen = [each for each in options if each.state == State.CHOSEN]
    is_open = complaint.resolved_at is None and not any(each.chosen_at >= since for each in chosen)
    return {
        "offered": [
            {"value": each.pk, "label": solution_words(each, visitor.speech)}
            for each in options
            if is_open and each.state == State.OFFERED
        ],
        "chosen": [
            {"words": solution_words(each, visitor.speech), "after": after_choice(each, visitor)}
            for each in sorted(chosen, key=attrgetter("chosen_at"), reverse=True)
        ],
    }


def _stand(complaint: Complaint, visitor: Visitor) -> dict[str, Any]:
    """Where it stands, in plain words: `stand` is heard, answered or closed; when she hears from us at the latest."""
    if complaint.resolved_at is not None:
        return {
            "stand": "closed",
            "is_solved": complaint.outcome in (Complaint.Outcome.SOLVED, Complaint.Outcome.YIELDED),
        }
    if complaint.answered_at is not None:
        return {"stand": "answered"}
    due = complaint.answer_due_at
    return {
        "stand": "heard",
        "is_late": due is not None and due < visitor.now,
        "until": moment(due, complaint.branch, visitor.client, visitor.speech) if due and due >= visitor.now else "",
    }
