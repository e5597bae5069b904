"""What she allows, what was said to her and what she said, of two cards."""

from django.utils.translation import gettext as _

from crm.booking.services import refresh_pulses
from crm.office.merging.steps import MergeRefused, Merging
from crm.people.services import note_change
from reminders.campaigns.models import Event, Guest
from reminders.campaigns.services.answering import move_up
from reminders.consent.models import Channel, ConsentEvent, ContactPermission, Purpose
from reminders.consent.services import DATED
from reminders.inbox.models import Conversation
from reminders.inbox.services.knowing import join_conversation
from reminders.messages.models import Message, MessageEvent

State = Message.State
Where = ConsentEvent.Where
WAYS = (Channel.EMAIL, Channel.SMS, Channel.CHAT)
SWITCHES = [
    *((purpose, way) for purpose in (Purpose.SERVICE, Purpose.CARE, Purpose.MARKETING) for way in WAYS),
    (Purpose.CARE, Channel.CALL),
]
# which of her values a dead way belongs to
LIVES_IN = {"email_dead_at": "email", "sms_dead_at": "phone", "call_dead_at": "phone"}
# of two messages of one occasion the further one counts: what has gone, then what is decided, then what is planned
FURTHER = (State.PLANNED, State.CANCELLED, State.DROPPED, State.FAILED, State.CONTROL, *Message.GONE)


def refuse_just_sending(step: Merging, *, hold: bool) -> None:
    """Refuses while something goes out to the card put aside.

    With `hold`, within a transaction, holds what is on its way to her; what is handed over at this moment is waited for.
    """
    waiting = Message.objects.filter(client=step.aside, state__in=[State.PLANNED, State.SENDING])
    if hold:
        waiting = waiting.select_for_update()
    if any(message.state == State.SENDING for message in waiting):
        raise MergeRefused(_("A message to her is going out at this moment. Try once more in a minute."))


def refused_on_either(step: Merging) -> set[tuple[str, str]]:
    """What was said no to on either card, by purpose and channel; asked before the evidence moves."""
    rows = ContactPermission.objects.in_bulk(step.both)
    return {what for pk in step.both for what in _refused(rows.get(pk) or ContactPermission(client_id=pk), pk)}


def join_permissions(
    step: Merging, *, refused: set[tuple[str, str]], contacts: dict[str, tuple[str, str, str]]
) -> None:
    """A no on either card holds, for that channel and purpose; the evidence of both is hers.

    `refused` comes from `refused_on_either`. `contacts` says of `email` and `phone`: her value now, what stood on the
    card that stays, and what on the other. A way is dead where the value that stays was dead on the card it stood on.
    """
    rows = {row.pk: row for row in ContactPermission.objects.select_for_update().filter(pk__in=step.both)}
    if not rows:
        return
    hers, other = (rows.get(pk) or ContactPermission(client_id=pk) for pk in step.both)
    lost = []
    for purpose, channel in SWITCHES:
        name = f"{purpose}_{channel}"
        allowed = getattr(hers, name) or getattr(other, name)
        is_refused = (purpose, channel) in refused
        if allowed and is_refused:
            lost.append((purpose, channel))
        setattr(hers, name, allowed and not is_refused)
        if (purpose, channel) in DATED:
            at = DATED[purpose, channel]
            setattr(hers, at, max(filter(None, (getattr(hers, at), getattr(other, at))), default=None))
    if other.care_refused and not hers.care_refused:
        lost += [(Purpose.CARE, channel) for channel in (Channel.EMAIL, Channel.SMS, Channel.CALL)]
    hers.care_refused = hers.care_refused or other.care_refused
    for name, field in LIVES_IN.items():
        now, *stood = contacts[field]
        dead = [getattr(row, name) for row, value in zip((hers, other), stood, strict=True) if value == now]
        setattr(hers, name, max(filter(None, dead), default=None))
    if hers.hours_from is None:
        hers.hours_from, hers.hours_until = other.hours_from, other.hours_until
    if step.aside.pk in rows:
        rows[step.aside.pk].delete()
    hers.save()
    words = _("Two cards of one client became one, and on one of them this was refused.")
    ConsentEvent.objects.bulk_create(
        ConsentEvent(
            client=step.kept, purpose=purpose, channel=channel, is_given=False, at=step.now, where=Where.MERGE,
            user=step.user, user_name=str(step.user)[:150] if step.user else "", text_shown=words,
        )
        for purpose, channel in dict.fromkeys(lost)
    )  # fmt: skip


def _refused(row: ContactPermission, client_id: int) -> set[tuple[str, str]]:
    """What was said no to on this card: by its switches where yes is the default, by the last word where it is not."""
    no = {
        (purpose, channel)
        for purpose, channel in SWITCHES
        if purpose != Purpose.MARKETING and not getattr(row, f"{purpose}_{channel}")
    }
    last: dict[tuple[str, str], ConsentEvent] = {}
    for event in ConsentEvent.objects.filter(client=client_id, purpose=Purpose.MARKETING).order_by("at", "pk"):
        last[event.purpose, event.channel] = event
    for what in ((Purpose.MARKETING, channel) for channel in WAYS):
        if getattr(row, f"{what[0]}_{what[1]}"):
            continue
        event = last.get(what)
        taken_back = event is not None and not event.is_given and event.where != Where.UNDONE
        if taken_back or getattr(row, DATED[what]) is not None:
            no.add(what)
    return no


def join_messages(step: Merging) -> None:
    """Every row keeps its key, so that nothing is said twice; of two of one occasion the further one has the key."""
    hers = {(message.kind, message.occasion): message for message in Message.objects.filter(client=step.kept)}
    for message in Message.objects.filter(client=step.aside).order_by("pk"):
        same = hers.get((message.kind, message.occasion))
        if same is None:
            continue
        further = FURTHER.index(message.state) > FURTHER.index(same.state)
        _step_back(same if further else message, step)
    note_change([step.kept.pk])


def _step_back(message: Message, step: Merging) -> None:
    """Gives its key up for the other one of the same occasion; what was only planned is dropped."""
    was_planned = message.state == State.PLANNED
    message.occasion = f"{message.occasion[:100]} #{message.pk}"
    if was_planned:
        message.state, message.state_reason = State.DROPPED, "merged"
    message.save(update_fields=["occasion", "state", "state_reason"])
    if was_planned:
        MessageEvent.objects.create(message=message, state=State.DROPPED, at=step.now, detail="merged")
        # what was to go with it goes by itself
        Message.objects.filter(sent_with=message, state=State.PLANNED).update(sent_with=None)


def join_conversations(step: Merging) -> None:
    """All letters in one, still to be dealt with if one of them is."""
    others = Conversation.objects.select_for_update().filter(client=step.aside).first()
    if others is not None:
        join_conversation(others, step.kept)


def join_guests(step: Merging) -> None:
    """Of two answers to one invitation the later one holds; a seat that is free by it goes to who waits."""
    gone = []
    for hers in Guest.objects.filter(
        client=step.kept, event__in=Guest.objects.filter(client=step.aside).values("event")
    ).order_by("event"):
        event = Event.objects.select_for_update(of=("self",)).get(pk=hers.event_id)
        other = Guest.objects.get(client=step.aside, event=event)
        came = min(filter(None, (hers.came_at, other.came_at)), default=None)
        if other.answered_at > hers.answered_at:
            for name in ("state", "seats", "answered_at", "waits_since", "moved_up_at"):
                setattr(hers, name, getattr(other, name))
        hers.came_at = came
        gone.append(other.pk)
        other.delete()
        hers.save()
        if event.cancelled_at is None and step.now < event.starts_at:
            move_up(event, step.now)
    step.gone["reminders.Guest.client"] = gone


def worked_out_anew(step: Merging) -> None:
    """Rhythm, next visit and the planner's next look, from what is hers now."""
    refresh_pulses(client_ids=[step.kept.pk], now=step.now)
    note_change([step.kept.pk])
