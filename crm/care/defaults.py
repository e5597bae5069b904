"""What is said in the five steps, as long as the owner has not put it in her own words. One sentence in each line.

`{form:formal|familiar}` chooses by how the client is addressed, `{gender:f|m|unstated}` by her grammatical gender.
"""

STEPS: dict[str, dict[int, str]] = {
    "en": {
        1: "I am sorry that this happened.\nThank you for telling me. I am listening.",
        2: "Please tell me everything, from the beginning.\nWhen did you notice it?\nWhat bothers you most?",
        3: "What can I do to help?\nWhat would make it right for you?",
        4: "I can offer you the following. Which would you like best?",
        5: "Thank you for telling us. Because of you we do it better.",
    },
    "ru": {
        1: ("Мне очень жаль, что так вышло.\nСпасибо, что {form:говорите|говоришь} об этом прямо. Я слушаю."),
        2: (
            "{form:Расскажите|Расскажи}, пожалуйста, всё с самого начала.\n"
            "Когда это стало заметно?\nЧто огорчает больше всего?"
        ),
        3: "Чем я могу помочь?\nЧто было бы для {form:вас|тебя} хорошим решением?",
        4: "Вот что я могу предложить. Что {form:вам|тебе} больше подходит?",
        5: "Спасибо, что {form:сказали нам|говоришь нам об этом}. Благодаря {form:вам|тебе} мы станем лучше.",
    },
    "bs": {
        1: "Žao mi je što se to dogodilo.\nHvala {form:Vam|ti} što {form:ste mi to rekli|to govoriš}. Slušam.",
        2: (
            "{form:Ispričajte|Ispričaj} mi, molim {form:Vas|te}, sve od početka.\n"
            "Kada se to primijetilo?\nŠta najviše smeta?"
        ),
        3: "Kako mogu pomoći?\nŠta bi za {form:Vas|tebe} bilo dobro rješenje?",
        4: "Mogu {form:Vam|ti} ponuditi sljedeće. Šta {form:Vam|ti} najviše odgovara?",
        5: "Hvala što {form:ste nam rekli|nam to govoriš}. Zahvaljujući {form:Vama|tebi} radimo bolje.",
    },
    "ar": {
        1: "يؤسفني أن هذا حدث.\nشكرًا على الصراحة. كلي آذان صاغية.",
        2: "أود أن أسمع كل شيء من البداية.\nمتى ظهر ذلك؟\nما أكثر ما يزعج في الأمر؟",
        3: "كيف يمكنني المساعدة؟\nما الحل المناسب؟",
        4: "هذا ما يمكنني أن أعرضه. أيها الأنسب؟",
        5: "شكرًا على إخبارنا. بفضل ذلك نعمل بشكل أفضل.",
    },
}

# causes to begin with, by language; the owner changes them
CAUSES: tuple[dict[str, str], ...] = (
    {"en": "Result not as wished", "ru": "Результат не тот", "bs": "Rezultat nije po želji", "ar": "النتيجة ليست كما أرادت"},
    {"en": "Did not last", "ru": "Недолго продержалось", "bs": "Nije dugo trajalo", "ar": "لم تدم النتيجة"},
    {"en": "Waited too long", "ru": "Долго ждала", "bs": "Predugo čekanje", "ar": "انتظار طويل"},
    {"en": "Took longer than told", "ru": "Заняло больше времени", "bs": "Trajalo duže nego što je rečeno", "ar": "استغرق أطول مما قيل"},
    {"en": "How she was spoken to", "ru": "Как с ней говорили", "bs": "Način ophođenja", "ar": "أسلوب التعامل"},
    {"en": "Price not as told", "ru": "Цена не та, что назвали", "bs": "Cijena nije kako je rečeno", "ar": "السعر ليس كما قيل"},
    {"en": "Pain or irritation", "ru": "Боль или раздражение", "bs": "Bol ili iritacija", "ar": "ألم أو تهيج"},
    {"en": "Mistake with the booking", "ru": "Ошибка с записью", "bs": "Greška s terminom", "ar": "خطأ في الحجز"},
)  # fmt: skip
