"""The ground of every page of the office: looked at by default, written in by decision (house.md).

Only the owner comes in. What the role says counts, not Django's permissions: there is nothing to tick
and nothing to forget.
"""

from collections.abc import Callable
from decimal import Decimal
from functools import wraps
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.admin.utils import flatten_fieldsets
from django.core.exceptions import PermissionDenied
from django.db.models import Model
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, reverse
from django.utils.html import escape
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from simple_history.admin import SimpleHistoryAdmin
from unfold.admin import ModelAdmin, StackedInline, TabularInline
from unfold.widgets import UnfoldAdminDecimalFieldWidget

from crm.team.days import kept_day
from crm.team.fields import MoneyField
from crm.team.models import User
from crm.team.wording import amount_words, money_words

EMPTY = "–"


def is_owner(request: HttpRequest) -> bool:
    """Whether the office is open to who asks."""
    user = request.user
    return bool(user.is_active and user.is_staff and user.role == User.Role.OWNER)


def plain_money(amount: Decimal | None) -> str:
    """An amount for a column whose currency is known."""
    return EMPTY if amount is None else amount_words(Decimal(amount), get_language() or "en")


def shown_money(amount: Decimal | None, currency: str) -> str:
    """An amount with its currency, as at the desk and in letters."""
    return EMPTY if amount is None else money_words(Decimal(amount), currency, get_language() or "en")


def owner_only(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """The view, for the owner and nobody else."""

    @wraps(view)
    def asked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not is_owner(request):
            raise PermissionDenied
        return view(request, *args, **kwargs)

    return asked


class Toned(tuple):
    """A key and its words: a label with its tone in a list, the plain words on a page."""

    def __html__(self) -> str:
        return str(escape(self[1]))


def toned(key: str, words: Any) -> Toned:
    """For a `display(label={key: tone})`."""
    return Toned((key, words))


class MoneyFormField(forms.DecimalField):
    """Shows 50.00, not the thousandths in which money is kept."""

    def prepare_value(self, value: Any) -> Any:
        if isinstance(value, Decimal) and value == round(value, 2):
            return round(value, 2)
        return value


WIDGETS = {MoneyField: {"form_class": MoneyFormField, "widget": UnfoldAdminDecimalFieldWidget}}


class OwnerOnly:
    """May look, and nothing else."""

    def has_module_permission(self, request: HttpRequest) -> bool:
        return is_owner(request)

    def has_view_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return is_owner(request)

    def has_add_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_office_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """For actions: they call services, also where the record itself is never edited."""
        return is_owner(request)


class OwnerWrites(OwnerOnly):
    """May add and change. What has been used is never deleted: it is closed, so that the past keeps its names."""

    def has_add_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return is_owner(request)

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return is_owner(request)


class ReadOnlyModelAdmin(OwnerOnly, ModelAdmin):
    """A list to look at; corrections are actions that call services."""

    list_per_page = 50
    show_full_result_count = False
    formfield_overrides = WIDGETS
    empty_value_display = EMPTY
    list_filter_submit = True

    def render_change_form(self, request: HttpRequest, context: dict, *args: Any, **kwargs: Any) -> HttpResponse:
        # Django's own log knows nothing of what services did; only a kept history is worth a button
        context["show_history"] = isinstance(self, SimpleHistoryAdmin)
        return super().render_change_form(request, context, *args, **kwargs)

    def _path_from_custom_url(self, custom_url: tuple[str, str, Any]) -> URLPattern:
        """Pages beside the usual ones ask for the owner too; being staff is not enough."""
        path, name, view = custom_url
        return super()._path_from_custom_url((path, name, owner_only(view)))


class ReadWriteModelAdmin(OwnerWrites, ReadOnlyModelAdmin):
    """A record that the owner edits."""

    warn_unsaved_form = True


class WithNearDays:
    """Days that are counted on later lie within reach, as at the desk: the end of the calendar is none."""

    near_days: tuple[str, ...] = ()

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        field = super().formfield_for_dbfield(db_field, request, **kwargs)  # type: ignore[misc]
        if field is not None and db_field.name in self.near_days:
            field.validators = [*field.validators, kept_day]
        return field


class WithHistory(SimpleHistoryAdmin):
    """Who changed what and when stays visible under *History*."""

    history_list_display = ["changed_fields"]

    def revert_disabled(self, request: HttpRequest, obj: Model | None = None) -> bool:
        # going back is a change like any other: by the form, so that its rules are asked
        return True

    def changed_fields(self, record: Any) -> str:
        before = record.prev_record
        if before is None:
            return ""
        names = {
            field.name: field.verbose_name for field in self.model._meta.get_fields() if hasattr(field, "verbose_name")
        }
        return ", ".join(str(names.get(name, name)) for name in record.diff_against(before).changed_fields)

    changed_fields.short_description = _("changed")  # type: ignore[attr-defined]


class SingleRowAdmin(WithHistory, ReadWriteModelAdmin):
    """One row of rules, opened at once; each field says what it does, its bounds and its default."""

    def changelist_view(self, request: HttpRequest, extra_context: dict | None = None) -> HttpResponse:
        row, _created = self.model.objects.get_or_create(pk=1)
        return HttpResponseRedirect(
            reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_change", args=[row.pk])
        )

    def has_add_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def get_fieldsets(self, request: HttpRequest, obj: Model | None = None) -> list:
        """The groups as written; a rule that no group names stands at the end, so that none is out of reach."""
        groups = list(super().get_fieldsets(request, obj))
        rules = [*self.opts.concrete_fields, *self.opts.many_to_many]
        named = set(flatten_fieldsets(groups))
        left = [rule.name for rule in rules if rule.editable and not rule.primary_key and rule.name not in named]
        return [*groups, (_("More"), {"fields": left})] if left else groups

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if field is not None and db_field.has_default():
            default = db_field.get_default()
            hint = _("Default: %(value)s.") % {"value": shown_default(db_field, default)}
            field.help_text = f"{field.help_text} {hint}" if field.help_text else hint
        return field

    def response_change(self, request: HttpRequest, obj: Model) -> HttpResponse:
        messages.success(request, _("Saved. The new rules hold from now on."))
        return HttpResponseRedirect(request.path)


def shown_default(field: Any, value: Any) -> str:
    """A default in the words of the form."""
    if field.choices:
        return str(dict(field.flatchoices).get(value, value))
    if isinstance(value, bool):
        return str(_("on") if value else _("off"))
    if isinstance(value, Decimal):
        return plain_money(value)
    if hasattr(value, "strftime"):
        return value.strftime("%H:%M")
    return str(value)


class ReadOnlyTabular(OwnerOnly, TabularInline):
    extra = 0
    can_delete = False
    show_change_link = False
    hide_title = True
    formfield_overrides = {**TabularInline.formfield_overrides, **WIDGETS}


class ReadWriteTabular(OwnerWrites, TabularInline):
    extra = 0
    hide_title = True
    formfield_overrides = {**TabularInline.formfield_overrides, **WIDGETS}

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        # rows that say how something is, not that something was
        return is_owner(request)


class ReadWriteStacked(OwnerWrites, StackedInline):
    extra = 0
    formfield_overrides = {**StackedInline.formfield_overrides, **WIDGETS}

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return is_owner(request)


def ask(
    model_admin: ModelAdmin,
    request: HttpRequest,
    *,
    title: Any,
    form: forms.Form | None = None,
    description: Any = "",
    submit: Any = None,
    back: str = "",
) -> TemplateResponse:
    """A page that asks before an action: what it needs to know, or only whether it is meant. Works without JavaScript."""
    return TemplateResponse(
        request,
        "admin/ask.html",
        {
            **model_admin.admin_site.each_context(request),
            "opts": model_admin.opts,
            "title": title,
            "form": form,
            "description": description,
            "submit_words": submit or _("Save"),
            "back": back or reverse(f"admin:{model_admin.opts.app_label}_{model_admin.opts.model_name}_changelist"),
        },
    )
