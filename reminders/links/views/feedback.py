"""How it was: 0 to 10 and two questions (practices.md, P14)."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from crm.care.models import Feedback
from crm.care.services import FollowUp, follow_up_of
from crm.team.wording import day_words
from reminders.links.doors import Visitor, behind
from reminders.links.forms import FeedbackForm
from reminders.links.selectors.keys import message_of
from reminders.links.services import give_feedback
from reminders.messages.tokens import Door


@require_http_methods(["GET", "HEAD", "POST"])
@behind(Door.FEEDBACK)
def show(request: HttpRequest, visitor: Visitor) -> HttpResponse:
    message = message_of(visitor.key)
    context = {
        "branch": message.branch,
        "day": day_words(message.visit_on, visitor.language) if message.visit_on else "",
    }
    given = Feedback.objects.filter(client=visitor.client, visit_on=message.visit_on).first()
    if given is not None:
        after = follow_up_of(given.score, given.displeased, given.pleased)
        context |= {
            "score": given.score,
            "sorry": after == FollowUp.COMPLAINT,
            "will_call": after == FollowUp.CALL,
            "delighted": after == FollowUp.RECOMMEND,
        }
        return render(request, "links/feedback_thanks.html", context)
    if request.method == "POST":
        form = FeedbackForm(request.POST)
        if form.is_valid():
            give_feedback(message=message, now=visitor.now, **form.cleaned_data)
            return redirect("my:feedback", subject=message.pk)
        # what she has typed stays
        context |= {
            "form": form,
            "score": request.POST.get("score", ""),
            "score_error": " ".join(form.errors.get("score", [])),
        }
        return render(request, "links/feedback.html", context, status=422)
    return render(request, "links/feedback.html", context)
