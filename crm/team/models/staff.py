"""Branches and the people who work there."""

from functools import cache
from typing import Any
from zoneinfo import available_timezones

from django.contrib.auth.models import AbstractUser, UserManager
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
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


@cache
def known_zones() -> frozenset[str]:
    """The names of all zones; finding them walks some hundred files."""
    return frozenset(available_timezones())


def validate_time_zone(value: str) -> None:
    if value not in known_zones():
        raise ValidationError(_("“%(value)s” is no time zone. Write it like Europe/Sarajevo."), params={"value": value})


validate_currency = RegexValidator(r"^[A-Z]{3}$", _("A currency is three capital letters, like EUR."))


class Branch(models.Model):
    """One place of the salon. Its zone decides every day (rules.md, Time)."""

    name = models.CharField(_("name"), max_length=120, unique=True)
    time_zone = models.CharField(_("time zone"), max_length=64, default="UTC", validators=[validate_time_zone])
    currency = models.CharField(_("currency"), max_length=3, default="EUR", validators=[validate_currency])
    phone = models.CharField(_("phone"), max_length=32, blank=True)
    address = models.CharField(_("address"), max_length=255, blank=True)
    country = models.CharField(
        _("country"),
        max_length=2,
        blank=True,
        validators=[RegexValidator(r"^[A-Z]{2}$", _("A country is two capital letters, like BA."))],
        help_text=_("Two letters, like BA, RU, AE: whose public holidays are proposed."),
    )
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
    phone = models.CharField(
        _("own phone"),
        max_length=32,
        blank=True,
        help_text=_("So that nobody gives points to herself: the client with this number is this person."),
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
