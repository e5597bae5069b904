"""Everything checked again at the moment of sending (rules.md, Checked again at the moment of sending).

The facts of a batch's clients, and what is said of them, are read in sets, after the batch was claimed. They
count for a moment only, and whatever is noted of a client after they were read sends her message back to be checked anew:
the statement that hands a message over asks for that (`hand_over`).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from time import monotonic

from reminders.journeys.facts import Facts, Rules
from reminders.journeys.occasions import AT_ONCE, Occasion
from reminders.journeys.playing import LATE, Play
from reminders.journeys.selectors.loading import Loader, rules
from reminders.journeys.services.switching import kinds_on
from reminders.messages.gathering import gather
from reminders.messages.models import OWNERS_WORDS, SAID_BACK, Message
from reminders.messages.services import changes_of

# the last moment is a minute of the clock, and a turn of the worker takes one
LAST_MINUTE = timedelta(minutes=2)
# seconds for which facts that were read count: a batch takes less, unless a transport is slow
FRESH = 2.0


@dataclass(frozen=True, slots=True)
class Verdict:
    """Which of these rows may go now, which not and why, and the way to her; `known`: the changes this has seen."""

    facts: Facts
    may_go: tuple[Message, ...]
    refused: tuple[tuple[Message, str], ...]
    channel: str
    language: str
    known: tuple[int, ...]


class Checks:
    """The checks of one claimed batch."""

    def __init__(self, messages: Iterable[Message]) -> None:
        self._to_come = list(messages)
        self._facts: dict[int, Facts] = {}
        # by client: the changes that her facts have seen
        self._known: dict[int, tuple[int, ...]] = {}
        self._rules = Rules()
        self._on: dict[str, datetime | None] = {}
        self._read_at: float | None = None

    def check_again(self, messages: list[Message], *, now: datetime) -> Verdict:
        """Asks the rules once more, from the facts as they are now, for one client's message and what goes with it."""
        client = messages[0].client_id
        if self._read_at is None or monotonic() - self._read_at > FRESH:
            self._read_batch(messages[0], now)
        elif client not in self._facts:
            self._read([messages[0]], now)
        # used once: her next message of this batch is asked about with this one said
        facts = self._facts.pop(client)
        own = {(message.kind, message.occasion) for message in messages}
        facts.said = [said for said in facts.said if (said.kind, said.occasion) not in own]
        play = Play(facts, self._rules, now, self._on)
        known = {(occasion.kind, occasion.key): occasion for occasion in play.waiting}
        may_go, refused = [], []
        for message in messages:
            why = _hindrance(play, message, known.get((message.kind, message.occasion)), now)
            if why:
                refused.append((message, why))
            else:
                may_go.append(message)
        channel, language = None, facts.language
        if may_go:
            first = may_go[0]
            channel = first.channel if first.kind in SAID_BACK else play.reading.channel(first.kind, now)
            if first.kind in OWNERS_WORDS:
                # its campaign may not be written in hers
                language = known[first.kind, first.occasion].language
            # what goes with it may be allowed by another way only
            astray = [each for each in may_go[1:] if play.reading.channel(each.kind, now) != channel]
            refused += [(each, "no_channel") for each in astray]
            may_go = [each for each in may_go if each not in astray]
        return Verdict(facts, tuple(may_go), tuple(refused), channel or "", language, self._known[client])

    def _read_batch(self, message: Message, now: datetime) -> None:
        """Her facts, and those of whose turn comes after her."""
        place = next((place for place, each in enumerate(self._to_come) if each.pk == message.pk), 0)
        self._to_come = self._to_come[place:]
        self._rules, self._on = rules(), kinds_on()
        self._facts.clear()
        self._read(self._to_come or [message], now)
        self._read_at = monotonic()

    def _read(self, messages: list[Message], now: datetime) -> None:
        clients = sorted({message.client_id for message in messages})
        # first what is noted, then the facts: what is noted in between is not among the known
        self._known |= changes_of(clients)
        self._facts |= {facts.client: facts for facts in Loader(as_of=now).load(clients)}
        gather(messages, now=now)


def _hindrance(play: Play, message: Message, occasion: Occasion | None, now: datetime) -> str | None:
    if message.kind in SAID_BACK:
        return _not_said_back(play, message, now)
    if not play.is_on(message.kind):
        return "switched_off"
    if occasion is None:
        return "no_longer_true"
    if now > occasion.not_after + LAST_MINUTE:
        return "too_late"
    if play.falls_away(occasion):
        return "complaint"
    # the share was raised since it was planned: planned anew it is a row that is not sent
    if play.is_held_back(occasion):
        return "held_back"
    if occasion.kind not in AT_ONCE and not play.is_awake(occasion, now):
        return "quiet_hours"
    # found long after its hour: it waits for that hour of the next day possible (docs/decisions.md)
    if occasion.hour is not None and now - message.send_at > LATE:
        return "hour_missed"
    return play.hinders(occasion, now)


def _not_said_back(play: Play, message: Message, now: datetime) -> str | None:
    """An answer follows from no rule: it goes at any hour by the channel of the letter, unless that one is closed."""
    facts = play.reading.facts
    if facts.status == "deceased":
        return "deceased"
    if now > message.not_after + LAST_MINUTE:
        return "too_late"
    alive = {"email": facts.contact.email, "sms": facts.contact.sms}
    return None if alive.get(message.channel) and message.channel in facts.contact.service else "no_channel"
