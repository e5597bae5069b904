"""Small salons with what must go in them, worked by hand from rules.md: never copied from an answer."""

from tests.reference.cases.birthday import BIRTHDAY
from tests.reference.cases.due_soon import DUE_SOON
from tests.reference.cases.feedback import FEEDBACK
from tests.reference.cases.lashes import LASHES, THANKS
from tests.reference.cases.pauses import BREAKS, COMPLAINTS
from tests.reference.cases.points import POINTS
from tests.reference.cases.reassurance import REASSURANCE
from tests.reference.cases.reminders import REMINDERS
from tests.reference.cases.rhythm import RHYTHM_CASES
from tests.reference.cases.used_up import BY_POST, USED_UP
from tests.reference.cases.win_back import WIN_BACK
from tests.reference.cases.windows import WINDOWS

__all__ = ["CASES", "RHYTHM_CASES"]

CASES = (
    *(*DUE_SOON, *WIN_BACK, *BIRTHDAY, *BREAKS, *COMPLAINTS),
    *(*REASSURANCE, *FEEDBACK, *LASHES, *THANKS),
    *(*REMINDERS, *POINTS, *WINDOWS),
    *(*USED_UP, *BY_POST),
)
