"""Ready-made words to begin with, in the salon's four languages; the owner changes them as she likes.

Each text is a tuple: English, Russian, Bosnian, Arabic.
"""

from crm.care.ready.handbook import HANDBOOK
from crm.care.ready.helping import HELPS
from crm.care.ready.standards import EVERY_VISIT, NAMES, SETS, set_for
from crm.care.ready.touchpoints import TOUCHPOINTS

__all__ = ["EVERY_VISIT", "HANDBOOK", "HELPS", "NAMES", "SETS", "TOUCHPOINTS", "set_for"]
