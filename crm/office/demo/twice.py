"""One client of the demo who is in the book twice: somebody was in a hurry, and wrote her down anew (P1)."""

from datetime import date, datetime, timedelta

from crm.office.demo import MARK
from crm.office.demo.tongues import tell
from crm.people.models import Client
from crm.people.services import add_note, create_client
from crm.team.models import Branch, User
from loyalty.points.models import LedgerEntry
from loyalty.points.services import grant_points

# no number of the made-up people: who comes next takes none of it
CODE = "twice-1"
ASKED = (
    "Rang while we were full and asked for a Saturday; written down in a hurry",
    "Звонила, когда всё было занято, просила субботу; записали второпях",
    "Zvala kad je bilo puno, pitala za subotu; zapisano u žurbi",
    "اتصلت ونحن مشغولون وسألت عن يوم سبت؛ كُتبت على عجل",
)
POINTS = 25


def write_down_twice(branch: Branch, *, desk: User, today: date, now: datetime, language: str) -> None:
    """The same telephone, a name with a slip, a birthday that the other card does not know, and points of her own."""
    client = (
        Client.objects.filter(branch=branch, code__startswith=MARK, birth_month__isnull=True)
        .filter(status=Client.Status.ACTIVE, pulse__visit_days__gte=6, pulse__open_until__isnull=True)
        .order_by("code")
        .first()
    )
    if client is None:
        return
    at = now - timedelta(days=9)
    again = create_client(
        branch=branch, name=_with_a_slip(client.name), phone=client.phone, now=at, code=CODE, language=client.language,
        since=today - timedelta(days=9), birth_month=9, birth_day=14, gender=client.gender,
    )  # fmt: skip
    add_note(client=again, text=tell(ASKED, language), now=at, branch=branch, author=desk)
    grant_points(
        client=again, points=POINTS, kind=LedgerEntry.Kind.GESTURE, source="demo", key=f"demo {CODE}", now=at, user=desk
    )


def _with_a_slip(name: str) -> str:
    """The last letter but one left out, as hurried fingers do."""
    return name[:-2] + name[-1]
