"""The desk writes first: from a client's card, by e-mail or SMS."""

from typing import Any
from uuid import uuid4

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from crm.desk.access import desk_page, visible_client
from crm.desk.inbox.forms import LONGEST
from crm.people.models import Client
from reminders.consent.models import Channel
from reminders.inbox.services import AnswerRefused, ways_to_write, write_to_her
from reminders.journeys.services.doorbell import ring


class LetterForm(forms.Form):
    """`key` makes a form sent twice one letter. The way is asked only where there are two."""

    channel = forms.ChoiceField(label=gettext_lazy("How"), widget=forms.RadioSelect)
    text = forms.CharField(
        label=gettext_lazy("Your words"),
        widget=forms.Textarea(attrs={"rows": 5, "dir": "auto", "maxlength": LONGEST["email"]}),
        max_length=LONGEST["email"],
        error_messages={"required": gettext_lazy("Write a few words first.")},
    )
    key = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, ways: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        words = dict(Channel.choices)
        self.fields["channel"].choices = [(way, words[Channel(way)]) for way in ways]
        if len(ways) == 1:
            self.fields["channel"].widget = forms.HiddenInput()

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("channel") == Channel.SMS and len(cleaned.get("text", "")) > LONGEST["sms"]:
            raise ValidationError(_("This is too long for an SMS: shorten it, or send it by e-mail."))
        return cleaned


@require_http_methods(["GET", "POST"])
@desk_page
def client_write(request: HttpRequest, client_id: int) -> HttpResponse:
    """A few words of one's own; her answer comes to the inbox, to whoever wrote."""
    client = visible_client(client_id)
    ways = preferred_first(client)
    first = {"channel": ways[0] if ways else "", "key": uuid4()}
    form = LetterForm(request.POST if request.method == "POST" else None, ways=ways, initial=first)
    if form.is_valid():
        now = timezone.now()
        try:
            conversation = write_to_her(
                client=client,
                branch=request.branch,
                channel=form.cleaned_data["channel"],
                text=form.cleaned_data["text"],
                key=str(form.cleaned_data["key"]),
                now=now,
                user=request.user,
            )
        except AnswerRefused as refusal:
            form.add_error(None, str(refusal))
        else:
            ring()
            messages.success(request, _("On its way to her. What she answers comes to the inbox."))
            return redirect("desk:conversation", conversation_id=conversation.pk)
    context = {"nav": "clients", "client": client, "form": form, "ways": ways}
    return render(request, "desk/inbox/write.html", context, status=422 if form.errors else 200)


def preferred_first(client: Client) -> list[str]:
    """The ways that are open, hers in front."""
    return sorted(ways_to_write(client), key=lambda way: way != client.preferred_channel)
