"""The list of touchpoints, what mystery visitors felt there and clients said, as files (practices.md, P51). Who typed it stays."""

from typing import Any

from crm.care.models import Feedback, FeltAt, Touchpoint, TouchpointAudit
from crm.office.importing import values
from crm.office.importing.mirrors.belonging import everywhere, of
from crm.office.importing.mirrors.columns import CLIENT, Column, day, moment, one, text, whole, yes
from crm.office.importing.mirrors.mirror import Mirror, Said
from crm.office.importing.mirrors.standards import TEXTS, ByWords, words_of
from crm.office.importing.run import Run


def _answers(run: Run, said: list[Said]) -> list[Said]:
    """A visit is answered once: the answer is known by client and day."""
    found = {
        (client, on): pk
        for client, on, pk in Feedback.objects.filter(
            branch=run.branch, client__in={each["_client"] for each in said}
        ).values_list("client", "visit_on", "pk")
    }
    return [{"feedback_id": found.get((each["_client"], each["_visit"]))} for each in said]


def _touchpoint() -> Column:
    return Column(
        "touchpoint", words_of("touchpoint"), "touchpoint_id", lambda value, _place: str(value or ""),
        lambda row, column, _run: row.get(column), needed=True, reference=ByWords(Touchpoint, of_branch=False),
    )  # fmt: skip


def _visit_day(value: Any, _place: Any) -> str:
    return value.isoformat()


TOUCHPOINTS = (
    Mirror(
        "touchpoints.csv", Touchpoint,
        (
            whole("position", empty=0), *(text(field) for field in TEXTS), whole("wanted", needed=True),
            whole("passing"), yes("kept", "is_active", empty=True),
        ),
        here=everywhere, same=TEXTS,
    ),
    Mirror(
        "touchpoint_audits.csv", TouchpointAudit,
        (
            _touchpoint(), day("date", "on", needed=True), whole("score", needed=True), text("visitor"), text("words"),
            moment("written", "added_at", needed=True), moment("left_out", "left_out_at"),
        ),
        here=everywhere, same=("touchpoint_id", "on", "score", "added_at"),
    ),
    Mirror(
        "touchpoint_feedback.csv", FeltAt,
        (
            one("client", "client", CLIENT, needed=True, through="feedback"),
            Column(
                "visit", "feedback__visit_on", "_visit", _visit_day,
                lambda row, column, _run: values.day(row.get(column), column), needed=True,
            ),
            _touchpoint(), moment("said", "at", needed=True),
        ),
        here=of("feedback__branch"), same=("feedback_id",), follows=_answers,
        holds=lambda felt: felt.feedback_id is not None,
    ),
)  # fmt: skip
