"""One merging under way: the two cards, and what became of their rows."""

from dataclasses import dataclass, field
from datetime import date, datetime

from crm.people.models import Client
from crm.team.models import User


class MergeRefused(Exception):
    """These two do not become one; `words` say why to the desk, and what to do."""

    def __init__(self, words: str) -> None:
        super().__init__(words)
        self.words = words


@dataclass(slots=True)
class Merging:
    """Both clients are held. `today` is the day of the home branch of the card that stays."""

    kept: Client
    aside: Client
    user: User | None
    now: datetime
    today: date
    # by table and field: keys of rows that moved, that stay with the card put aside, and that are gone
    moved: dict[str, list[int]] = field(default_factory=dict)
    stayed: dict[str, list[int]] = field(default_factory=dict)
    gone: dict[str, list[int]] = field(default_factory=dict)

    @property
    def both(self) -> list[int]:
        return [self.kept.pk, self.aside.pk]
