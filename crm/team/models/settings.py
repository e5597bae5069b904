"""The owner's rules for records, rhythm and booking."""

from django.core.validators import FileExtensionValidator, MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from crm.team.fields import MoneyField
from crm.team.models.staff import AddressForm


class WaitingPolicy(models.TextChoices):
    FIRST_COME = "first_come", _("who has waited longest")
    MOST_VALUABLE = "most_valuable", _("who has brought most in a year")
    EVERYONE = "everyone", _("all at once, the quickest has it")


class PromiseAxis(models.TextChoices):
    """In what the salon wants to beat what it told a client: one of them (practices.md, P6)."""

    TIME = "time", _("time: done sooner than told")
    COST = "cost", _("price: less to pay than told")
    LEVEL = "level", _("service: more than our standard asks")


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
    promise_axis = models.CharField(
        _("beat what was told in"),
        max_length=8,
        choices=PromiseAxis,
        default=PromiseAxis.TIME,
        help_text=_("Choose one. The briefing and the receipt speak of it, and it is counted by master and service."),
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
    complaint_answer_hours = models.PositiveSmallIntegerField(
        _("first answer within, business hours"), default=2, validators=[MinValueValidator(1), MaxValueValidator(24)]
    )
    complaint_urgent_hours = models.PositiveSmallIntegerField(
        _("urgent: solved within, hours"), default=24, validators=[MinValueValidator(1), MaxValueValidator(168)]
    )
    complaint_solve_hours = models.PositiveSmallIntegerField(
        _("others: solved within, hours"), default=72, validators=[MinValueValidator(1), MaxValueValidator(336)]
    )
    complaint_call_days = models.PositiveSmallIntegerField(
        _("call her after a complaint, days"),
        default=3,
        validators=[MinValueValidator(1), MaxValueValidator(30)],
        help_text=_("So long after it was closed somebody rings and asks whether all is well."),
    )
    amends_master_limit = MoneyField(
        _("a master makes up alone, up to"),
        default=30,
        help_text=_("In money, for each complaint. Doing it again is always hers to give; what goes beyond waits."),
    )
    amends_reception_limit = MoneyField(
        _("the reception gives or agrees, up to"),
        default=100,
        help_text=_("What goes beyond waits for an owner. 0: every decision is the owner's."),
    )
    break_default_days = models.PositiveSmallIntegerField(
        _("a break without a date lasts, days"), default=90, validators=[MinValueValidator(1), MaxValueValidator(365)]
    )
    late_cancel_hours = models.PositiveSmallIntegerField(
        _("a cancellation is late within, hours"),
        default=24,
        validators=[MaxValueValidator(168)],
        help_text=_("Counted and shown at the next booking; nobody is refused by the machine."),
    )
    misses_flagged = models.PositiveSmallIntegerField(
        _("missed visits are pointed out from"),
        default=2,
        validators=[MinValueValidator(1), MaxValueValidator(20)],
        help_text=_("No-shows and late cancellations of the last 365 days."),
    )
    client_change_hours = models.PositiveSmallIntegerField(
        _("a client changes by herself until, hours before"),
        default=2,
        validators=[MaxValueValidator(168)],
        help_text=_("Moving and cancelling by link. Later she is asked to call. 0: until it begins."),
    )
    self_booking = models.BooleanField(
        _("clients book by themselves"), default=True, help_text=_("The page /book/ and the links in messages.")
    )
    self_booking_notice = models.PositiveSmallIntegerField(
        _("soonest, minutes ahead"), default=120, validators=[MaxValueValidator(7 * 24 * 60)]
    )
    self_booking_days = models.PositiveSmallIntegerField(
        _("furthest, days ahead"), default=60, validators=[MinValueValidator(1), MaxValueValidator(365)]
    )
    waiting_policy = models.CharField(
        _("a freed time is offered to"),
        max_length=16,
        choices=WaitingPolicy,
        default=WaitingPolicy.FIRST_COME,
    )
    waiting_hold_minutes = models.PositiveSmallIntegerField(
        _("a freed time is kept, minutes"),
        default=30,
        validators=[MinValueValidator(5), MaxValueValidator(24 * 60)],
        help_text=_("So long one client may think; then the next is asked."),
    )
    full_from_percent = models.PositiveSmallIntegerField(
        _("an hour fills by itself from, percent"),
        default=70,
        validators=[MinValueValidator(30), MaxValueValidator(100)],
        help_text=_(
            "Of the masters' working time in that hour of the week, over the last twelve weeks. "
            "Offers name only hours below it."
        ),
    )
    asks_team_monthly = models.BooleanField(
        _("ask the team each month"),
        default=True,
        help_text=_("From 0 to 10, how is it to work here? On Today, once a month; you read it with the name."),
    )
    # the owner's stop for all that is said to clients; here, because every page says so
    messages_paused_at = models.DateTimeField(_("messages stopped since"), null=True, blank=True, editable=False)
    history = HistoricalRecords()

    class Meta:
        verbose_name = _("salon settings")
        verbose_name_plural = _("salon settings")
        constraints = [
            models.CheckConstraint(condition=models.Q(pk=1), name="crm_settings_one_row"),
        ]

    def __str__(self) -> str:
        return str(_("Salon settings"))
