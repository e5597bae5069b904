"""What comes next once she has chosen how it is put right: a time, a voucher, points (practices.md, P31)."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from crm.booking.models import Appointment
from crm.care.models import Complaint, ComplaintOption, Redo
from crm.team.wording import date_words
from loyalty.amends.models import Compensation
from reminders.links.doors import Visitor
from reminders.messages.destinations import appointment_url
from reminders.messages.speech import moment

Kind = ComplaintOption.Kind


def open_redo(complaint: Complaint) -> Redo | None:
    """What is done again for this complaint; none where nothing is."""
    return Redo.objects.filter(complaint=complaint).select_related("appointment__branch", "branch").first()


def is_booked(redo: Redo) -> bool:
    """Whether its visit stands, or is done."""
    return redo.appointment is not None and redo.appointment.status not in (
        Appointment.Status.CANCELLED,
        Appointment.Status.NO_SHOW,
    )


def after_choice(option: ComplaintOption, visitor: Visitor) -> dict[str, Any]:
    """`words` on what is next; `code` of a voucher; `url` and `label` where there is something for her to do."""
    given = Compensation.objects.select_related("voucher").filter(option=option).first()
    if option.kind == Kind.REDO:
        return _done_again(option.complaint, visitor)
    if option.kind == Kind.DISCOUNT and given is not None and given.voucher is not None:
        if given.voucher.redeemed_at is not None:
            return {"words": _("You have used it. It was good to see you again.")}
        until = date_words(given.voucher.valid_until, visitor.language)
        words = _("It comes off by itself, up to %(until)s. Here is the code, should anybody ask.") % {"until": until}
        return {"words": words, "code": given.voucher.code}
    if option.kind == Kind.POINTS:
        return {"words": _("They are with your points already.")}
    if option.kind == Kind.REFUND:
        if given is None:
            return {"words": _("We hand it back to you. Should you like it another way, write to us here.")}
        return {"words": _("It is on its way back to you.")}
    if option.kind == Kind.GIFT:
        return {"words": _("It waits for you here.")}
    return {"words": _("We see to it, and get in touch with you.")}


def _done_again(complaint: Complaint, visitor: Visitor) -> dict[str, Any]:
    redo = open_redo(complaint)
    if redo is not None and redo.appointment is not None and is_booked(redo) and redo.appointment.starts_at:
        when = moment(redo.appointment.starts_at, redo.branch, visitor.client, visitor.speech)
        return {
            "words": _("Booked: %(when)s. We look forward to you.") % {"when": when},
            "url": appointment_url(redo.appointment, today=visitor.now.date()),
            "label": _("Open the appointment"),
        }
    return {
        "words": _("Choose a time that suits you. It costs you nothing."),
        "url": reverse("my:complaint_times", args=[complaint.pk]),
        "label": _("Choose a time"),
    }
