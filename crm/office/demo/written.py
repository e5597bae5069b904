"""What the demo's owner has written to many: news that went, an event to come with its answers, a greeting begun."""

from datetime import date, datetime, time, timedelta

from django.conf import settings

from crm.people.models import Client
from crm.team.models import Branch, User
from crm.team.selectors import zone
from reminders.campaigns.models import Addressed, Campaign, CampaignText, Event, Guest
from reminders.campaigns.selectors.audience import reachable
from reminders.consent.models import Purpose
from reminders.messages.models import Message

NEWS_AGO, INVITED_AGO, EVENT_AHEAD, MOST = 20, 9, timedelta(days=40), 24
# one offer a week
APART = timedelta(days=7)
SEATS = 12

NEWS = {
    "en": ("Something new: a brow set", "There is something new with us: a brow set that takes half an hour.", "Choose a time", "{hello} New with us: a brow set in half an hour. {link} {salon}"),
    "ru": ("Новинка: набор для бровей", "У нас новинка: уход за бровями за полчаса.", "Выбрать время", "{hello} У нас новинка: уход за бровями за полчаса. {link} {salon}"),
    "bs": ("Novo kod nas: obrve", "Imamo nešto novo: njega obrva za pola sata.", "Izbor termina", "{hello} Novo kod nas: njega obrva za pola sata. {link} {salon}"),
    "ar": ("جديد لدينا: عناية بالحواجب", "لدينا جديد: عناية بالحواجب في نصف ساعة.", "اختيار موعد", "{hello} جديد لدينا: عناية بالحواجب في نصف ساعة. {link} {salon}"),
}  # fmt: skip
EVENING = {
    "en": ("An evening of tea", "An evening for those we like to see: tea, a small lesson in lashes, and time to talk.\n\n{details}", "Answer with one tap", "{hello} An evening of tea: {day}, {hour}. Will you come? {link} {salon}"),
    "ru": ("Вечер за чаем", "Вечер для тех, кому мы рады: чай, маленький урок о ресницах и время поговорить.\n\n{details}", "Ответить одним касанием", "{hello} Вечер за чаем: {day}, {hour}. Ответить: {link} {salon}"),
    "bs": ("Veče uz čaj", "Veče za drage goste: čaj, mala lekcija o trepavicama i vrijeme za razgovor.\n\n{details}", "Odgovor jednim dodirom", "{hello} Veče uz čaj: {day}, {hour}. Odgovor: {link} {salon}"),
    "ar": ("أمسية شاي", "أمسية لمن يسعدنا لقاؤهم: شاي ودرس صغير عن الرموش ووقت للحديث.\n\n{details}", "الرد بلمسة واحدة", "{hello} أمسية شاي: {day}، {hour}. الرد: {link} {salon}"),
}  # fmt: skip
GREETING = {
    "en": ("A happy new year", "We wish you a year in which you like what you see in the mirror.", "", "{hello} A happy new year! {salon}"),
    "ru": ("С Новым годом", "Пусть в новом году отражение в зеркале радует каждый день.", "", "{hello} С Новым годом! {salon}"),
    "bs": ("Sretna Nova godina", "Neka u novoj godini svako ogledalo donese osmijeh.", "", "{hello} Sretna Nova godina! {salon}"),
    "ar": ("عام سعيد", "نتمنى عامًا تسعد فيه كل مرآة من ينظر إليها.", "", "{hello} عام سعيد! {salon}"),
}  # fmt: skip


def write_to_many(branch: Branch, *, owner: User, today: date, now: datetime) -> None:
    """News finished, an event with guests, a draft; nobody gets two offers in one week."""
    ends = now - timedelta(days=NEWS_AGO - 5)
    news = _campaign(
        Campaign.Kind.NEWS, NEWS, branch, owner, today - timedelta(days=NEWS_AGO), now,
        state=Campaign.State.FINISHED, ended_at=ends,
    )  # fmt: skip
    _send(news, branch)
    evening = _campaign(
        Campaign.Kind.EVENT, EVENING, branch, owner, today - timedelta(days=INVITED_AGO), now,
        state=Campaign.State.RELEASED,
    )  # fmt: skip
    starts_at = datetime.combine(today + EVENT_AHEAD, time(18), zone(branch))
    event = Event.objects.create(
        campaign=evening, starts_at=starts_at, ends_at=starts_at + timedelta(hours=2), seats=SEATS
    )
    _answer(event, _send(evening, branch), now)
    next_year = date(today.year + 1, 1, 1)
    _campaign(Campaign.Kind.HOLIDAY, GREETING, branch, owner, next_year, now, holiday="new_year")


def _campaign(
    kind: str,
    words: dict[str, tuple[str, str, str, str]],
    branch: Branch,
    owner: User,
    goes_on: date,
    now: datetime,
    **fields: object,
) -> Campaign:
    released = {} if "state" not in fields else {"released_at": now - timedelta(days=60), "released_by": owner}
    campaign = Campaign.objects.create(
        kind=kind,
        title=words.get(settings.DEFAULT_LANGUAGE, words["en"])[0],
        branch=branch,
        goes_on=goes_on,
        created_at=now - timedelta(days=60),
        created_by=owner,
        # the same in every demo, and each its own: by it a file knows it again
        seed=1 + Campaign.Kind.values.index(kind),
        **released,
        **fields,
    )
    for language, (subject, body, button, sms) in words.items():
        CampaignText.objects.create(
            campaign=campaign, language=language, subject=subject, body=body, button=button, sms=sms
        )
    return campaign


def _send(campaign: Campaign, branch: Branch) -> list[Client]:
    """To clients with consent who had no other offer within a week of it; they are those it was addressed to."""
    on = campaign.goes_on
    at = datetime.combine(on, campaign.hour, zone(branch))
    near = Message.objects.filter(purpose=Purpose.MARKETING, sent_on__gt=on - APART, sent_on__lt=on + APART)
    clients = list(
        reachable(Client.objects.filter(branch=branch, status=Client.Status.ACTIVE, time_zone=""), now=at)
        .exclude(email="")
        .exclude(pk__in=near.values("client"))
        .order_by("pk")[:MOST]
    )
    Addressed.objects.bulk_create(Addressed(campaign=campaign, client=client) for client in clients)
    Message.objects.bulk_create(
        Message(
            client=client,
            branch=branch,
            kind=campaign.kind,
            purpose=Purpose.MARKETING,
            occasion=campaign.key,
            reason=campaign.kind,
            state=Message.State.SENT,
            send_at=at,
            not_after=at + timedelta(days=3),
            planned_at=at,
            channel="email",
            address=client.email,
            language=client.language or settings.DEFAULT_LANGUAGE,
            sent_at=at,
            sent_on=on,
            provider="demo",
        )
        for client in clients
    )
    return clients


def _answer(event: Event, invited: list[Client], now: datetime) -> None:
    """Every second one comes, some of them with a friend; the last ones wait; a few cannot."""
    taken = 0
    for number, client in enumerate(invited[:16]):
        if number % 4 == 3:
            state, seats = Guest.State.NOT_COMING, 1
        else:
            seats = 2 if number % 5 == 0 else 1
            state = Guest.State.COMING if taken + seats <= SEATS else Guest.State.WAITING
        taken += seats if state == Guest.State.COMING else 0
        at = now - timedelta(days=INVITED_AGO - 1) + timedelta(hours=number)
        waits = at if state == Guest.State.WAITING else None
        Guest.objects.create(event=event, client=client, state=state, seats=seats, answered_at=at, waits_since=waits)
