"""How complaints are dealt with here: the owner's lists and words, and what was done again, as files."""

from crm.care.models import CauseWords, ComplaintCause, Redo, StepWords
from crm.office.importing.mirrors.belonging import everywhere, in_branch, of
from crm.office.importing.mirrors.columns import (
    APPOINTMENT,
    CLIENT,
    MASTER,
    Reference,
    day,
    moment,
    money,
    one,
    text,
    whole,
    yes,
)
from crm.office.importing.mirrors.mirror import Mirror

CAUSE = Reference(ComplaintCause, "name", of_branch=False)

CARE = (
    Mirror(
        "causes.csv", ComplaintCause,
        (text("name", needed=True), whole("position", empty=0), yes("offered", "is_active", empty=True)),
        here=everywhere, same=("name",),
    ),
    Mirror(
        "cause_words.csv", CauseWords,
        (one("cause", "cause", CAUSE, needed=True), text("language", needed=True), text("name", needed=True)),
        here=everywhere, same=("cause_id", "language"),
    ),
    Mirror(
        "step_words.csv", StepWords,
        (whole("step", needed=True), text("language", needed=True), text("text", needed=True)),
        here=everywhere, same=("step", "language"),
    ),
    Mirror(
        "redos.csv", Redo,
        (
            one("client", "client", CLIENT, needed=True), one("went_wrong", "went_wrong", APPOINTMENT),
            one("master", "master", MASTER), money("figure", needed=True),
            moment("reported", "reported_by_master_at"), text("note"), one("appointment", "appointment", APPOINTMENT),
            moment("agreed", "agreed_at", needed=True), day("on", "agreed_on", needed=True),
        ),
        here=of("branch"), same=("client_id", "agreed_at"), follows=in_branch,
    ),
)  # fmt: skip
