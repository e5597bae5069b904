"""Logins: who comes in, with which rights, and who no longer does; days on which a branch is closed."""

from collections.abc import Mapping
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from crm.team.models import Branch, Closure, CrmSettings, Master, User
from crm.team.selectors import closed_days


class LastOwner(Exception):
    """The salon would be left without anybody who may enter the office."""

    words = _("This is the only owner. Make another one first.")


def settle_rights(user: User) -> None:
    """The office is open to owners only; sets the flags that Django asks for, saves nothing."""
    user.is_staff = user.is_superuser = user.role == User.Role.OWNER


@transaction.atomic
def save_login(*, user: User) -> User:
    """Saves a new or changed login with the rights of its role. Raises LastOwner."""
    settle_rights(user)
    if user.pk and not (user.is_active and user.role == User.Role.OWNER):
        _keep_an_owner(leaving=user)
    user.save()
    return user


@transaction.atomic
def dismiss(*, user: User, now: datetime) -> User:
    """She no longer works here: her login, sessions and links are dead at the next request (trust.md, S12).

    What she wrote keeps her name; her hours offer no slots any more. Raises LastOwner.
    """
    _keep_an_owner(leaving=user)
    user.is_active = False
    # sessions hang on the password's hash: they stay dead even if she is taken back one day
    user.set_unusable_password()
    user.save(update_fields=["is_active", "password"])
    master = Master.objects.filter(user=user, is_active=True).first()
    if master is not None:
        master.is_active = False
        master.save(update_fields=["is_active"])
    return user


@transaction.atomic
def close_days(*, branch: Branch, days: Mapping[date, str]) -> list[Closure]:
    """The branch is closed on these days, each with what for; gives the new rows.

    Days on which it is closed already are left as they are, so it may be done twice. Who is booked then stays booked.
    """
    if not days:
        return []
    # two owners who press at once wait for each other here
    Branch.objects.select_for_update(no_key=True).get(pk=branch.pk)
    closed = closed_days(branch=branch, days=list(days))
    length = Closure._meta.get_field("name").max_length
    return Closure.objects.bulk_create(
        Closure(branch=branch, first_on=on, last_on=on, name=name[:length])
        for on, name in sorted(days.items())
        if on not in closed
    )


def _keep_an_owner(*, leaving: User) -> None:
    # locked, so that two owners do not dismiss each other at once
    owners = User.objects.select_for_update().filter(role=User.Role.OWNER, is_active=True)
    stored = set(owners.values_list("pk", flat=True))
    if leaving.pk in stored and stored == {leaving.pk}:
        raise LastOwner(LastOwner.words)


@transaction.atomic
def stop_messages(*, user: User | None, now: datetime) -> None:
    """Nothing is sent from this moment on, whatever it is, until `let_messages_go`. The history keeps who stopped it."""
    _set_stop(user, since=now)


@transaction.atomic
def let_messages_go(*, user: User | None) -> None:
    """Messages go again; each is asked about anew, and what is past its last moment by now is dropped."""
    _set_stop(user, since=None)


def _set_stop(user: User | None, *, since: datetime | None) -> None:
    CrmSettings.objects.get_or_create(pk=1)
    row = CrmSettings.objects.select_for_update().get(pk=1)
    if (row.messages_paused_at is None) == (since is None):
        return
    row.messages_paused_at = since
    row._history_user = user  # type: ignore[attr-defined]
    row.save(update_fields=["messages_paused_at"])
