"""What clients of the demo have written to the salon lately, in their own languages; and a stranger."""

from datetime import datetime, timedelta

from crm.booking.models import Appointment
from crm.people.models import Client
from crm.team.models import Branch, User
from reminders.inbox.models import Conversation
from reminders.inbox.services import answer, receive
from reminders.messages.models import Message

STRANGER = "+38761100998"
MOVE = {
    "en": "Hello! Something came up at work. Can we do Thursday instead?",
    "ru": "Здравствуйте! На работе завал. Можно перенести на четверг?",
    "bs": "Dobar dan! Nešto mi je iskrslo na poslu. Može li u četvrtak?",
    "ar": "مرحبًا! طرأ أمر في العمل. هل يمكن تغيير الموعد إلى الخميس؟",
}
CANCEL = {
    "en": "I am so sorry, my little one is ill and I can't make it.",
    "ru": "Простите, малыш заболел, не смогу прийти.",
    "bs": "Žao mi je, mališan se razbolio i ne mogu doći.",
    "ar": "أعتذر كثيرًا، طفلي مريض ولن أستطيع الحضور.",
}
THANKS = {
    "en": "Thank you, I am so happy with it! One question: may I go swimming already?",
    "ru": "Спасибо, я в восторге! Один вопрос: в бассейн уже можно?",
    "bs": "Hvala, presretna sam! Samo jedno pitanje: smijem li već na plivanje?",
    "ar": "شكرًا، أنا سعيدة جدًا! سؤال واحد: هل أستطيع السباحة الآن؟",
}
SWIM = {
    "en": "From tomorrow on, with pleasure. Rinse with clear water afterwards, and all is well.",
    "ru": "С завтрашнего дня пожалуйста. Потом промыть чистой водой, и всё будет хорошо.",
    "bs": "Od sutra slobodno. Poslije isprati čistom vodom i sve je u redu.",
    "ar": "ابتداءً من الغد بكل سرور. الشطف بالماء النقي بعدها يكفي.",
}
ASKS = {
    "en": "Hi! A friend told me about you. Do you have a free time on Saturday?",
    "ru": "Здравствуйте! Мне вас посоветовала подруга. Есть время в субботу?",
    "bs": "Zdravo! Prijateljica mi vas je preporučila. Imate li slobodno u subotu?",
    "ar": "مرحبًا! نصحتني بكم صديقة. هل لديكم وقت يوم السبت؟",
}


def write_back(branch: Branch, *, desk: User, now: datetime, language: str) -> None:
    """One would move, one would cancel, one has thanked and was answered, and somebody asks whom nobody knows."""
    ahead = (
        Appointment.objects.filter(
            branch=branch, status=Appointment.Status.BOOKED, starts_at__gt=now + timedelta(days=2)
        )
        .exclude(client__phone="")
        .select_related("client")
        .order_by("starts_at", "pk")
    )
    # one of each language that there is, so that the inbox shows more than one
    by_language = {each.client.language or language: each.client for each in reversed(ahead[:40])}
    movers = sorted(by_language.values(), key=lambda client: client.pk)[:2]
    for client, words, minutes in zip(movers, (MOVE, CANCEL), (95, 20), strict=False):
        _writes(client.phone, words[client.language or language], now - timedelta(minutes=minutes), "sms")
    glad = _lately_written_to(branch, but_for=movers)
    if glad is not None:
        spoken = glad.language or language
        _writes(glad.email, THANKS[spoken], now - timedelta(hours=5), "email")
        message = answer(
            conversation=Conversation.objects.get(client=glad),
            text=SWIM[spoken],
            key="demo",
            now=now - timedelta(hours=4),
            user=desk,
        )
        if message is not None:
            _is_there(message, at=now - timedelta(hours=4))
    _writes(STRANGER, ASKS[language], now - timedelta(minutes=50), "sms")


def _lately_written_to(branch: Branch, *, but_for: list[Client]) -> Client | None:
    lately = Message.objects.filter(branch=branch, channel="email", sent_at__isnull=False).exclude(client__in=but_for)
    last = lately.order_by("-sent_at", "-pk").select_related("client").first()
    return last.client if last is not None else None


def _writes(sender: str, words: str, at: datetime, channel: str) -> None:
    receive(channel=channel, sender=sender, text=words, provider="demo", provider_id=f"{sender} {at}", at=at, now=at)


def _is_there(message: Message, *, at: datetime) -> None:
    """It was sent hours ago: opening the demo sends nothing old."""
    Message.objects.filter(pk=message.pk).update(
        state=Message.State.DELIVERED, sent_at=at, sent_on=at.date(), address=message.client.email, provider="demo"
    )
