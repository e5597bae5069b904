"""Branches, the people who work there, their hours, and the salon's own settings."""

from typing import Any
from zoneinfo import available_timezones

from django.contrib.auth.models import AbstractUser, UserManager
from django.core.exceptions import ValidationError
from django.core.validators import FileExtensionValidator, MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords


class Language(models.TextChoices):
    ENGLISH = "en", _("English")
    RUSSIAN = "ru", _("Russian")
    BOSNIAN = "bs", _("Bosnian")
    ARABIC = "ar", _("Arabic")


class AddressForm(models.TextChoices):
    FORMAL = "formal", _("formal")
    FAMILIAR = "familiar", _("familiar")


def validate_time_zone(value: str) -> None:
    if value not in available_timezones():
        raise ValidationError(_("“%(value)s” is no time zone. Write it like Europe/Sarajevo."), params={"value": value})


validate_currency = RegexValidator(r"^[A-Z]{3}$", _("A currency is three capital letters, like EUR."))


class Branch(models.Model):
    """One place of the salon. Its zone decides every day (rules.md, Time)."""

    name = models.CharField(_("name"), max_length=120, unique=True)
    time_zone = models.CharField(_("time zone"), max_length=64, default="UTC", validators=[validate_time_zone])
    currency = models.CharField(_("currency"), max_length=3, default="EUR", validators=[validate_currency])
    phone = models.CharField(_("phone"), max_length=32, blank=True)
    address = models.CharField(_("address"), max_length=255, blank=True)
    is_active = models.BooleanField(_("open"), default=True)
    history = HistoricalRecords()

    class Meta:
        verbose_name = _("branch")
        verbose_name_plural = _("branches")

    def __str__(self) -> str:
        return self.name


class SalonUserManager(UserManager):
    """Whoever is made on the command line may do everything: that is an owner."""

    use_in_migrations = False

    def create_superuser(
        self, username: str, email: str | None = None, password: str | None = None, **extra_fields: Any
    ) -> "User":
        extra_fields.setdefault("role", User.Role.OWNER)
        return super().create_superuser(username, email, password, **extra_fields)


class User(AbstractUser):
    """Somebody who logs in. The role says what they may see and do."""

    class Role(models.TextChoices):
        OWNER = "owner", _("owner")
        RECEPTIONIST = "receptionist", _("receptionist")
        MASTER = "master", _("master")

    role = models.CharField(_("role"), max_length=16, choices=Role, default=Role.MASTER)
    # an owner may stand above the branches; everybody else belongs to one
    branch = models.ForeignKey(
        Branch, models.PROTECT, null=True, blank=True, verbose_name=_("branch"), related_name="users"
    )
    language = models.CharField(_("language"), max_length=2, choices=Language, default=Language.ENGLISH)
    history = HistoricalRecords(excluded_fields=["password", "last_login"])

    objects = SalonUserManager()

    class Meta:
        verbose_name = _("user")
        verbose_name_plural = _("users")
        constraints = [
            models.CheckConstraint(
                # whom a user may see follows from the branch; without one a master would see nobody or all
                condition=models.Q(role="owner") | models.Q(branch__isnull=False) | models.Q(is_active=False),
                name="user_has_branch_unless_owner",
                violation_error_message=_("A receptionist or master belongs to a branch."),
            )
        ]

    def __str__(self) -> str:
        return self.get_full_name() or self.username


class Master(models.Model):
    """Who does the work. Imported masters have no login until the owner gives them one."""

    branch = models.ForeignKey(Branch, models.PROTECT, verbose_name=_("branch"), related_name="masters")
    code = models.CharField(_("code"), max_length=64)
    name = models.CharField(_("name"), max_length=120)
    user = models.OneToOneField(
        User, models.SET_NULL, null=True, blank=True, verbose_name=_("login"), related_name="master"
    )
    is_active = models.BooleanField(_("works here"), default=True)
    history = HistoricalRecords()

    class Meta:
        verbose_name = _("master")
        verbose_name_plural = _("masters")
        constraints = [models.UniqueConstraint(fields=["branch", "code"], name="master_code_once_in_branch")]

    def __str__(self) -> str:
        return self.name


class WorkingHours(models.Model):
    """One stretch of a master's week; a break is the gap between two of them. Local times, half-open."""

    class Weekday(models.IntegerChoices):
        MONDAY = 0, _("Monday")
        TUESDAY = 1, _("Tuesday")
        WEDNESDAY = 2, _("Wednesday")
        THURSDAY = 3, _("Thursday")
        FRIDAY = 4, _("Friday")
        SATURDAY = 5, _("Saturday")
        SUNDAY = 6, _("Sunday")

    master = models.ForeignKey(Master, models.CASCADE, verbose_name=_("master"), related_name="working_hours")
    weekday = models.PositiveSmallIntegerField(_("weekday"), choices=Weekday)
    starts = models.TimeField(_("from"))
    ends = models.TimeField(_("to"))

    class Meta:
        verbose_name = _("working hours")
        verbose_name_plural = _("working hours")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(ends__gt=models.F("starts")),
                name="working_hours_end_after_start",
                violation_error_message=_("The end comes after the start."),
            ),
            models.UniqueConstraint(fields=["master", "weekday", "starts"], name="working_hours_once"),
        ]

    def __str__(self) -> str:
        return f"{self.get_weekday_display()} {self.starts:%H:%M}-{self.ends:%H:%M}"


class TimeOff(models.Model):
    """A time in which a master takes no bookings. Instants, half-open."""

    master = models.ForeignKey(Master, models.CASCADE, verbose_name=_("master"), related_name="time_off")
    starts_at = models.DateTimeField(_("from"))
    ends_at = models.DateTimeField(_("to"))
    reason = models.CharField(_("reason"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("time off")
        verbose_name_plural = _("time off")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(ends_at__gt=models.F("starts_at")),
                name="time_off_end_after_start",
                violation_error_message=_("The end comes after the start."),
            )
        ]

    def __str__(self) -> str:
        return self.reason or str(_("time off"))


class CrmSettings(models.Model):
    """The owner's rules for records, rhythm and booking: one row (rules.md, Rhythm and Booking)."""

    salon_name = models.CharField(_("salon's name"), max_length=120, default="Regulars")
    accent = models.CharField(
        _("accent colour"),
        max_length=7,
        default="#9d2f55",
        validators=[RegexValidator(r"^#[0-9a-fA-F]{6}$", _("Write the colour like #9d2f55."))],
        help_text=_("Buttons and links, on pages and in mail. Choose one that is readable with white text."),
    )
    logo = models.FileField(
        _("logo"), upload_to="salon/", blank=True, validators=[FileExtensionValidator(["png", "jpg", "jpeg", "webp"])]
    )
    address_form = models.CharField(
        _("form of address"),
        max_length=8,
        choices=AddressForm,
        default=AddressForm.FORMAL,
        help_text=_("How messages speak to a client who has not chosen: formal or familiar."),
    )
    rhythm_default = models.PositiveSmallIntegerField(
        _("usual rhythm, days"),
        default=30,
        validators=[MinValueValidator(1), MaxValueValidator(365)],
        help_text=_("Taken while a client has too few visits and her services have no usual return."),
    )
    rhythm_min = models.PositiveSmallIntegerField(
        _("shortest rhythm, days"), default=7, validators=[MinValueValidator(1), MaxValueValidator(60)]
    )
    rhythm_max = models.PositiveSmallIntegerField(
        _("longest rhythm, days"), default=180, validators=[MinValueValidator(30), MaxValueValidator(365)]
    )
    slot_grid = models.PositiveSmallIntegerField(
        _("slots start every, minutes"), default=15, choices=[(n, str(n)) for n in (5, 10, 15, 20, 30)]
    )
    margin_percent = models.PositiveSmallIntegerField(
        _("margin told, percent"),
        default=15,
        validators=[MaxValueValidator(100)],
        help_text=_(
            "The client is told the planned time plus this, up to the next 5 minutes, so that it can be beaten."
        ),
    )
    wait_flag_minutes = models.PositiveSmallIntegerField(
        _("a wait is long after, minutes"), default=10, validators=[MinValueValidator(1), MaxValueValidator(120)]
    )
    undo_minutes = models.PositiveSmallIntegerField(
        _("undo lasts, minutes"),
        default=10,
        validators=[MaxValueValidator(60)],
        help_text=_(
            "A cancellation, no-show or move at the desk can be undone this long; its message waits meanwhile."
        ),
    )
    complaint_pause_days = models.PositiveSmallIntegerField(
        _("quiet after a complaint, days"),
        default=14,
        validators=[MaxValueValidator(90)],
        help_text=_("No care and no marketing while a complaint is open and this long after it was resolved."),
    )
    break_default_days = models.PositiveSmallIntegerField(
        _("a break without a date lasts, days"), default=90, validators=[MinValueValidator(1), MaxValueValidator(365)]
    )
    history = HistoricalRecords()

    class Meta:
        verbose_name = _("salon settings")
        verbose_name_plural = _("salon settings")
        constraints = [
            models.CheckConstraint(condition=models.Q(pk=1), name="crm_settings_one_row"),
        ]

    def __str__(self) -> str:
        return str(_("Salon settings"))


class ImportRun(models.Model):
    """Files that the owner has uploaded: looked through first, taken in once she says so.

    The row is the queue: a worker claims it by a conditional update. The files lie in a folder of
    their own and are removed when the run has ended.
    """

    class State(models.TextChoices):
        WAITING = "waiting", _("waits to be looked through")
        CHECKING = "checking", _("is looked through")
        CHECKED = "checked", _("waits for your word")
        CONFIRMED = "confirmed", _("waits to be taken in")
        IMPORTING = "importing", _("is taken in")
        DONE = "done", _("taken in")
        REFUSED = "refused", _("could not be taken in")
        DISCARDED = "discarded", _("discarded")

    state = models.CharField(_("state"), max_length=12, choices=State, default=State.WAITING)
    started_by = models.ForeignKey(User, models.PROTECT, verbose_name=_("by"), related_name="+")
    created_at = models.DateTimeField(_("uploaded"))
    # a name under MEDIA_ROOT/imports; empty once the files are gone
    folder = models.CharField(max_length=64, blank=True, editable=False)
    branch_name = models.CharField(_("branch"), max_length=120, blank=True)
    time_zone = models.CharField(_("time zone"), max_length=64, blank=True)
    currency = models.CharField(_("currency"), max_length=3, blank=True)
    claimed_at = models.DateTimeField(null=True, editable=False)
    finished_at = models.DateTimeField(_("finished"), null=True, blank=True)
    # what the import counted and rejected (contracts.md, import_salon); and why it was refused
    outcome = models.JSONField(null=True, editable=False)
    refusal = models.CharField(_("why"), max_length=1000, blank=True)

    class Meta:
        verbose_name = _("import")
        verbose_name_plural = _("imports")
        indexes = [
            models.Index(
                fields=["created_at"],
                name="import_run_to_do",
                condition=models.Q(state__in=["waiting", "checking", "confirmed", "importing"]),
            )
        ]

    def __str__(self) -> str:
        return f"{self.created_at:%Y-%m-%d %H:%M}"

    @property
    def is_busy(self) -> bool:
        """Somebody or something is still at work on it."""
        return self.state in (self.State.WAITING, self.State.CHECKING, self.State.CONFIRMED, self.State.IMPORTING)
