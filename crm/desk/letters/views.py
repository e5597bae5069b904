"""Letters and cards on paper: those that wait, printed in one go, posted, and a thank-you card by hand (P15)."""

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from crm.desk.access import desk_page, visible_client
from crm.team.selectors import branches_of
from crm.team.wording import direction
from reminders.letters.models import PaperLetter
from reminders.letters.selectors import letters_to_print
from reminders.letters.services import (
    CARD_FITS,
    leave_out,
    post_letters,
    print_letters,
    take_back,
    write_card,
)
from reminders.messages.rendering import words_of_card
from reminders.messages.speech import speech_of

# so many are printed in one go; the others come after them
SHOWN = 100


class CardForm(forms.Form):
    """The words of a card; it is small."""

    text = forms.CharField(
        label=gettext_lazy("What it says"),
        max_length=CARD_FITS,
        widget=forms.Textarea(attrs={"rows": 9, "dir": "auto"}),
        error_messages={"required": gettext_lazy("Write a few words.")},
    )


@require_safe
@desk_page
def letters(request: HttpRequest) -> HttpResponse:
    """What waits to be printed or posted, all of it ticked."""
    found = list(letters_to_print(request.branch)[: SHOWN + 1])
    context = {
        "nav": "more",
        "letters": found[:SHOWN],
        "has_more": len(found) > SHOWN,
        "are_printed": any(letter.printed_at for letter in found),
    }
    return render(request, "desk/letters/list.html", context)


@require_POST
@desk_page
def letters_print(request: HttpRequest) -> HttpResponse:
    """One PDF of those that are ticked."""
    chosen = list(letters_to_print(request.branch).filter(pk__in=ticked(request))[:SHOWN])
    if not chosen:
        messages.error(request, _("Tick the letters first."))
        return redirect("desk:letters")
    pdf = print_letters(letters=chosen, now=timezone.now())
    return HttpResponse(
        pdf, content_type="application/pdf", headers={"Content-Disposition": 'inline; filename="letters.pdf"'}
    )


@require_POST
@desk_page
def letters_posted(request: HttpRequest) -> HttpResponse:
    """Those that are ticked are in the post."""
    posted = post_letters(ids=ticked(request), branch=request.branch, now=timezone.now(), user=request.user)
    if not posted:
        messages.error(request, _("Tick the letters first."))
        return redirect("desk:letters")
    words = ngettext("%(count)d is in the post.", "%(count)d are in the post.", len(posted)) % {"count": len(posted)}
    messages.success(request, words, extra_tags=reverse("desk:letters_undo", args=["-".join(map(str, posted))]))
    return redirect("desk:letters")


@require_POST
@desk_page
def letters_undo(request: HttpRequest, ids: str) -> HttpResponse:
    """They wait again."""
    keys = [int(part) for part in ids.split("-") if part.isdecimal() and len(part) <= 18]
    take_back(ids=keys[:SHOWN], branch=request.branch, now=timezone.now())
    return redirect("desk:letters")


@require_POST
@desk_page
def letter_leave_out(request: HttpRequest, paper_id: int) -> HttpResponse:
    """It is not sent after all."""
    letter = get_object_or_404(PaperLetter, pk=paper_id, branch__in=branches_of(request.user))
    if leave_out(letter=letter, now=timezone.now(), user=request.user):
        messages.success(request, _("It is not sent."), extra_tags=reverse("desk:letters_undo", args=[letter.pk]))
    return redirect("desk:letters")


@require_http_methods(["GET", "POST"])
@desk_page
def card_write(request: HttpRequest, client_id: int) -> HttpResponse:
    """A thank-you card, by somebody's own choice: proposed in her language, changed as one likes."""
    client = visible_client(client_id)
    language = speech_of(client).language
    form = CardForm(request.POST or None, initial={"text": words_of_card(client)[:CARD_FITS]})
    form.fields["text"].widget.attrs |= {"lang": language, "dir": direction(language)}
    if request.method == "POST" and form.is_valid():
        card = write_card(
            client=client,
            branch=request.branch,
            text=form.cleaned_data["text"],
            now=timezone.now(),
            user=request.user,
        )
        if card is None:
            messages.warning(request, _("There is a card for her from today already."))
        else:
            messages.success(
                request, _("Her card waits to be printed."), extra_tags=reverse("desk:letter_leave_out", args=[card.pk])
            )
        return redirect("desk:letters")
    context = {"nav": "clients", "client": client, "form": form}
    return render(request, "desk/letters/card.html", context, status=422 if form.errors else 200)


def ticked(request: HttpRequest) -> list[int]:
    """The keys that were ticked; what is no key is none."""
    return [int(key) for key in request.POST.getlist("letter")[:SHOWN] if key.isdecimal() and len(key) <= 18]
