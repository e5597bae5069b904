"""What a good salon does on each visit, and on visits of some trades (practices.md, P5)."""

from typing import NamedTuple

from django.utils.translation import gettext_lazy as _

from crm.people.searching import plain

Four = tuple[str, str, str, str]


class ReadyStep(NamedTuple):
    words: Four
    is_required: bool = True


class ReadySet(NamedTuple):
    lesson: Four
    steps: tuple[ReadyStep, ...]


EVERY_VISIT = "every_visit"

SETS: dict[str, ReadySet] = {
    EVERY_VISIT: ReadySet(
        (
            (
                "A name costs nothing and is remembered longest. Who is met on time, with her own drink and a question "
                "about her own life, comes back: not for the work alone, but because she was seen. If a step cannot be "
                "done today, say why. Then we can mend it."
            ),
            (
                "Имя ничего не стоит, а помнится дольше всего. Кого встретили вовремя, с любимым напитком и вопросом о "
                "её жизни, та возвращается: не только ради работы, но и потому, что её заметили. Если шаг сегодня "
                "невозможен, напишите почему. Тогда мы это исправим."
            ),
            (
                "Ime ne košta ništa, a pamti se najduže. Ko je dočekan na vrijeme, s omiljenim pićem i pitanjem o svom "
                "životu, vraća se: ne samo zbog rada, nego zato što je bila viđena. Ako korak danas nije moguć, napišite "
                "zašto. Tada to možemo popraviti."
            ),
            (
                "الاسم لا يكلّف شيئًا ويُذكر أطول من كل شيء. من تُستقبل في موعدها، بمشروبها المفضل وبسؤال عن حياتها، تعود: "
                "ليس من أجل العمل وحده، بل لأنها لقيت الاهتمام. وإن تعذّرت خطوة اليوم فليُكتب السبب، فنصلحه."
            ),
        ),
        (
            ReadyStep(("Greet her by name", "Поздороваться по имени", "Pozdraviti je imenom", "تحيتها باسمها")),
            ReadyStep(("Begin on time", "Начать вовремя", "Početi na vrijeme", "البدء في الموعد")),
            ReadyStep(
                (
                    "Offer her favourite drink",
                    "Предложить любимый напиток",
                    "Ponuditi omiljeno piće",
                    "عرض مشروبها المفضل",
                )
            ),
            ReadyStep(
                (
                    "Ask about what she told last time",
                    "Спросить о том, что она рассказывала",
                    "Pitati o onome što je pričala",
                    "السؤال عما حكته في المرة الماضية",
                )
            ),
            ReadyStep(
                (
                    "Say what will be done, and how long it takes",
                    "Сказать, что будет сделано и за какое время",
                    "Reći šta će se raditi i koliko traje",
                    "شرح ما سيُعمل وكم يستغرق",
                )
            ),
            ReadyStep(
                ("Aroma or head massage", "Аромат или массаж головы", "Aroma ili masaža glave", "عطر أو تدليك للرأس"),
                is_required=False,
            ),
            ReadyStep(
                (
                    "Show the result and ask whether it is right",
                    "Показать результат и спросить, всё ли так",
                    "Pokazati rezultat i pitati da li je dobro",
                    "عرض النتيجة والسؤال إن كانت كما أرادت",
                )
            ),
            ReadyStep(
                (
                    "Say how to care for it at home",
                    "Рассказать об уходе дома",
                    "Objasniti njegu kod kuće",
                    "شرح العناية في البيت",
                )
            ),
            ReadyStep(
                (
                    "Propose the next visit",
                    "Предложить следующий визит",
                    "Predložiti sljedeću posjetu",
                    "اقتراح الزيارة القادمة",
                )
            ),
            ReadyStep(
                ("See her to the door", "Проводить до двери", "Ispratiti je do vrata", "مرافقتها إلى الباب"),
                is_required=False,
            ),
        ),
    ),
    "lashes": ReadySet(
        (
            (
                "Most of what falls out early was glued in a hurry or on a lash that was not clean. Two minutes at the "
                "beginning save a free correction. Whoever itches is told at once what to do."
            ),
            (
                "Раньше срока выпадает то, что клеили в спешке или на неочищенную ресницу. Две минуты в начале спасают от "
                "бесплатной коррекции. О зуде говорим сразу, и что делать тоже."
            ),
            (
                "Prerano ispada ono što je lijepljeno u žurbi ili na nečistu trepavicu. Dvije minute na početku štede "
                "besplatnu korekciju. Kod svraba odmah kažemo šta treba uraditi."
            ),
            (
                "ما يسقط مبكرًا أُلصق على عجل أو على رمش غير نظيف. دقيقتان في البداية توفّران تصحيحًا مجانيًا. وعند الحكة "
                "نقول فورًا ما العمل."
            ),
        ),
        (
            ReadyStep(
                (
                    "Ask about itching since last time",
                    "Спросить о зуде после прошлого раза",
                    "Pitati o svrabu od prošlog puta",
                    "السؤال عن حكة منذ المرة الماضية",
                )
            ),
            ReadyStep(("Clean the lashes", "Очистить ресницы", "Očistiti trepavice", "تنظيف الرموش")),
            ReadyStep(
                (
                    "Pillow and blanket, as she likes",
                    "Подушка и плед, как ей удобно",
                    "Jastuk i deka, kako voli",
                    "وسادة وغطاء كما تحب",
                ),
                is_required=False,
            ),
            ReadyStep(
                (
                    "Check that no lashes stick together",
                    "Проверить, нет ли склеек",
                    "Provjeriti da nema slijepljenih",
                    "التأكد من عدم التصاق الرموش",
                )
            ),
            ReadyStep(
                (
                    "Let the glue dry before she opens her eyes",
                    "Дать клею высохнуть, пока глаза закрыты",
                    "Pustiti da se ljepilo osuši prije otvaranja očiju",
                    "ترك الغراء يجف قبل فتح العينين",
                )
            ),
        ),
    ),
    "hair": ReadySet(
        (
            (
                "Two people mean two different things by “a little shorter”. A picture and a finger on the length say it "
                "before the scissors do."
            ),
            "«Чуть короче» каждая понимает по-своему. Картинка и палец на нужной длине говорят раньше ножниц.",
            "„Malo kraće“ svako razumije drugačije. Slika i prst na dužini kažu to prije makaza.",
            "«أقصر قليلًا» يفهمها كل شخص بطريقته. صورة وإصبع على الطول المطلوب قبل المقص.",
        ),
        (
            ReadyStep(
                (
                    "Agree on the result with a picture",
                    "Договориться о результате по картинке",
                    "Dogovoriti rezultat uz sliku",
                    "الاتفاق على النتيجة بصورة",
                )
            ),
            ReadyStep(
                (
                    "Keep her clothes dry",
                    "Закрыть одежду от воды и краски",
                    "Zaštititi odjeću od vode i boje",
                    "حماية ملابسها من الماء والصبغة",
                )
            ),
            ReadyStep(
                (
                    "Ask whether the water is right",
                    "Спросить, приятна ли вода",
                    "Pitati je li voda ugodna",
                    "السؤال إن كانت حرارة الماء مناسبة",
                )
            ),
            ReadyStep(
                (
                    "Head massage while washing",
                    "Массаж головы при мытье",
                    "Masaža glave pri pranju",
                    "تدليك الرأس أثناء الغسيل",
                ),
                is_required=False,
            ),
            ReadyStep(
                (
                    "Show the back in a second mirror",
                    "Показать затылок во втором зеркале",
                    "Pokazati potiljak u drugom ogledalu",
                    "عرض الخلف بمرآة ثانية",
                )
            ),
        ),
    ),
    "nails": ReadySet(
        (
            "Clean tools are not enough: she should see that they are clean. Open the pack in front of her.",
            "Чистых инструментов мало: она должна это видеть. Вскрывайте пакет при ней.",
            "Čist alat nije dovoljan: treba vidjeti da je čist. Otvorite paket pred njom.",
            "لا تكفي نظافة الأدوات: يجب أن تراها نظيفة. تُفتح العبوة أمامها.",
        ),
        (
            ReadyStep(
                (
                    "Open clean tools before her eyes",
                    "Вскрыть инструменты при ней",
                    "Otvoriti čist alat pred njom",
                    "فتح الأدوات النظيفة أمامها",
                )
            ),
            ReadyStep(
                (
                    "Agree on length and shape first",
                    "Сначала договориться о длине и форме",
                    "Prvo dogovoriti dužinu i oblik",
                    "الاتفاق أولًا على الطول والشكل",
                )
            ),
            ReadyStep(
                (
                    "Ask whether anything hurts or burns",
                    "Спросить, не больно ли и не жжёт ли",
                    "Pitati da li nešto boli ili peče",
                    "السؤال إن كان شيء يؤلم أو يحرق",
                )
            ),
            ReadyStep(
                (
                    "Oil and a short hand massage",
                    "Масло и короткий массаж рук",
                    "Ulje i kratka masaža ruku",
                    "زيت وتدليك قصير لليدين",
                ),
                is_required=False,
            ),
        ),
    ),
    "brows": ReadySet(
        (
            "What is off is off for six weeks. Draw first, let her look, then begin.",
            "Что удалено, того не будет шесть недель. Сначала эскиз, потом её взгляд, потом работа.",
            "Što je skinuto, nema ga šest sedmica. Prvo nacrtati, pustiti je da pogleda, pa početi.",
            "ما يُزال يغيب ستة أسابيع. الرسم أولًا، ثم نظرة منها، ثم العمل.",
        ),
        (
            ReadyStep(
                (
                    "Ask about allergy to dye",
                    "Спросить об аллергии на краску",
                    "Pitati o alergiji na boju",
                    "السؤال عن حساسية من الصبغة",
                )
            ),
            ReadyStep(
                (
                    "Draw the shape and let her look",
                    "Нарисовать форму и дать посмотреть",
                    "Nacrtati oblik i dati joj da pogleda",
                    "رسم الشكل وعرضه عليها",
                )
            ),
            ReadyStep(
                (
                    "Calm the skin at the end",
                    "Успокоить кожу в конце",
                    "Umiriti kožu na kraju",
                    "تهدئة البشرة في النهاية",
                )
            ),
        ),
    ),
}

# what the sets are called
NAMES = (
    (EVERY_VISIT, _("Every visit")),
    ("lashes", _("Lashes")),
    ("hair", _("Hair")),
    ("nails", _("Nails")),
    ("brows", _("Brows")),
)
# parts of words by which a service is known for one of these trades, as they sound in Latin letters
TRADES = {
    "lashes": ("lash", "ресн", "trepav", "رموش"),
    "brows": ("brow", "бров", "obrv", "حواجب"),
    "nails": ("nail", "manic", "pedic", "ногт", "маник", "педик", "nokt", "manik", "pedik", "أظافر"),
    "hair": (
        *("hair", "cut", "balayage", "blow", "colour", "color", "волос", "стриж", "уклад", "окраш"),
        *("kosa", "kose", "šišanj", "feniran", "bojenj", "شعر"),
    ),
}
HEARD = {name: tuple(plain(part) for part in parts) for name, parts in TRADES.items()}


def set_for(service: str) -> str:
    """The ready-made set that fits a service of this name; empty where none does."""
    said = plain(service)
    return next((name for name, parts in HEARD.items() if any(part in said for part in parts)), "")
