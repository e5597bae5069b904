"""What comes with a journey's message, changed where the journey is: kept with the rules of loyalty, its one place."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction

from loyalty.points.models import LoyaltySettings


@transaction.atomic
def change_gift(*, figures: Mapping[str, Any]) -> LoyaltySettings:
    """The owner's figures of a voucher, by their names in the rules of loyalty; lists of services among them.

    They hold from the next voucher on: what was given stays as it is.
    """
    LoyaltySettings.objects.get_or_create(pk=1)
    rules = LoyaltySettings.objects.select_for_update().get(pk=1)
    lists = {field.name for field in rules._meta.many_to_many}
    changed = {name: value for name, value in figures.items() if name not in lists and getattr(rules, name) != value}
    for name, value in changed.items():
        setattr(rules, name, value)
    if changed:
        rules.save()
    for name in lists & set(figures):
        getattr(rules, name).set(figures[name])
    return rules
