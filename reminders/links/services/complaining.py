"""The page for complaints: how often it is sent, and who asks for a complaint by its number (trust.md, S8)."""

from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from crm.care.models import Complaint, ComplaintReport
from crm.care.services import Told, report_complaint
from crm.people.models import Client
from crm.team.models import Branch
from reminders.links.models import Knock
from reminders.links.services.proving import digest

DAY, HOUR = timedelta(days=1), timedelta(hours=1)
# a salon's guests share its wireless network; what is above is a machine
REPORTS_OF_A_CONNECTION = 10
REPORTS_OF_A_CONTACT = 5
REPORTS_OF_THE_SALON = 100
ASKED_BY_A_CONNECTION = 20
ASKED_FOR_A_NUMBER = 10
LAST_DIGITS = 4
Door = Knock.Door


class TooOften(Exception):
    """Sent or asked for too often."""

    words = _("This was sent many times in a short while. Please call us: we want to hear you.")

    def __str__(self) -> str:
        return str(self.words)


class AskedTooOften(TooOften):
    words = _("There were many attempts in a short time. Wait a while, or call us.")


@transaction.atomic
def take_report(
    *, told: Told, branch: Branch, key: str, connection: str, now: datetime, client: Client | None = None
) -> ComplaintReport:
    """Opens the complaint (`report_complaint`). Raises TooOften; a form sent twice is never too often."""
    known = ComplaintReport.objects.select_related("complaint__branch").filter(key=key).first()
    if known is not None:
        return known
    Knock.objects.filter(at__lt=now - DAY).delete()
    lately = Knock.objects.filter(door=Door.REPORT, at__gt=now - HOUR)
    visitor, about = digest("visitor", connection), digest("address", told.phone or told.email or key)
    if (
        lately.filter(visitor_digest=visitor).count() >= REPORTS_OF_A_CONNECTION
        or lately.filter(about_digest=about).count() >= REPORTS_OF_A_CONTACT
        or lately.count() >= REPORTS_OF_THE_SALON
    ):
        raise TooOften
    Knock.objects.create(door=Door.REPORT, visitor_digest=visitor, about_digest=about, at=now)
    return report_complaint(told=told, branch=branch, key=key, now=now, client=client)


def look_up(*, number: str, contact: str, connection: str, now: datetime) -> Complaint | None:
    """The complaint of this number, for whoever knows the end of its phone or its e-mail; else none, whatever is wrong.

    Raises AskedTooOften, also where this time it would have been right.
    """
    number = "".join(number.split()).upper()
    lately = Knock.objects.filter(door=Door.NUMBER, at__gt=now - HOUR)
    visitor, about = digest("visitor", connection), digest("number", number)
    if (
        lately.filter(visitor_digest=visitor).count() >= ASKED_BY_A_CONNECTION
        or lately.filter(about_digest=about).count() >= ASKED_FOR_A_NUMBER
    ):
        raise AskedTooOften
    found = Complaint.objects.select_related("client", "report").filter(number=number).first() if number else None
    if found is not None and _is_hers(found, contact):
        return found
    Knock.objects.create(door=Door.NUMBER, visitor_digest=visitor, about_digest=about, at=now)
    return None


def _is_hers(complaint: Complaint, contact: str) -> bool:
    report = getattr(complaint, "report", None)
    client = complaint.client
    # who came by the page shows what she typed there: of the client it was taken for she may know nothing
    phones, emails = ([client.phone], [client.email])
    if report is not None and (report.phone or report.email):
        phones, emails = [report.phone], [report.email]
    typed = contact.strip().lower()
    if "@" in typed:
        return any(email and email.lower() == typed for email in emails)
    digits = "".join(sign for sign in typed if sign.isdigit())
    return len(digits) >= LAST_DIGITS and any(phone and phone.endswith(digits[-LAST_DIGITS:]) for phone in phones)
