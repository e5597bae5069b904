"""What mystery visitors of the demo felt, from the advertisement to the care at home (practices.md, P42)."""

from datetime import date, datetime, timedelta

from crm.care.models import Feedback, FeltAt, Touchpoint, TouchpointAudit
from crm.care.services import take_ready_touchpoints
from crm.office.demo.tongues import tell
from crm.team.models import User

VISITOR = "Mysteria Example"
RANG = ("It rang nine times before somebody answered", "Гудков девять, пока ответили", "Zvonilo je devet puta dok se neko nije javio", "رنّ الهاتف تسع مرات قبل أن يجيب أحد")  # fmt: skip
NAMED = (
    "They knew my name at the door",
    "У двери уже знали моё имя",
    "Na vratima su znali moje ime",
    "عرفوا اسمي عند الباب",
)
# of the ready-made list in its order: the feeling wanted, clients a month, and scores of audits with a word or none
FELT = (
    (8, 900, ((7, None), (6, None))),
    (9, 400, ((8, None),)),
    (9, 120, ((4, RANG), (6, None))),
    (9, 150, ((9, None), (9, None))),
    (8, 260, ()),
    (10, 260, ((9, NAMED), (10, None))),
    (8, 110, ((5, None),)),
    (10, 260, ((9, None), (10, None))),
)
BETWEEN = 35
# where in the list the last answers with words were put, the newest first; the one before them waits to be looked at
PUT_AT = (5, 7, 7, 4)


def feel_points(*, owner: User, today: date, now: datetime, language: str) -> None:
    """Eight of the list are looked after, one of them unseen so far; the rest waits for a quieter month."""
    take_ready_touchpoints()
    points = list(Touchpoint.objects.order_by("position"))
    for point, (wanted, passing, _scores) in zip(points, FELT, strict=False):
        point.wanted, point.passing = wanted, passing
    for point in points[len(FELT) :]:
        point.is_active = False
    Touchpoint.objects.bulk_update(points, ["wanted", "passing", "is_active"])
    TouchpointAudit.objects.bulk_create(
        TouchpointAudit(
            touchpoint=point, on=today - timedelta(days=12 + BETWEEN * back), score=score, visitor=VISITOR,
            words=tell(words, language) if words else "", added_at=now - timedelta(days=11 + BETWEEN * back), user=owner,
        )
        for point, (_wanted, _passing, scores) in zip(points, FELT, strict=False)
        for back, (score, words) in enumerate(scores)
    )  # fmt: skip
    answers = (
        Feedback.objects.exclude(pleased="", displeased="").filter(visit_on__lt=today).order_by("-answered_at", "-pk")
    )
    FeltAt.objects.bulk_create(
        FeltAt(feedback=said, touchpoint=points[place], at=now - timedelta(hours=2), user=owner)
        for said, place in zip(answers[2:], PUT_AT, strict=False)
    )
