"""What the desk does with a conversation: answers, takes it over, hands it on, is done with it."""

from datetime import datetime
from zoneinfo import ZoneInfo

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from crm.people.models import Client
from crm.team.models import Branch, User
from crm.team.selectors import branches_of, salon_settings, zone
from reminders.consent.models import Channel, Purpose
from reminders.consent.selectors import is_allowed, permission_of, windows_in_use
from reminders.inbox.models import Conversation, Letter
from reminders.inbox.plain import own_subject
from reminders.inbox.services.heeding import mail_id
from reminders.messages.models import Kind, Message
from reminders.messages.services import say_back


class AnswerRefused(Exception):
    """It cannot be answered so; what was typed stays."""

    words = _("This cannot be sent.")

    def __str__(self) -> str:
        return str(self.words)


class NobodyKnown(AnswerRefused):
    words = _("Say first who this is.")


class ChannelClosed(AnswerRefused):
    words = _("She wants nothing by this channel any more, or it does not reach her. Ring her instead.")


class OtherBranch(Exception):
    """That colleague does not work where this belongs."""

    def __str__(self) -> str:
        return str(_("That colleague works in another branch."))


@transaction.atomic
def answer(*, conversation: Conversation, text: str, key: str, now: datetime, user: User) -> Message | None:
    """Puts an answer into the queue, by the channel by which she wrote last; done with, until she writes again.

    It goes at once, at any hour: a person wrote it to somebody who waits. `key` makes a form sent twice one answer
    (none comes back). Raises NobodyKnown or ChannelClosed. The caller rings the doorbell.
    """
    current = _locked(conversation)
    client = current.client
    if client is None:
        raise NobodyKnown
    if not can_answer(current):
        raise ChannelClosed
    last = Letter.objects.filter(conversation=current, channel=current.channel).order_by("-at", "-pk").first()
    message = say_back(
        client=client,
        branch=current.branch or client.branch,
        kind=Kind.ANSWER,
        occasion=key,
        channel=current.channel,
        now=now,
        subject=_subject(last) if current.channel == Channel.EMAIL else "",
        body=text.strip(),
        in_reply_to=mail_id(last) if last is not None else "",
        user=user,
    )
    if message is not None:
        current.taken_by = current.taken_by or user
        current.done_at, current.done_by = now, user
        current.save(update_fields=["taken_by", "done_at", "done_by"])
    return message


@transaction.atomic
def write_to_her(
    *, client: Client, branch: Branch, channel: str, text: str, key: str, now: datetime, user: User
) -> Conversation:
    """Somebody at the desk writes first; her answer is looked after by whoever wrote. It waits for her window.

    `key` makes a form sent twice one letter. Raises ChannelClosed. The caller rings the doorbell.
    """
    # parent first
    client = Client.objects.select_for_update(of=("self",)).select_related("branch").get(pk=client.pk)
    if channel not in ways_to_write(client):
        raise ChannelClosed
    address = client.email if channel == Channel.EMAIL else client.phone
    by_what = {"channel": channel, "sender": address}
    conversation, is_new = Conversation.objects.select_for_update(of=("self",)).get_or_create(
        client=client,
        defaults={**by_what, "branch": branch, "waiting_since": now, "last_at": now, "taken_by": user},
    )
    if not is_new:
        # what she has asked meanwhile is answered by this
        conversation.channel, conversation.sender = channel, address
        conversation.taken_by = conversation.taken_by or user
    conversation.done_at, conversation.done_by = now, user
    conversation.save()
    here = ZoneInfo(client.time_zone) if client.time_zone else zone(client.branch)
    say_back(
        client=client,
        branch=conversation.branch or branch,
        kind=Kind.ANSWER,
        occasion=key,
        channel=channel,
        now=now,
        send_at=windows_in_use().next_open(now, here),
        subject=salon_settings().salon_name if channel == Channel.EMAIL else "",
        body=text.strip(),
        user=user,
    )
    return conversation


def can_answer(conversation: Conversation) -> bool:
    """Whether she may be written to by the channel by which she wrote: it lives, and she has not refused it."""
    return conversation.client is not None and conversation.channel in ways_to_write(conversation.client)


def ways_to_write(client: Client) -> list[str]:
    """By which channels the desk may write to her: an address that lives, and no word of hers against it."""
    permission = permission_of(client)
    known = {
        Channel.EMAIL: bool(client.email) and permission.email_dead_at is None,
        Channel.SMS: bool(client.phone) and permission.sms_dead_at is None,
    }
    if client.status == Client.Status.DECEASED:
        return []
    return [way for way, lives in known.items() if lives and is_allowed(permission, Purpose.SERVICE, way)]


@transaction.atomic
def look_after(*, conversation: Conversation, colleague: User) -> User | None:
    """She looks after it from now on, whoever did before (who that was comes back). Raises OtherBranch."""
    current = _locked(conversation)
    if current.branch is not None and not branches_of(colleague).filter(pk=current.branch.pk).exists():
        raise OtherBranch
    before = current.taken_by
    current.taken_by = colleague
    current.save(update_fields=["taken_by"])
    return before


@transaction.atomic
def finish(*, conversation: Conversation, now: datetime, user: User) -> bool:
    """Nothing more to do until she writes again; False if somebody had said so already."""
    return bool(Conversation.objects.filter(pk=conversation.pk, done_at__isnull=True).update(done_at=now, done_by=user))


@transaction.atomic
def reopen(*, conversation: Conversation) -> bool:
    """It waits again, since when it did; False if it does."""
    return bool(
        Conversation.objects.filter(pk=conversation.pk, done_at__isnull=False).update(done_at=None, done_by=None)
    )


def _locked(conversation: Conversation) -> Conversation:
    return (
        Conversation.objects.select_for_update(of=("self",)).select_related("client", "branch").get(pk=conversation.pk)
    )


def _subject(last: Letter | None) -> str:
    subject = own_subject(last.subject) if last is not None else ""
    return f"Re: {subject or salon_settings().salon_name}"[:300]
