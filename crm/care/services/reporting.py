"""What clients tell by the page for complaints, and what is written back (practices.md, P31; rules.md, Feedback and complaints)."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.core.files.base import ContentFile
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override

from crm.care.models import Complaint, ComplaintAnswer, ComplaintEvent, ComplaintPicture, ComplaintReport
from crm.care.services.calls import ask_for_call
from crm.care.services.complaints import (
    ComplaintRefused,
    add_her_words,
    answer_complaint,
    open_complaint,
    reopen_complaint,
)
from crm.people.models import Client
from crm.people.selectors import the_one_called, whose_contact
from crm.people.services import create_client, note_change, update_client
from crm.team.models import Branch, User

SOURCE = "complaint page"
# a case is no album
MOST_PICTURES = 10
RING_WITHIN = timedelta(hours=2)
About = ComplaintReport.About


class TooManyPictures(ComplaintRefused):
    words = gettext_lazy("There are ten photographs already. Bring the others with you, please.")


class KnownAlready(ComplaintRefused):
    words = gettext_lazy("Somebody has said meanwhile who it is.")


@dataclass(frozen=True, slots=True)
class Told:
    """What somebody told by the page: a tap, words or none, a photograph (already clean) or none, and how to reach her."""

    about: str
    language: str
    words: str = ""
    picture: bytes | None = None
    name: str = ""
    # E.164, or an address
    phone: str = ""
    email: str = ""


def report_complaint(
    *, told: Told, branch: Branch, key: str, now: datetime, client: Client | None = None
) -> ComplaintReport:
    """Opens a complaint of somebody who came by the page; the same `key` once more gives the same one.

    `client` is who came by a link of her own. Else it is whose number or address it is (of several the one of that
    name), or somebody new, written down without consent to anything: the desk says who she is.
    """
    try:
        with transaction.atomic():
            return _known(key) or _report(told, branch, key, now, client)
    except IntegrityError:
        # sent twice at once: the other one has kept it
        if (known := _known(key)) is not None:
            return known
        raise


def _known(key: str) -> ComplaintReport | None:
    return ComplaintReport.objects.select_related("complaint__branch", "complaint__client").filter(key=key).first()


def _report(told: Told, branch: Branch, key: str, now: datetime, client: Client | None) -> ComplaintReport:
    is_sure = client is not None
    if client is None:
        reached = whose_contact(phone=told.phone) if told.phone else whose_contact(email=told.email)
        client = reached[0] if len(reached) == 1 else the_one_called(reached, told.name)
    is_new = client is None
    if client is None:
        client = create_client(
            branch=branch,
            name=told.name,
            now=now,
            phone=told.phone,
            email=told.email,
            language=told.language,
            source=SOURCE,
        )
    # the desk reads this, so it is in the salon's language
    with override(settings.LANGUAGE_CODE):
        said = told.words.strip() or str(About(told.about).label)
    complaint = open_complaint(
        client=client,
        branch=branch,
        text=said,
        now=now,
        source=Complaint.Source.PUBLIC,
        is_urgent=told.about == About.HURTS,
    )
    report = ComplaintReport.objects.create(
        complaint=complaint,
        key=key,
        about=told.about,
        has_words=bool(told.words.strip()),
        name=told.name.strip(),
        phone=told.phone,
        email=told.email,
        language=told.language,
        is_sure=is_sure,
        is_new=is_new,
        known_as=client.pk,
    )
    if told.picture is not None:
        _keep_picture(complaint, told.picture, now)
    if told.about == About.HURTS:
        _ask_to_ring(complaint, now)
    return report


def _ask_to_ring(complaint: Complaint, now: datetime) -> None:
    with override(settings.LANGUAGE_CODE):
        words = _("Ask how she is, say what to do, offer to see her today. Sell nothing.")
    ask_for_call(
        client=complaint.client,
        branch=complaint.branch,
        kind="alarm",
        key=f"alarm complaint {complaint.pk}",
        due_at=now + RING_WITHIN,
        now=now,
        what_to_say=words,
        assignee=complaint.owner,
    )


@transaction.atomic
def add_words(*, complaint: Complaint, words: str, now: datetime, picture: bytes | None = None) -> Complaint:
    """She adds words, and a photograph if she likes. A closed case is open again: nobody would read her there.

    Raises TooManyPictures.
    """
    # parent first
    Client.objects.select_for_update().get(pk=complaint.client_id)
    current = Complaint.objects.select_for_update(of=("self",)).select_related("branch", "client").get(pk=complaint.pk)
    if current.resolved_at is not None:
        reopen_complaint(complaint=current, now=now, text=words.strip())
    else:
        _add(current, words.strip(), now)
    if picture is not None:
        _keep_picture(current, picture, now)
    return current


def _add(complaint: Complaint, text: str, now: datetime) -> None:
    """The same words sent twice in a row are one."""
    last = complaint.events.order_by("-at", "-pk").first()
    if last is None or (last.kind, last.text) != (ComplaintEvent.Kind.ADDED, text):
        add_her_words(complaint=complaint, text=text, now=now)


def _keep_picture(complaint: Complaint, picture: bytes, now: datetime) -> None:
    if complaint.pictures.count() >= MOST_PICTURES:
        raise TooManyPictures
    ComplaintPicture.objects.create(
        complaint=complaint, image=ContentFile(picture, name="photograph.jpg"), added_at=now
    )


@transaction.atomic
def write_to_her(*, complaint: Complaint, text: str, now: datetime, user: User) -> ComplaintEvent:
    """She is answered in writing: she reads these words on her page, and is told of them at once.

    Raises ComplaintRefused once it is resolved.
    """
    event = answer_complaint(complaint=complaint, text=text, now=now, user=user)
    ComplaintAnswer.objects.create(event=event)
    note_change([complaint.client_id])
    return event


@transaction.atomic
def tie_complaint(
    *, complaint: Complaint, client: Client, now: datetime, user: User, is_hers_now: bool = False
) -> Complaint:
    """Somebody at the desk says who the stranger is. Raises KnownAlready; ValidationError if her contact is none.

    The number or address goes on her card if she has none, or if it is hers now instead of the old one. Nothing is
    agreed to by that.
    """
    # parents first, in one order
    list(Client.objects.select_for_update().filter(pk__in=[client.pk, complaint.client_id]).order_by("pk"))
    report = ComplaintReport.objects.select_for_update().filter(complaint=complaint, tied_at__isnull=True).first()
    if report is None:
        raise KnownAlready
    before = complaint.client_id
    typed = {name: value for name, value in (("phone", report.phone), ("email", report.email)) if value}
    fresh = {name: value for name, value in typed.items() if is_hers_now or not getattr(client, name)}
    if fresh:
        client = update_client(client=client, **fresh)
    Complaint.objects.filter(pk=complaint.pk).update(client=client)
    report.tied_at, report.tied_by = now, user
    report.save(update_fields=["tied_at", "tied_by"])
    note_change({before, client.pk})
    complaint.refresh_from_db()
    return complaint
