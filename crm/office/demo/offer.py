"""What the demo salon offers: services with their words in four languages, and products."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from crm.care.models import Quote
from crm.catalogue.models import FollowRule, Product, Service, ServiceStretch, ServiceWords
from crm.catalogue.services import open_stock
from crm.office.demo.tongues import LANGUAGES, Four, tell
from crm.team.models import Branch


@dataclass(frozen=True)
class Offered:
    code: str
    kind: str
    name: Four
    minutes: int
    price: int
    usual_return: int | None = None
    ask_after: int | None = None
    one_off: bool = False
    stretches: tuple[tuple[str, int], ...] = ()


@dataclass(frozen=True)
class Kindred:
    """What services of one kind have in common."""

    name: Four
    neutral: Four
    question: Four
    good: Four
    mend: Four
    alarm: Four
    safety: Four
    care: Four


APPOINTMENT: Four = ("your appointment", "ваш визит", "termin", "الموعد")
GOOD: Four = ("Perfect", "Всё отлично", "Savršeno", "ممتاز")
ASK_A_DOCTOR: Four = (
    "Please do not rub. Rinse with cool clean water and write to us at once; if it swells, see a doctor today.",
    "Пожалуйста, не трите. Промойте прохладной чистой водой и сразу напишите нам; при отёке сегодня же покажитесь врачу.",
    "Molimo ne trljajte. Isperite hladnom čistom vodom i odmah nam pišite; ako otiče, javite se ljekaru danas.",
    "يُرجى عدم الفرك، والشطف بماء بارد نظيف والكتابة لنا فورًا؛ وعند حدوث تورم تلزم مراجعة الطبيب اليوم.",
)
KINDS: dict[str, Kindred] = {
    "lashes": Kindred(
        name=("Lashes", "Ресницы", "Trepavice", "الرموش"),
        neutral=APPOINTMENT,
        question=("How are your lashes?", "Как держатся ресницы?", "Kako se drže trepavice?", "كيف حال الرموش؟"),
        good=GOOD,
        mend=("Some fell out", "Часть выпала", "Neke su otpale", "سقط بعضها"),
        alarm=("Itching or swelling", "Зуд или отёк", "Svrbi ili otiče", "حكة أو تورم"),
        safety=ASK_A_DOCTOR,
        care=(
            "Keep them dry for a day. Brush them every morning. No oil near the eyes. Sleep on your back if you can.",
            "Сутки не мочите. Каждое утро расчёсывайте щёточкой. Без масел у глаз. По возможности спите на спине.",
            "Jedan dan bez vode. Svako jutro ih počešljajte. Bez ulja oko očiju. Ako možete, spavajte na leđima.",
            "تبقى جافة ليوم واحد، وتُمشط كل صباح. بلا زيوت قرب العينين. والنوم على الظهر إن أمكن.",
        ),
    ),
    "brows": Kindred(
        name=("Brows", "Брови", "Obrve", "الحواجب"),
        neutral=APPOINTMENT,
        question=("How are your brows?", "Как держатся брови?", "Kako se drže obrve?", "كيف حال الحاجبين؟"),
        good=GOOD,
        mend=("The colour has faded", "Цвет смылся", "Boja je izblijedila", "بهت اللون"),
        alarm=("Itching or redness", "Зуд или покраснение", "Svrbi ili crveni", "حكة أو احمرار"),
        safety=ASK_A_DOCTOR,
        care=(
            "No water and no cream on the brows for a day. Then a drop of brow oil every evening.",
            "Сутки без воды и крема на бровях. Потом каждый вечер капля масла для бровей.",
            "Jedan dan bez vode i kreme na obrvama. Zatim svaku večer kap ulja za obrve.",
            "بلا ماء ولا كريم على الحاجبين ليوم واحد. ثم قطرة زيت للحواجب كل مساء.",
        ),
    ),
    "hair": Kindred(
        name=("Hair", "Волосы", "Kosa", "الشعر"),
        neutral=APPOINTMENT,
        question=("How is your hair?", "Как ведут себя волосы?", "Kako je kosa?", "كيف حال الشعر؟"),
        good=GOOD,
        mend=("Hard to style", "Трудно уложить", "Teško se namješta", "يصعب تصفيفه"),
        alarm=("My scalp itches or burns", "Кожа зудит или горит", "Koža svrbi ili peče", "فروة رأسي تحك أو تحرق"),
        safety=ASK_A_DOCTOR,
        care=(
            "Wash no sooner than in two days, with the shampoo for coloured hair. Dry by warm, not hot air.",
            "Мойте не раньше чем через два дня, шампунем для окрашенных волос. Сушите тёплым, не горячим воздухом.",
            "Perite tek za dva dana, šamponom za farbanu kosu. Sušite toplim, ne vrućim zrakom.",
            "الغسل بعد يومين على الأقل بشامبو الشعر المصبوغ، والتجفيف بهواء دافئ لا ساخن.",
        ),
    ),
    "nails": Kindred(
        name=("Nails", "Ногти", "Nokti", "الأظافر"),
        neutral=APPOINTMENT,
        question=("How are your nails?", "Как держатся ногти?", "Kako se drže nokti?", "كيف حال الأظافر؟"),
        good=GOOD,
        mend=("One has chipped", "Один скололся", "Jedan se oštetio", "تقشر أحدها"),
        alarm=("A finger hurts", "Болит палец", "Boli me prst", "إصبعي يؤلمني"),
        safety=ASK_A_DOCTOR,
        care=(
            "Gloves for cleaning. Oil on the cuticles every evening. Please do not peel the gel off: we take it off gently.",
            "Уборка в перчатках. Масло на кутикулу каждый вечер. Не снимайте гель сами: мы снимем бережно.",
            "Rukavice za čišćenje. Ulje na zanoktice svaku večer. Ne skidajte gel sami: mi ga skidamo nježno.",
            "قفازات عند التنظيف. زيت للجليدة كل مساء. لا داعي لنزع الجل في البيت: نحن نزيله بلطف.",
        ),
    ),
}

SERVICES = [
    Offered("LC", "lashes", ("Classic lashes", "Классика ресниц", "Klasične trepavice", "رموش كلاسيكية"), 90, 45, 21, 7),
    Offered("LV", "lashes", ("Volume lashes", "Объёмные ресницы", "Volumen trepavice", "رموش كثيفة"), 120, 60, 21, 7),
    Offered("LR", "lashes", ("Lash refill", "Коррекция ресниц", "Korekcija trepavica", "تعبئة الرموش"), 60, 30, 21, 7),
    Offered("LL", "lashes", ("Lash lift", "Ламинирование ресниц", "Lifting trepavica", "رفع الرموش"), 60, 35, 45, 10),
    Offered("LX", "lashes", ("Lash removal", "Снятие ресниц", "Skidanje trepavica", "إزالة الرموش"), 30, 10, one_off=True),
    Offered("BS", "brows", ("Brow shaping", "Коррекция бровей", "Oblikovanje obrva", "تشكيل الحواجب"), 30, 15, 28),
    Offered(
        "BT", "brows", ("Brow tint and shape", "Окрашивание бровей", "Bojenje obrva", "صبغ وتشكيل الحواجب"), 45, 22, 35, 7
    ),
    Offered("BL", "brows", ("Brow lamination", "Ламинирование бровей", "Laminacija obrva", "لمينيشن الحواجب"), 60, 32, 42, 10),
    Offered("HC", "hair", ("Cut and blow-dry", "Стрижка и укладка", "Šišanje i feniranje", "قص وسشوار"), 60, 38, 42, 5),
    Offered("HM", "hair", ("Men's cut", "Мужская стрижка", "Muško šišanje", "قص رجالي"), 30, 18, 28),
    Offered(
        "HK", "hair", ("Colour", "Окрашивание", "Farbanje", "صبغ الشعر"), 120, 75, 42, 10,
        stretches=(("work", 45), ("processing", 35), ("work", 40)),
    ),
    Offered(
        "HB", "hair", ("Balayage", "Балаяж", "Balayage", "بالياج"), 180, 120, 90, 14,
        stretches=(("work", 90), ("processing", 40), ("work", 50)),
    ),
    Offered("HT", "hair", ("Hair treatment", "Уход для волос", "Tretman za kosu", "علاج الشعر"), 45, 30, 42, 5),
    Offered(
        "HW", "hair", ("Bridal hair", "Свадебная причёска", "Svadbena frizura", "تسريحة عروس"), 90, 90, one_off=True
    ),
    Offered("HX", "hair", ("Consultation", "Консультация", "Konsultacija", "استشارة"), 20, 0, one_off=True),
    Offered("NM", "nails", ("Manicure", "Маникюр", "Manikir", "مانيكير"), 45, 20, 21),
    Offered("NG", "nails", ("Gel manicure", "Маникюр с гелем", "Gel manikir", "مانيكير جل"), 75, 32, 21, 7),
    Offered("NP", "nails", ("Pedicure", "Педикюр", "Pedikir", "باديكير"), 60, 30, 35),
    Offered("NX", "nails", ("Gel removal", "Снятие геля", "Skidanje gela", "إزالة الجل"), 30, 8, one_off=True),
    Offered("MU", "brows", ("Evening make-up", "Вечерний макияж", "Večernja šminka", "مكياج سهرة"), 60, 40, one_off=True),
]  # fmt: skip

# code, after which (a refill after a set, or after a refill that was still in time), up to how many days, else what
FOLLOWS: list[tuple[str, tuple[str, ...], int, str]] = [("LR", ("LC", "LV", "LR"), 21, "LC")]

# code, names, price, cost, stock, minimum, lasts days
PRODUCTS: list[tuple[str, Four, int, int, int, int, int]] = [
    ("lash-serum", ("Lash serum", "Сыворотка для ресниц", "Serum za trepavice", "سيروم الرموش"), 34, 15, 12, 4, 60),
    ("lash-brush", ("Lash brush", "Щёточка для ресниц", "Četkica za trepavice", "فرشاة الرموش"), 4, 1, 40, 10, 90),
    ("brow-oil", ("Brow oil", "Масло для бровей", "Ulje za obrve", "زيت الحواجب"), 14, 6, 9, 4, 75),
    ("shampoo", ("Colour shampoo", "Шампунь для окрашенных волос", "Šampon za farbanu kosu", "شامبو للشعر المصبوغ"),
     19, 9, 16, 5, 60),
    ("mask", ("Hair mask", "Маска для волос", "Maska za kosu", "قناع الشعر"), 24, 11, 3, 5, 75),
    ("cuticle-oil", ("Cuticle oil", "Масло для кутикулы", "Ulje za zanoktice", "زيت الجليدة"), 9, 3, 22, 6, 90),
    ("hand-cream", ("Hand cream", "Крем для рук", "Krema za ruke", "كريم اليدين"), 8, 3, 18, 6, 60),
]  # fmt: skip


# what others say of a kind, and who said it
QUOTES: dict[str, tuple[Four, Four]] = {
    "lashes": (
        ("I wake up, and I am ready.", "Просыпаюсь, и я готова.", "Probudim se i spremna sam.", "أستيقظ وأنا جاهزة."),
        ("Amra", "Анна", "Amra", "ليلى"),
    ),
    "brows": (
        ("Two minutes less every morning.", "Каждое утро на две минуты меньше.", "Svako jutro dvije minute manje.",
         "دقيقتان أقل كل صباح."),
        ("Dina", "Дина", "Dina", "دينا"),
    ),
    "hair": (
        ("People ask whether I was on holiday.", "Все спрашивают, не из отпуска ли я.", "Svi pitaju jesam li bila na moru.",
         "يسألني الجميع هل كنت في إجازة."),
        ("Vera", "Вера", "Vera", "سارة"),
    ),
    "nails": (
        ("Three weeks, and not one chip.", "Три недели, и ни одного скола.", "Tri sedmice i nijedno oštećenje.",
         "ثلاثة أسابيع دون خدش واحد."),
        ("Mia", "Мия", "Mia", "مريم"),
    ),
}  # fmt: skip


def make_services(branch: Branch, language: str, *, codes: set[str] | None = None) -> list[Service]:
    """The services of a branch, named in the salon's language, with their words in all four."""
    offered = [each for each in SERVICES if codes is None or each.code in codes]
    services = Service.objects.bulk_create(
        Service(
            branch=branch,
            code=each.code,
            name=tell(each.name, language),
            category=tell(KINDS[each.kind].name, language),
            minutes=each.minutes,
            price=Decimal(each.price),
            usual_return_days=each.usual_return,
            ask_after_days=each.ask_after,
            is_one_off=each.one_off,
        )
        for each in offered
    )
    ServiceStretch.objects.bulk_create(
        ServiceStretch(service=service, position=position, kind=kind, minutes=minutes)
        for service, each in zip(services, offered, strict=True)
        for position, (kind, minutes) in enumerate(each.stretches)
    )
    ServiceWords.objects.bulk_create(
        words_in(service, each, tongue) for service, each in zip(services, offered, strict=True) for tongue in LANGUAGES
    )
    _tie(services)
    Quote.objects.bulk_create(
        Quote(
            service=service,
            language=tongue,
            text=tell(QUOTES[each.kind][0], tongue),
            said_by=tell(QUOTES[each.kind][1], tongue),
        )
        for service, each in zip(services, offered, strict=True)
        for tongue in LANGUAGES
    )
    return services


def _tie(services: list[Service]) -> None:
    """What is done only so many days after something else, and what is done instead."""
    by_code = {service.code: service for service in services}
    for code, after, days, instead in FOLLOWS:
        if code not in by_code:
            continue
        FollowRule.objects.bulk_create(
            FollowRule(service=by_code[code], after=by_code[before], within_days=days) for before in after
        )
        by_code[code].otherwise = by_code[instead]
        by_code[code].save(update_fields=["otherwise"])


def words_in(service: Service, each: Offered, language: str) -> ServiceWords:
    kind = KINDS[each.kind]
    asked = bool(each.ask_after)
    return ServiceWords(
        service=service,
        language=language,
        name=tell(each.name, language),
        neutral_name=tell(kind.neutral, language),
        question=tell(kind.question, language) if asked else "",
        answer_good=tell(kind.good, language) if asked else "",
        answer_mend=tell(kind.mend, language) if asked else "",
        answer_alarm=tell(kind.alarm, language) if asked else "",
        safety_text=tell(kind.safety, language) if asked else "",
        care_guide=tell(kind.care, language),
    )


def make_products(branch: Branch, language: str, now: datetime) -> list[Product]:
    products = Product.objects.bulk_create(
        Product(
            branch=branch,
            code=code,
            name=tell(name, language),
            brand="Magnolia",
            price=Decimal(price),
            cost=Decimal(cost),
            stock=stock,
            minimum=minimum,
            lasts_days=lasts,
        )
        for code, name, price, cost, stock, minimum, lasts in PRODUCTS
    )
    open_stock(products=products, now=now)
    return products
