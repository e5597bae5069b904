"""What is written to who has complained: never argued, short, and one button to where she may choose."""

from reminders.messages.defaults.shape import Words

COMPLAINTS: dict[str, dict[str, Words]] = {
    "en": {
        "complaint_received": Words(
            subject="We have your message, {number}",
            body="""Thank you for telling us. This is not how it should be, and we are sorry.

You hear from us by {until} at the latest.

Everything about it is on one page: what we answer, and what you may choose. Your number is {number}.""",
            button="Follow it",
            sms="""{hello} We have your message, {number}. We are sorry.
You hear from us by {until}.
{link} {salon}""",
        ),
        "complaint_answer": Words(
            subject="We have answered you, {number}",
            body="""{answer}

You may choose what suits you best:
{solutions}

If it is still not right, please say so on the same page. We want to put it right.""",
            button="See and choose",
            sms="{hello} We have answered your message {number}. See it, and choose what suits you: {link} {salon}",
        ),
        "complaint_resolved": Words(
            subject="Thank you for telling us",
            body="""You told us openly what was wrong, and we hope that it is right again. Thank you.

If it is not all right yet, one tap is enough, and we go on.""",
            button="See it",
            sms="{hello} Thank you for telling us. Not all right yet? One tap is enough: {link} {salon}",
        ),
    },
    "ru": {
        "complaint_received": Words(
            subject="Мы получили сообщение {number}",
            body="""Спасибо за откровенность. Так быть не должно, и нам очень жаль.

Мы ответим не позже: {until}.

Всё на одной странице: наши ответы и варианты на выбор. Номер: {number}.""",
            button="Следить за ответом",
            sms="""{hello} Мы получили сообщение {number}. Нам очень жаль.
Ответим не позже: {until}.
{link} {salon}""",
        ),
        "complaint_answer": Words(
            subject="Мы ответили на сообщение {number}",
            body="""{answer}

Можно выбрать, что лучше подходит:
{solutions}

Если всё ещё что-то не так, {form:скажите|скажи} об этом на той же странице. Мы хотим всё исправить.""",
            button="Посмотреть и выбрать",
            sms="{hello} Мы ответили на сообщение {number}. Посмотреть и выбрать: {link} {salon}",
        ),
        "complaint_resolved": Words(
            subject="Спасибо за откровенность",
            body="""Спасибо за откровенность. Надеемся, теперь всё хорошо.

Если ещё не всё в порядке, хватит одного касания, и мы продолжим.""",
            button="Посмотреть",
            sms="{hello} Спасибо за откровенность. Ещё не всё в порядке? Одно касание: {link} {salon}",
        ),
    },
    "bs": {
        "complaint_received": Words(
            subject="Primili smo poruku {number}",
            body="""Hvala na iskrenosti. Ovako ne bi trebalo biti i žao nam je.

Javljamo se najkasnije: {until}.

Sve je na jednoj stranici: šta odgovaramo i šta se može izabrati. Broj je {number}.""",
            button="{form:Pogledajte|Pogledaj} tok",
            sms="""{hello} Primili smo poruku {number}. Žao nam je.
Javljamo se najkasnije: {until}.
{link} {salon}""",
        ),
        "complaint_answer": Words(
            subject="Odgovorili smo na poruku {number}",
            body="""{answer}

Može se izabrati ono što najviše odgovara:
{solutions}

Ako još nije kako treba, {form:recite|reci} nam na istoj stranici. Želimo to ispraviti.""",
            button="{form:Pogledajte i izaberite|Pogledaj i izaberi}",
            sms="{hello} Odgovorili smo na poruku {number}. Odgovor i izbor: {link} {salon}",
        ),
        "complaint_resolved": Words(
            subject="Hvala na iskrenosti",
            body="""Hvala na iskrenosti. Nadamo se da je sada sve dobro.

Ako još nije sve u redu, dovoljan je jedan dodir i nastavljamo.""",
            button="{form:Pogledajte|Pogledaj}",
            sms="{hello} Hvala na iskrenosti. Još nije sve u redu? Jedan dodir: {link} {salon}",
        ),
    },
    "ar": {
        "complaint_received": Words(
            subject="وصلتنا الرسالة {number}",
            body="""شكرًا على الصراحة. ما كان ينبغي أن يكون الأمر هكذا، ونحن آسفون.

يصل جوابنا في موعد أقصاه: {until}.

كل شيء في صفحة واحدة: جوابنا وما يمكن اختياره. الرقم: {number}.""",
            button="متابعة الرسالة",
            sms="""{hello} وصلتنا الرسالة {number}. نحن آسفون.
يصل جوابنا في موعد أقصاه: {until}.
{link} {salon}""",
        ),
        "complaint_answer": Words(
            subject="أجبنا عن الرسالة {number}",
            body="""{answer}

يمكن اختيار الأنسب:
{solutions}

وإن لم يكن كل شيء على ما يرام بعد، {form:فأخبرونا من فضلكم|فنرجو أن نعرف} في الصفحة نفسها. نريد أن نصلح الأمر.""",
            button="الجواب والاختيار",
            sms="{hello} أجبنا عن الرسالة {number}. الجواب والاختيار: {link} {salon}",
        ),
        "complaint_resolved": Words(
            subject="شكرًا على الصراحة",
            body="""شكرًا على الصراحة. نرجو أن يكون كل شيء على ما يرام الآن.

وإن لم يكن كذلك بعد، تكفي لمسة واحدة ونكمل.""",
            button="عرض التفاصيل",
            sms="{hello} شكرًا على الصراحة. ليس كل شيء على ما يرام بعد؟ تكفي لمسة واحدة: {link} {salon}",
        ),
    },
}
