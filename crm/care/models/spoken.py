"""What the team reads in its own languages: one column for each, the reader's first."""

from typing import Any

from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from crm.people.pictures import picture_path
from crm.team.models import Language


def said(row: Any, field: str, language: str = "") -> str:
    """The words of a row in this language (the reader's, if none is named), else in the first that has any."""
    wanted = language or get_language() or ""
    for code in dict.fromkeys((wanted, *Language.values)):
        if words := getattr(row, f"{field}_{code}", ""):
            return words
    return ""


class Named(models.Model):
    """Something short, in each of the languages."""

    text_en = models.CharField(_("in English"), max_length=160, blank=True)
    text_ru = models.CharField(_("in Russian"), max_length=160, blank=True)
    text_bs = models.CharField(_("in Bosnian"), max_length=160, blank=True)
    text_ar = models.CharField(_("in Arabic"), max_length=160, blank=True)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.text

    @property
    def text(self) -> str:
        """In the language of who reads."""
        return said(self, "text")


class Taught(models.Model):
    """A short lesson, in each of the languages, with a picture if there is one."""

    lesson_en = models.TextField(_("lesson in English"), max_length=2000, blank=True)
    lesson_ru = models.TextField(_("lesson in Russian"), max_length=2000, blank=True)
    lesson_bs = models.TextField(_("lesson in Bosnian"), max_length=2000, blank=True)
    lesson_ar = models.TextField(_("lesson in Arabic"), max_length=2000, blank=True)
    picture = models.FileField(_("picture"), upload_to=picture_path, blank=True)

    class Meta:
        abstract = True

    @property
    def lesson(self) -> str:
        """In the language of who reads."""
        return said(self, "lesson")


class Answered(models.Model):
    """Words to answer with, in each of the languages."""

    answer_en = models.TextField(_("answer in English"), max_length=1000, blank=True)
    answer_ru = models.TextField(_("answer in Russian"), max_length=1000, blank=True)
    answer_bs = models.TextField(_("answer in Bosnian"), max_length=1000, blank=True)
    answer_ar = models.TextField(_("answer in Arabic"), max_length=1000, blank=True)

    class Meta:
        abstract = True
