"""The shop in four languages: an order and its stages, a delay, other places, back again, soon used up."""

from reminders.messages.defaults.shape import Words

# what each stage means for her; and a reason for a delay, where a letter is looked at with made-up people
STAGES: dict[str, dict[str, str]] = {
    "en": {
        "order_accepted": "We have written your order down.",
        "order_ordered": "It is ordered from the supplier.",
        "order_on_the_way": "It is on its way to us.",
        "order_arrived": "It is here, and waits for you.",
        "order_handed_over": "It is yours now. Enjoy it, and if anything is not as it should be, tell us.",
        "order_called_off": "The order is called off. What was paid ahead comes back to you.",
        "order_reason": "The supplier sent the wrong shade.",
    },
    "ru": {
        "order_accepted": "Мы записали заказ.",
        "order_ordered": "Заказ сделан у поставщика.",
        "order_on_the_way": "Заказ едет к нам.",
        "order_arrived": "Заказ у нас и ждёт.",
        "order_handed_over": "Теперь это {form:ваше|твоё}. Пусть радует, а если что-то не так, {form:скажите|скажи} нам.",
        "order_called_off": "Заказ отменён. Предоплату мы вернём.",
        "order_reason": "Поставщик прислал не тот оттенок.",
    },
    "bs": {
        "order_accepted": "Zapisali smo narudžbu.",
        "order_ordered": "Naručeno je kod dobavljača.",
        "order_on_the_way": "Na putu je do nas.",
        "order_arrived": "Stiglo je i čeka kod nas.",
        "order_handed_over": "Sada je {form:Vaše|tvoje}. Neka raduje, a ako nešto nije kako treba, {form:recite|reci} nam.",
        "order_called_off": "Narudžba je otkazana. Ono što je plaćeno unaprijed vraćamo.",
        "order_reason": "Dobavljač je poslao pogrešnu nijansu.",
    },
    "ar": {
        "order_accepted": "سجّلنا الطلبية.",
        "order_ordered": "طلبناها من المورّد.",
        "order_on_the_way": "إنها في الطريق إلينا.",
        "order_arrived": "وصلت الطلبية وهي محفوظة عندنا.",
        "order_handed_over": "تم تسليم الطلبية. نتمنى أن تكون عند حسن الظن، وإن لم تكن كما ينبغي فيسعدنا أن نعرف.",
        "order_called_off": "أُلغيت الطلبية. ما دُفع مقدمًا يُعاد.",
        "order_reason": "أرسل المورّد درجة لون خاطئة.",
    },
}

SHOP: dict[str, dict[str, Words]] = {
    "en": {
        "order_stage": Words(
            subject="Your order: {product}",
            body="""{stage}

{product}

You will have it by {promised}.

You find us here: {address}""",
            button="See where it is",
            sms="""{hello} {product}: {stage}
By {promised}.
{link} {salon}""",
        ),
        "order_late": Words(
            subject="It takes longer: {product}",
            body="""We are sorry: {product} takes longer than we promised.

The new day is {promised}, instead of {before}.

Why: {reason}

If that is too late for you, tell us and we will call the order off, or find another way.
{phone}""",
            button="See where it is",
            sms="{hello} We are sorry: {product} takes longer. The new day is {promised}, instead of {before}. Why: {reason} {link} {salon}",
        ),
        "other_places": Words(
            subject="Where else there is {product}",
            body="""We do not have {product} just now, and you should not have to look for it. These do:

{places}

We are glad if you find it there. And if not, we will find another way.""",
            button="Your page",
            sms="{hello} {product} is here: {places}. {link} {salon}",
        ),
        "back_in_stock": Words(
            subject="It is back: {product}",
            body="""You wanted to know: {product} is back on our shelf.

You find us here: {address}

Shall we put one aside for you?
{phone}""",
            button="Your page",
            sms="""{hello} {product} is back on our shelf.
{address}.
{link} {salon}""",
        ),
        "used_up": Words(
            subject="Running out? {products}",
            body="""By our reckoning this may be running out: {products}.

If you would like some more, say a word and it lies ready at your next visit.""",
            button="Your page",
            sms="{hello} This may be running out: {products}. Say a word, and it lies ready for you. {link} {salon}",
        ),
    },
    "ru": {
        "order_stage": Words(
            subject="Заказ: {product}",
            body="""{stage}

{product}

Срок: {promised}.

Мы находимся здесь: {address}""",
            button="Посмотреть, где заказ",
            sms="""{hello} {product}: {stage}
Срок: {promised}.
{link} {salon}""",
        ),
        "order_late": Words(
            subject="Заказ задерживается: {product}",
            body="""Нам очень жаль: заказ «{product}» задерживается.

Новый срок: {promised}. Обещали мы раньше: {before}.

Почему: {reason}

Если это слишком поздно, {form:скажите|скажи} нам: отменим заказ или найдём другой способ.
{phone}""",
            button="Посмотреть, где заказ",
            sms="{hello} Нам жаль: «{product}» задерживается. Новый срок: {promised} (было: {before}). Почему: {reason} {link} {salon}",
        ),
        "other_places": Words(
            subject="Где ещё есть {product}",
            body="""У нас сейчас нет: {product}. Чтобы не пришлось искать, вот где есть:

{places}

Будем рады, если там найдётся. А если нет, придумаем что-нибудь ещё.""",
            button="{form:Ваша страница|Твоя страница}",
            sms="{hello} {product} есть здесь: {places}. {link} {salon}",
        ),
        "back_in_stock": Words(
            subject="Снова есть: {product}",
            body="""Мы обещали сообщить: {product} снова на полке.

Мы находимся здесь: {address}

Отложить?
{phone}""",
            button="{form:Ваша страница|Твоя страница}",
            sms="""{hello} {product} снова есть у нас.
{address}.
{link} {salon}""",
        ),
        "used_up": Words(
            subject="Заканчивается? {products}",
            body="""По нашим подсчётам, скоро может закончиться: {products}.

Если нужно ещё, хватит одного слова, и к следующему визиту всё будет готово.""",
            button="{form:Ваша страница|Твоя страница}",
            sms="{hello} Скоро может закончиться: {products}. Одно слово, и отложим. {link} {salon}",
        ),
    },
    "bs": {
        "order_stage": Words(
            subject="Narudžba: {product}",
            body="""{stage}

{product}

Rok: {promised}.

Nalazimo se ovdje: {address}""",
            button="{form:Pogledajte|Pogledaj} gdje je",
            sms="""{hello} {product}: {stage}
Rok: {promised}.
{link} {salon}""",
        ),
        "order_late": Words(
            subject="Narudžba kasni: {product}",
            body="""Žao nam je: {product} kasni.

Novi rok: {promised}. Prije smo obećali: {before}.

Zašto: {reason}

Ako je to prekasno, {form:recite|reci} nam: otkazat ćemo narudžbu ili naći drugi način.
{phone}""",
            button="{form:Pogledajte|Pogledaj} gdje je",
            sms="{hello} Žao nam je: {product} kasni. Novi rok: {promised} (prije: {before}). Zašto: {reason} {link} {salon}",
        ),
        "other_places": Words(
            subject="Gdje još ima: {product}",
            body="""Trenutno nemamo: {product}. Da ne treba tražiti, evo gdje ima:

{places}

Bit će nam drago ako se tamo nađe. A ako ne, naći ćemo drugi način.""",
            button="{form:Vaša stranica|Tvoja stranica}",
            sms="{hello} {product} ima ovdje: {places}. {link} {salon}",
        ),
        "back_in_stock": Words(
            subject="Opet ima: {product}",
            body="""Obećali smo javiti: {product} je opet na polici.

Nalazimo se ovdje: {address}

Da odvojimo?
{phone}""",
            button="{form:Vaša stranica|Tvoja stranica}",
            sms="""{hello} {product} je opet kod nas.
{address}.
{link} {salon}""",
        ),
        "used_up": Words(
            subject="Pri kraju? {products}",
            body="""Po našem računu ovo je možda pri kraju: {products}.

Ako treba još, dovoljna je jedna riječ i spremno je do sljedećeg dolaska.""",
            button="{form:Vaša stranica|Tvoja stranica}",
            sms="{hello} Možda je pri kraju: {products}. Jedna riječ i odvojit ćemo. {link} {salon}",
        ),
    },
    "ar": {
        "order_stage": Words(
            subject="الطلبية: {product}",
            body="""{stage}

{product}

موعد التسليم: {promised}.

عنواننا: {address}""",
            button="أين وصلت الطلبية",
            sms="""{hello} {product}: {stage}
موعد التسليم: {promised}.
{link} {salon}""",
        ),
        "order_late": Words(
            subject="تأخرت الطلبية: {product}",
            body="""نعتذر: يتأخر {product} عما وعدنا به.

موعد التسليم الجديد: {promised}، وكان: {before}.

السبب: {reason}

إن كان ذلك متأخرًا فيكفي أن نعرف: نلغي الطلبية أو نجد طريقة أخرى.
{phone}""",
            button="أين وصلت الطلبية",
            sms="{hello} نعتذر: يتأخر {product}. موعد التسليم الجديد: {promised}، وكان: {before}. السبب: {reason} {link} {salon}",
        ),
        "other_places": Words(
            subject="أين يوجد أيضًا: {product}",
            body="""لا يوجد عندنا الآن: {product}. حتى لا يطول البحث، يوجد هنا:

{places}

يسعدنا أن يكون هناك. وإن لم يكن، نجد طريقة أخرى.""",
            button="{form:صفحتكم|صفحتك}",
            sms="{hello} {product} يوجد هنا: {places}. {link} {salon}",
        ),
        "back_in_stock": Words(
            subject="عاد من جديد: {product}",
            body="""وعدنا بالإخبار: {product} على رفّنا من جديد.

عنواننا: {address}

هل نحفظ قطعة جانبًا؟
{phone}""",
            button="{form:صفحتكم|صفحتك}",
            sms="""{hello} {product} عندنا من جديد.
{address}.
{link} {salon}""",
        ),
        "used_up": Words(
            subject="على وشك النفاد؟ {products}",
            body="""بحسابنا قد يكون هذا على وشك النفاد: {products}.

إن لزم المزيد فتكفي كلمة، ويكون جاهزًا في الزيارة القادمة.""",
            button="{form:صفحتكم|صفحتك}",
            sms="{hello} قد يكون على وشك النفاد: {products}. تكفي كلمة ونحفظه جانبًا. {link} {salon}",
        ),
    },
}
