"""Who is left out so that one sees what an offer brings (rules.md, Effect of a campaign).

The draw is a keyed hash of the client's code: the same in every reading of the rules and whenever it is
played again, and nothing about her decides it.
"""

from dataclasses import dataclass
from hashlib import blake2b
from secrets import token_hex

# a share is given in whole hundredths; drawn is among so many
OF = 2**64


def fresh_seed() -> str:
    """A seed to be kept with what is drawn by it."""
    return token_hex(8)


@dataclass(frozen=True, slots=True)
class Control:
    """So many of a hundred are held back, drawn by this seed."""

    seed: str
    percent: int

    def holds_back(self, client: str) -> bool:
        """Whether the client of this code is among them. A larger share holds back the same ones and more."""
        drawn = blake2b(client.encode(), key=self.seed.encode(), digest_size=8).digest()
        return int.from_bytes(drawn) * 100 < self.percent * OF
