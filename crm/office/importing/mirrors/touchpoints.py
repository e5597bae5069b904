"""The list of touchpoints and what mystery visitors felt there, as files (practices.md, P51). Who typed it stays."""

from crm.care.models import Touchpoint, TouchpointAudit
from crm.office.importing.mirrors.belonging import everywhere
from crm.office.importing.mirrors.columns import Column, day, moment, text, whole, yes
from crm.office.importing.mirrors.mirror import Mirror
from crm.office.importing.mirrors.standards import TEXTS, ByWords, words_of

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
            Column(
                "touchpoint", words_of("touchpoint"), "touchpoint_id", lambda value, _place: str(value or ""),
                lambda row, column, _run: row.get(column), needed=True,
                reference=ByWords(Touchpoint, of_branch=False),
            ),
            day("date", "on", needed=True), whole("score", needed=True), text("visitor"), text("words"),
            moment("written", "added_at", needed=True), moment("left_out", "left_out_at"),
        ),
        here=everywhere, same=("touchpoint_id", "on", "score", "added_at"),
    ),
)  # fmt: skip
