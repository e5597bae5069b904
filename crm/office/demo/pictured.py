"""Photographs of the work in the demo, drawn here: kept, shown to others, refused; and a result card to take home."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from io import BytesIO
from random import Random

from PIL import Image, ImageDraw

from crm.booking.models import Appointment
from crm.care.models import PhotographConsent, WorkPhotograph
from crm.care.selectors import last_formula
from crm.care.services import answer_about_photographs, keep_photographs, write_result
from crm.office.demo import MARK, SEED
from crm.office.demo.tongues import tell
from crm.team.models import Branch, User
from crm.team.selectors import branch_day

Moment, Purpose = WorkPhotograph.Moment, PhotographConsent.Purpose
MANY = 6
SIZE = (960, 720)
QUESTIONS = {
    Purpose.KEPT: (
        "May we photograph our work and keep the photographs for the next visits?",
        "Можно сфотографировать нашу работу и хранить снимки для следующих визитов?",
        "Možemo li fotografisati naš rad i čuvati slike za sljedeće posjete?",
        "هل يمكننا تصوير عملنا وحفظ الصور للزيارات القادمة؟",
    ),
    Purpose.SHOWN: (
        "May we show these photographs to others, without a name?",
        "Можно показывать эти снимки другим, без имени?",
        "Možemo li ove slike pokazivati drugima, bez imena?",
        "هل يمكننا عرض هذه الصور على الآخرين دون ذكر اسم؟",
    ),
}
ADVICE = (
    "Brush them in the morning, and sleep on your back tonight.",
    "Расчёсывайте их утром, а сегодня спите на спине.",
    "Četkajte ih ujutro, a večeras spavajte na leđima.",
    "مشّطيها صباحًا، ونامي الليلة على ظهرك.",
)
SKINS = ("#e7c6b4", "#d9b193", "#f0d5c4", "#c79a78")


def picture_some(branch: Branch, *, desk: User, now: datetime, language: str) -> None:
    """Of the last lash visits of those who come today, then of others; the last of them wants none."""
    visits = _visits(branch, now)
    for number, visit in enumerate(visits[:MANY]):
        began = visit.starts_at or now
        master = visit.master.user or desk
        for purpose, is_given in ((Purpose.KEPT, True), (Purpose.SHOWN, number % 3 != 1)):
            answer_about_photographs(
                client=visit.client, purpose=purpose, is_given=is_given, where=PhotographConsent.Where.DESK, now=began,
                user=master, text_shown=tell(QUESTIONS[purpose], language),
            )  # fmt: skip
        for moment, later in ((Moment.BEFORE, 0), (Moment.AFTER, visit.minutes)):
            keep_photographs(
                client=visit.client, branch=branch, pictures=[drawn(number, is_done=moment == Moment.AFTER)],
                moment=moment, now=began + timedelta(minutes=later), user=master, appointment=visit, master=visit.master,
            )  # fmt: skip
        if number == 0:
            write_result(
                client=visit.client, branch=branch, visit_on=visit.on, formula=last_formula(visit.client),
                advice=tell(ADVICE, language), now=began + timedelta(minutes=visit.minutes), user=master,
            )  # fmt: skip
    for visit in visits[MANY : MANY + 1]:
        answer_about_photographs(
            client=visit.client, purpose=Purpose.KEPT, is_given=False, where=PhotographConsent.Where.DESK,
            now=visit.starts_at or now, user=desk, text_shown=tell(QUESTIONS[Purpose.KEPT], language),
        )  # fmt: skip


def _visits(branch: Branch, now: datetime) -> Sequence[Appointment]:
    """The last done lash visit of each client, those who have a time today first."""
    today = branch_day(branch, now)
    expected = set(
        Appointment.objects.filter(branch=branch, on=today, status__in=Appointment.OPEN).values_list(
            "client", flat=True
        )
    )
    done = (
        Appointment.objects.filter(
            branch=branch,
            status=Appointment.Status.DONE,
            code__startswith=MARK,
            lines__service__code__startswith="L",
            lines__service__is_one_off=False,
            on__gte=today - timedelta(days=60),
        )
        .select_related("client", "master__user")
        .order_by("-starts_at", "pk")
    )
    last = {visit.client_id: visit for visit in reversed(done)}
    return sorted(last.values(), key=lambda visit: (visit.client_id not in expected, -visit.starts_at.timestamp()))


def drawn(number: int, *, is_done: bool) -> bytes:
    """A closed eye with its lashes, sparse before and full after: nobody's photograph."""
    rng = Random(f"{SEED} eye {number}")
    picture = Image.new("RGB", SIZE, SKINS[number % len(SKINS)])
    pen = ImageDraw.Draw(picture)
    pen.ellipse((150, 150, 810, 570), fill="#f3dccd")
    pen.arc((200, 120, 760, 520), 20, 160, fill="#5a3a30", width=8)
    pen.arc((120, 20, 840, 420), 205, 335, fill="#6b4a3c", width=22)
    lashes = 46 if is_done else 20
    longest = rng.randint(110, 150) if is_done else rng.randint(55, 70)
    for step in range(lashes):
        # -1 at one corner of the eye, 1 at the other
        place = step / (lashes - 1) * 2 - 1
        x, y = 480 + place * 245, 515 - 95 * place**2
        length = longest * (0.75 + 0.25 * (1 + place) / 2) * rng.uniform(0.9, 1.0)
        pen.line((x, y, x + place * length * 0.55, y + length), fill="#2b1a16", width=6 if is_done else 4)
    file = BytesIO()
    picture.save(file, "JPEG", quality=80)
    return file.getvalue()
