"""Pages of the office beside the journeys: one kind for a chosen client, and the same to oneself."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from crm.people.models import Client
from crm.people.selectors.search import find_clients
from crm.team.models import Branch, Language
from crm.team.selectors import desk_branch
from crm.team.wording import money_words
from reminders.consent.models import Channel
from reminders.journeys.preview import ForHer, for_her
from reminders.journeys.services.trying import NotTried, try_on_oneself
from reminders.messages.models import Kind
from reminders.messages.preview import Preview, preview
from reminders.messages.views import WITH_WORDS, tact_choices, tact_of
from reminders.messages.words import in_words

FOUND = 8


def for_client_view(request: HttpRequest, kind: str, language: str, model_admin: Any = None) -> HttpResponse:
    """This kind with a client's own facts; sent to the user's own address by a press."""
    branch = desk_branch(request.user) or Branch.objects.first()
    if kind not in WITH_WORDS or language not in Language.values or branch is None:
        raise Http404
    guest = Client.objects.select_related("branch").filter(code=request.GET.get("client", "")).first()
    form, gender = tact_of(request)
    if guest is not None and "form" not in request.GET:
        form, gender = guest.address_form or form, guest.gender
    now = timezone.now()
    hers: ForHer | None = None
    if guest is not None:
        hers = for_her(client=guest, kind=kind, language=language, form=form, gender=gender, now=now)
    seen = (
        hers.preview
        if hers
        else preview(kind=kind, language=language, branch=branch, now=now, form=form, gender=gender)
    )
    if request.method == "POST":
        return _tried(request, seen, language)
    query = request.GET.get("q", "").strip()
    tail = f"&client={guest.code}" if guest else ""
    choices = tact_choices(form, gender)
    return TemplateResponse(
        request,
        "admin/journeys/for_client.html",
        {
            **model_admin.admin_site.each_context(request),
            "opts": model_admin.opts,
            "title": Kind(kind).label,
            "language": language,
            "languages": [
                (reverse("admin:reminders_journey_for_client", args=[kind, code]), name, code == language)
                for code, name in Language.choices
            ],
            "tact": f"?form={form}&gender={gender}{tail}",
            **{
                name: [(f"{url}{tail}", words, chosen) for url, words, chosen in links]
                for name, links in choices.items()
            },
            "guest": guest,
            "hers": hers,
            "why": in_words(hers.why) if hers else "",
            "hindrance": in_words(hers.hindrance) if hers else "",
            "made_up": [f"{{{name}}}" for name in hers.made_up] if hers else [],
            "query": query,
            "found": find_clients(query, limit=FOUND) if query else [],
            "seen": seen,
            "cost": money_words(seen.cost, branch.currency, get_language() or "en") if seen.cost else "",
        },
    )


def _tried(request: HttpRequest, seen: Preview, language: str) -> HttpResponse:
    channel = request.POST.get("channel", "")
    if channel not in (Channel.EMAIL, Channel.SMS):
        raise Http404
    try:
        try_on_oneself(preview=seen, channel=channel, language=language, user=request.user)
    except NotTried as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("It is on its way to your own address, marked as a test."))
    return HttpResponseRedirect(request.get_full_path())
