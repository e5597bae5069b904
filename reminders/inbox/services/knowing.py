"""Who an unknown sender is, and what a person reads in a letter that no machine may decide."""

from datetime import datetime

from django.db import transaction

from crm.care.services import take_back_complaint
from crm.people.models import Client
from crm.people.selectors.contacts import whose_contact
from crm.people.services import create_client, update_client
from crm.team.models import Branch, User
from reminders.consent.models import Channel, ConsentEvent
from reminders.consent.services import revive, stop_channel
from reminders.inbox.models import Conversation, Letter, Meaning
from reminders.inbox.plain import own_words
from reminders.inbox.services.heeding import SHOWN, stop_by_word

ADDRESS = {Channel.SMS: "phone", Channel.EMAIL: "email"}


class KnownAlready(Exception):
    """Somebody has said meanwhile who it is."""


@transaction.atomic
def tie(*, conversation: Conversation, client: Client, now: datetime, is_hers_now: bool = False) -> Conversation:
    """What a stranger wrote is this client's: her conversation comes back, with the stranger's letters in it.

    The number or address is written on her card if she has none, or if it is hers now instead of the old one;
    then answers go there. A STOP among the letters is heeded for her. Raises KnownAlready; ValidationError if the
    address is none.
    """
    # parent first
    client = Client.objects.select_for_update(of=("self",)).select_related("branch").get(pk=client.pk)
    stranger = Conversation.objects.select_for_update().get(pk=conversation.pk)
    if stranger.client_id is not None:
        raise KnownAlready
    field = ADDRESS[Channel(stranger.channel)]
    if is_hers_now or not getattr(client, field):
        client = update_client(client=client, **{field: stranger.sender})
        revive(client=client, changed=[field])
    hers = join_conversation(stranger, client)
    for letter in hers.letters.filter(sender=stranger.sender, meaning=Meaning.STOP).order_by("at", "pk")[:1]:
        stop_by_word(letter=letter, words=own_words(letter.text), client=client, sharing=[], now=now)
    return hers


@transaction.atomic
def write_down(*, conversation: Conversation, branch: Branch, name: str, now: datetime) -> Conversation:
    """The stranger is a new client of this branch, with the number or address that she wrote from."""
    client = create_client(
        branch=branch,
        name=name,
        now=now,
        **{ADDRESS[Channel(conversation.channel)]: conversation.sender},
    )
    return tie(conversation=conversation, client=client, now=now)


def stop_for_her(*, letter: Letter, client: Client, now: datetime, user: User) -> None:
    """A person has read that she wants no more by this channel; her words are the evidence."""
    by_sms = letter.channel == Channel.SMS
    sharing = whose_contact(phone=letter.sender) if by_sms else whose_contact(email=letter.sender)
    with transaction.atomic():
        for each in {client.pk: client, **{each.pk: each for each in sharing}}.values():
            stop_channel(
                client=each,
                channel=letter.channel,
                where=ConsentEvent.Where.DESK,
                now=now,
                user=user,
                text_shown=own_words(letter.text)[:SHOWN],
            )


@transaction.atomic
def is_no_complaint(*, letter: Letter) -> None:
    """Her words were taken for a complaint and are none. Raises ComplaintRefused once somebody has begun with it."""
    letter = Letter.objects.select_for_update(of=("self",)).select_related("complaint").get(pk=letter.pk)
    if letter.complaint is not None:
        take_back_complaint(complaint=letter.complaint)


def join_conversation(stranger: Conversation, client: Client) -> Conversation:
    """These letters are hers: they come into her conversation, which is what is left. The caller holds the client."""
    hers = Conversation.objects.select_for_update().filter(client=client).first()
    if hers is None:
        stranger.client, stranger.branch = client, client.branch
        stranger.save(update_fields=["client", "branch"])
        return stranger
    stranger.letters.update(conversation=hers)
    waiting = [each for each in (hers, stranger) if each.done_at is None]
    if waiting:
        hers.waiting_since, hers.done_at, hers.done_by = min(each.waiting_since for each in waiting), None, None
    if stranger.last_at >= hers.last_at:
        hers.channel, hers.sender, hers.last_at = stranger.channel, stranger.sender, stranger.last_at
    hers.taken_by = hers.taken_by or stranger.taken_by
    hers.save()
    stranger.delete()
    return hers
