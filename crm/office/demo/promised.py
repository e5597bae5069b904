"""Promises of the demo: from a master to the reception and back, accepted, and kept."""

from datetime import datetime, timedelta

from crm.booking.models import Appointment
from crm.care.models import Promise
from crm.care.services import accept_promise, give_promise, keep_promise
from crm.office.demo.tongues import tell
from crm.team.models import Branch, User

Status = Appointment.Status
LAMP = (
    "Find out whether the lamp suits sensitive eyes",
    "Узнать, подходит ли лампа для чувствительных глаз",
    "Saznati odgovara li lampa osjetljivim očima",
    "معرفة ما إذا كان المصباح يناسب العيون الحساسة",
)
OIL = (
    "Ask the supplier for the oil without scent",
    "Спросить у поставщика масло без запаха",
    "Pitati dobavljača za ulje bez mirisa",
    "سؤال المورّد عن الزيت بدون عطر",
)
PHOTO = (
    "Find the photograph of last spring's colour",
    "Найти фотографию прошлогоднего весеннего цвета",
    "Pronaći fotografiju prošlogodišnje proljetne boje",
    "إيجاد صورة لون الربيع الماضي",
)
FOUND = (
    "Two vendors have it, told her on the phone",
    "Есть у двух поставщиков, рассказали по телефону",
    "Imaju ga dva dobavljača, rečeno joj telefonom",
    "متوفر لدى مورّدَين، وأُبلغت هاتفيًا",
)


# in which order: words, whether a master gave it to the reception or the other way round, days ago
GIVEN = ((LAMP, True, 12), (PHOTO, False, 5), (OIL, True, 9), (OIL, True, 20))


def promise_some(branch: Branch, *, desk: User, now: datetime, language: str) -> None:
    """To clients of the next visits: two that ask to be accepted, one accepted, one kept."""
    ahead = (
        Appointment.objects.filter(branch=branch, status__in=[Status.BOOKED, Status.CONFIRMED], starts_at__gt=now)
        .exclude(master__user=None)
        .select_related("client", "master__user")
        .order_by("-starts_at", "-pk")
    )
    # the next visit of each client, the soonest first
    next_visits = list({each.client_id: each for each in ahead}.values())[::-1]
    made: list[Promise] = []
    for visit, (words, by_master, days) in zip(next_visits, GIVEN, strict=False):
        master = visit.master.user
        giver, holder = (master, desk) if by_master else (desk, master)
        made.append(
            give_promise(
                client=visit.client,
                branch=branch,
                text=tell(words, language),
                holder=holder,
                user=giver,
                now=now - timedelta(days=days),
            )
        )
    for promise in made[2:]:
        accept_promise(promise=promise, user=desk, now=promise.given_at + timedelta(hours=2))
    for promise in made[3:]:
        keep_promise(promise=promise, user=desk, text=tell(FOUND, language), now=promise.given_at + timedelta(days=3))
