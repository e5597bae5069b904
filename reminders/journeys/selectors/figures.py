"""The owner's figures of each journey."""

from collections.abc import Mapping

from crm.team.once import read_once
from reminders.journeys.models import Journey
from reminders.journeys.terms import AS_IN_THE_RULES, Terms, terms


@read_once
def terms_in_use() -> Mapping[str, Terms]:
    """Each kind's figures as they hold: the owner's, else those of rules.md."""
    rows = Journey.objects.values_list("kind", "wait", "hour", "lasts", "way")
    own = {
        kind: terms(kind, wait=wait, hour=hour, lasts=lasts, way=way)
        for kind, wait, hour, lasts, way in rows
        if kind in AS_IN_THE_RULES
    }
    return {**AS_IN_THE_RULES, **own}
