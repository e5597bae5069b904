"""An index over pieces of words, where the database has one."""

from typing import Any

from django.contrib.postgres.indexes import GinIndex
from django.db import models


class TrigramIndex(GinIndex):
    """Finds three letters in a row anywhere in a word; a plain index on databases without it (SQLite)."""

    def create_sql(self, model: type[models.Model], schema_editor: Any, using: str = "", **kwargs: Any) -> Any:
        if schema_editor.connection.vendor == "postgresql":
            return super().create_sql(model, schema_editor, using, **kwargs)
        return models.Index.create_sql(self, model, schema_editor, using, **kwargs)
