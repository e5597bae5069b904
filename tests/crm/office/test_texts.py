"""Reading texts out of code and templates, and holding catalogues to them."""

import pytest
from django.conf import settings

from crm.office.borrowed import WORDS
from crm.office.texts import read_catalogue, texts, update_catalogue, wrong_in

CODE = '''
from django.utils.translation import gettext as _, ngettext, pgettext

def greet(name, n):
    """A docstring with _("no text") in it."""
    return _("Hello %(name)s") % {"name": name}, ngettext("%(n)d visit", "%(n)d visits", n), pgettext("a colour", "Rose")

def put_together(word):
    return _(word)
'''
PAGE = """{% load i18n %}
  <p title="{% translate "See you" %}">{% blocktranslate trimmed with who=name %}
      Dear {{ who }},
      welcome
  {% endblocktranslate %}
 {# Translators: short #}
{% blocktranslate count n=visits %}{{ n }} visit{% plural %}{{ n }} visits{% endblocktranslate %}
 {{ visit|default:_("nobody") }} it's {% translate "Book" context "verb" %}</p>
"""


@pytest.fixture
def salon(tmp_path):
    (tmp_path / "crm").mkdir()
    (tmp_path / "crm" / "greetings.py").write_text(CODE)
    (tmp_path / "templates").mkdir()
    (tmp_path / "templates" / "page.html").write_text(PAGE)
    return tmp_path


def test_texts_of_code_and_templates_are_found(salon):
    assert texts(salon).keys() == {
        (None, "Hello %(name)s"),
        (None, ("%(n)d visit", "%(n)d visits")),
        ("a colour", "Rose"),
        (None, "See you"),
        (None, "Dear %(who)s, welcome"),
        (None, ("%(n)s visit", "%(n)s visits")),
        (None, "nobody"),
        ("verb", "Book"),
    }


def test_empty_catalogue_lacks_everything(salon):
    wrong = wrong_in(salon / "ru.po", language="ru", wanted=texts(salon))

    assert {kind: len(places) for kind, places in wrong.items()} == {"missing": 8, "fuzzy": 0, "placeholders": 0}
    assert "templates/page.html:8: [verb] 'Book'" in wrong["missing"]


def translated(po, **words):
    text = po.read_text()
    for original, translation in words.items():
        text = text.replace(f'msgid "{original}"\nmsgstr ""', f'msgid "{original}"\nmsgstr "{translation}"')
    po.write_text(text)


def test_update_keeps_translations_and_drops_what_is_gone(salon):
    po = salon / "ru.po"
    assert update_catalogue(po, language="ru", wanted=texts(salon)) == (8, 0)
    translated(po, nobody="никто", Book="Записаться")

    page = salon / "templates" / "page.html"
    page.write_text(page.read_text().replace('{% translate "See you" %}', '{% translate "Till soon" %}'))
    assert update_catalogue(po, language="ru", wanted=texts(salon)) == (1, 1)

    catalogue = read_catalogue(po, language="ru")
    assert (catalogue["nobody"].string, catalogue.get("Book", "verb").string) == ("никто", "Записаться")
    assert "Till soon" in catalogue
    assert "See you" not in catalogue


def test_placeholder_lost_in_translation_is_named(salon):
    po = salon / "ru.po"
    update_catalogue(po, language="ru", wanted=texts(salon))
    translated(po, **{"Hello %(name)s": "Привет", "Dear %(who)s, welcome": "Дорогая %(who)s, заходите"})

    wrong = wrong_in(po, language="ru", wanted=texts(salon))

    assert wrong["placeholders"] == ["crm/greetings.py:6: 'Hello %(name)s'"]
    assert len(wrong["missing"]) == 6


def test_plural_needs_every_form_of_the_language(salon):
    po = salon / "ar.po"
    update_catalogue(po, language="ar", wanted=texts(salon))
    two_of_six = 'msgid_plural "%(n)d visits"\nmsgstr[0] "زيارة"\nmsgstr[1] "زيارة"\n'
    po.write_text(po.read_text().replace('msgid_plural "%(n)d visits"\nmsgstr[0] ""\nmsgstr[1] ""\n', two_of_six))

    wrong = wrong_in(po, language="ar", wanted=texts(salon))

    assert len(wrong["missing"]) == 8


def test_words_put_into_others_are_found_for_the_translators():
    found = {key[1] for key in texts(settings.BASE_DIR)}
    assert {"her score was middling", "her answer was alarming"} <= found
    assert {"%(change)s on last week", "%(change)s on a year ago", "nothing yet to compare with"} <= found


def test_a_library_speaks_english_in_our_words():
    catalogue = read_catalogue(settings.LOCALE_PATHS[0] / "en" / "LC_MESSAGES" / "django.po", language="en")

    said = {message.id: str(message.string).lower() for message in catalogue if message.id}

    # else it says what nobody asks for
    assert {words for words in said if isinstance(words, str)} <= set(WORDS)
    assert not [words for words in said.values() if "success" in words or "error" in words]
