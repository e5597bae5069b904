"""A constraint against overlapping, where the database has one."""

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateTimeRangeField
from django.db import models


class TsTzRange(models.Func):
    function = "TSTZRANGE"
    output_field = DateTimeRangeField()


class PostgresExclusionConstraint(ExclusionConstraint):
    """An exclusion constraint that is silent on databases that have none (SQLite writes one at a time)."""

    def constraint_sql(self, model, schema_editor):
        if schema_editor.connection.vendor == "postgresql":
            return super().constraint_sql(model, schema_editor)
        return None

    def create_sql(self, model, schema_editor):
        if schema_editor.connection.vendor == "postgresql":
            return super().create_sql(model, schema_editor)
        return None

    def remove_sql(self, model, schema_editor):
        if schema_editor.connection.vendor == "postgresql":
            return super().remove_sql(model, schema_editor)
        return None

    def check_supported(self, connection) -> None:
        if connection.vendor == "postgresql":
            super().check_supported(connection)

    def validate(self, *args, **kwargs) -> None:
        """The services answer before the database does, with words and other slots."""
