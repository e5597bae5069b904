"""The salon's standard as it is written, its handbook, and its small helps, as files (practices.md, P51).

Versions are published anew by whoever takes the files in: who has read which lesson belongs to the team there.
"""

from dataclasses import dataclass
from typing import Any

from django.db.models import F, Q, Value
from django.db.models.functions import Coalesce, NullIf

from crm.care.models import HandbookEntry, HelpGiven, HelpKind, Standard, StandardStep
from crm.office.importing.mirrors.belonging import branch_day, everywhere, in_branch, of
from crm.office.importing.mirrors.columns import CLIENT, SERVICE, Column, Reference, moment, one, text, whole, yes
from crm.office.importing.mirrors.mirror import Mirror, Said
from crm.office.importing.run import Run
from crm.team.models import Branch, Language

TEXTS = tuple(f"text_{code}" for code in Language.values)


@dataclass(frozen=True, slots=True)
class ByWords(Reference):
    """A row that has no code is known by its words, in the first language that has any."""

    def found(self, run: Run, codes: set[str]) -> dict[str, int]:
        rows = self.model._default_manager.order_by("pk").values_list("pk", *TEXTS)
        named = {next(filter(None, words), ""): pk for pk, *words in rows}
        return {words: pk for words, pk in named.items() if words in codes}


def words_of(path: str) -> Any:
    """The same words as a column of the database."""
    return Coalesce(*(NullIf(F(f"{path}__{field}"), Value("")) for field in TEXTS), Value(""))


def _drafts(branch: Branch) -> Q:
    return Q(standard__branch=branch, version=None)


def _standards(run: Run, said: list[Said]) -> list[Said]:
    """A step stands in the standard of its service, or in that of every visit."""
    found = dict(Standard.objects.filter(branch=run.branch).values_list("service", "pk"))
    return [{"standard_id": found.get(each["_service"])} for each in said]


STANDARDS = (
    Mirror(
        "standards.csv", Standard,
        (
            one("service", "service", SERVICE), text("lesson_en"), text("lesson_ru"), text("lesson_bs"),
            text("lesson_ar"), yes("kept", "is_active", empty=True),
        ),
        here=of("branch"), same=("branch_id", "service_id"), follows=in_branch,
    ),
    Mirror(
        "standard_steps.csv", StandardStep,
        (
            text("key", needed=True), one("service", "service", SERVICE, through="standard"), whole("position", empty=0),
            yes("required", "is_required", empty=True), *(text(field) for field in TEXTS),
        ),
        here=_drafts, same=("key", "version_id"), follows=_standards,
        holds=lambda step: step.standard_id is not None,
    ),
    Mirror(
        "handbook.csv", HandbookEntry,
        (
            text("kind", needed=True), *(text(field) for field in TEXTS), text("answer_en"), text("answer_ru"),
            text("answer_bs"), text("answer_ar"), text("also"), yes("shown", "is_active", empty=True),
        ),
        here=everywhere, same=(*TEXTS, "kind"),
    ),
    Mirror(
        "small_helps.csv", HelpKind,
        (whole("position", empty=0), *(text(field) for field in TEXTS), yes("offered", "is_active", empty=True)),
        here=everywhere, same=TEXTS,
    ),
    Mirror(
        "moments_of_care.csv", HelpGiven,
        (
            Column(
                "what", words_of("kind"), "kind_id", lambda value, _place: str(value or ""),
                lambda row, column, _run: row.get(column), needed=True, reference=ByWords(HelpKind, of_branch=False),
            ),
            one("client", "client", CLIENT), text("words"), moment("when", "at", needed=True),
        ),
        here=of("branch"), same=("at", "kind_id", "client_id"),
        follows=lambda run, said: [
            {"branch_id": run.branch.pk, "on": branch_day(run, each["at"])} for each in said
        ],
    ),
)  # fmt: skip
