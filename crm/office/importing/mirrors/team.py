"""What a branch offers and when, as files (practices.md, P51)."""

from crm.care.models import Quote, ReviewPlace
from crm.catalogue.models import FollowRule, Room, ServiceRoom, ServiceWords
from crm.office.importing.mirrors.belonging import in_branch, of
from crm.office.importing.mirrors.columns import MASTER, ROOM, SERVICE, day, hour, moment, one, text, whole, yes
from crm.office.importing.mirrors.mirror import Mirror
from crm.team.models import Closure, SpecialHours, TimeOff, WorkingHours

TEAM = (
    Mirror(
        "rooms.csv", Room, (text("name", needed=True), yes("active", "is_active", empty=True)),
        here=of("branch"), same=("name", "branch_id"), follows=in_branch,
    ),
    Mirror(
        "service_rooms.csv", ServiceRoom,
        (one("service", "service", SERVICE, needed=True), one("room", "room", ROOM, needed=True)),
        here=of("service__branch"), same=("service_id", "room_id"),
    ),
    Mirror(
        "service_follows.csv", FollowRule,
        (
            one("service", "service", SERVICE, needed=True), one("after", "after", SERVICE, needed=True),
            whole("within_days", needed=True),
        ),
        here=of("service__branch"), same=("service_id", "after_id"),
    ),
    Mirror(
        "service_words.csv", ServiceWords,
        (
            one("service", "service", SERVICE, needed=True), text("language", needed=True), text("name"),
            text("neutral_name"), text("question"), text("answer_good"), text("answer_mend"), text("answer_alarm"),
            text("safety_text"), text("care_guide"), text("policy"),
        ),
        here=of("service__branch"), same=("service_id", "language"),
    ),
    Mirror(
        "quotes.csv", Quote,
        (
            one("service", "service", SERVICE, needed=True), text("language", needed=True), text("text", needed=True),
            text("said_by"), yes("shown", "is_shown", empty=True),
        ),
        here=of("service__branch"), same=("service_id", "language", "text"),
    ),
    Mirror(
        "review_places.csv", ReviewPlace,
        (
            text("name", needed=True), text("url", needed=True), whole("position", empty=0),
            yes("shown", "is_active", empty=True),
        ),
        here=of("branch"), same=("url", "branch_id"), follows=in_branch,
    ),
    Mirror(
        "hours.csv", WorkingHours,
        (
            one("master", "master", MASTER, needed=True), whole("weekday", needed=True),
            hour("starts", needed=True), hour("ends", needed=True),
        ),
        here=of("master__branch"), same=("master_id", "weekday", "starts"),
    ),
    Mirror(
        "hours_on_dates.csv", SpecialHours,
        (one("master", "master", MASTER, needed=True), day("date", "on", needed=True), hour("starts"), hour("ends")),
        here=of("master__branch"), same=("master_id", "on", "starts"),
    ),
    Mirror(
        "time_off.csv", TimeOff,
        (
            one("master", "master", MASTER, needed=True), moment("starts", "starts_at", needed=True),
            moment("ends", "ends_at", needed=True), text("reason"),
        ),
        here=of("master__branch"), same=("master_id", "starts_at", "ends_at"),
    ),
    Mirror(
        "closed_days.csv", Closure,
        (day("first", "first_on", needed=True), day("last", "last_on", needed=True), text("name")),
        here=of("branch"), same=("first_on", "name", "branch_id"), follows=in_branch,
    ),
)  # fmt: skip
