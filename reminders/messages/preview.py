"""A message as a client will see it, with somebody made up, before anything is saved (look.md, Mail)."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from django.conf import settings

from crm.team.models import Branch
from crm.team.selectors import salon_settings, zone
from crm.team.wording import (
    date_words,
    day_words,
    hour_words,
    length_words,
    money_words,
    number_words,
    percent_words,
    quoted,
)
from loyalty.points.selectors import loyalty_settings
from reminders.messages.booked import WITH_PRICE
from reminders.messages.defaults import Words
from reminders.messages.destinations import leads_to_times
from reminders.messages.dressing import Letter
from reminders.messages.filling import WITH_SLOTS, Filling, scores_of
from reminders.messages.invited import ABOUT_EVENT
from reminders.messages.models import OWNERS_WORDS, Kind
from reminders.messages.rendering import Part, letter_of, sms_of, why_of
from reminders.messages.speech import Speech, clean, number_of
from reminders.messages.spending import price_of
from reminders.messages.texts import words_of
from reminders.transports.segments import Segments, segments

# obviously made up
NAMES = {"en": "Vera", "ru": "Вера", "bs": "Amra", "ar": "ليلى"}
MASTERS = {"en": "Anna", "ru": "Анна", "bs": "Ana", "ar": "آنا"}
ADDRESS = "1 Example Street"
PHONE = "+387 61 100 100"
# as long as a real one (tokens.py), so that an SMS is counted as it will go
URL = f"{settings.PUBLIC_URL}/my/o/a-link-of-her-own-e5x8a2m/"
CODE = "7K2M9QXT4C"
NUMBER = "7K2M9QX"
GUIDES = {
    "en": "No water for a day, no oil ever, and a brush in the morning.",
    "ru": "Сутки без воды, никакого масла и щёточка по утрам.",
    "bs": "Dan bez vode, bez ulja, i četkica svako jutro.",
    "ar": "يوم بلا ماء، ولا زيوت، وفرشاة كل صباح.",
}
QUOTES = {
    "en": "I wake up, and I am ready for the day.",
    "ru": "Просыпаюсь, и я уже готова к новому дню.",
    "bs": "Probudim se i već sam spremna za dan.",
    "ar": "أستيقظ وأنا جاهزة ليومي.",
}
LEVELS = {"en": "Gold card", "ru": "Золотая карта", "bs": "Zlatna kartica", "ar": "البطاقة الذهبية"}
EVENTS = {"en": "An evening of tea", "ru": "Вечер за чаем", "bs": "Veče uz čaj", "ar": "أمسية شاي"}
ANSWERS = {
    "en": "The glue did not suit you, and we should have asked before. We would like to put it right.",
    "ru": "Клей не подошёл, и нам стоило спросить об этом заранее. Мы хотим всё исправить.",
    "bs": "Ljepilo nije odgovaralo, a trebalo je da pitamo prije. Želimo to ispraviti.",
    "ar": "لم تكن المادة اللاصقة مناسبة، وكان علينا أن نسأل قبل ذلك. نريد أن نصلح الأمر.",
}
SOLUTIONS = {
    "en": "It is done anew, free of charge",
    "ru": "Сделаем заново, бесплатно",
    "bs": "Radimo ponovo, besplatno",
    "ar": "نعيد العمل مجانًا",
}
SAID_ON_THE_DAY = {Kind.REMINDER_2H, Kind.MASTER_LATE}
PRODUCTS = {"en": "Lash serum", "ru": "Сыворотка для ресниц", "bs": "Serum za trepavice", "ar": "سيروم الرموش"}
PLACES = ("Petal", "Camellia", "Iris")
GIFTS = {"en": "a manicure", "ru": "маникюр", "bs": "manikir", "ar": "عناية بالأظافر"}


@dataclass(frozen=True, slots=True)
class Preview:
    """The letter and the SMS, and how many parts the SMS has."""

    letter: Letter
    sms: str
    segments: Segments
    # of this SMS, by the owner's price of a part
    cost: Decimal


def preview(
    *,
    kind: str,
    language: str,
    branch: Branch,
    now: datetime,
    form: str = "",
    gender: str = "f",
    words: Words | None = None,
    with_voucher: bool = True,
) -> Preview:
    """How this kind looks in this language; `words` are those still in the form, none: those in use.

    Raises TextRefused for words that cannot be read (validate_text says so before).
    """
    speech = Speech(language, form or salon_settings().address_form, gender)
    here = now.astimezone(zone(branch))
    values = sample(kind, speech, branch, here, with_voucher=with_voucher)
    filling = Filling(values, URL, leads_to_times=leads_to_times(kind))
    if kind == Kind.FEEDBACK:
        filling.scores = scores_of(speech, URL)
    if kind in WITH_SLOTS:
        filling.offers = sample_offers(speech, here)
        values["offer"] = speech.say("instead" if kind == Kind.MASTER_ILL else "slots")
    return shown(kind, Part(words or words_of(kind, language), filling), speech, branch=branch)


def shown(kind: str, part: Part, speech: Speech, *, branch: Branch) -> Preview:
    """The faces of one message; the links around the letter lead nowhere."""
    sms = sms_of([part], speech)
    purpose = PURPOSES.get(Kind(kind), "service")
    leaving = {"preferences_url": URL, "complain_url": URL, "footer_note": speech.say(why_of(kind, purpose))}
    leaving["home_url" if purpose == "service" else "unsubscribe_url"] = URL
    return Preview(letter_of([part], speech, branch=branch, leaving=leaving), sms, segments(sms), price_of(sms))


PURPOSES = {
    Kind.REASSURANCE: "care",
    Kind.FEEDBACK: "care",
    Kind.LASHES: "care",
    Kind.THANKS: "care",
    Kind.DUE_SOON: "marketing",
    Kind.WIN_BACK: "marketing",
    Kind.SECOND_WIN_BACK: "marketing",
    Kind.BIRTHDAY: "marketing",
    Kind.USED_UP: "marketing",
    **dict.fromkeys(OWNERS_WORDS, "marketing"),
}


def sample_offers(speech: Speech, local: datetime) -> list[tuple[str, str]]:
    """Three free times, as a letter shows them."""
    master = MASTERS.get(speech.language, MASTERS["en"])
    times = [local.replace(hour=hour, minute=0) + timedelta(days=days) for days, hour in ((3, 10), (4, 15), (6, 12))]
    return [(speech.listed(day_words(at.date(), speech.language), hour_words(at), master), URL) for at in times]


def sample(kind: str, speech: Speech, branch: Branch, local: datetime, *, with_voucher: bool) -> dict[str, str]:
    """A value for every placeholder there is."""
    language = speech.language
    at = local.replace(hour=14, minute=30) + timedelta(days=0 if kind in SAID_ON_THE_DAY else 1)
    today: date = local.date()
    values = {
        "salon": clean(salon_settings().salon_name),
        "name": NAMES.get(language, NAMES["en"]),
        "link": URL,
        "master": MASTERS.get(language, MASTERS["en"]),
        "day": day_words(at.date(), language),
        "hour": hour_words(at),
        "address": clean(branch.address) or ADDRESS,
        "phone": number_of(branch, language) or PHONE,
        "service": speech.say("visit"),
        "duration": length_words(105, language),
        "price": money_words(Decimal(60), branch.currency, language),
        "visit_day": date_words(today - timedelta(days=1), language),
        "care_guide": GUIDES.get(language, GUIDES["en"]),
        "quotes": quoted(QUOTES.get(language, QUOTES["en"]), language),
        "question": speech.say("question"),
        "wishes": speech.say("wishes_before"),
        "points": number_words(250, language),
        "expires": date_words(today + timedelta(days=14), language),
        "worth": money_words(Decimal(250), branch.currency, language),
        "discount": percent_words(10, language),
        "level": LEVELS.get(language, LEVELS["en"]),
        "until": date_words(today + timedelta(days=30), language),
        "missing": money_words(Decimal(180), branch.currency, language),
        "cause": speech.say("cause_tenth"),
    }
    values["place"], values["event"] = values["address"], EVENTS.get(language, EVENTS["en"])
    values["friend"] = speech.say("with_friend")
    values |= {"number": NUMBER, "answer": ANSWERS.get(language, ANSWERS["en"])}
    values["solutions"] = "\n".join([SOLUTIONS.get(language, SOLUTIONS["en"]), GIFTS.get(language, GIFTS["en"])])
    product = PRODUCTS.get(language, PRODUCTS["en"])
    values |= {"product": product, "products": product, "promised": day_words(at.date(), language)}
    values |= {"stage": speech.say("order_accepted"), "reason": speech.say("order_reason")}
    values["places"] = "\n".join(f"{place}, {ADDRESS}" for place in PLACES)
    further = [at + timedelta(weeks=3), at + timedelta(weeks=6)]
    values["series"] = "\n".join(speech.listed(day_words(each.date(), language), values["hour"]) for each in further)
    values["dates"] = speech.listed(*(date_words(each.date(), language) for each in further))
    if kind == Kind.WAITING_OFFER:
        # her time to think, and no day
        values["until"] = hour_words(local + timedelta(minutes=30))
    if kind == Kind.COMPLAINT_RECEIVED:
        values["until"] = speech.listed(values["day"], values["hour"])
    values["terms"] = speech.say("waiting_kept", values)
    values["before"] = speech.listed(day_words(today, language), hour_words(at - timedelta(minutes=30)))
    about = speech.listed(speech.say("duration", values), values["price"])
    details = [
        speech.listed(values["day"], values["hour"]),
        "" if kind in ABOUT_EVENT else speech.say("with", values),
        about if kind in WITH_PRICE else "",
        values["address"],
    ]
    if kind == Kind.ORDER_LATE:
        values["before"] = day_words(today, language)
    values["details"] = "\n".join(line[:1].upper() + line[1:] for line in details if line)
    if with_voucher:
        values |= {
            "percent": percent_words(50, language),
            "code": CODE,
            "by_itself": speech.say("by_itself"),
            "for_what": speech.say("any_service"),
            "book_until": date_words(today + timedelta(days=30), language),
            "valid_until": date_words(today + timedelta(days=60), language),
            "gift": GIFTS.get(language, GIFTS["en"]),
        }
    if with_voucher and kind in (Kind.WIN_BACK, Kind.SECOND_WIN_BACK) and loyalty_settings().win_back_quiet_only:
        values["limits"] = speech.say("quiet_hours")
    values["hello"] = speech.say("hello", values)
    values["greeting"] = speech.say("greeting", values)
    return values
