"""What went wrong is done again, free (rules.md, Feedback and complaints; Visits)."""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal

from django.conf import settings
from django.db import transaction
from django.db.models import Q, Sum
from django.utils.translation import gettext, override
from django.utils.translation import gettext_lazy as _

from crm.booking.models import Appointment
from crm.booking.services import book_appointment
from crm.booking.services.step import lock_client
from crm.care.models import Complaint, Redo
from crm.catalogue.models import Service, ServiceRoom, ServiceStretch, ServiceWords, Skill
from crm.sales.models import SaleLine
from crm.team.models import Master, User
from crm.team.selectors import branch_day

ZERO = Decimal(0)
OVER = (Appointment.Status.CANCELLED, Appointment.Status.NO_SHOW)


class RedoRefused(Exception):
    """Something cannot be done again like this."""

    words = _("This is being done again already.")

    def __str__(self) -> str:
        return str(self.words)


class NotYourVisit(RedoRefused):
    words = _("Who did it reports it, or the reception opens a complaint.")


class NothingToRedo(RedoRefused):
    words = _("Say what is to be done again.")


@transaction.atomic
def report_redo(*, appointment: Appointment, note: str, now: datetime, user: User) -> Redo:
    """A master says herself that her visit went wrong: done again, it costs her nothing if nobody has complained yet.

    Said twice it is the same. Raises NotYourVisit for anybody else.
    """
    if appointment.master.user_id != user.pk:
        raise NotYourVisit
    lock_client(appointment.client_id)
    redo = Redo.objects.filter(went_wrong=appointment).first()
    if redo is None:
        redo = _new_redo(appointment, now, user)
    if redo.reported_by_master_at is None:
        redo.reported_by_master_at, redo.note = now, note.strip()
        redo.save(update_fields=["reported_by_master_at", "note"])
    return redo


@transaction.atomic
def agree_redo(*, complaint: Complaint, services: Sequence[Service], now: datetime, user: User | None) -> Redo:
    """A complaint is made good by doing it again: of one visit once, whoever agrees it."""
    lock_client(complaint.client_id)
    visit = complaint.appointment
    redo = Redo.objects.filter(went_wrong=visit).first() if visit is not None else None
    if redo is None:
        redo = Redo.objects.filter(complaint=complaint).first()
    if redo is None:
        return _new_redo(visit, now, user, complaint=complaint, services=services)
    if redo.complaint_id is None:
        redo.complaint = complaint
        redo.save(update_fields=["complaint"])
    return redo


@transaction.atomic
def book_redo(
    *,
    redo: Redo,
    services: Sequence[Service],
    master: Master,
    starts_at: datetime,
    now: datetime,
    by: str,
    via: str,
    user: User | None = None,
) -> Appointment:
    """Books the visit on which it is done again: free, one-off, bound to what went wrong.

    Raises RedoRefused where a booked one stands already, and what `book_appointment` raises.
    """
    if not services:
        raise NothingToRedo
    lock_client(redo.client_id)
    redo = Redo.objects.select_related("appointment").get(pk=redo.pk)
    if redo.appointment is not None and redo.appointment.status not in OVER:
        raise RedoRefused
    appointment = book_appointment(
        client=redo.client,
        master=master,
        services=[free_twin(service) for service in services],
        starts_at=starts_at,
        branch=redo.branch,
        now=now,
        by=by,
        via=via,
        user=user,
    )
    redo.appointment = appointment
    redo.save(update_fields=["appointment"])
    return appointment


def free_twin(service: Service) -> Service:
    """The same work for nothing: a one-off service of its own, so that it starts no rhythm and no invitation.

    Made at the first redo with the minutes, rooms, hands and words of the service; from then on it is the owner's.
    """
    if service.redo_of_id is not None:
        return service
    if (twin := Service.objects.filter(redo_of=service).first()) is not None:
        return twin
    with override(settings.LANGUAGE_CODE):
        name = gettext("%(service)s, done again") % {"service": service.name[:170]}
    twin, is_new = Service.objects.get_or_create(
        branch=service.branch,
        code=f"{service.code[:59]}-redo",
        defaults={
            "name": name,
            "category": service.category,
            "minutes": service.minutes,
            "buffer_minutes": service.buffer_minutes,
            "price": ZERO,
            "is_one_off": True,
            "is_bookable_online": False,
            "redo_of": service,
        },
    )
    if is_new:
        for model in (ServiceStretch, ServiceRoom, Skill, ServiceWords):
            _copy(model, service, twin)
    elif twin.redo_of_id is None:
        # it came with an import, which knows it by its code
        twin.redo_of = service
        twin.save(update_fields=["redo_of"])
    return twin


def _copy(model: type, service: Service, twin: Service) -> None:
    rows = list(model.objects.filter(service=service))  # type: ignore[attr-defined]
    for row in rows:
        row.pk, row.service, row._state.adding = None, twin, True
    model.objects.bulk_create(rows)  # type: ignore[attr-defined]


def _new_redo(
    visit: Appointment | None,
    now: datetime,
    user: User | None,
    *,
    complaint: Complaint | None = None,
    services: Sequence[Service] = (),
) -> Redo:
    said = visit or complaint
    if said is None:
        raise NothingToRedo
    return Redo.objects.create(
        branch=said.branch,
        client=said.client,
        went_wrong=visit,
        master=visit.master if visit else None,
        figure=figure_of(visit, services) if visit else ZERO,
        complaint=complaint,
        agreed_at=now,
        agreed_on=branch_day(said.branch, now),
        user=user,
    )


def figure_of(visit: Appointment, services: Sequence[Service] = ()) -> Decimal:
    """What these services (none: all) of a visit brought its master: of its receipt, at the full price."""
    # an old system knows the day of a receipt and not its visit
    hers = Q(sale__appointment=visit) | Q(sale__appointment=None, sale__client=visit.client_id, sale__on=visit.on)
    lines = SaleLine.objects.filter(hers, sale__refund_of=None, service__isnull=False, master=visit.master)
    if services:
        lines = lines.filter(service__in=services)
    return lines.aggregate(figure=Sum("full_amount"))["figure"] or ZERO
