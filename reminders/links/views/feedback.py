"""How it was: 0 to 10 and two questions (practices.md, P14). GET changes nothing; the number tapped in a letter stands ready."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from crm.care.models import Complaint, Feedback
from crm.care.selectors import review_places
from crm.care.services import FollowUp, follow_up_of
from crm.team.wording import day_words
from loyalty.points.selectors import loyalty_settings
from reminders.links.doors import Visitor, behind
from reminders.links.forms import FeedbackForm
from reminders.links.selectors.keys import message_of, visit_of
from reminders.links.services import Asked, give_feedback
from reminders.links.views.friends import friend_facts
from reminders.messages.tokens import Door, open_url

SCORES = {str(score) for score in range(11)}


@require_http_methods(["GET", "HEAD", "POST"])
@behind(Door.FEEDBACK)
def show(request: HttpRequest, visitor: Visitor) -> HttpResponse:
    """By the message that asks; `?n=7` is the number tapped in it."""
    message = message_of(visitor.key)
    return _page(request, visitor, Asked(message.branch, message.visit_on))


@require_http_methods(["GET", "HEAD", "POST"])
@behind(Door.SCORE)
def by_code(request: HttpRequest, visitor: Visitor) -> HttpResponse:
    """By the code that the till shows to her own telephone."""
    visit = visit_of(visitor.key)
    return _page(request, visitor, Asked(visit.branch, visit.on))


def _page(request: HttpRequest, visitor: Visitor, asked: Asked) -> HttpResponse:
    context: dict[str, Any] = {
        "branch": asked.branch,
        "day": day_words(asked.visit_on, visitor.language) if asked.visit_on else "",
    }
    given = Feedback.objects.filter(client=visitor.client, visit_on=asked.visit_on).first()
    if given is not None:
        return render(request, "links/feedback_thanks.html", context | _after(given, visitor))
    if request.method == "POST":
        form = FeedbackForm(request.POST)
        if form.is_valid():
            give_feedback(asked=asked, client=visitor.client, now=visitor.now, **form.cleaned_data)
            return redirect(request.path)
        # what she has typed stays
        context |= {
            "form": form,
            "score": request.POST.get("score", ""),
            "score_error": " ".join(form.errors.get("score", [])),
        }
        return render(request, "links/feedback.html", context, status=422)
    tapped = request.GET.get("n", "")
    context["score"] = context["tapped"] = tapped if tapped in SCORES else ""
    return render(request, "links/feedback.html", context)


def _after(given: Feedback, visitor: Visitor) -> dict[str, Any]:
    """What follows by her score; the invitation to write in public is the same for all."""
    after = follow_up_of(given.score, given.displeased, given.pleased)
    context: dict[str, Any] = {
        "score": given.score,
        "sorry": after == FollowUp.COMPLAINT,
        "will_call": after == FollowUp.CALL,
        "delighted": after == FollowUp.RECOMMEND,
        "places": list(review_places(given.branch)),
    }
    if after == FollowUp.COMPLAINT:
        complaint = (
            Complaint.objects.filter(
                client=visitor.client, source=Complaint.Source.FEEDBACK, opened_on__gte=given.visit_on
            )
            .order_by("opened_at")
            .first()
        )
        if complaint is not None:
            context["complaint_url"] = open_url(
                door=Door.COMPLAINT, client_id=visitor.client.pk, subject=complaint.pk, today=visitor.now.date()
            )
    rules = loyalty_settings()
    if after == FollowUp.RECOMMEND and rules.referral_on:
        context["friend"] = friend_facts(visitor, rules)
    return context
