"""What clients told by the page for complaints, with a photograph drawn here: one just come, one to be chosen, one solved."""

from datetime import datetime, timedelta
from io import BytesIO

from PIL import Image, ImageDraw

from crm.booking.models import Visit
from crm.care.models import ComplaintReport, ReviewPlace
from crm.care.services import Told, report_complaint, resolve_complaint, write_to_her
from crm.office.demo.tongues import tell
from crm.people.models import Client
from crm.team.models import Branch, User
from loyalty.amends.services import Solution, choose_solution, offer_solutions

About = ComplaintReport.About
UNEVEN = (
    "Two days later half of the left side is gone. I took a picture.",
    "Через два дня с левой стороны нет половины. Вот снимок.",
    "Dva dana kasnije nema pola lijeve strane. Slikala sam.",
    "بعد يومين ذهب نصف الجهة اليسرى. هذه صورة.",
)
WAITED = (
    "I waited for twenty minutes and nobody said a word.",
    "Я прождала двадцать минут, и никто ничего не сказал.",
    "Čekala sam dvadeset minuta i niko mi ništa nije rekao.",
    "انتظرت عشرين دقيقة ولم يقل أحد كلمة.",
)
SORRY = (
    "You are right, that must not happen, and we are sorry. Please choose how we may put it right.",
    "Вы правы, так быть не должно, и нам очень жаль. Выберите, пожалуйста, как нам это исправить.",
    "U pravu ste, to se ne smije desiti i žao nam je. Izaberite kako da to ispravimo.",
    "معكم حق، هذا لا ينبغي أن يحدث، ونحن آسفون. نرجو اختيار كيف نصلح ذلك.",
)
MENDED = (
    "She has chosen points, and is content.",
    "Выбрала баллы, довольна.",
    "Izabrala je bodove i zadovoljna je.",
    "اختارت النقاط وهي راضية.",
)
PLACES = (("Maps", "https://maps.example.test/salon"), ("Friends of beauty", "https://reviews.example.test/salon"))


def tell_by_page(branch: Branch, *, owner: User, desk: User, now: datetime, language: str) -> None:
    """By people who have been here; their phones and addresses are as made up as they are."""
    ReviewPlace.objects.bulk_create(
        [ReviewPlace(branch=branch, name=name, url=url, position=place) for place, (name, url) in enumerate(PLACES)]
    )
    been = Visit.objects.filter(branch=branch).order_by("-on", "-pk").values_list("client_id", flat=True)
    calm = Client.objects.filter(pk__in=list(been[:120]), status=Client.Status.ACTIVE, complaints__isnull=True)
    one, other = list(calm.exclude(email="").exclude(phone="").order_by("code")[:2])
    stranger = Told(About.RESULT, language, words=tell(UNEVEN, language), picture=drawn(), email="unknown@example.test")
    report_complaint(told=stranger, branch=branch, key="demo told 1", now=now - timedelta(minutes=40))
    for client, days, is_over in ((one, 1, False), (other, 6, True)):
        at = now - timedelta(days=days)
        told = Told(About.WAITED, language, words=tell(WAITED, language))
        report = report_complaint(told=told, branch=branch, key=f"demo told {client.pk}", now=at, client=client)
        complaint, at = report.complaint, at + timedelta(minutes=50)
        write_to_her(complaint=complaint, text=tell(SORRY, language), now=at, user=desk)
        offered = offer_solutions(
            complaint=complaint,
            solutions=[
                Solution("points", f"demo points {complaint.pk}", points=30),
                Solution("discount", f"demo discount {complaint.pk}", percent=15),
            ],
            user=owner,
            now=at,
        )
        if is_over:
            choose_solution(option=offered[0], now=at + timedelta(hours=2))
            resolve_complaint(
                complaint=complaint,
                outcome="solved",
                resolution=tell(MENDED, language),
                now=at + timedelta(hours=20),
                user=desk,
            )


def drawn() -> bytes:
    """A closed eye with its lashes, of which some are missing: nobody's photograph."""
    picture = Image.new("RGB", (960, 720), "#e7c6b4")
    pen = ImageDraw.Draw(picture)
    pen.ellipse((160, 160, 800, 560), fill="#f3dccd")
    pen.arc((200, 120, 760, 520), 20, 160, fill="#5a3a30", width=10)
    for step in range(25):
        if step in (5, 6, 8, 9, 12):
            continue
        x = 240 + step * 20
        y = 430 + int(90 * (1 - ((step - 12) / 12) ** 2))
        pen.line((x, y, x + (step - 12) * 5, y + 90), fill="#2b1a16", width=6)
    file = BytesIO()
    picture.save(file, "JPEG", quality=80)
    return file.getvalue()
