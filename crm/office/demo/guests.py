"""How each made-up client behaves: drawn from her code, so that it need not be written down anywhere."""

from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random

from crm.catalogue.models import Service
from crm.office.demo import SEED
from crm.people.models import Client

# what she usually has: codes of services, usual days between, weight
HABITS: list[tuple[tuple[tuple[str, ...], ...], int, int]] = [
    ((("LR",), ("LR",), ("LV",)), 21, 26),
    ((("LC",), ("LR",)), 24, 12),
    ((("LL", "BT"), ("LL",)), 44, 8),
    ((("BT",), ("BS",), ("BL",)), 30, 12),
    ((("HC",), ("HC", "HT")), 40, 12),
    ((("HK",), ("HK", "HC")), 42, 10),
    ((("HB",),), 88, 4),
    ((("NG",), ("NG",), ("NG", "NP")), 22, 14),
    ((("NM",), ("NP",)), 28, 6),
]
MAN = (((("HM",),), 29, 1),)


@dataclass
class Guest:
    """One client's ways. `minute` is her usual one of the day; `leaves_on` the day after which she stays away."""

    client: Client
    sets: tuple[tuple[str, ...], ...]
    rhythm: int
    minute: int
    first_on: date
    leaves_on: date | None
    rebooks: float
    buys: float
    favourite: int
    rng: Random = field(repr=False)
    last_on: date | None = None
    # her next visit by her own rhythm, where none is booked
    wish_on: date | None = None
    visits: int = 0

    def services(self, by_code: dict[str, Service]) -> list[Service]:
        return [by_code[code] for code in self.sets[self.visits % len(self.sets)]]

    def came(self, on: date) -> None:
        """She was here; when she would like to come again."""
        self.last_on = on
        self.visits += 1
        step = max(5, round(self.rng.gauss(self.rhythm, self.rhythm * 0.12)))
        wish = on + timedelta(days=step)
        self.wish_on = None if self.leaves_on and wish > self.leaves_on else wish


def guest_of(client: Client, *, today: date) -> Guest:
    """The same for the same client on any day."""
    rng = Random(f"{SEED} {client.code}")
    habits = MAN if client.gender == "m" else HABITS
    sets, usual, _weight = rng.choices(habits, [weight for _sets, _usual, weight in habits])[0]
    first = client.since or today
    # a good third has stopped coming some day, most of them long ago
    stays = rng.random() < 0.68
    leaves = None if stays else first + timedelta(days=int(rng.random() ** 0.7 * 700) + 20)
    return Guest(
        client=client,
        sets=sets,
        rhythm=max(14, round(rng.gauss(usual, usual * 0.15))),
        minute=rng.choice([10, 11, 12, 15, 16, 17, 18]) * 60 + rng.choice([0, 0, 15, 30]),
        first_on=first,
        leaves_on=leaves,
        rebooks=rng.choice([0.2, 0.5, 0.7, 0.85]),
        buys=rng.choice([0.03, 0.1, 0.25]),
        favourite=rng.randrange(100),
        rng=rng,
    )
