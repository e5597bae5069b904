"""Photographs of the work: taken at the visit, looked at before the next one (practices.md, P54)."""

from collections.abc import Callable

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.db.models.fields.files import FieldFile
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from crm.booking.models import Appointment
from crm.care.models import PhotographConsent, WorkPhotograph
from crm.care.selectors import photograph_wishes, photographs_to_show
from crm.care.services import (
    PhotographRefused,
    answer_about_photographs,
    keep_photographs,
    remove_photograph,
    take_back_photographs,
)
from crm.desk.access import client_url, desk_page, own_master, visible_client, way_back
from crm.desk.clients.receipts import asked_page
from crm.desk.photographs.album import LATEST, album, in_her_words, visit_in_hand
from crm.desk.words import day_of_year
from crm.people.models import Client
from crm.people.pictures import PictureRefused, clean_picture, shown_again
from crm.team.selectors import branches_of
from crm.team.wording import isolated

# what a telephone sends in one go; each is unpacked and drawn anew
MOST_AT_ONCE = 10
TO_SHOW = 60
Moment, Purpose = WorkPhotograph.Moment, PhotographConsent.Purpose


def visible_photograph(request: HttpRequest, photograph_id: int) -> WorkPhotograph:
    """A photograph of a branch that this person may see; 404 else, as if there were none."""
    return get_object_or_404(
        WorkPhotograph.objects.select_related("client", "master", "branch", "added_by"),
        pk=photograph_id,
        branch__in=branches_of(request.user),
    )


@require_http_methods(["GET", "HEAD", "POST"])
@desk_page
def client_photographs(request: HttpRequest, client_id: int) -> HttpResponse:
    """Her photographs of the branches that this person may see; her card and her visit fetch the newest of them.

    POST keeps what the telephone sends, for the visit in hand.
    """
    client = visible_client(client_id)
    visit = visit_in_hand(request, client)
    if request.method == "POST":
        keep(request, client, visit)
        return redirect(back_of(request, client))
    if request.htmx:
        context = album(request, client, visit, count=LATEST)
        return render(request, "desk/photographs/_album.html", context | {"next": way_back(request, "")})
    page = asked_page(request.GET.get("page", ""))
    context = album(request, client, visit, page=page)
    context |= {
        "nav": "clients",
        "next": request.get_full_path(),
        "is_page": True,
        "newer": page - 1 if page else None,
        "older": page + 1 if context["has_more"] else None,
    }
    return render(request, "desk/photographs/page.html", context)


def back_of(request: HttpRequest, client: Client) -> str:
    return way_back(request, reverse("desk:client_photographs", args=[client.pk]))


def back_from(request: HttpRequest, client: Client) -> dict[str, str]:
    """The way back from one photograph: to her album, her card, or the visit from which it was opened."""
    url = back_of(request, client)
    if url == client_url(client.pk):
        return {"url": url, "label": client.shown_name}
    is_album = url.startswith(reverse("desk:client_photographs", args=[client.pk]))
    return {"url": url, "label": _("Photographs") if is_album else _("The visit")}


def keep(request: HttpRequest, client: Client, visit: Appointment | None) -> None:
    """Keeps the good ones and says of each of the others why not."""
    files = [*request.FILES.getlist("taken"), *request.FILES.getlist("chosen")]
    if not files:
        messages.error(request, _("Take or choose a photograph first, then say when it was."))
        return
    pictures = [picture for file in files[:MOST_AT_ONCE] if (picture := _clean(request, file)) is not None]
    if len(files) > MOST_AT_ONCE:
        messages.error(request, _("Ten at once at most: send the others after these."))
    if not pictures:
        return
    moment, now = request.POST.get("moment", ""), timezone.now()
    try:
        kept = keep_photographs(
            client=client,
            branch=visit.branch if visit is not None else request.branch,
            pictures=pictures,
            moment=moment if moment in Moment.values else Moment.AFTER,
            now=now,
            user=request.user,
            appointment=visit,
            master=visit.master if visit is not None else own_master(request.user),
        )
    except PhotographRefused as refusal:
        messages.error(request, str(refusal))
        return
    if not kept:
        messages.info(request, _("It is there already."))
        return
    words = ngettext("%(count)d photograph is kept.", "%(count)d photographs are kept.", len(kept))
    # an undo removes: it is no way back to the other moment
    is_new = all(each.added_at == now for each in kept)
    undo = reverse("desk:photograph_undo", args=[kept[0].pk]) if is_new else ""
    messages.success(request, words % {"count": len(kept)}, extra_tags=undo)


def _clean(request: HttpRequest, file: UploadedFile) -> bytes | None:
    try:
        return clean_picture(file)
    except PictureRefused as refusal:
        name = isolated((file.name or "")[-40:])
        messages.error(request, _("%(name)s is not kept. %(why)s") % {"name": name, "why": refusal})
        return None


@require_POST
@desk_page
def photograph_consent(request: HttpRequest, client_id: int) -> HttpResponse:
    """One tap: what she says of photographs, with your name and the question."""
    client = visible_client(client_id)
    purpose, answer = request.POST.get("purpose", ""), request.POST.get("answer")
    if purpose not in Purpose.values or answer not in ("yes", "no"):
        messages.info(request, _("Nothing has changed."))
        return redirect(back_of(request, client))
    removed = answer_about_photographs(
        client=client,
        purpose=purpose,
        is_given=answer == "yes",
        where=PhotographConsent.Where.DESK,
        now=timezone.now(),
        user=request.user,
        text_shown=in_her_words(client)[Purpose(purpose)],
    )
    if removed:
        words = ngettext(
            "Noted. %(count)d photograph is gone for good.", "Noted. %(count)d photographs are gone for good.", removed
        )
        messages.success(request, words % {"count": removed})
    else:
        messages.success(request, _("Noted, with your name and what was asked."))
    return redirect(back_of(request, client))


@require_safe
@desk_page
def photograph_page(request: HttpRequest, photograph_id: int) -> HttpResponse:
    """One of them as large as the screen."""
    photograph = visible_photograph(request, photograph_id)
    context = {
        "nav": "clients",
        "back": back_from(request, photograph.client),
        "photograph": photograph,
        "wishes": photograph_wishes(photograph.client),
        "when": day_of_year(photograph.on, timezone.localdate()),
    }
    return render(request, "desk/photographs/one.html", context)


@require_safe
@desk_page
def photograph_file(request: HttpRequest, photograph_id: int) -> HttpResponseBase:
    """The picture itself, asked for anew each time."""
    return _file(request, photograph_id, lambda photograph: photograph.image)


@require_safe
@desk_page
def photograph_small(request: HttpRequest, photograph_id: int) -> HttpResponseBase:
    """Its small copy."""
    return _file(request, photograph_id, lambda photograph: photograph.small)


def _file(request: HttpRequest, photograph_id: int, of: Callable[[WorkPhotograph], FieldFile]) -> HttpResponseBase:
    try:
        return shown_again(request, of(visible_photograph(request, photograph_id)))
    except FileNotFoundError as error:
        raise Http404 from error


@require_POST
@desk_page
def photograph_undo(request: HttpRequest, photograph_id: int) -> HttpResponse:
    """It was a slip: what came in together is gone again."""
    photograph = visible_photograph(request, photograph_id)
    if take_back_photographs(photograph=photograph, now=timezone.now()):
        messages.success(request, _("It is as it was before."))
    else:
        messages.error(request, _("It is too late to take this back. Open the photograph to remove it."))
    return redirect(back_of(request, photograph.client))


@require_POST
@desk_page
def photograph_remove(request: HttpRequest, photograph_id: int) -> HttpResponse:
    """This one is not needed any more."""
    photograph = visible_photograph(request, photograph_id)
    remove_photograph(photograph=photograph)
    messages.success(request, _("The photograph is gone for good."))
    return redirect(back_of(request, photograph.client))


@require_safe
@desk_page
def our_work(request: HttpRequest) -> HttpResponse:
    """Results to show to others, without a name: of clients who have allowed just that."""
    found = list(photographs_to_show([request.branch])[:TO_SHOW])
    masters = {each.master.pk: each.master.name for each in found if each.master is not None}
    wanted = request.GET.get("master", "")
    context = {
        "nav": "today",
        "photographs": [each for each in found if not wanted or str(each.master_id) == wanted],
        "masters": [{"pk": str(pk), "name": name} for pk, name in masters.items()],
        "wanted": wanted,
    }
    return render(request, "desk/photographs/work.html", context)
