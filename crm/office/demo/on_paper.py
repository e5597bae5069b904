"""What waits to be printed in the demo: letters to who likes them on paper, and thank-you cards (P15)."""

from datetime import datetime, timedelta

from django.conf import settings

from crm.booking.models import Pulse
from crm.office.demo.tongues import tell
from crm.people.models import Client, Tag
from crm.team.models import Branch, User
from crm.team.selectors import branch_day
from reminders.consent.models import Channel, Purpose
from reminders.letters.services import PROVIDER, lay_letter, write_card
from reminders.messages.models import Kind, Message
from reminders.messages.rendering import words_of_card, words_on_paper

LETTERS, CARDS = 2, 2
STREETS = ("Izmišljena 3", "Primjerna 14", "Probna 8", "Nacrtna 21")
TAGS = (
    (("Bride", "Невеста", "Mlada", "عروس"), 40),
    (("Likes it natural", "Любит естественно", "Voli prirodno", "تحب المظهر الطبيعي"), 9),
    (("From the neighbourhood", "Живёт рядом", "Iz komšiluka", "من الحي"), 6),
)


def lay_on_paper(branch: Branch, *, desk: User, now: datetime) -> None:
    """Two who want letters have come ten times; to two others the reception has written a card."""
    regulars = Pulse.objects.filter(client__branch=branch, client__status=Client.Status.ACTIVE, visit_days__gte=10)
    found = Client.objects.filter(pk__in=regulars.values("client")).select_related("branch")
    people = list(found.order_by("-pk")[: LETTERS + CARDS])
    for number, client in enumerate(people):
        client.postal_address = f"{STREETS[number]}\n71000 Demograd"
        if number < LETTERS:
            client.preferred_channel = Client.Channel.LETTER
        client.save(update_fields=["postal_address", "preferred_channel"])
    for client in people[:LETTERS]:
        message = _thanks(client, branch, now)
        lay_letter(message=message, text=words_on_paper(message, now=now), now=now)
    for client in people[LETTERS:]:
        write_card(client=client, branch=branch, text=words_of_card(client), now=now, user=desk)


def _thanks(client: Client, branch: Branch, now: datetime) -> Message:
    today = branch_day(branch, now)
    return Message.objects.create(
        client=client,
        branch=branch,
        kind=Kind.THANKS,
        purpose=Purpose.CARE,
        occasion=str(today - timedelta(days=1)),
        reason="tenth_visit",
        state=Message.State.SENT,
        send_at=now,
        not_after=now + timedelta(days=7),
        planned_at=now,
        channel=Channel.LETTER,
        language=client.language or settings.DEFAULT_LANGUAGE,
        sent_at=now,
        sent_on=today,
        provider=PROVIDER,
    )


def put_tags(branch: Branch, *, language: str) -> None:
    """The salon's own words for some of its clients."""
    clients = list(Client.objects.filter(branch=branch).order_by("pk").values_list("pk", flat=True))
    for words, one_of in TAGS:
        tag = Tag.objects.create(name=tell(words, language))
        tag.clients.add(*clients[::one_of])
