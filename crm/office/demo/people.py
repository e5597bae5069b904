"""Made-up clients: names in four languages and three scripts, with surnames that say what they are."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from random import Random

from anyascii import anyascii

from crm.office.demo import MARK
from crm.office.demo.remembered import DRINKS
from crm.office.demo.tongues import tell
from crm.people.models import Client
from crm.people.services import write_search, write_tokens
from crm.team.models import Branch

FIRST = {
    "bs": ["Amra", "Selma", "Emina", "Lamija", "Ajla", "Merima", "Sabina", "Jasna", "Vesna", "Ivana", "Marija", "Belma",
           "Naida", "Dženana", "Alma", "Sanela", "Aida", "Tea"],
    "ru": ["Анна", "Мария", "Ольга", "Екатерина", "Наталья", "Светлана", "Ирина", "Дарья", "Полина", "Вера", "Юлия",
           "Ксения", "Алёна", "Татьяна"],
    "en": ["Emma", "Grace", "Olivia", "Hannah", "Sophie", "Claire", "Ruth", "Molly", "Alice", "Eleanor", "Naomi", "Beth"],
    "ar": ["ليلى", "مريم", "نور", "سارة", "هدى", "رنا", "دينا", "آمنة", "سلمى", "ياسمين", "فاطمة", "زينب"],
}  # fmt: skip
LAST = {
    "bs": [
        "Primjerić",
        "Probić",
        "Izmišljenović",
        "Uzorković",
        "Demić",
        "Testović",
        "Maštović",
        "Nacrtić",
        "Skicić",
        "Imenović",
    ],
    "ru": [
        "Примерова",
        "Пробная",
        "Выдуманова",
        "Образцова",
        "Демина",
        "Тестова",
        "Мечтаева",
        "Черновикова",
        "Набросова",
        "Имярекова",
    ],
    "en": [
        "Sample",
        "Madeup",
        "Example",
        "Placeholder",
        "Demoson",
        "Draftwood",
        "Fictional",
        "Specimen",
        "Someone",
        "Testwell",
    ],
    "ar": ["المثال", "التجربة", "النموذج", "الوهمية", "الديمو", "الاختبار", "الخيال", "المسودة", "العينة"],
}
MEN = {"bs": ["Tarik", "Haris", "Adnan"], "ru": ["Пётр", "Илья"], "en": ["Oliver", "Henry"], "ar": ["كريم", "عمر"]}
SHARES = {"bs": 46, "ru": 22, "en": 18, "ar": 14}
SOURCES = ["Instagram", "Google", "", "", "a friend", "passing by", "a friend"]
HOLIDAYS = {
    "bs": ["Bajram", "Božić", "Nova godina"],
    "ru": ["Новый год", "8 Марта"],
    "en": ["Christmas"],
    "ar": ["عيد الفطر"],
}


def make_clients(
    branch: Branch,
    *,
    numbers: Sequence[int],
    today: date,
    rng: Random,
    known: Sequence[Client] = (),
    since_days: int = 730,
) -> list[Client]:
    """So many clients, one for each number; the number gives the code, the phone and the address."""
    clients: list[Client] = []
    for number in numbers:
        client = _client(branch, number, today - timedelta(days=rng.randrange(1, since_days)), rng)
        earlier = [*known, *clients]
        if earlier and client.source == "a friend":
            client.referred_by = rng.choice(earlier[-40:])
        clients.append(client)
    # a row that names another comes after it
    while waiting := [one for one in clients if one.pk is None]:
        Client.objects.bulk_create(
            [one for one in waiting if one.referred_by is None or one.referred_by.pk is not None]
        )
    write_tokens([client.pk for client in clients])
    return clients


def _client(branch: Branch, number: int, since: date, rng: Random) -> Client:
    language = rng.choices(list(SHARES), list(SHARES.values()))[0]
    is_man = rng.random() < 0.07
    first = rng.choice((MEN if is_man else FIRST)[language])
    last = rng.choice(LAST[language])
    if is_man:
        last = last.replace("ная", "ный") if last.endswith("ная") else last.removesuffix("а")
    latin = "".join(letter for letter in anyascii(f"{first}.{last}").lower() if letter.isalnum() or letter == ".")
    client = Client(
        code=f"{MARK}{number:04d}",
        branch=branch,
        name=f"{first} {last}",
        called=rng.choice(["", "", "", first]),
        phone=f"+38761{100_000 + number}",
        email=f"{latin}.{number}@example.test" if rng.random() < 0.86 else "",
        language=language,
        preferred_channel=rng.choices(["", "email", "sms", "call"], [60, 20, 16, 4])[0],
        address_form=rng.choices(["", "formal", "familiar"], [60, 15, 25])[0],
        gender="m" if is_man else rng.choice(["f", "f", "f", ""]),
        holidays=rng.choice(["", *HOLIDAYS[language]]),
        source=rng.choice(SOURCES),
        since=since,
        created_at=datetime.combine(since, time(12), UTC),
        drink=tell(rng.choice(DRINKS), language) if rng.random() < 0.4 else "",
    )
    if rng.random() < 0.75:
        client.birth_month, client.birth_day = rng.randint(1, 12), rng.randint(1, 28)
        client.birth_year = rng.choice([None, rng.randint(1958, 2005)])
    write_search(client)
    return client
