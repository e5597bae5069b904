"""The inbox: who waits for an answer, and what was said both ways."""

from typing import Any
from uuid import uuid4

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from crm.desk.access import desk_page
from crm.desk.inbox.forms import AnswerForm, HandOverForm
from crm.desk.inbox.shown import lines, meaning_chip, offers, size_words, waiting_words
from crm.team.selectors import branches_of, colleagues_of
from reminders.consent.models import Channel
from reminders.inbox.models import Conversation
from reminders.inbox.plain import own_words
from reminders.inbox.selectors import conversations, talk
from reminders.inbox.services import AnswerRefused, OtherBranch, answer, can_answer, finish, look_after, reopen
from reminders.journeys.services.doorbell import ring

A_PAGE = 40
# of each direction
SAID = 60


def visible_conversation(request: HttpRequest, conversation_id: int) -> Conversation:
    """One of a branch that this person may see, or a stranger's; 404 else, as if there were none."""
    return get_object_or_404(
        Conversation.objects.select_related("client__branch", "branch", "taken_by", "done_by"),
        Q(branch__in=branches_of(request.user)) | Q(branch__isnull=True),
        pk=conversation_id,
    )


@require_safe
@desk_page
def inbox(request: HttpRequest) -> HttpResponse:
    """Who waits longest first; `?done=1` what is done, the latest first."""
    done = request.GET.get("done") == "1"
    page = Paginator(conversations(request.branch, done=done), A_PAGE).get_page(request.GET.get("page"))
    for conversation in page.object_list:
        conversation.words = own_words(conversation.last_text or "") or conversation.last_subject
        conversation.chip = None if done else meaning_chip(conversation.last_meaning)
        conversation.waits = waiting_words(conversation.waiting_since)
        conversation.is_mine = conversation.taken_by_id in (None, request.user.pk)
    tabs = [
        {"label": _("Waiting"), "url": "?", "current": not done},
        {"label": _("Done"), "url": "?done=1", "current": done},
    ]
    context = {"nav": "inbox", "page": page, "done": done, "tabs": tabs}
    return render(request, "desk/inbox/list.html", context)


@require_safe
@desk_page
def conversation_page(request: HttpRequest, conversation_id: int) -> HttpResponse:
    """Both directions by time, what she asks for, and the answer."""
    conversation = visible_conversation(request, conversation_id)
    return show(request, conversation, AnswerForm(channel=conversation.channel, initial={"key": uuid4()}))


def show(
    request: HttpRequest, conversation: Conversation, form: AnswerForm, *, status: int = 200, **more: Any
) -> HttpResponse:
    branch = conversation.branch or request.branch
    said = talk(conversation, last=SAID)
    team = colleagues_of(conversation.branch)
    context = {
        "nav": "inbox",
        "conversation": conversation,
        "client": conversation.client,
        "said": lines(said, branch),
        "offers": offers(conversation, said),
        "form": form,
        "can_answer": can_answer(conversation),
        "by_sms": conversation.channel == Channel.SMS,
        "size": size_words(form["text"].value() or "", branch) if conversation.channel == Channel.SMS else "",
        "waits": waiting_words(conversation.waiting_since),
        "is_mine": conversation.taken_by_id == request.user.pk,
        "team": [user for user in team if user.pk not in (request.user.pk, conversation.taken_by_id)],
        **more,
    }
    return render(request, "desk/inbox/page.html", context, status=status)


@require_POST
@desk_page
def conversation_answer(request: HttpRequest, conversation_id: int) -> HttpResponse:
    """Goes at once, by the channel by which she wrote."""
    conversation = visible_conversation(request, conversation_id)
    form = AnswerForm(request.POST, channel=conversation.channel)
    if form.is_valid():
        try:
            sent = answer(
                conversation=conversation,
                text=form.cleaned_data["text"],
                key=str(form.cleaned_data["key"]),
                now=timezone.now(),
                user=request.user,
            )
        except AnswerRefused as refusal:
            form.add_error(None, str(refusal))
        else:
            ring()
            if sent is not None:
                messages.success(request, _("On its way to her."))
            return redirect("desk:conversation", conversation_id=conversation.pk)
    return show(request, conversation, form, status=422)


@require_POST
@desk_page
def conversation_size(request: HttpRequest, conversation_id: int) -> HttpResponse:
    """How many parts an SMS with these words takes, and what they cost; as somebody types."""
    conversation = visible_conversation(request, conversation_id)
    size = size_words(request.POST.get("text", "")[:5000], conversation.branch or request.branch)
    return render(request, "desk/inbox/_size.html", {"size": size})


@require_POST
@desk_page
def conversation_take(request: HttpRequest, conversation_id: int) -> HttpResponse:
    """From now on this person looks after it."""
    conversation = visible_conversation(request, conversation_id)
    _given(
        request,
        conversation,
        HandOverForm({"colleague": request.user.pk}, colleagues=colleagues_of(conversation.branch)),
    )
    return redirect("desk:conversation", conversation_id=conversation.pk)


@require_POST
@desk_page
def conversation_hand_over(request: HttpRequest, conversation_id: int) -> HttpResponse:
    """A named colleague looks after it from now on."""
    conversation = visible_conversation(request, conversation_id)
    _given(request, conversation, HandOverForm(request.POST, colleagues=colleagues_of(conversation.branch)))
    return redirect("desk:conversation", conversation_id=conversation.pk)


def _given(request: HttpRequest, conversation: Conversation, form: HandOverForm) -> None:
    if not form.is_valid():
        messages.error(request, _("Choose a colleague of this branch."))
        return
    colleague = form.cleaned_data["colleague"]
    try:
        look_after(conversation=conversation, colleague=colleague)
    except OtherBranch as refusal:
        messages.error(request, str(refusal))
        return
    if colleague == request.user:
        messages.success(request, _("You look after it now."))
    else:
        messages.success(request, _("%(name)s looks after it now.") % {"name": colleague})


@require_POST
@desk_page
def conversation_done(request: HttpRequest, conversation_id: int) -> HttpResponse:
    """Nothing to do until she writes again."""
    conversation = visible_conversation(request, conversation_id)
    if finish(conversation=conversation, now=timezone.now(), user=request.user):
        undo = reverse("desk:conversation_again", args=[conversation.pk])
        messages.success(request, _("Done, until the next letter."), extra_tags=undo)
    return redirect("desk:inbox")


@require_POST
@desk_page
def conversation_again(request: HttpRequest, conversation_id: int) -> HttpResponse:
    """It was not done after all."""
    conversation = visible_conversation(request, conversation_id)
    reopen(conversation=conversation)
    return redirect("desk:conversation", conversation_id=conversation.pk)
