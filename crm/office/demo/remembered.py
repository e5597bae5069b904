"""What is remembered and said in the demo, in four languages: notes, complaints, feedback."""

from crm.office.demo.tongues import Four

# each becomes a note with *ask again* today
STORIES: list[Four] = [
    ("Her daughter has the entrance exam on Friday; she is more nervous than the girl.",
     "У дочери в пятницу вступительный экзамен; мама волнуется больше неё.",
     "Kćerka ima prijemni u petak; nervoznija je od djevojke.",
     "ابنتها لديها امتحان القبول يوم الجمعة، وهي أكثر قلقًا من البنت."),
    ("Moving flat: the keys were due this week. Ask whether the kitchen fitted.",
     "Переезжает: ключи обещали на этой неделе. Спросить, встала ли кухня.",
     "Seli se: ključevi su trebali stići ove sedmice. Pitati je li kuhinja stala.",
     "تنتقل إلى شقة جديدة هذا الأسبوع. اسأليها هل ناسب المطبخ المكان."),
    ("Took up running; the first ten kilometres were last Sunday.",
     "Начала бегать; в прошлое воскресенье были первые десять километров.",
     "Počela je trčati; prošle nedjelje bilo je prvih deset kilometara.",
     "بدأت الجري؛ وكانت أول عشرة كيلومترات يوم الأحد الماضي."),
    ("Presents her project to the board this month, wants to look calm.",
     "В этом месяце защищает проект перед советом, хочет выглядеть спокойно.",
     "Ovaj mjesec predstavlja projekat upravi, želi izgledati smireno.",
     "تعرض مشروعها على المجلس هذا الشهر وتريد أن تبدو هادئة."),
    ("A puppy since last month, named Kiflica. Ask for photographs.",
     "С прошлого месяца щенок по кличке Кифлица. Попросить фотографии.",
     "Od prošlog mjeseca ima štene, zove se Kiflica. Tražiti slike.",
     "لديها جرو منذ الشهر الماضي اسمه كيفليتسا. اطلبي الصور."),
    ("Learning to bake sourdough; the last loaf did not rise.",
     "Учится печь хлеб на закваске; последний не поднялся.",
     "Uči peći hljeb s kvasom; zadnji se nije digao.",
     "تتعلم خبز العجين المخمر؛ الرغيف الأخير لم ينتفخ."),
]  # fmt: skip

PREFERENCES: list[Four] = [
    ("Quiet visits, no radio. Lavender rather than citrus.", "Любит тишину, без радио. Лаванда, не цитрус.",
     "Voli tišinu, bez radija. Lavanda, ne citrus.", "تحب الهدوء بلا راديو. اللافندر لا الحمضيات."),
    ("Talkative, loves to hear about films.", "Разговорчивая, любит про кино.", "Pričljiva, voli filmove.",
     "تحب الحديث، وخاصة عن الأفلام."),
    ("Always the seat by the window.", "Всегда место у окна.", "Uvijek mjesto kraj prozora.", "دائمًا المقعد قرب النافذة."),
]  # fmt: skip

FAMILY: list[Four] = [
    ("Two boys, Demo and Proba, in the first form.", "Два сына, Демо и Проба, первоклассники.",
     "Dva sina, Demo i Proba, prvi razred.", "ولدان، ديمو وبروبا، في الصف الأول."),
    ("Her mother comes to us as well, on Thursdays.", "Её мама тоже ходит к нам, по четвергам.",
     "I njena mama dolazi kod nas, četvrtkom.", "والدتها تأتي إلينا أيضًا أيام الخميس."),
]  # fmt: skip

GIFTS: list[Four] = [
    ("Collects small ceramic birds.", "Собирает маленьких керамических птиц.", "Skuplja male keramičke ptice.",
     "تجمع طيورًا خزفية صغيرة."),
    ("Was delighted by the rose hand cream.", "Была в восторге от розового крема для рук.",
     "Oduševila je krema za ruke od ruže.", "أعجبها كريم اليدين بالورد كثيرًا."),
]  # fmt: skip

FORMULAS: dict[str, Four] = {
    "lashes": ("D curl, 0.07, 9-12 mm, squirrel; glue 2 s.", "Изгиб D, 0,07, 9-12 мм, белка; клей 2 с.",
               "D uvijanje, 0,07, 9-12 mm, vjeverica; ljepilo 2 s.", "لفة D، 0.07، 9-12 مم، غراء ثانيتين."),
    "brows": ("Tint: brown 2 parts, graphite 1; 8 minutes.", "Краска: коричневый 2, графит 1; 8 минут.",
              "Boja: smeđa 2, grafit 1; 8 minuta.", "صبغة: بني 2 وجرافيت 1؛ 8 دقائق."),
    "hair": ("7.13 + 8.1 (1:1), 6 %, 35 minutes; grey at the temples.", "7.13 + 8.1 (1:1), 6 %, 35 минут; седина у висков.",
             "7.13 + 8.1 (1:1), 6 %, 35 minuta; sijede na sljepoočnicama.", "7.13 + 8.1 (1:1)، 6٪، 35 دقيقة؛ شيب عند الصدغين."),
    "nails": ("Gel 114 “dusty rose”, almond, short.", "Гель 114 «пыльная роза», миндаль, коротко.",
              "Gel 114 “prašnjava ruža”, badem, kratko.", "جل 114 «وردي مغبر»، شكل اللوز، قصير."),
}  # fmt: skip

NEVER: list[Four] = [
    ("Her former husband.", "Бывший муж.", "Bivši muž.", "زوجها السابق."),
    ("The shop she had to close.", "Магазин, который пришлось закрыть.", "Radnja koju je morala zatvoriti.",
     "المحل الذي اضطرت لإغلاقه."),
]  # fmt: skip

HEALTH: list[Four] = [
    ("Allergic to latex: nitrile gloves only.", "Аллергия на латекс: только нитриловые перчатки.",
     "Alergična na lateks: samo nitrilne rukavice.", "حساسية من اللاتكس: قفازات نتريل فقط."),
    ("Sensitive eyes; patch test before a new glue.", "Чувствительные глаза; проба перед новым клеем.",
     "Osjetljive oči; proba prije novog ljepila.", "عيون حساسة؛ اختبار قبل أي غراء جديد."),
    ("Expecting a baby: no strong smells, seat half upright.", "Ждёт ребёнка: без резких запахов, сидеть полулёжа.",
     "Čeka bebu: bez jakih mirisa, poluuspravno sjedenje.", "حامل: بلا روائح قوية، والمقعد نصف مستقيم."),
]  # fmt: skip

COMPLAINT_MEMORY: Four = (
    "In spring the outer corners came loose early; we redid them free of charge.",
    "Весной внешние уголки отклеились раньше; переделали бесплатно.",
    "U proljeće su vanjski uglovi popustili ranije; popravili smo besplatno.",
    "في الربيع ارتخت الأطراف الخارجية مبكرًا؛ أعدناها مجانًا.",
)

# text, cause
COMPLAINTS: list[tuple[Four, Four]] = [
    (("The colour turned out two tones darker than agreed.", "Цвет вышел на два тона темнее, чем договаривались.",
      "Boja je ispala dva tona tamnija od dogovora.", "جاء اللون أغمق بدرجتين مما اتفقنا."),
     ("result", "результат", "rezultat", "النتيجة")),
    (("Waited twenty-five minutes, nobody said why.", "Ждала двадцать пять минут, никто не сказал почему.",
      "Čekala dvadeset pet minuta, niko nije rekao zašto.", "انتظرت خمسًا وعشرين دقيقة ولم يخبرني أحد بالسبب."),
     ("waiting", "ожидание", "čekanje", "الانتظار")),
    (("Half of the lashes on the left fell out after four days.", "Половина ресниц слева выпала через четыре дня.",
      "Pola trepavica lijevo otpalo nakon četiri dana.", "سقط نصف رموش العين اليسرى بعد أربعة أيام."),
     ("does not hold", "не держится", "ne drži", "لا تثبت")),
    (("Paid more than was said on the phone.", "Заплатила больше, чем сказали по телефону.",
      "Platila više nego što je rečeno telefonom.", "دفعت أكثر مما قيل لي بالهاتف."),
     ("price", "цена", "cijena", "السعر")),
]  # fmt: skip
SOLVED: Four = (
    "Redone free of charge the next day; she chose it over the money back.",
    "Переделали бесплатно на следующий день; выбрала это, а не возврат.",
    "Popravljeno besplatno sutradan; izabrala je to umjesto povrata.",
    "أعدناها مجانًا في اليوم التالي؛ اختارت ذلك بدل استرداد المال.",
)

PLEASED: list[Four] = [
    ("Gentle hands and on time.", "Нежные руки и вовремя.", "Nježne ruke i na vrijeme.", "أيدٍ لطيفة وفي الموعد."),
    ("You remembered what I told last time!", "Вы помнили, что я рассказывала!", "Zapamtili ste šta sam pričala!",
     "تذكرتم ما حكيته في المرة الماضية!"),
    ("Beautiful shape, many compliments.", "Красивая форма, много комплиментов.", "Lijep oblik, puno komplimenata.",
     "شكل جميل وتلقيت مجاملات كثيرة."),
]  # fmt: skip
DISPLEASED: list[Four] = [
    ("It was a little cold.", "Было прохладно.", "Bilo je malo hladno.", "كان المكان باردًا قليلًا."),
    ("The music was loud.", "Громкая музыка.", "Muzika je bila glasna.", "كانت الموسيقى عالية."),
    ("I expected more volume.", "Ожидала больше объёма.", "Očekivala sam više volumena.", "توقعت كثافة أكبر."),
]  # fmt: skip

DRINKS: list[Four] = [
    ("espresso, no sugar", "эспрессо без сахара", "espresso bez šećera", "إسبريسو بلا سكر"),
    ("mint tea", "мятный чай", "čaj od nane", "شاي بالنعناع"),
    ("still water with lemon", "вода с лимоном", "voda s limunom", "ماء بالليمون"),
    ("Bosnian coffee", "боснийский кофе", "bosanska kafa", "قهوة بوسنية"),
    ("green tea", "зелёный чай", "zeleni čaj", "شاي أخضر"),
]  # fmt: skip
