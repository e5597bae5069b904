"""Where clients of every salon meet it, from the first advertisement to the care afterwards (practices.md, P42)."""

TOUCHPOINTS = (
    ("The advertisement", "Реклама", "Reklama", "الإعلان"),
    ("Our pages and reviews on the net", "Наши страницы и отзывы в сети", "Naše stranice i recenzije na mreži", "صفحاتنا وآراء الناس على الشبكة"),
    ("The first call or message", "Первый звонок или сообщение", "Prvi poziv ili poruka", "أول اتصال أو رسالة"),
    ("Booking by the link", "Запись по ссылке", "Zakazivanje putem linka", "الحجز عبر الرابط"),
    ("The way to us and the door", "Дорога к нам и вход", "Put do nas i ulaz", "الطريق إلينا والمدخل"),
    ("The greeting", "Приветствие", "Doček", "الترحيب"),
    ("Waiting", "Ожидание", "Čekanje", "الانتظار"),
    ("The treatment", "Сама процедура", "Sam tretman", "الجلسة نفسها"),
    ("Paying and the next visit", "Оплата и следующая запись", "Plaćanje i sljedeći termin", "الدفع والموعد القادم"),
    ("Care at home and a word afterwards", "Домашний уход и весточка после", "Njega kod kuće i poruka poslije", "العناية في البيت والسؤال بعد الزيارة"),
)  # fmt: skip
