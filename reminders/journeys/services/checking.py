"""Everything checked again at the moment of sending (rules.md, Checked again at the moment of sending)."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from reminders.journeys.facts import Facts
from reminders.journeys.occasions import AT_ONCE, Occasion
from reminders.journeys.playing import Play
from reminders.journeys.selectors.loading import Loader, rules
from reminders.journeys.services.switching import kinds_on
from reminders.messages.models import Kind, Message

# the last moment is a minute of the clock, and a turn of the worker takes one
LAST_MINUTE = timedelta(minutes=2)


@dataclass(frozen=True, slots=True)
class Verdict:
    """Which of these rows may go now, which not and why, and the way to her."""

    facts: Facts
    may_go: tuple[Message, ...]
    refused: tuple[tuple[Message, str], ...]
    channel: str


def check_again(messages: list[Message], *, now: datetime) -> Verdict:
    """Asks the rules once more, from the facts as they are now, for one client's message and what goes with it."""
    facts = Loader(as_of=now).load([messages[0].client_id])[0]
    own = {(message.kind, message.occasion) for message in messages}
    facts.said = [said for said in facts.said if (said.kind, said.occasion) not in own]
    play = Play(facts, rules(), now, kinds_on())
    known = {(occasion.kind, occasion.key): occasion for occasion in play.waiting}
    may_go, refused = [], []
    for message in messages:
        why = _hindrance(play, message, known.get((message.kind, message.occasion)), now)
        if why:
            refused.append((message, why))
        else:
            may_go.append(message)
    channel = play.reading.channel(may_go[0].kind) if may_go else None
    return Verdict(facts, tuple(may_go), tuple(refused), channel or "")


def _hindrance(play: Play, message: Message, occasion: Occasion | None, now: datetime) -> str | None:
    if message.kind == Kind.OPT_OUT:
        return None
    if not play.is_on(message.kind):
        return "switched_off"
    if occasion is None:
        return "no_longer_true"
    if now > occasion.not_after + LAST_MINUTE:
        return "too_late"
    if play.falls_away(occasion):
        return "complaint"
    if occasion.kind not in AT_ONCE and not play.is_awake(occasion, now):
        return "quiet_hours"
    return play.hinders(occasion, now)
