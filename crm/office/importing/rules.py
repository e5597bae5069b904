"""The owner's settings as rows: section, name, value. What has been changed in the salon stays as it is."""

from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import FileField, Model
from django.utils.translation import gettext as _

from crm.catalogue.models import Service
from crm.office.importing import values
from crm.office.importing.reading import BadRow, RowRefused, Table
from crm.office.importing.run import Run
from crm.team.models import Branch, CrmSettings
from crm.team.selectors import hold_salon_settings
from loyalty.points.models import LoyaltySettings
from reminders.consent.models import MessageSettings
from reminders.journeys.models import Journey
from reminders.journeys.services.switching import FIGURES

SECTIONS: dict[str, type[Model]] = {"salon": CrmSettings, "loyalty": LoyaltySettings, "messages": MessageSettings}
# a section of its own for each kind of message; the seed draws the same clients as before
JOURNEY, JOURNEY_FIGURES = "journey ", (*FIGURES, "control_seed")
# lists of services among the rules of loyalty
LISTED = ("birthday_services", "win_back_services")


def settings_rows(branch: Branch) -> Iterator[Sequence[str]]:
    """Every rule as it stands, defaults too: another version may have others. A logo is no text and stays away."""
    for section, model in SECTIONS.items():
        row = model._default_manager.filter(pk=1).first() or model(pk=1)
        for name in _rules(model):
            yield section, name, _written(row, name)
    for name in LISTED:
        chosen = LoyaltySettings.objects.filter(pk=1, **{f"{name}__isnull": False}).values(name)
        codes = Service.objects.filter(branch=branch, pk__in=chosen).order_by("code").values_list("code", flat=True)
        yield "loyalty", name, ";".join(codes)
    yield from journey_rows()


def journey_rows() -> Iterator[Sequence[str]]:
    """The owner's figures of each journey; whether it is on is decided anew after an import."""
    for journey in Journey.objects.order_by("pk"):
        for name in JOURNEY_FIGURES:
            value = getattr(journey, name)
            # a seed says something once a share was drawn by it
            is_said = journey.control_percent if name == "control_seed" else value != _default(name)
            if is_said:
                yield f"{JOURNEY}{journey.kind}", name, f"{value}"


def _default(name: str) -> Any:
    return Journey._meta.get_field(name).get_default()


def _rules(model: type[Model]) -> list[str]:
    return [
        field.name
        for field in model._meta.concrete_fields
        if field.editable and not field.primary_key and not isinstance(field, FileField)
    ]


def _written(row: Model, name: str) -> str:
    value = getattr(row, name)
    if isinstance(value, Decimal):
        return f"{value.normalize():f}"
    return "yes" if value is True else "no" if value is False else "" if value is None else str(value)


class Settings:
    """What the file says, where the salon has not decided otherwise."""

    def __init__(self, run: Run, table: Table) -> None:
        self.run, self.table = run, table
        self.count = run.outcome.file(table.name)
        self.rows = {section: model._default_manager.get_or_create(pk=1)[0] for section, model in SECTIONS.items()}
        self.changed: set[str] = set()
        self.journeys = {journey.kind: journey for journey in Journey.objects.all()}
        # whoever holds back a share here has drawn already
        self.own = {kind for kind, journey in self.journeys.items() if journey.control_percent}
        # line and codes of each list, chosen once the services are there
        self.listed: dict[str, tuple[int, list[str]]] = {}

    def take(self) -> None:
        for row in self.table.rows():
            self.count.read += 1
            if isinstance(row, BadRow):
                self.run.outcome.reject(self.table.name, row.line, row.reason)
                continue
            try:
                section, name = values.needed(row, "section", 40), values.needed(row, "name", 60)
                if section == "loyalty" and name in LISTED:
                    self.listed[name] = row.line, values.listed(row.get("value"))
                elif section.startswith(JOURNEY):
                    self._take_figure(section.removeprefix(JOURNEY), name, row.get("value"))
                else:
                    self._take(section, name, row.get("value"))
            except RowRefused as reason:
                self.run.outcome.reject(self.table.name, row.line, str(reason))
        for section in self.changed:
            self.rows[section].save()
        hold_salon_settings(None)
        self.run.everybody = bool(self.changed)

    def _take(self, section: str, name: str, text: str) -> None:
        model = SECTIONS.get(section)
        if model is None or name not in _rules(model):
            raise RowRefused(_("There is no setting “%(name)s”.") % {"name": f"{section} {name}"[:80]})
        field, row = model._meta.get_field(name), self.rows[section]
        value = self._value(field, text)
        there = getattr(row, name)
        # who has changed it in the salon has decided
        if value == there or there != field.get_default():
            self.count.unchanged += 1
            return
        setattr(row, name, value)
        self.changed.add(section)
        self.count.imported += 1

    def _take_figure(self, kind: str, name: str, text: str) -> None:
        """A journey's own figure. The seed comes with a share held back, so nobody is drawn anew."""
        journey = self.journeys.get(kind)
        if journey is None or name not in JOURNEY_FIGURES:
            raise RowRefused(_("There is no setting “%(name)s”.") % {"name": f"{JOURNEY}{kind} {name}"[:80]})
        field = Journey._meta.get_field(name)
        value, there = self._value(field, text), getattr(journey, name)
        is_new = name == "control_seed" or there == _default(name)
        if value == there or not is_new or kind in self.own:
            self.count.unchanged += 1
            return
        setattr(journey, name, value)
        journey.save(update_fields=[name])
        self.count.imported += 1

    def _value(self, field: Any, text: str) -> Any:
        if not text and field.null:
            return None
        said = {"yes": True, "no": False}.get(text, text) if field.get_internal_type() == "BooleanField" else text
        try:
            return field.clean(said, None)
        except ValidationError as error:
            raise RowRefused("; ".join(error.messages)) from error

    def choose_services(self) -> None:
        """What is free at a birthday and what a win-back covers, once the services are there; chosen here, it stays."""
        known = self.run.catalogue.services
        for name, (line, codes) in self.listed.items():
            chosen = getattr(self.rows["loyalty"], name)
            new = [known[code].pk for code in codes if code in known]
            for code in codes:
                if code not in known:
                    words = _("There is no service “%(code)s”.") % {"code": code}
                    self.run.outcome.leave_out(self.table.name, line, words)
            is_new = bool(new) and not chosen.filter(branch=self.run.branch).exists()
            if is_new:
                chosen.add(*new)
            self.count.imported += is_new
            self.count.unchanged += not is_new
