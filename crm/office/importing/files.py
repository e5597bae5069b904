"""The files of the interchange format in the order in which they are written: first what others point at."""

from collections.abc import Sequence
from dataclasses import dataclass

from crm.office.importing.mirrors.care import CARE
from crm.office.importing.mirrors.circle import CIRCLE
from crm.office.importing.mirrors.earning import EARNING
from crm.office.importing.mirrors.gifts import GIFTS
from crm.office.importing.mirrors.history import HISTORY
from crm.office.importing.mirrors.loyalty import LOYALTY
from crm.office.importing.mirrors.mirror import Mirror
from crm.office.importing.mirrors.said import SAID
from crm.office.importing.mirrors.shop import SHOP
from crm.office.importing.mirrors.standards import STANDARDS
from crm.office.importing.mirrors.team import TEAM
from crm.office.importing.mirrors.touchpoints import TOUCHPOINTS

MIRRORS: Sequence[Mirror] = (
    *TEAM,
    *HISTORY,
    *CARE,
    *STANDARDS,
    *TOUCHPOINTS,
    *EARNING,
    *LOYALTY,
    *GIFTS,
    *CIRCLE,
    *SAID,
    *SHOP,
)


@dataclass(frozen=True, slots=True)
class Columns:
    """The columns of a file; the required ones first."""

    required: tuple[str, ...]
    optional: tuple[str, ...] = ()


CONTRACT = {
    "branch.csv": Columns(("name", "time_zone", "currency"), ("phone", "address", "active", "last_receipt")),
    "settings.csv": Columns(("section", "name", "value")),
    "services.csv": Columns(
        ("code", "name"),
        (
            "category",
            "minutes",
            "price",
            "usual_return_days",
            "ask_after_days",
            "one_off",
            # beyond the contract, so that nothing of ours is lost on the way
            "parts",
            "buffer_minutes",
            "active",
            "online",
            "otherwise",
        ),
    ),
    "products.csv": Columns(
        ("code", "name"), ("price", "cost", "stock", "minimum", "supplier", "brand", "lasts_days", "active", "category")
    ),
    "masters.csv": Columns(("code", "name"), ("services", "active")),
    "clients.csv": Columns(
        ("code", "name"),
        (
            "phone",
            "email",
            "birthday",
            "language",
            "time_zone",
            "preferred_channel",
            "address_form",
            "gender",
            "holidays",
            "care",
            "marketing",
            "status",
            "referred_by",
            "source",
            "since",
            "called",
            "drink",
            "break_from",
            "service",
            "email_dead",
            "phone_dead",
            "postal_address",
            "messenger",
            "hours",
            "calls_dead",
        ),
    ),
    "appointments.csv": Columns(
        ("code", "client", "master", "services", "starts_at", "status"),
        (
            "minutes",
            "price",
            "booked_at",
            "cancelled_at",
            "told_minutes",
            "booked_by",
            "on_the_spot",
            "cancelled_by",
            "cancel_reason",
            "arrived_at",
            "began_at",
            "finished_at",
            "wish",
            "masters",
            "rooms",
        ),
    ),
    "sales.csv": Columns(
        ("code", "client", "master", "date", "item", "quantity", "amount"),
        ("time", "tax", "due", "full_price", "discount", "discount_name", "appointment", "refund_of"),
    ),
    "notes.csv": Columns(("client", "kind", "text"), ("date", "ask_again", "pinned", "author", "asked", "over")),
    "points.csv": Columns(("client", "points", "kind", "date"), ("reason", "expires", "receipt")),
    "points_owed.csv": Columns(("client", "points"), ("date",)),
    "messages.csv": Columns(("client", "kind", "occasion", "sent_at"), ("channel", "mailing")),
    "complaints.csv": Columns(
        ("client", "opened", "text"), ("resolved", "outcome", "category", "urgent", "resolution", "number")
    ),
    "feedback.csv": Columns(("client", "visit", "score"), ("answered", "pleased", "displeased", "quote_agreed")),
}
MIRRORED = {mirror.name: mirror for mirror in MIRRORS}
# what each needs stands before it
ORDER = (
    "branch.csv",
    "settings.csv",
    "services.csv",
    "products.csv",
    "masters.csv",
    *(mirror.name for mirror in TEAM),
    "clients.csv",
    "appointments.csv",
    "sales.csv",
    *(mirror.name for mirror in HISTORY),
    "notes.csv",
    "complaints.csv",
    "feedback.csv",
    "points.csv",
    "points_owed.csv",
    *(mirror.name for mirror in CARE),
    *(mirror.name for mirror in STANDARDS),
    *(mirror.name for mirror in TOUCHPOINTS),
    *(mirror.name for mirror in EARNING),
    *(mirror.name for mirror in LOYALTY),
    *(mirror.name for mirror in GIFTS),
    *(mirror.name for mirror in CIRCLE),
    *(mirror.name for mirror in SAID),
    *(mirror.name for mirror in SHOP),
    "messages.csv",
)
COLUMNS = {
    name: Columns(MIRRORED[name].required, MIRRORED[name].optional) if name in MIRRORED else CONTRACT[name]
    for name in ORDER
}
