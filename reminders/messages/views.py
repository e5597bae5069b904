"""Pages of the office beside the texts: every message in one language on one sheet, as it will look."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from crm.team.models import Branch, Language
from crm.team.selectors import desk_branch, salon_settings
from reminders.messages.models import NO_TEXT, Kind
from reminders.messages.preview import preview
from reminders.messages.syntax import FORMS

WITH_WORDS = [kind for kind in Kind if kind not in NO_TEXT]
FORM_WORDS = {"formal": _("formal"), "familiar": _("familiar")}
GENDER_WORDS = {"f": _("to a woman"), "m": _("to a man"), "": _("unstated")}


def tact_of(request: HttpRequest) -> tuple[str, str]:
    """Form of address and grammatical gender as chosen on a page; else the salon's form, to a woman."""
    form, gender = request.GET.get("form", ""), request.GET.get("gender", "f")
    return (
        form if form in FORMS else salon_settings().address_form,
        gender if gender in GENDER_WORDS else "f",
    )


def tact_choices(form: str, gender: str) -> dict[str, list[tuple[str, Any, bool, str]]]:
    """The links between the six ways to speak: (query, words, whether it is this one)."""
    return {
        "forms": [(f"?form={each}&gender={gender}", words, each == form) for each, words in FORM_WORDS.items()],
        "genders": [(f"?form={form}&gender={each}", words, each == gender) for each, words in GENDER_WORDS.items()],
    }


def sheet_view(request: HttpRequest, language: str, model_admin: Any = None) -> HttpResponse:
    """All kinds in this language: the mail in a narrow and a wide window, and the SMS with its parts."""
    branch = desk_branch(request.user) or Branch.objects.first()
    if language not in Language.values or branch is None:
        raise Http404
    form, gender = tact_of(request)
    now = timezone.now()
    return TemplateResponse(
        request,
        "admin/texts/sheet.html",
        {
            **model_admin.admin_site.each_context(request),
            "opts": model_admin.opts,
            "title": _("All messages as they will look"),
            "language": language,
            "languages": [
                (reverse("admin:reminders_messagetext_sheet", args=[code]), name, code == language)
                for code, name in Language.choices
            ],
            "tact": f"?form={form}&gender={gender}",
            **tact_choices(form, gender),
            "seen": [
                (
                    kind,
                    kind.label,
                    preview(kind=kind, language=language, branch=branch, now=now, form=form, gender=gender),
                )
                for kind in WITH_WORDS
            ],
        },
    )
