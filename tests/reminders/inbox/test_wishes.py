"""What a letter asks for, by its words: an offer to the desk, judged by hand."""

import pytest

from reminders.inbox.services.receiving import meaning_of

SAID = {
    "move": [
        *("Can we do Thursday instead?", "could I come later?", "I need to reschedule", "Please move it to Friday"),
        *("Is Thursday possible?", "Any chance of another day? I'd cancel otherwise"),
        *("Можно в пятницу?", "Перенесите, пожалуйста, на завтра", "А можно попозже?", "Есть другое время?"),
        *("Može li u četvrtak?", "Mogu li pomjeriti termin", "moze malo kasnije", "Treba mi drugi termin"),
        *("ممكن يوم الخميس؟", "أريد تغيير الموعد", "هل يمكن تأجيل الموعد", "أحتاج موعدًا آخر"),
    ],
    "cancel": [
        *("Please cancel my appointment", "Sorry, I can't make it", "I won't be able to come tomorrow"),
        *("Отмените, пожалуйста", "К сожалению, не смогу", "не приду сегодня"),
        *("otkaži", "Otkazujem termin", "Nažalost, ne mogu doći"),
        *("ألغي الموعد", "أريد إلغاء الموعد", "طفلي مريض ولن أستطيع الحضور"),
        # she cannot come for a rash of somebody else: no complaint
        "I can't come, my son has a rash",
    ],
    "complaint": [
        *("I am very disappointed", "Two lashes fell out already!", "My eyes are swollen"),
        *("Я недовольна стрижкой", "Ресницы отвалились через день", "Глаза чешутся и опухли"),
        *("Nisam zadovoljna", "Ovo je užasno", "Koža me svrbi"),
        *("أنا غير راضية", "الخدمة سيئة", "عندي حكة وتورم"),
    ],
    "": [
        *(
            "Thank you, it was lovely!",
            "See you on Thursday",
            "Please don't cancel, I'm coming",
            "No complaints, perfect",
        ),
        *("Спасибо, всё отлично", "Не отменяйте, я приду", "Жду с нетерпением", "Пожалуйста"),
        *("Hvala, divno je!", "Nemojte otkazivati, dolazim", "Vidimo se u petak"),
        *("شكرا جزيلا", "لا تلغوا موعدي، سآتي", "نراكم يوم الخميس", "أجل"),
        *("Is it cold today?", "Where are you?", "5"),
    ],
}


@pytest.mark.parametrize("meaning", SAID)
def test_words_say_what_she_asks_for(meaning):
    assert {text: meaning_of(text) for text in SAID[meaning]} == dict.fromkeys(SAID[meaning], meaning)
