"""Complaints of the demo at the desk: at the third step, overdue, waiting for a second person, solved by doing it again."""

from datetime import datetime, timedelta

from crm.booking.models import Appointment, AppointmentEvent
from crm.booking.services import BookingRefused, free_slots, services_of
from crm.care.models import Complaint, ComplaintCause, Redo
from crm.care.services import (
    book_redo,
    chase_complaints,
    open_complaint,
    resolve_complaint,
    save_step,
    take_ready_causes,
)
from crm.office.demo.tongues import tell
from crm.team.models import Branch, User
from crm.team.selectors import branch_day
from loyalty.amends.services import Solution, choose_solution, offer_solutions

CORNERS = (
    "The outer corners fell out on the second day.",
    "Внешние уголки осыпались на второй день.",
    "Vanjski uglovi su otpali drugi dan.",
    "تساقطت الأطراف الخارجية في اليوم الثاني.",
)
COLOUR = (
    "The colour is much darker than we agreed.",
    "Цвет гораздо темнее, чем договаривались.",
    "Boja je mnogo tamnija nego što smo se dogovorile.",
    "اللون أغمق بكثير مما اتفقنا عليه.",
)
LONGER = (
    "It took an hour longer than told, and I missed my bus.",
    "Всё заняло на час дольше, и я опоздала на автобус.",
    "Trajalo je sat duže i zakasnila sam na autobus.",
    "استغرق ساعة أطول مما قيل وفاتتني الحافلة.",
)
SHAPE = (
    "The shape is not what I showed in the picture.",
    "Форма не та, что на моей картинке.",
    "Oblik nije kao na slici koju sam pokazala.",
    "الشكل ليس كما في الصورة.",
)
SINCE = (
    "Since Monday, after the sauna.",
    "С понедельника, после сауны.",
    "Od ponedjeljka, poslije saune.",
    "منذ الاثنين بعد الساونا.",
)
TAXI = ("A taxi home and flowers", "Такси домой и цветы", "Taksi do kuće i cvijeće", "سيارة أجرة إلى البيت وزهور")
AGAIN = (
    "Done again by the same master, she is content.",
    "Переделали, довольна.",
    "Ponovo urađeno, zadovoljna je.",
    "أعيد العمل وهي راضية.",
)
LONG_AGO = timedelta(days=25)


def hear_some(branch: Branch, *, desk: User, now: datetime, language: str) -> None:
    """About visits of the last days, by the salon's own verbs; each by another client without a complaint."""
    causes = take_ready_causes(language=language) or list(ComplaintCause.objects.order_by("position"))
    lately = _visits(branch, branch_day(branch, now) - timedelta(days=6))
    begun, waits, late = lately[:3] if len(lately) >= 3 else (None, None, None)
    if begun is not None:
        complaint = _open(begun, CORNERS, now - timedelta(minutes=25), language)
        for step, words in ((1, ""), (2, tell(SINCE, language))):
            save_step(
                complaint=complaint, step=step, text=words, is_done=True, version=0,
                now=now - timedelta(minutes=20 - step), user=begun.master.user,
            )  # fmt: skip
    if waits is not None:
        complaint = _open(waits, LONGER, now - timedelta(hours=3), language)
        offer_solutions(
            complaint=complaint,
            solutions=[
                Solution("other", f"demo taxi {complaint.pk}", text=tell(TAXI, language), cost=45),
                Solution("discount", f"demo off {complaint.pk}", percent=10),
            ],
            user=waits.master.user,
            now=now - timedelta(hours=2),
        )
    if late is not None:
        _open(late, COLOUR, now - timedelta(days=4), language)
    _solve_one(branch, desk, causes, now, language)
    chase_complaints(now=now)


def _visits(branch: Branch, since: object, until: object = None) -> list[Appointment]:
    """Done ones, the latest first, of masters who log in and clients who have not complained."""
    found = Appointment.objects.filter(
        branch=branch, status=Appointment.Status.DONE, on__gte=since, master__user__isnull=False, redo_of=None
    ).exclude(client__in=Complaint.objects.values("client"))
    if until is not None:
        found = found.filter(on__lt=until)
    found = found.select_related("client", "branch", "master__user").order_by("-on", "-starts_at", "-pk")
    return list({visit.client_id: visit for visit in found}.values())


def _open(visit: Appointment, words: tuple[str, ...], at: datetime, language: str) -> Complaint:
    return open_complaint(
        client=visit.client,
        branch=visit.branch,
        text=tell(words, language),
        now=at,
        user=visit.master.user,
        appointment=visit,
    )


def _solve_one(branch: Branch, desk: User, causes: list[ComplaintCause], now: datetime, language: str) -> None:
    """Done again, free, in the days to come; one who has been here since she complained."""
    today = branch_day(branch, now)
    for visit in _visits(branch, today - 2 * LONG_AGO, today - LONG_AGO):
        if not visit.client.appointments.filter(status="done", on__gt=visit.on + timedelta(days=2)).exists():
            continue
        at = visit.finished_at or visit.ends_at or now
        complaint = _open(visit, SHAPE, at + timedelta(days=1), language)
        offered = offer_solutions(
            complaint=complaint,
            solutions=[
                Solution("redo", f"demo redo {complaint.pk}", services=services_of(visit)),
                Solution("discount", f"demo less {complaint.pk}", percent=20),
            ],
            user=desk,
            now=at + timedelta(days=1, minutes=10),
        )
        choose_solution(option=offered[0], user=desk, now=at + timedelta(days=1, minutes=12))
        _book(Redo.objects.get(complaint=complaint), visit, desk, now)
        resolve_complaint(
            complaint=complaint,
            outcome=Complaint.Outcome.SOLVED,
            resolution=tell(AGAIN, language),
            cause=causes[0] if causes else None,
            now=at + timedelta(days=1, hours=3),
            user=desk,
        )
        return


def _book(redo: Redo, visit: Appointment, desk: User, now: datetime) -> None:
    """The first free time of her master in the week to come."""
    services = services_of(visit)
    day = branch_day(visit.branch, now) + timedelta(days=2)
    slots = free_slots(branch=visit.branch, services=services, from_day=day, days=7, now=now, master=visit.master)
    for slot in slots[:5]:
        try:
            book_redo(
                redo=redo,
                services=services,
                master=visit.master,
                starts_at=slot.starts_at,
                now=now,
                by=Appointment.By.CLIENT,
                via=AppointmentEvent.Via.DESK,
                user=desk,
            )
        except BookingRefused:
            continue
        return
