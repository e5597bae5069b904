"""The office: the salon's standards and their lessons, written here and published (practices.md, P5 and P55)."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import UploadedFile
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from unfold.decorators import action, display
from unfold.widgets import UnfoldAdminSelectWidget

from crm.care.models import LessonRead, Standard, StandardStep, StandardVersion, TeamScore, VisitStep
from crm.care.ready import NAMES
from crm.care.services import StandardRefused, publish_standard, take_ready_standard
from crm.catalogue.models import Service
from crm.people.pictures import PictureRefused, clean_picture
from crm.team.admin_base import (
    ReadOnlyModelAdmin,
    ReadOnlyTabular,
    ReadWriteModelAdmin,
    ReadWriteTabular,
    Toned,
    ask,
    toned,
)
from crm.team.models import Branch


class ReadyForm(forms.Form):
    """Which ready-made set, and for what."""

    name = forms.ChoiceField(label=_("Set"), choices=NAMES, widget=UnfoldAdminSelectWidget)
    branch = forms.ModelChoiceField(
        label=_("Branch"), queryset=Branch.objects.none(), empty_label=None, widget=UnfoldAdminSelectWidget
    )
    service = forms.ModelChoiceField(
        label=_("For visits with"),
        queryset=Service.objects.none(),
        required=False,
        empty_label=_("every visit"),
        widget=UnfoldAdminSelectWidget,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["branch"].queryset = Branch.objects.filter(is_active=True).order_by("name")
        self.fields["service"].queryset = Service.objects.filter(is_active=True).order_by("name")

    def clean(self) -> dict[str, Any]:
        asked = super().clean() or self.cleaned_data
        service, branch = asked.get("service"), asked.get("branch")
        if service is not None and branch is not None and service.branch_id != branch.pk:
            self.add_error("service", _("This service is another branch's."))
        return asked


class StandardForm(forms.ModelForm):
    class Meta:
        model = Standard
        fields = ["branch", "service", "is_active", "lesson_en", "lesson_ru", "lesson_bs", "lesson_ar", "picture"]

    def clean_picture(self) -> Any:
        """Made clean before it is kept; a picture that was there stays as it is."""
        picture = self.cleaned_data["picture"]
        if not isinstance(picture, UploadedFile):
            return picture
        try:
            return ContentFile(clean_picture(picture.file), name="lesson.jpg")
        except PictureRefused as refusal:
            raise forms.ValidationError(str(refusal)) from refusal

    def clean(self) -> dict[str, Any]:
        written = super().clean() or self.cleaned_data
        service, branch = written.get("service"), written.get("branch")
        if service is not None and branch is not None and service.branch_id != branch.pk:
            self.add_error("service", _("This service is another branch's."))
        return written


class DraftInline(ReadWriteTabular):
    model = StandardStep
    fields = ["position", "is_required", "text_en", "text_ru", "text_bs", "text_ar"]
    ordering = ["position", "pk"]
    verbose_name_plural = _("Steps, as you write them now")

    def get_queryset(self, request: HttpRequest) -> QuerySet[StandardStep]:
        return super().get_queryset(request).filter(version=None)


class VersionInline(ReadOnlyTabular):
    model = StandardVersion
    fields = ["number", "published_at", "published_by"]
    ordering = ["-number"]
    verbose_name_plural = _("Published")
    tab = True


@admin.register(Standard)
class StandardAdmin(ReadWriteModelAdmin):
    form = StandardForm
    list_display = ["__str__", "branch", "shown_version", "is_active"]
    list_filter = ["branch", "is_active"]
    list_select_related = ["branch", "service", "current"]
    ordering = ["branch", "service__name"]
    autocomplete_fields = ["service"]
    readonly_fields = ["shown_version"]
    inlines = [DraftInline, VersionInline]
    actions_list = ["ready"]
    actions_detail = ["publish"]
    fieldsets = [
        (None, {"fields": [("branch", "service"), ("is_active", "shown_version")]}),
        (
            _("Lesson"),
            {
                "fields": ["lesson_en", "lesson_ru", "lesson_bs", "lesson_ar", "picture"],
                "description": _("Short: why we do it so. Each master reads it on Today and says that she has."),
            },
        ),
    ]

    @display(description=_("holds"))
    def shown_version(self, standard: Standard) -> str:
        if standard.current is None:
            return gettext("Not published yet")
        return gettext("Version %(number)d") % {"number": standard.current.number}

    @action(description=_("Publish"), url_path="publish", permissions=["office"], icon="publish")
    def publish(self, request: HttpRequest, object_id: str) -> HttpResponse:
        standard = self.get_object(request, object_id)
        if standard is None:
            raise Http404
        back = reverse("admin:crm_standard_change", args=[standard.pk])
        if request.method != "POST":
            return ask(
                self,
                request,
                title=_("Publish this standard?"),
                description=_(
                    "Visits that begin from now on run on it, and every master is asked to read the lesson. "
                    "Visits that were begun keep theirs."
                ),
                submit=_("Publish"),
                back=back,
            )
        try:
            version = publish_standard(standard=standard, now=timezone.now(), user=request.user)
        except StandardRefused as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(request, _("Version %(number)d holds from now on.") % {"number": version.number})
        return HttpResponseRedirect(back)

    @action(description=_("Take a ready-made set"), url_path="ready", permissions=["office"], icon="library_add")
    def ready(self, request: HttpRequest) -> HttpResponse:
        form = ReadyForm(request.POST or None)
        if request.method != "POST" or not form.is_valid():
            return ask(
                self,
                request,
                title=_("Take a ready-made set"),
                description=_("In four languages, as a draft: change what you like, then publish it."),
                form=form,
                submit=_("Take it"),
            )
        standard = take_ready_standard(**form.cleaned_data)
        messages.success(request, _("Taken. Read it through, then publish."))
        return HttpResponseRedirect(reverse("admin:crm_standard_change", args=[standard.pk]))


class VersionStepInline(ReadOnlyTabular):
    model = StandardStep
    fields = ["position", "is_required", "text_en", "text_ru", "text_bs", "text_ar"]
    ordering = ["position"]
    verbose_name_plural = _("Steps")


class ReadingInline(ReadOnlyTabular):
    model = LessonRead
    fields = ["user", "at"]
    ordering = ["at"]
    verbose_name_plural = _("Who has read it")


@admin.register(StandardVersion)
class StandardVersionAdmin(ReadOnlyModelAdmin):
    list_display = ["standard", "number", "published_at", "published_by"]
    list_filter = ["standard"]
    list_select_related = ["standard__service", "published_by"]
    ordering = ["-published_at"]
    inlines = [VersionStepInline, ReadingInline]


@admin.register(VisitStep)
class VisitStepAdmin(ReadOnlyModelAdmin):
    list_display = ["appointment_day", "master", "step", "shown_state", "reason", "why", "at", "user"]
    list_filter = ["state", "reason", "appointment__master"]
    list_select_related = ["appointment__master", "step", "user"]
    search_fields = ["why", "step__text_en", "step__text_ru", "step__text_bs", "step__text_ar"]
    ordering = ["-appointment__on", "-pk"]

    @display(description=_("day"), ordering="appointment__on")
    def appointment_day(self, row: VisitStep) -> Any:
        return row.appointment.on

    @display(description=_("master"), ordering="appointment__master__name")
    def master(self, row: VisitStep) -> str:
        return row.appointment.master.name

    @display(description=_("state"), label={"open": "warning", "done": "success", "skipped": "info"}, ordering="state")
    def shown_state(self, row: VisitStep) -> Toned:
        return toned(row.state, row.get_state_display())


@admin.register(TeamScore)
class TeamScoreAdmin(ReadOnlyModelAdmin):
    list_display = ["month", "user", "score", "words", "branch"]
    list_filter = ["branch", "user"]
    list_select_related = ["branch", "user"]
    ordering = ["-month", "user__username"]
