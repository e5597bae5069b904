"""A file whose rows are the rows of one table: written and read by the same list of columns."""

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import Model, Q
from django.utils.translation import gettext as _

from crm.office.importing import values
from crm.office.importing.mirrors.columns import Column, Reference
from crm.office.importing.reading import BadRow, Row, RowRefused, Table, chunked
from crm.office.importing.run import Run
from crm.office.place import Place
from crm.team.models import Branch

CHUNK = 2_000
# what was said in each row, and for each what follows from it
Said = dict[str, Any]
Follows = Callable[[Run, list[Said]], list[Said]]


def _nothing(_run: Run, said: list[Said]) -> list[Said]:
    return [{} for _row in said]


@dataclass(frozen=True, slots=True)
class Many:
    """A column that names several rows of another table."""

    name: str
    field: str
    reference: Reference


@dataclass(frozen=True, slots=True)
class Mirror:
    """`same` names the fields by which a row is known again; `follows` works out what no column says.

    A column whose field begins with an underscore speaks to `follows` alone.
    """

    name: str
    model: type[Model]
    columns: tuple[Column, ...]
    here: Callable[[Branch], Q]
    same: tuple[str, ...]
    follows: Follows = _nothing
    many: tuple[Many, ...] = ()
    # what no constraint of the database can say of a row
    holds: Callable[[Any], bool] = lambda _one: True
    by_name: dict[str, Column] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.by_name.update({column.name: column for column in self.columns})

    @property
    def required(self) -> tuple[str, ...]:
        return tuple(column.name for column in self.columns if column.needed)

    @property
    def optional(self) -> tuple[str, ...]:
        """The others, those that name several rows at the end."""
        return tuple(each.name for each in (*self.columns, *self.many) if each.name not in self.required)

    # ---- out ------------------------------------------------------------------------------

    def rows(self, place: Place) -> Iterator[Sequence[str]]:
        """The branch's rows as cells, in the order of the file's header."""
        ordered = [self.by_name[name] for name in (*self.required, *self.optional) if name in self.by_name]
        found = self.model._default_manager.filter(self.here(place.branch)).order_by("pk").distinct()
        paths = [column.written() for column in ordered]
        for chunk in chunked(found.values_list("pk", *paths).iterator(chunk_size=CHUNK), CHUNK):
            lists = [self._listed(many, [pk for pk, *_cells in chunk]) for many in self.many]
            for pk, *cells in chunk:
                yield [
                    *(column.write(cell, place) for column, cell in zip(ordered, cells, strict=True)),
                    *(";".join(listed[pk]) for listed in lists),
                ]

    def _listed(self, many: Many, ids: list[int]) -> dict[int, list[str]]:
        found: dict[int, list[str]] = defaultdict(list)
        through = self.model._default_manager.filter(pk__in=ids, **{f"{many.field}__isnull": False})
        for pk, code in through.order_by("pk").values_list("pk", f"{many.field}__{many.reference.code}"):
            found[pk].append(code)
        return found

    # ---- in -------------------------------------------------------------------------------

    def take(self, run: Run, table: Table) -> None:
        """Writes the rows that are not there yet; each that cannot be used is rejected with its reason."""
        for chunk in chunked(table.rows(), CHUNK):
            Taking(self, run, table.name).take(chunk)


class Taking:
    """One chunk of a mirrored file on its way in."""

    def __init__(self, mirror: Mirror, run: Run, file: str) -> None:
        self.mirror, self.run, self.file = mirror, run, file
        self.count = run.outcome.file(file)

    def take(self, chunk: list[Row | BadRow]) -> None:
        rows = []
        for row in chunk:
            self.count.read += 1
            if isinstance(row, BadRow):
                self.run.outcome.reject(self.file, row.line, row.reason)
            else:
                rows.append(row)
        found = self._references(rows)
        said: list[tuple[Row, Said]] = []
        for row in rows:
            self._try(row, lambda row=row: said.append((row, self._said(row, found))))
        parsed: list[tuple[int, Model, dict[str, list[int]]]] = []
        extras = self.mirror.follows(self.run, [each for _row, each in said])
        for (row, each), more in zip(said, extras, strict=True):
            one = self.mirror.model(**{key: value for key, value in each.items() if key[0] != "_"} | more)
            self._try(
                row, lambda row=row, one=one: parsed.append((row.line, self._clean(one), self._several(row, found)))
            )
        there = self._there([one for _line, one, _many in parsed])
        fresh = []
        for line, one, many in parsed:
            says = self._says(one)
            if says in there:
                self.count.unchanged += 1
            else:
                there.add(says)
                fresh.append((line, one, many))
        self._keep(fresh)

    def _references(self, rows: list[Row]) -> dict[str, dict[str, int]]:
        found = {}
        for column in self.mirror.columns:
            if column.reference:
                found[column.name] = column.reference.found(self.run, {row.get(column.name) for row in rows} - {""})
        for many in self.mirror.many:
            codes = {code for row in rows for code in values.listed(row.get(many.name))}
            found[many.name] = many.reference.found(self.run, codes)
        return found

    def _try(self, row: Row, step: Callable[[], None]) -> None:
        try:
            step()
        except RowRefused as reason:
            self.run.outcome.reject(self.file, row.line, str(reason))

    def _said(self, row: Row, found: dict[str, dict[str, int]]) -> Said:
        said: Said = {}
        for column in self.mirror.columns:
            value = column.value(row, self.run)
            if column.reference and value is not None:
                value = found[column.name].get(value) or self._unknown(row, column)
            said[column.field] = value
        return said

    def _unknown(self, row: Row, column: Column) -> None:
        words = _("There is no “%(code)s” for “%(column)s”.") % {
            "code": row.get(column.name)[:60],
            "column": column.name,
        }
        if column.needed:
            raise RowRefused(words)
        self.run.outcome.leave_out(self.file, row.line, words)

    def _several(self, row: Row, found: dict[str, dict[str, int]]) -> dict[str, list[int]]:
        several = {}
        for many in self.mirror.many:
            codes = dict.fromkeys(values.listed(row.get(many.name)))
            several[many.field] = [found[many.name][code] for code in codes if code in found[many.name]]
            for code in codes:
                if code not in found[many.name]:
                    words = _("There is no “%(code)s” for “%(column)s”.") % {"code": code[:60], "column": many.name}
                    self.run.outcome.leave_out(self.file, row.line, words)
        return several

    def _says(self, one: Model) -> tuple:
        return tuple(getattr(one, field) for field in self.mirror.same)

    def _clean(self, one: Model) -> Model:
        try:
            # what is referred to has just been found
            one.clean_fields(exclude=[field.name for field in one._meta.fields if field.is_relation])
        except ValidationError as error:
            raise RowRefused("; ".join(error.messages)) from error
        if not self.mirror.holds(one):
            raise RowRefused(_contradiction())
        return one

    def _there(self, instances: list[Model]) -> set[tuple]:
        """What stands in the table of these, by the columns that tell a row."""
        fields = self.mirror.same
        wanted = {getattr(one, fields[0]) for one in instances}
        return set(self.mirror.model._default_manager.filter(**{f"{fields[0]}__in": wanted}).values_list(*fields))

    def _keep(self, fresh: list[tuple[int, Model, dict[str, list[int]]]]) -> None:
        try:
            with transaction.atomic():
                self.mirror.model._default_manager.bulk_create([one for _line, one, _many in fresh])
            kept = fresh
        except IntegrityError:
            # one of them contradicts the others or the salon: each by itself, to say which
            kept = [each for each in fresh if self._kept_alone(*each[:2])]
        for many in self.mirror.many:
            through = getattr(self.mirror.model, many.field).through
            own, other = (f"{field.name}_id" for field in through._meta.fields if field.is_relation)
            through._default_manager.bulk_create(
                [through(**{own: one.pk, other: pk}) for _line, one, several in kept for pk in several[many.field]]
            )
        self.count.imported += len(kept)

    def _kept_alone(self, line: int, one: Model) -> bool:
        try:
            with transaction.atomic():
                one.pk = one.pk if self.mirror.model._meta.pk.is_relation else None
                one.save(force_insert=True)
        except IntegrityError:
            self.run.outcome.reject(self.file, line, _contradiction())
            return False
        return True


def _contradiction() -> str:
    return _("This row contradicts itself, or what is there already.")
