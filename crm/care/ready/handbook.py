"""What clients of every salon say, and what may be answered (practices.md, P4): kind, what she says, the answer."""

from typing import NamedTuple

Four = tuple[str, str, str, str]


class ReadyEntry(NamedTuple):
    kind: str
    says: Four
    answer: Four
    also: str


HANDBOOK = (
    ReadyEntry(
        "objection",
        ("It is too expensive", "Это слишком дорого", "Preskupo je", "السعر مرتفع"),
        (
            (
                "I understand. It holds about three weeks, so it comes to the price of a coffee a day, and the correction "
                "in the first days is included. If you like, I show you the shorter version that suits you too."
            ),
            (
                "Понимаю. Держится около трёх недель, выходит чашка кофе в день, и коррекция в первые дни уже включена. "
                "Если хотите, покажу вариант покороче, он Вам тоже подойдёт."
            ),
            (
                "Razumijem. Drži oko tri sedmice, to je cijena kafe na dan, a korekcija prvih dana je uključena. Ako "
                "želite, pokazat ću kraću varijantu koja Vam isto pristaje."
            ),
            (
                "أفهم ذلك. يدوم نحو ثلاثة أسابيع، أي ثمن قهوة في اليوم، والتصحيح في الأيام الأولى مشمول. وإن أحببتِ "
                "أعرض عليكِ خيارًا أخفّ يناسبكِ أيضًا."
            ),
        ),
        "price cost money цена деньги cijena novac ثمن غالي",
    ),
    ReadyEntry(
        "objection",
        ("I will think about it", "Я подумаю", "Razmislit ću", "سأفكر في الأمر"),
        (
            (
                "Of course. What would you like to be sure of first? I write the price and the time down for you, so that "
                "you can look at it at home in peace."
            ),
            "Конечно. В чём хочется убедиться сначала? Запишу для Вас цену и время, чтобы посмотреть дома спокойно.",
            (
                "Naravno. U šta biste htjeli prvo biti sigurni? Zapisat ću Vam cijenu i vrijeme, da na miru pogledate kod "
                "kuće."
            ),
            "بالطبع. ما الذي تودّين التأكد منه أولًا؟ أكتب لكِ السعر والمدة لتنظري فيهما في البيت بهدوء.",
        ),
        "later not sure потом не уверена kasnije لاحقا",
    ),
    ReadyEntry(
        "objection",
        ("It is cheaper elsewhere", "В другом месте дешевле", "Drugdje je jeftinije", "في مكان آخر أرخص"),
        (
            (
                "That may well be. I tell you what we use, how long it holds and what happens if something falls out; then "
                "it is easy to compare."
            ),
            (
                "Вполне может быть. Расскажу, чем мы работаем, сколько держится и что будет, если что-то выпадет: так "
                "легче сравнить."
            ),
            "Može biti. Reći ću Vam čime radimo, koliko drži i šta ako nešto otpadne; tada je lako uporediti.",
            "قد يكون ذلك. أخبركِ بما نستعمل وكم يدوم وماذا لو سقط شيء، فتسهل المقارنة.",
        ),
        "other salon competitor другой салон drugi salon صالون آخر",
    ),
    ReadyEntry(
        "objection",
        (
            "I have no time for it",
            "У меня нет на это времени",
            "Nemam vremena za to",
            "ليس لدي وقت لذلك",
        ),
        (
            (
                "How much time would be comfortable? There is a shorter version, and two of us can work at once if the "
                "calendar allows it."
            ),
            "Сколько времени было бы удобно? Есть вариант покороче, а иногда можно работать в четыре руки.",
            "Koliko vremena bi Vam odgovaralo? Ima kraća varijanta, a ponekad možemo raditi i udvoje.",
            "كم من الوقت يناسبكِ؟ هناك خيار أقصر، ويمكن أحيانًا أن نعمل اثنتين معًا.",
        ),
        "hurry long спешу долго žurba dugo مستعجلة",
    ),
    ReadyEntry(
        "objection",
        (
            "I am afraid of an allergy",
            "Боюсь аллергии",
            "Bojim se alergije",
            "أخاف من الحساسية",
        ),
        (
            (
                "It is right to ask. We try a drop behind the ear today, free of charge, and look at it tomorrow. Only "
                "then we decide."
            ),
            "Правильно, что спрашиваете. Сегодня попробуем каплю за ухом, бесплатно, а завтра посмотрим. Тогда и решим.",
            "Dobro je pitati. Danas probamo kap iza uha, besplatno, a sutra pogledamo. Tek tada odlučujemo.",
            "من الصواب أن تسألي. نجرّب اليوم قطرة خلف الأذن مجانًا، وننظر غدًا. ثم نقرر.",
        ),
        "itch sensitive зуд кожа svrab koža حكة بشرة",
    ),
    ReadyEntry(
        "need",
        (
            "It has to last for my holiday",
            "Нужно, чтобы продержалось в отпуске",
            "Treba da izdrži odmor",
            "أريده أن يدوم طوال العطلة",
        ),
        (
            (
                "When do you leave, and will there be sea and sun? Then we do it two days before, and I give you what "
                "protects it."
            ),
            "Когда уезжаете, и будут ли море и солнце? Тогда сделаем за два дня до отъезда, и дам средство для защиты.",
            "Kada putujete, i hoće li biti more i sunce? Onda radimo dva dana prije, i dat ću Vam zaštitu.",
            "متى السفر، وهل سيكون هناك بحر وشمس؟ إذن نعمله قبل يومين، وأعطيكِ ما يحميه.",
        ),
        "sea sun travel море поездка more put سفر بحر",
    ),
    ReadyEntry(
        "need",
        (
            "I want to look natural",
            "Хочу, чтобы выглядело естественно",
            "Želim da izgleda prirodno",
            "أريد مظهرًا طبيعيًا",
        ),
        (
            "Then we stay near your own colour and length. I show you two pictures, and you say which is still you.",
            "Тогда останемся близко к Вашему цвету и длине. Покажу две картинки, а Вы скажете, где ещё Вы.",
            "Onda ostajemo blizu Vaše boje i dužine. Pokazat ću dvije slike, a Vi recite koja je još uvijek Vi.",
            "إذن نبقى قريبين من لونكِ وطولكِ. أعرض صورتين وتقولين أيتهما لا تزال تشبهكِ.",
        ),
        "not too much скромно ne previše بسيط",
    ),
    ReadyEntry(
        "value",
        (
            "Hygiene matters most to me",
            "Для меня главное гигиена",
            "Higijena mi je najvažnija",
            "النظافة أهم شيء عندي",
        ),
        (
            "To us too. You see the pack being opened, and on the wall is how we clean and how often.",
            "Для нас тоже. Пакет вскрываем при Вас, а на стене написано, как и как часто мы всё чистим.",
            "I nama. Paket otvaramo pred Vama, a na zidu piše kako i koliko često čistimo.",
            "ونحن كذلك. تُفتح العبوة أمامكِ، وعلى الجدار مكتوب كيف نعقّم وكم مرة.",
        ),
        "clean sterile чистота čistoća تعقيم",
    ),
    ReadyEntry(
        "value",
        (
            "I come here to rest",
            "Прихожу сюда отдохнуть",
            "Dolazim ovdje da se odmorim",
            "آتي إلى هنا لأرتاح",
        ),
        (
            "Then today is a quiet visit: no questions, soft music or none, and I say only when you may open your eyes.",
            "Тогда сегодня тихий визит: без вопросов, музыка тихая или никакой, скажу только, когда открыть глаза.",
            "Onda je danas tiha posjeta: bez pitanja, tiha muzika ili nikakva, reći ću samo kada da otvorite oči.",
            "إذن هي زيارة هادئة اليوم: بلا أسئلة، موسيقى خافتة أو بدونها، وأخبركِ فقط متى تفتحين عينيكِ.",
        ),
        "quiet tired тишина устала tišina umorna هدوء",
    ),
)
