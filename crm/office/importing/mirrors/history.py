"""What was paid, agreed and said, and how the salon writes, as files (practices.md, P51)."""

from crm.booking.models import Accommodation
from crm.care.models import AfterAnswer, Call, PhotographConsent, Promise, ResultCard
from crm.office.importing.mirrors.belonging import everywhere, in_branch, of
from crm.office.importing.mirrors.columns import (
    CLIENT,
    RECEIPT,
    SERVICE,
    day,
    hour,
    moment,
    money,
    one,
    text,
    whole,
    yes,
)
from crm.office.importing.mirrors.mirror import Mirror
from crm.sales.models import DayClose, Payment, RebookingDecline
from reminders.consent.models import ConsentEvent, NarrowedWindow
from reminders.messages.models import MessageText

HISTORY = (
    Mirror(
        "agreements.csv", Accommodation,
        (
            one("client", "client", CLIENT, needed=True), one("service", "service", SERVICE, needed=True),
            whole("minutes"), money("price"), text("note"),
        ),
        here=of("service__branch"), same=("client_id", "service_id"),
    ),
    Mirror(
        "payments.csv", Payment,
        (
            one("receipt", "sale", RECEIPT, needed=True), text("method", needed=True),
            money("amount", needed=True), whole("points"),
        ),
        here=of("sale__branch"), same=("sale_id", "method"),
    ),
    Mirror(
        "declined.csv", RebookingDecline,
        (
            one("receipt", "sale", RECEIPT, needed=True), text("reason", needed=True), day("until", "until"),
            moment("when", "declined_at", needed=True),
        ),
        here=of("sale__branch"), same=("sale_id",),
    ),
    Mirror(
        "days.csv", DayClose,
        (
            day("date", "on", needed=True), moment("closed", "closed_at", needed=True),
            whole("clients", "client_days", needed=True), whole("rebooked", needed=True), money("revenue", needed=True),
        ),
        here=of("branch"), same=("on", "branch_id"), follows=in_branch,
    ),
    Mirror(
        "answers.csv", AfterAnswer,
        (
            one("client", "client", CLIENT, needed=True), day("visit", "visit_on", needed=True),
            one("service", "service", SERVICE), text("answer", needed=True),
            moment("answered", "answered_at", needed=True),
        ),
        here=of("branch"), same=("client_id", "visit_on"), follows=in_branch,
    ),
    Mirror(
        "calls.csv", Call,
        (
            one("client", "client", CLIENT, needed=True), text("kind", needed=True), text("what_to_say"),
            moment("due", "due_at", needed=True), moment("noted", "created_at", needed=True),
            moment("done", "done_at"), text("outcome"), text("remark"),
        ),
        here=of("branch"), same=("client_id", "kind", "created_at"),
        follows=lambda run, said: [
            {"branch_id": run.branch.pk, "key": f"import {each['client_id']} {each['kind']} {each['created_at']}"[:120]}
            for each in said
        ],
    ),
    Mirror(
        "promises.csv", Promise,
        (
            one("client", "client", CLIENT, needed=True), text("text", needed=True),
            moment("given", "given_at", needed=True), day("on", "given_on", needed=True), text("state", needed=True),
            moment("before", "due_before"), moment("ended", "closed_at"), day("ended_on", "closed_on"),
            moment("was_due", "was_due_at"), text("answer"),
        ),
        here=of("branch"), same=("client_id", "given_at", "text"), follows=in_branch,
    ),
    Mirror(
        "result_cards.csv", ResultCard,
        (
            one("client", "client", CLIENT, needed=True), day("visit", "visit_on", needed=True), text("formula"),
            text("advice"), moment("written", "written_at", needed=True),
        ),
        here=of("branch"), same=("client_id", "visit_on"), follows=in_branch,
    ),
    Mirror(
        "consents.csv", ConsentEvent,
        (
            one("client", "client", CLIENT, needed=True), text("purpose", needed=True), text("channel", needed=True),
            yes("given", "is_given", empty=True), moment("when", "at", needed=True), text("where", needed=True),
            text("text_shown"), text("by", "user_name"), text("source"),
        ),
        here=of("client__branch"), same=("client_id", "purpose", "channel", "is_given", "at"),
    ),
    Mirror(
        "photograph_consents.csv", PhotographConsent,
        (
            one("client", "client", CLIENT, needed=True), text("purpose", needed=True),
            yes("given", "is_given", empty=True), moment("when", "at", needed=True), text("where", needed=True),
            text("text_shown"), text("by", "user_name"),
        ),
        here=of("client__branch"), same=("client_id", "purpose", "is_given", "at"),
    ),
    Mirror(
        "texts.csv", MessageText,
        (
            text("kind", needed=True), text("language", needed=True), text("subject", needed=True),
            text("body", needed=True), text("button"), text("sms", needed=True),
        ),
        here=everywhere, same=("kind", "language"),
    ),
    Mirror(
        "windows.csv", NarrowedWindow,
        (
            text("name", needed=True), whole("weekday"), day("first", "first_on"), day("last", "last_on"),
            text("how", needed=True), hour("from", "begins"), hour("until", "ends"),
        ),
        here=everywhere, same=("name", "weekday", "first_on", "begins"), holds=NarrowedWindow.has_hours,
    ),
)  # fmt: skip
