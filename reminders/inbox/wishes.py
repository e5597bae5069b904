"""What a letter seems to ask for, by its words. It only offers a step to the desk, but for words that complain."""

import re

from reminders.inbox.plain import plain


def _any(*groups: str) -> re.Pattern[str]:
    """Any of these words or beginnings of words (a `*` at the end), compared as `plain` writes them."""
    written = []
    for group in groups:
        for words in group.split(","):
            starts = words.strip().endswith("*")
            written.append(re.escape(plain(words)) + ("" if starts else r"(?!\w)"))
    # in Arabic "and" and "so" are written onto the word
    return re.compile(r"(?<!\w)[وف]?(?:" + "|".join(written) + ")")


CANCEL = _any(
    "cancel, cancelled, canceled, cancelling, canceling, cancellation, can't come, cannot come, can't make it",
    "cannot make it, won't come, won't be able to come, won't make it, not coming, unable to come, not able to come",
    "отмен*, не смогу, не приду, не придём, не получится прийти, не получается прийти, снимите запись, снять запись",
    "otkaz*, ne mogu doći, neću doći, neću moći, ne mogu stići, ne mogu da dođem, neću da dođem",
    "ألغي, إلغاء, ألغوا, إلغي, ألغيت, ألغيه, ألغيها, نلغي, تلغوا, تلغي, ألغ, الغو, لا أستطيع الحضور, لن أستطيع الحضور",
    "لن أحضر, لن أتمكن, لا أقدر أجي, ما أقدر أجي, ما بقدر إجي, مش قادرة آجي, لن آتي, لا أستطيع المجيء",
)
DAYS = "monday|tuesday|wednesday|thursday|friday|saturday|sunday|tomorrow|next week|later|earlier|instead|another"
DAYS_RU = "понедельник|вторник|среду|четверг|пятницу|субботу|воскресенье|завтра|послезавтра|попозже|позже|пораньше|раньше|другои"
DAYS_BS = "ponedjeljak|utorak|srijedu|cetvrtak|petak|subotu|nedjelju|sutra|preksutra|kasnije|ranije|drugi"
DAYS_AR = "الاثنين|الثلاثاء|الاربعاء|الخميس|الجمعه|السبت|الاحد|غدا|بكرا|بكره|بعد غد|لاحق|ابكر|اخر"
MOVE = _any(
    "reschedul*, postpone*, move it, move my, move the, move me, another day, another time, different day",
    "different time, change the time, change my time, change the day, change my appointment, change the appointment",
    "push it back, move to, make it later, make it earlier",
    "перенес*, перенос*, перезапи*, сдвин*, другое время, другой день, на другой, поменять время, изменить время",
    "pomjer*, pomer*, premjest*, prebac*, odgod*, drugi termin, drugi dan, drugo vrijeme, promijeniti termin",
    "تأجيل, أؤجل, نؤجل, أجلوا, تأجلوا, تغيير الموعد, أغير الموعد, نغير الموعد, غيروا الموعد, تغيير موعدي, أغير موعدي",
    "نقل الموعد, أنقل الموعد, موعد آخر, موعدا آخر, يوم آخر, يوما آخر, وقت آخر, وقتا آخر, موعد ثاني, يوم ثاني",
)
# a question with a day in it: "can we do Thursday", "можно в пятницу", "može li u srijedu", "ممكن يوم الخميس"
ANOTHER_DAY = re.compile(
    rf"(?<!\w)(?:(?:can|could|may|how about|what about)\b.{{0,40}}\b(?:{DAYS})|is (?:{DAYS})"
    rf"|(?:можно|давайте|можем|получится|удобно)\b.{{0,40}}\b(?:{DAYS_RU})"
    rf"|(?:moze|mozemo|mogu|moglo|odgovara)\b.{{0,40}}\b(?:{DAYS_BS})"
    rf"|(?:ممكن|يمكن|هل يناسب|ينفع|اقدر|نقدر)\b.{{0,40}}(?:{DAYS_AR}))(?!\w)"
)
# as `plain` writes them
NOT = r"(?:don t|do not|dont|not|never|no|не|без|нет|ne|nemoj|nemojte|nije|nisam|bez|nema|لا|لم|ليس|لست|بدون)"
# "please do not cancel", "не отменяйте", "ne otkazujem"; two words may stand between
KEPT = re.compile(rf"(?<!\w){NOT}\s+(?:(?!that\b|what\b)\w+\s+){{0,1}}(?:cancel\w*|отмен\w*|otkaz\w*|الغ\w*|تلغ\w*)")
COMPLAINT = _any(
    "disappoint*, unhappy, not happy, not satisfied, dissatisf*, terribl*, awful*, horribl*, rude, complain*, refund",
    "my money back, worst, ruined, unacceptable, fell out, fell off, falling out, falling off, disgust*",
    "недовол*, не довол*, разочаров*, ужасн*, кошмар*, жалоб*, жалу*, пожаловаться, верните деньги, вернуть деньги",
    "безобраз*, испортил*, хамств*, нахамил*, отвратительн*, не понравил*, отвалил*, осыпал*, выпали",
    "nezadovolj*, nisam zadovolj*, nisam sretna, razočara*, užas*, katastrof*, žalba, žalbu, žalim se, požalit*",
    "vratite mi novac, povrat novca, pokvaril*, uništil*, bezobraz*, otpale, ispale, ne valja*",
    "غير راض*, غير راضية, لست راض*, مش راض*, مو راض*, زعلان*, محبط*, خيبة*, سيئ, سيئة, سيء, شكوى, أشتكي, استرداد",
    "فلوسي, فظيع*, مستاء*, ساقطت, تساقطت, وقعت الرموش, خربت, خربتوا",
)
# her skin or her eyes: it does not wait
HARM = _any(
    "swollen, swelling, itch*, rash, allergic reaction, inflam*",
    "опух*, зуд, чешется, чешутся, сыпь, воспал*, аллергическ*",
    "oteklo, otekli, otekla, otok, svrbi, svrbe, osip, upala, alergijsk*",
    "تورم, تورمت, حكة, طفح, التهاب, حساسية",
)
CONTENT = re.compile(
    rf"(?<!\w){NOT}\s+(?:\w+\s+){{0,2}}(?:disappoint|complain|rude|terribl|awful|недовол|разочаров|жалоб|жалу|razocara|zalb|zalim|nezadovolj|سيي|شكوي)"
)


def complains(text: str) -> bool:
    """Whether she is not content, by her words (rules.md, Feedback and complaints)."""
    said = plain(text)
    if harms(text):
        return True
    return bool(COMPLAINT.search(said)) and not CONTENT.search(said)


def harms(text: str) -> bool:
    """Whether something itches or swells; who cannot come for a rash tells of another matter."""
    said = plain(text)
    return bool(HARM.search(said)) and not CANCEL.search(said) and not MOVE.search(said)


def wants_to_move(text: str) -> bool:
    said = plain(text)
    return bool(MOVE.search(said) or ANOTHER_DAY.search(said))


def wants_to_cancel(text: str) -> bool:
    said = plain(text)
    return bool(CANCEL.search(said)) and not KEPT.search(said)
