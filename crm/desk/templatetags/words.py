"""Days and names in templates, as the reader's language writes them. Instants are shown by the clock of the branch."""

from datetime import date

from django import template
from django.utils.translation import get_language

from crm.team.wording import comma as comma_of
from crm.team.wording import date_words, day_words, isolated, phone_words, short_date_words, short_day_words

register = template.Library()
register.filter("isolated", isolated)
register.filter("phone_words", phone_words)


def _language() -> str:
    return get_language() or "en"


@register.filter(expects_localtime=True)
def day(on: date | None) -> str:
    """“Friday, 12 June”: by itself, or after a comma or colon."""
    return day_words(on, _language()) if on else ""


@register.filter(expects_localtime=True)
def short_day(on: date | None) -> str:
    """“Fri 12 Jun”: also within a sentence, as nothing of it is bent."""
    return short_day_words(on, _language()) if on else ""


@register.filter(expects_localtime=True)
def month_day(on: date | None) -> str:
    """“12 June”"""
    return date_words(on, _language()) if on else ""


@register.filter(expects_localtime=True)
def dated(on: date | None) -> str:
    """“12 Jun 2026”"""
    return short_date_words(on, _language(), with_year=True) if on else ""


@register.filter(expects_localtime=True)
def short_date(on: date | None) -> str:
    """“12 Jun”"""
    return short_date_words(on, _language()) if on else ""


@register.filter
def grouped(code: str) -> str:
    """“7K3M9 QPXTC”: a code as it is read aloud and typed."""
    return f"{code[:5]} {code[5:]}"


@register.simple_tag
def comma() -> str:
    """The comma of the language and its space, between a day and its hour."""
    return comma_of(_language())
