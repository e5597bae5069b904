"""The small language of texts: what it fills, what it refuses, and that nothing in it runs."""

import pytest
from django.core.exceptions import ValidationError

from reminders.messages.defaults import TEXTS
from reminders.messages.models import NO_TEXT, Kind
from reminders.messages.syntax import TextRefused, fill, fill_blocks, parse
from reminders.messages.texts import PLACEHOLDERS, SMS_ONLY, validate_text

SHIPPED = [kind for kind in Kind.values if kind not in NO_TEXT]


@pytest.mark.parametrize(
    ("form", "gender", "said"),
    [
        ("formal", "f", "Vera, рады Вам, пришла"),
        ("familiar", "m", "Vera, рады тебе, пришёл"),
        ("familiar", "", "Vera, рады тебе, пришли"),
        # nobody has chosen: formal, neutral
        ("", "", "Vera, рады Вам, пришли"),
    ],
)
def test_text_chooses_by_form_and_gender(form, gender, said):
    text = parse("{name}, рады {form:Вам|тебе}, {gender:пришла|пришёл|пришли}")

    assert fill(text, {"name": "Vera"}, form=form, gender=gender) == said


def test_choices_hold_placeholders_and_each_other():
    text = parse("{form:Dear {name}|{gender:Queen|King|Friend} {name}}")

    assert fill(text, {"name": "Vera"}, form="formal", gender="f") == "Dear Vera"
    assert fill(text, {"name": "Vera"}, form="familiar", gender="f") == "Queen Vera"


def test_paragraph_without_its_value_is_left_out():
    text = "Welcome.\n\nYour code is {code}, good until {valid_until}.\n\nSee you."

    filled = fill_blocks(text, {"code": "", "valid_until": "10 June"}, form="", gender="", between="\n\n")

    assert filled == ["Welcome.", "See you."]


def test_a_value_is_never_read_as_text():
    text = parse("{name}")

    assert fill(text, {"name": "{salon} {form:a|b}"}, form="", gender="") == "{salon} {form:a|b}"


HOSTILE = [
    "{",
    "}",
    "{}",
    "{0}",
    "{name",
    "{name}}",
    "{name!r}",
    "{name:>10}",
    "{name.__class__}",
    "{name[0]}",
    "{settings.SECRET_KEY}",
    "{{ name }}",
    "{{name}}",
    "{% load i18n %}",
    "{%raw%}",
    "{form:one}",
    "{form:one|two|three}",
    "{gender:one|two}",
    "{form:one|two",
    "{form:one|{name}",
    "{form:{form:{form:{form:{form:a|b}|b}|b}|b}|b}",
    "{__class__}",
    "{NAME}",
    "{nаme}",  # a Cyrillic letter in it
    "{name }",
    "{ name}",
    "{secret_key}",
    "{password}",
    "{client}",
    "{request}",
    "{message}",
    "{self}",
    "{form}",
    "{gender}",
    "${name}{",
    "#{name}}",
    "<%= {x} %>",
    "{name|safe}",
    "{name|upper}",
    "{form:a|b}}",
    "{x}{y}",
    "{lambda:0}",
    "{form :a|b}",
    "{\nname}",
    "{name\x00}",
    "{name}{unknown}",
    "{percent}{code}{nonsense}",
    "%(name)s {oops}",
    "{" * 200,
    "{form:" * 100,
]


@pytest.mark.parametrize("text", HOSTILE)
def test_a_hostile_text_is_refused_on_save(text):
    with pytest.raises(ValidationError) as caught:
        validate_text(kind=Kind.THANKS, subject=text, body=text, sms=text, button=text)

    assert set(caught.value.message_dict) == {"subject", "body", "sms", "button"}


def test_what_looks_hostile_and_is_not_stays_as_it_is():
    text = "<script>alert(1)</script> %s %(name)s $name ;DROP TABLE"

    validate_text(kind=Kind.THANKS, subject=text, body=text, sms=text)

    assert fill(parse(text), {}, form="", gender="") == text


def test_a_subject_names_only_what_there_always_is():
    with pytest.raises(ValidationError) as caught:
        validate_text(kind=Kind.WIN_BACK, subject="{code} for {name}", body="{code}", sms="{code} {hello}")

    assert list(caught.value.message_dict) == ["subject"]
    assert "{code}, {name}" in caught.value.message_dict["subject"][0]


def test_a_refusal_says_where():
    with pytest.raises(TextRefused, match="name of a placeholder"):
        parse("Good morning {1}")


@pytest.mark.parametrize("language", TEXTS)
@pytest.mark.parametrize("kind", SHIPPED)
def test_our_own_texts_are_valid(language, kind):
    words = TEXTS[language][kind]

    validate_text(kind=kind, subject=words.subject, body=words.body, sms=words.sms, button=words.button)


@pytest.mark.parametrize("kind", SHIPPED)
def test_every_language_names_the_same(kind):
    from reminders.messages.syntax import names

    def named(text):
        return set(names(parse(text)))

    english = TEXTS["en"][kind]
    for language in ("ru", "bs", "ar"):
        words = TEXTS[language][kind]
        assert (named(words.subject), named(words.body), named(words.sms)) == (
            named(english.subject),
            named(english.body),
            named(english.sms),
        ), language


def test_every_kind_has_its_placeholders():
    assert set(PLACEHOLDERS) == set(Kind.values)
    assert not any(SMS_ONLY & known.all for known in PLACEHOLDERS.values())
