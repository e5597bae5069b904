"""What the database's planner is told. Beside the rooms that write in bulk, so that each of them may use it."""

from collections.abc import Iterable

from django.db import connection
from django.db.models import Model


def settle_statistics(models: Iterable[type[Model]]) -> None:
    """Tells the database's planner how much has come in, so that what follows goes by the indexes."""
    with connection.cursor() as cursor:
        for model in models:
            cursor.execute(f"ANALYZE {connection.ops.quote_name(model._meta.db_table)}")
