"""The standard of the demo: written, published twice, ticked on its visits; the handbook, small helps, the team's months."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from random import Random

from crm.booking.models import Appointment
from crm.care.models import (
    HandbookEntry,
    HandbookUse,
    HelpGiven,
    HelpKind,
    LessonRead,
    StandardStep,
    StandardVersion,
    TeamScore,
    VisitStep,
)
from crm.care.ready import EVERY_VISIT
from crm.care.services import publish_standard, take_ready_handbook, take_ready_helps, take_ready_standard
from crm.office.demo import SEED
from crm.office.demo.tongues import tell
from crm.team.models import Branch, Master, User

Status, State, Reason = Appointment.Status, VisitStep.State, VisitStep.Reason
# which service of the demo has which ready-made set
TRADES = (("LR", "lashes"), ("LV", "lashes"), ("HC", "hair"), ("NG", "nails"), ("BS", "brows"))
TICKED_DAYS, FIRST, SECOND = 30, 120, 2
# of a hundred steps so many are done; the fifth ticks all of it at once
CARE = (96, 88, 93, 81, 99, 74)
AT_ONCE = 4
WHY = (
    "She came twenty minutes late",
    "Опоздала на двадцать минут",
    "Kasnila je dvadeset minuta",
    "تأخرت عشرين دقيقة",
)
SAID = (
    (7, ("More towels on Saturdays, please", "Больше полотенец по субботам", "Više peškira subotom", "مناشف أكثر يوم السبت")),
    (9, ("The new lamp is a joy", "Новая лампа радует", "Nova lampa je radost", "المصباح الجديد رائع")),
    (6, ("Two late evenings in a row are hard", "Два поздних вечера подряд тяжело", "Dvije kasne večeri zaredom su teške", "أمسيتان متأخرتان متتاليتان مرهقتان")),
)  # fmt: skip
MONTHS = 5
RED = ("the red one", "красный", "crveni", "الأحمر")


def keep_standard(
    branch: Branch, masters: Sequence[Master], *, owner: User, today: date, now: datetime, language: str
) -> None:
    """All of it, as an owner would have done it over four months."""
    _publish(branch, owner=owner, now=now)
    rng = Random(f"{SEED} standard")
    tick_visits(branch, masters, since=today - timedelta(days=TICKED_DAYS), until=today, language=language)
    _tick_today(branch, today=today, now=now)
    _read_lessons(branch, masters, now=now)
    _months(branch, masters, rng, today=today, now=now, language=language)
    _try_handbook(branch, masters, rng, now=now)
    _help_out(branch, masters, rng, today=today, now=now, language=language)


def _publish(branch: Branch, *, owner: User, now: datetime) -> None:
    """One for every visit, some for trades; of the first a second version, two days old."""
    services = {service.code: service for service in branch.services.all()}
    everybody = take_ready_standard(name=EVERY_VISIT, branch=branch, service=None)
    trades = [
        take_ready_standard(name=name, branch=branch, service=services[code])
        for code, name in TRADES
        if code in services
    ]
    for standard in (everybody, *trades):
        publish_standard(standard=standard, now=now - timedelta(days=FIRST), user=owner)
    # the last one is asked of everybody since
    last = StandardStep.objects.filter(standard=everybody, version=None).order_by("-position").first()
    StandardStep.objects.filter(pk=last.pk if last else None).update(is_required=True)
    publish_standard(standard=everybody, now=now - timedelta(days=SECOND), user=owner)


def tick_visits(branch: Branch, masters: Sequence[Master], *, since: date, until: date, language: str) -> None:
    """Visits done from `since` up to, not including, `until` run on what held then, ticked as each master does."""
    steps = list(
        StandardStep.objects.filter(version__isnull=False, standard__branch=branch)
        .select_related("version", "standard")
        .order_by("position")
    )
    done = (
        Appointment.objects.filter(
            branch=branch, status=Status.DONE, on__gte=since, on__lt=until, finished_at__isnull=False, steps=None
        )
        .prefetch_related("lines")
        .order_by("pk")
    )
    places = {master.pk: place for place, master in enumerate(masters)}
    rows = []
    for visit in done:
        rng = Random(f"{SEED} {visit.code}")
        place = places.get(visit.master_id, 0) % len(CARE)
        due = _due(steps, visit, {line.service_id for line in visit.lines.all()})
        minutes = max(1, visit.minutes // (len(due) + 1))
        began = visit.finished_at - timedelta(minutes=visit.minutes)
        for number, step in enumerate(due):
            at = visit.finished_at if place == AT_ONCE else began + timedelta(minutes=minutes * number)
            rows.append(_ticked(visit, step, at, rng, CARE[place], masters[place].user, tell(WHY, language)))
    VisitStep.objects.bulk_create(rows, batch_size=1_000)


def _due(steps: Sequence[StandardStep], visit: Appointment, services: set[int]) -> list[StandardStep]:
    """The steps of the newest versions published when the visit was done."""
    newest: dict[int, int] = {}
    for step in steps:
        if step.version.published_at <= visit.finished_at:
            newest[step.standard_id] = max(newest.get(step.standard_id, 0), step.version.number)
    return [
        step
        for step in steps
        if step.standard.service_id in {None, *services} and newest.get(step.standard_id) == step.version.number
    ]


def _ticked(
    visit: Appointment, step: StandardStep, at: datetime, rng: Random, care: int, user: User | None, why: str
) -> VisitStep:
    drawn = rng.randint(1, 100)
    if drawn <= care:
        return VisitStep(appointment=visit, step=step, state=State.DONE, at=at, user=user)
    if not step.is_required or drawn % 3 == 0:
        return VisitStep(appointment=visit, step=step)
    reason = Reason.DECLINED if drawn % 3 == 1 else Reason.IMPOSSIBLE
    return VisitStep(
        appointment=visit, step=step, state=State.SKIPPED, at=at, user=user, reason=reason,
        why=why if reason == Reason.IMPOSSIBLE else "",
    )  # fmt: skip


def _tick_today(branch: Branch, *, today: date, now: datetime) -> None:
    """Who is being served has the first half behind her."""
    running = (
        Appointment.objects.filter(branch=branch, on=today, status=Status.IN_PROGRESS)
        .select_related("master__user")
        .prefetch_related("lines")
    )
    steps = list(
        StandardStep.objects.filter(standard__branch=branch, version__isnull=False, standard__current__isnull=False)
        .select_related("version", "standard")
        .order_by("standard__service", "position")
    )
    for visit in running:
        visit.finished_at = now
        due = _due(steps, visit, {line.service_id for line in visit.lines.all()})
        VisitStep.objects.bulk_create(
            VisitStep(appointment=visit, step=step, state=State.DONE, at=now, user=visit.master.user)
            if number < 4
            else VisitStep(appointment=visit, step=step)
            for number, step in enumerate(due)
        )


def _read_lessons(branch: Branch, masters: Sequence[Master], *, now: datetime) -> None:
    """Everybody has read what is old; what is new, all but two."""
    read = []
    for version in StandardVersion.objects.filter(standard__branch=branch):
        is_new = version.published_at > now - timedelta(days=SECOND + 1)
        for place, master in enumerate(masters):
            if not is_new or place not in (0, 2):
                at = min(version.published_at + timedelta(hours=5 + place), now)
                read.append(LessonRead(version=version, user=master.user, at=at))
    LessonRead.objects.bulk_create(read)


def _months(
    branch: Branch, masters: Sequence[Master], rng: Random, *, today: date, now: datetime, language: str
) -> None:
    """Five months behind, and of this one those who have answered already; the first master is still asked."""
    first = today.replace(day=1)
    months = [first]
    while len(months) <= MONTHS:
        months.append((months[-1] - timedelta(days=1)).replace(day=1))
    scores = []
    for back, month in enumerate(months):
        for place, master in enumerate(masters):
            if back == 0 and place % 3 != 1:
                continue
            score, words = SAID[(back + place) % len(SAID)]
            says = place == back % len(masters)
            scores.append(
                TeamScore(
                    user=master.user, branch=branch, month=month, answered_at=now - timedelta(days=30 * back),
                    score=score if says else min(10, max(5, 9 - back // 2 + rng.choice((-1, 0, 0, 1)))),
                    words=tell(words, language) if says else "",
                )
            )  # fmt: skip
    TeamScore.objects.bulk_create(scores)


def _try_handbook(branch: Branch, masters: Sequence[Master], rng: Random, *, now: datetime) -> None:
    take_ready_handbook()
    HandbookUse.objects.bulk_create(
        HandbookUse(
            entry=entry, worked=rng.random() < 0.4 + 0.06 * place, user=rng.choice(masters).user,
            at=now - timedelta(days=rng.randint(1, 60)),
        )
        for place, entry in enumerate(HandbookEntry.objects.order_by("pk"))
        for _time in range(rng.randint(0, 6))
    )  # fmt: skip


def _help_out(
    branch: Branch, masters: Sequence[Master], rng: Random, *, today: date, now: datetime, language: str
) -> None:
    """Some of the last two months, one of them to a client of today, one to nobody who is known."""
    take_ready_helps()
    kinds = list(HelpKind.objects.order_by("position"))
    ahead = Appointment.objects.filter(branch=branch, on=today, status__in=Appointment.OPEN).order_by("starts_at")
    came = Appointment.objects.filter(branch=branch, status=Status.DONE, on__lt=today).order_by("-on", "pk")
    clients = [*ahead.values_list("client", flat=True)[:2], *came.values_list("client", flat=True)[:8], None]
    HelpGiven.objects.bulk_create(
        HelpGiven(
            branch=branch, kind=kinds[number % len(kinds)], client_id=client, user=rng.choice(masters).user,
            words=tell(RED, language) if number == 0 else "", at=now - timedelta(days=12 + 4 * number),
            on=today - timedelta(days=12 + 4 * number),
        )
        for number, client in enumerate(clients)
    )  # fmt: skip
