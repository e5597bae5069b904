"""Where a machine falls silent and a person calls (rules.md, Rhythm: Paused)."""

from datetime import date, datetime, timedelta

from django.conf import settings
from django.db.models import Exists, OuterRef
from django.utils.translation import gettext as _
from django.utils.translation import override

from crm.care.models import Complaint
from crm.care.services import ask_for_call
from crm.people.models import Client
from crm.team.models import Branch
from crm.team.selectors import branch_day, salon_settings
from reminders.consent.models import ContactPermission
from reminders.messages.models import Message

# the list is looked through nightly; older ones are no news, such as those of an import
LOOK_BACK = timedelta(days=7)
CALL_WITHIN = timedelta(days=3)


def ask_people(*, now: datetime) -> int:
    """Puts on the call list whose break without a date is over, and who heard nothing during a complaint.

    Asked again it is the same call. Returns how many there are.
    """
    found = 0
    # the desk reads it, so it is in the salon's language
    with override(settings.LANGUAGE_CODE):
        for branch in Branch.objects.filter(is_active=True):
            today = branch_day(branch, now)
            found += _after_breaks(branch, today, now) + _after_complaints(branch, today, now)
    return found


def _refused_care() -> Exists:
    """Who refused care is called about appointments only."""
    return Exists(ContactPermission.objects.filter(client=OuterRef("pk"), care_refused=True))


def _after_breaks(branch: Branch, today: date, now: datetime) -> int:
    away = (
        Client.objects.filter(
            branch=branch,
            status=Client.Status.BREAK,
            break_is_open=True,
            break_until__lte=today,
            break_until__gt=today - LOOK_BACK,
        )
        .exclude(phone="")
        .exclude(_refused_care())
    )
    for client in away:
        ask_for_call(
            client=client,
            branch=branch,
            kind="break",
            key=f"break {client.pk} {client.break_until}",
            due_at=now + CALL_WITHIN,
            now=now,
            what_to_say=_("She wanted a break and gave no date. Ask how she is and when she would like to come."),
        )
    return len(away)


def _after_complaints(branch: Branch, today: date, now: datetime) -> int:
    pause = timedelta(days=salon_settings().complaint_pause_days)
    silent = Message.objects.filter(
        client=OuterRef("client"),
        state=Message.State.DROPPED,
        state_reason="complaint",
        planned_at__gte=OuterRef("opened_at"),
    )
    over = Complaint.objects.filter(
        Exists(silent), branch=branch, resolved_on__lte=today - pause, resolved_on__gt=today - pause - LOOK_BACK
    ).select_related("client", "owner")
    callable_ones = set(
        Client.objects.filter(pk__in=[complaint.client_id for complaint in over], status=Client.Status.ACTIVE)
        .exclude(phone="")
        .exclude(_refused_care())
        .values_list("pk", flat=True)
    )
    asked = [complaint for complaint in over if complaint.client_id in callable_ones]
    for complaint in asked:
        ask_for_call(
            client=complaint.client,
            branch=branch,
            kind="after_complaint",
            key=f"complaint {complaint.pk}",
            due_at=now + CALL_WITHIN,
            now=now,
            what_to_say=_("We have been quiet since her complaint. Ask whether all is well now, and when she comes."),
            assignee=complaint.owner,
        )
    return len(asked)
