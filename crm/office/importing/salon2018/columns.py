"""The six files of the 2018 export (contracts.md): their names and columns, and how they write days and hours."""

import hashlib
import re
from datetime import date, time

from crm.office.importing import values

SERVICES, PRODUCTS, RECEIPTS, BOOKINGS, CANCELLATIONS, NO_SHOWS = (
    "service listing",
    "product listing (retail)",
    "receipt transactions",
    "future bookings (all clients)",
    "client cancellations",
    "no-show report",
)
COLUMNS = {
    SERVICES: (("Code", "Desc", "Price"), ("IsActive", "Cate", "Cost")),
    PRODUCTS: (
        ("Code", "Description", "Price"),
        (
            "IsActive",
            "Supplier",
            "Brand",
            "Category",
            "On Hand",
            "Minimum",
            "Maximum",
            "Cost",
            "COG",
            "YTD",
            "Package",
        ),
    ),
    RECEIPTS: (("Receipt", "Date", "Description", "Client", "Staff", "Quantity", "Amount"), ("GST", "PST")),
    BOOKINGS: (("Code", "Staff", "Service", "Date", "Time"), ("TimeInt",)),
    CANCELLATIONS: (("Cancel Date", "Code", "Service", "Staff", "Booking Date"), ("Canceled By", "Days")),
    NO_SHOWS: (("Date", "Code", "Service", "Staff"), ()),
}
AMERICAN = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})")
TWELVE_HOURS = re.compile(r"(\d{1,2}):(\d\d)(?::(\d\d))? ?([AP])M", re.IGNORECASE)

# client, day, service, master: what tells a booking in all of the files
Booking = tuple[str, date, str, str]


def kind_of(name: str) -> str | None:
    """Which of the six a file name is: “Receipt Transactions0.csv”."""
    found = re.sub(r"\d*\.csv$", "", name.casefold())
    return found if found in COLUMNS else None


def appointment_code(booking: Booking, hour: str) -> str:
    """A code that a second run makes again: the files have none."""
    client, on, service, master = booking
    return short_code(f"{client}-{on:%Y%m%d}-{hour}-{service}-{master}")


def short_code(text: str) -> str:
    if len(text) <= 64:
        return text
    return f"{text[:47]}-{hashlib.blake2b(text.encode(), digest_size=8).hexdigest()}"


def american_day(text: str, column: str) -> date:
    """A day written MM/DD/YYYY."""
    match = AMERICAN.fullmatch(text)
    try:
        found = date(int(match[3]), int(match[1]), int(match[2])) if match else None
    except ValueError:
        found = None
    return values.believable(found, text, column)


def american_time(text: str) -> time:
    """A time of day written H:MM:SS AM."""
    match = TWELVE_HOURS.fullmatch(text)
    if match and 1 <= int(match[1]) <= 12 and int(match[2]) < 60:
        return time(int(match[1]) % 12 + (12 if match[4].upper() == "P" else 0), int(match[2]))
    return values.hour(text, "Time")
