"""Photographs of the work: kept with her leave, gone with it, files and all (practices.md, P54)."""

import errno
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from crm.booking.models import Appointment
from crm.care.models import PhotographConsent, WorkPhotograph
from crm.care.selectors import PhotographRefusal, photograph_wishes
from crm.people.models import Client
from crm.people.pictures import picture_path, remove_pictures, thumbnail
from crm.team.models import Branch, Master, User
from crm.team.selectors import branch_day

# a visit is no album
MOST_A_DAY = 30
# the disk, or what one may use of it
FULL = (errno.ENOSPC, errno.EDQUOT)
UNDO_FOR = timedelta(minutes=10)
Purpose, Where = PhotographConsent.Purpose, PhotographConsent.Where


class PhotographRefused(Exception):
    """A verb about photographs could not be done; the words say why."""

    words = _("The photographs have changed meanwhile. Look at them again.")

    def __str__(self) -> str:
        return str(self.words)


class NotAllowed(PhotographRefused):
    words = _("She has not said yes to photographs. Ask her first.")


class TooManyPhotographs(PhotographRefused):
    words = _("There are thirty photographs of this day already. Remove some of them first.")


class NoRoom(PhotographRefused):
    words = _(
        "These photographs could not be kept: there is no room left for files. Those kept before are safe. "
        "Leave the new ones on the telephone and tell the owner."
    )


def keep_photographs(
    *,
    client: Client,
    branch: Branch,
    pictures: Sequence[bytes],
    moment: str,
    now: datetime,
    user: User,
    appointment: Appointment | None = None,
    master: Master | None = None,
) -> list[WorkPhotograph]:
    """Keeps these photographs (already clean) of her visit, or of today; gives those that are kept anew.

    One of that day that is there already is not kept twice; sent with the other moment it is of that one from now on.
    All of them or none. Raises NotAllowed, TooManyPhotographs, NoRoom.
    """
    day = {
        "client": client,
        "branch": branch,
        "on": appointment.on if appointment is not None else branch_day(branch, now),
    }
    about = {"appointment": appointment, "master": master, "moment": moment, "added_at": now, "added_by": user}
    written: list[str] = []
    try:
        with transaction.atomic():
            # who says no at this moment is waited for
            Client.objects.select_for_update().get(pk=client.pk)
            if not photograph_wishes(client).may_keep:
                raise NotAllowed
            there = {each.digest: each for each in WorkPhotograph.objects.filter(**day)}
            kept = [_kept(picture, written, **day, **about) for picture in _fresh(pictures, there)]
            return kept + _of_the_other_moment(pictures, there, moment)
    except BaseException as error:
        # the rows are not there, so nobody would find their files
        for name in written:
            default_storage.delete(name)
        if isinstance(error, OSError) and error.errno in FULL:
            raise NoRoom from error
        raise


def _fresh(pictures: Sequence[bytes], there: Mapping[str, WorkPhotograph]) -> list[bytes]:
    """Each of them once, without those that are there already. Raises TooManyPhotographs."""
    fresh = {digest: picture for picture in pictures if (digest := _digest(picture)) not in there}
    if len(there) + len(fresh) > MOST_A_DAY:
        raise TooManyPhotographs
    return list(fresh.values())


def _of_the_other_moment(
    pictures: Sequence[bytes], there: Mapping[str, WorkPhotograph], moment: str
) -> list[WorkPhotograph]:
    """Those that are there and were called the other one: they are called so now."""
    again = {digest: there[digest] for picture in pictures if (digest := _digest(picture)) in there}
    changed = [photograph for photograph in again.values() if photograph.moment != moment]
    for photograph in changed:
        photograph.moment = moment
        photograph.save(update_fields=["moment"])
    return changed


def _kept(picture: bytes, written: list[str], **about: Any) -> WorkPhotograph:
    return WorkPhotograph.objects.create(
        image=_file(picture, written), small=_file(thumbnail(picture), written), digest=_digest(picture), **about
    )


def _file(content: bytes, written: list[str]) -> str:
    name = picture_path()
    # noted before it is whole: a file cut off by a full disk goes too
    written.append(name)
    return default_storage.save(name, ContentFile(content))


def _digest(picture: bytes) -> str:
    return sha256(picture).hexdigest()


@transaction.atomic
def answer_about_photographs(
    *,
    client: Client,
    purpose: str,
    is_given: bool,
    where: str,
    now: datetime,
    user: User | None = None,
    text_shown: str = "",
) -> int:
    """Her yes or no to one purpose, kept with its evidence; gives how many photographs went with it.

    A no to their being kept removes every one in all branches, files too, and is a no to their being shown.
    """
    Client.objects.select_for_update().get(pk=client.pk)
    wishes = photograph_wishes(client)
    said = {Purpose.KEPT: wishes.kept, Purpose.SHOWN: wishes.shown}
    ends = [purpose]
    if purpose == Purpose.KEPT and not is_given and wishes.shown is not None:
        ends.append(Purpose.SHOWN)
    for each in ends:
        before = said[Purpose(each)]
        # the same answer tapped twice is one
        if before is None or before.is_given != is_given:
            PhotographConsent.objects.create(
                client=client,
                purpose=each,
                is_given=is_given,
                at=now,
                where=where,
                user=user,
                user_name=str(user)[:150] if user else "",
                text_shown=text_shown,
            )
    return remove_pictures_of(client) if purpose == Purpose.KEPT and not is_given else 0


@transaction.atomic
def refuse_photographs_again(*, refusals: Iterable[PhotographRefusal]) -> int:
    """What was refused after a copy was made holds in what the copy brought back; gives how many.

    The evidence keeps its hour, and the photographs of who said no go again; clients whom the copy does not know are
    passed over.
    """
    refusals = list(refusals)
    clients = (
        Client.objects.select_for_update()
        .order_by("pk")
        .in_bulk([refusal.client for refusal in refusals], field_name="code")
    )
    done = 0
    for refusal in refusals:
        client = clients.get(refusal.client)
        if client is None:
            continue
        PhotographConsent.objects.create(
            client=client,
            purpose=refusal.purpose,
            is_given=False,
            at=refusal.at,
            where=Where.RESTORE,
            user_name=refusal.user_name,
            text_shown=refusal.text_shown,
        )
        if refusal.purpose == Purpose.KEPT:
            remove_pictures_of(client)
        done += 1
    return done


def take_back_photographs(*, photograph: WorkPhotograph, now: datetime) -> int:
    """Removes what came in together with this one, files too; gives how many: none once it is too late for an undo."""
    if now - photograph.added_at > UNDO_FOR:
        return 0
    return _remove(
        WorkPhotograph.objects.filter(
            client=photograph.client_id, added_at=photograph.added_at, added_by=photograph.added_by_id
        )
    )


def remove_photograph(*, photograph: WorkPhotograph) -> None:
    """Removes this one for good, files too."""
    _remove(WorkPhotograph.objects.filter(pk=photograph.pk))


def remove_pictures_of(client: Client) -> int:
    """Removes all photographs of her work in every branch, files too; gives how many."""
    return _remove(WorkPhotograph.objects.filter(client=client))


@transaction.atomic
def _remove(photographs: QuerySet[WorkPhotograph]) -> int:
    found = list(photographs)
    WorkPhotograph.objects.filter(pk__in=[each.pk for each in found]).delete()
    remove_pictures([name for each in found for name in (each.image.name, each.small.name) if name])
    return len(found)
