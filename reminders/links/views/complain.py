"""`/complain/`: something was not right, told in under a minute and without a password (practices.md, P31).

Never argued with. Whoever comes by a link of hers is known; nobody is told here who else is.
"""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any
from uuid import uuid4

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone, translation
from django.views.decorators.http import require_http_methods

from crm.care.selectors import business_deadline
from crm.care.services import Told
from crm.people.models import Client
from crm.team.connection import connection_of
from crm.team.models import Branch
from crm.team.selectors import branch_day, hold_salon_settings, salon_settings
from crm.team.wording import day_words
from reminders.journeys.services.doorbell import ring
from reminders.links.complaint_forms import ComplainForm, FindForm
from reminders.links.doors import Stranger, Visitor, behind, hand_key, unseen
from reminders.links.services.complaining import TooOften, look_up, take_report
from reminders.links.views.strangers import REFUSED, TOO_MANY, led_on
from reminders.messages.speech import speech_of
from reminders.messages.tokens import Door, Key, make_token

PUBLIC, HERS = "book/_public.html", "links/_shell.html"
Reader = Visitor | Stranger


def _stranger() -> Stranger:
    hold_salon_settings(salon_settings())
    language = translation.get_language() or settings.DEFAULT_LANGUAGE
    return Stranger(Client(), speech_of(Client(), language), timezone.now())


@require_http_methods(["GET", "HEAD", "POST"])
def start(request: HttpRequest, branch_id: int | None = None) -> HttpResponse:
    """For whoever comes; `branch_id` is the branch of the poster that she read."""
    branches = list(Branch.objects.filter(is_active=True).order_by("name"))
    here = next((branch for branch in branches if branch.pk == branch_id), None)
    if not branches or (branch_id is not None and here is None):
        raise Http404
    return _page(request, _stranger(), [here] if here else branches, here)


@require_http_methods(["GET", "HEAD", "POST"])
@behind(Door.COMPLAIN, or_by=Door.HOME)
def hers(request: HttpRequest, visitor: Visitor) -> HttpResponse:
    """For a client by a link of hers: nothing is asked that is known."""
    branches = list(Branch.objects.filter(is_active=True).order_by("name"))
    return _page(request, visitor, branches, visitor.client.branch)


def _page(request: HttpRequest, reader: Reader, branches: list[Branch], here: Branch | None) -> HttpResponse:
    client = reader.client if isinstance(reader, Visitor) else None
    sent = request.POST if request.method == "POST" else None
    if sent is not None and len(branches) == 1:
        sent = sent.copy()
        sent["branch"] = str(branches[0].pk)
    initial = {"branch": here.pk if here else None, "key": uuid4()}
    form = ComplainForm(
        sent,
        request.FILES if sent is not None else None,
        branches=branches,
        is_known=client is not None,
        initial=initial,
    )
    if sent is None:
        return _show(request, reader, form, here)
    if form.is_machine:
        # led on like anybody, and nothing happens
        return redirect(request.path)
    if not form.is_valid():
        return _show(request, reader, form, here, status=REFUSED)
    given = form.cleaned_data
    told = Told(
        about=given["about"],
        language=reader.language,
        words=given["words"],
        picture=given["picture"],
        **({} if client else {name: given[name] for name in ("name", "phone", "email")}),
    )
    try:
        report = take_report(
            told=told,
            branch=given["branch"],
            key=given["key"].hex,
            connection=connection_of(request),
            now=reader.now,
            client=client,
        )
    except TooOften as refusal:
        return _show(request, reader, form, here, refusal=refusal, status=TOO_MANY)
    ring()
    return to_complaint(report.complaint_id, report.known_as, given["branch"], reader)


def _show(
    request: HttpRequest,
    reader: Reader,
    form: ComplainForm,
    here: Branch | None,
    *,
    refusal: Exception | None = None,
    status: int = 200,
) -> HttpResponse:
    context: dict[str, Any] = {
        "frame": HERS if isinstance(reader, Visitor) else PUBLIC,
        "form": form,
        "refusal": refusal,
        "branch": here,
        "is_complaining": True,
        "branches": form.branches if len(form.branches) > 1 else [],
        "places": [{"value": str(branch.pk), "label": branch.name} for branch in form.branches],
        "kinds": [{"value": value, "label": label} for value, label in form.fields["about"].choices],  # type: ignore[attr-defined]
        "place": str(form["branch"].value() or ""),
        **_read_by([here] if here else form.branches, reader),
    }
    return unseen(render(request, "complain/page.html", context, status=status), reader.language)


def _read_by(branches: Sequence[Branch], reader: Reader) -> dict[str, Any]:
    """The day on which a person has read it, by the working hours of the branch: `read_in` days, and `read_on` in words.

    Of several branches that of the last of them: nobody is promised more than holds everywhere.
    """
    needed = timedelta(hours=salon_settings().complaint_answer_hours)
    days = [
        (
            branch_day(each, reader.now),
            branch_day(each, business_deadline(branch=each, since=reader.now, needed=needed)),
        )
        for each in branches
    ]
    today, on = max(days, key=lambda pair: pair[1] - pair[0])
    return {"read_in": (on - today).days, "read_on": day_words(on, reader.language)}


def to_complaint(complaint_id: int, known_as: int, branch: Branch, reader: Reader) -> HttpResponse:
    """Gives the browser the key to the page of this complaint, and leads there."""
    today = branch_day(branch, reader.now)
    token = make_token(door=Door.COMPLAINT, client_id=known_as, subject=complaint_id, today=today)
    key = Key(Door.COMPLAINT, known_as, complaint_id, today)
    response = hand_key(redirect("my:complaint", subject=complaint_id), token, key)
    if isinstance(reader, Stranger):
        response = led_on(response, reader)
    return unseen(response, reader.language)


@require_http_methods(["GET", "HEAD", "POST"])
def find(request: HttpRequest) -> HttpResponse:
    """The way back for who has lost the link: the number, and the end of her telephone or her e-mail."""
    stranger = _stranger()
    form = FindForm(request.POST if request.method == "POST" else None)
    refusal, status = "", 200
    if request.method == "POST":
        status = REFUSED
        if form.is_valid():
            try:
                found = look_up(**form.cleaned_data, connection=connection_of(request), now=stranger.now)
            except TooOften as too_often:
                refusal, status = str(too_often), TOO_MANY
            else:
                if found is not None:
                    return to_complaint(found.pk, found.client_id, found.branch, stranger)
                refusal = str(
                    translation.gettext("We find nothing under these two. Look at them once more, or call us.")
                )
    branches = Branch.objects.filter(is_active=True).exclude(phone="").order_by("name")[:10]
    context = {
        "form": form,
        "refusal": refusal,
        "branches": branches,
        "back_url": reverse("complain:start"),
        "is_complaining": True,
    }
    return unseen(render(request, "complain/find.html", context, status=status), stranger.language)
