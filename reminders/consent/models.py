"""What a client allows, with evidence, and the owner's rules of manners."""

from datetime import time

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from crm.people.models import Client
from crm.team.fields import MoneyField
from crm.team.models import User


class Purpose(models.TextChoices):
    SERVICE = "service", _("service")
    CARE = "care", _("care")
    MARKETING = "marketing", _("marketing")


class Channel(models.TextChoices):
    EMAIL = "email", _("e-mail")
    SMS = "sms", _("SMS")
    CALL = "call", _("call")
    # in the place of a call: rules.md knows no purpose for it of its own
    LETTER = "letter", _("letter on paper")
    CHAT = "chat", _("messenger")


class ContactPermission(models.Model):
    """What may reach this client by which channel, as it stands now (rules.md, Messages, Purposes).

    Service and care are allowed until refused, marketing is not until consented to.
    No row means just that.
    """

    client = models.OneToOneField(Client, models.CASCADE, primary_key=True, related_name="+", verbose_name=_("client"))
    service_email = models.BooleanField(_("service by e-mail"), default=True)
    service_sms = models.BooleanField(_("service by SMS"), default=True)
    service_chat = models.BooleanField(_("service by messenger"), default=True)
    # no care at all, and no call but about an appointment
    care_refused = models.BooleanField(_("refused all care"), default=False)
    care_email = models.BooleanField(_("care by e-mail"), default=True)
    care_sms = models.BooleanField(_("care by SMS"), default=True)
    care_chat = models.BooleanField(_("care by messenger"), default=True)
    # whether she may choose calls; a call where no other way is left needs no leave
    care_call = models.BooleanField(_("care by call"), default=True)
    marketing_email = models.BooleanField(_("marketing by e-mail"), default=False)
    marketing_sms = models.BooleanField(_("marketing by SMS"), default=False)
    marketing_chat = models.BooleanField(_("marketing by messenger"), default=False)
    # when she last agreed, by ConsentEvent; stays where she has taken it back
    care_email_at = models.DateTimeField(_("agreed to care by e-mail"), null=True, blank=True)
    care_sms_at = models.DateTimeField(_("agreed to care by SMS"), null=True, blank=True)
    care_chat_at = models.DateTimeField(_("agreed to care by messenger"), null=True, blank=True)
    care_call_at = models.DateTimeField(_("agreed to care by call"), null=True, blank=True)
    marketing_email_at = models.DateTimeField(_("agreed to marketing by e-mail"), null=True, blank=True)
    marketing_sms_at = models.DateTimeField(_("agreed to marketing by SMS"), null=True, blank=True)
    marketing_chat_at = models.DateTimeField(_("agreed to marketing by messenger"), null=True, blank=True)
    # a permanent failure: the address is dead until somebody writes a new one
    email_dead_at = models.DateTimeField(_("e-mail is dead since"), null=True, blank=True)
    sms_dead_at = models.DateTimeField(_("number is dead since"), null=True, blank=True)
    # nobody of hers answers there; a number that takes no SMS can still be rung
    call_dead_at = models.DateTimeField(_("wrong number since"), null=True, blank=True)
    # her own wish, by her own clock: only narrower than the salon's hours
    hours_from = models.TimeField(_("write from"), null=True, blank=True)
    hours_until = models.TimeField(_("write until"), null=True, blank=True)

    class Meta:
        verbose_name = _("contact permission")
        verbose_name_plural = _("contact permissions")
        constraints = [
            models.CheckConstraint(
                # an hour by itself is no window
                condition=models.Q(hours_from__isnull=True, hours_until__isnull=True)
                | models.Q(hours_from__isnull=False, hours_until__isnull=False, hours_from__lt=models.F("hours_until")),
                name="contact_permission_hours",
            ),
        ]

    def __str__(self) -> str:
        return str(self.client_id)


class ConsentEvent(models.Model):
    """Who allowed or refused what, when, where and on reading which words. Append-only evidence."""

    class Where(models.TextChoices):
        DESK = "desk", _("desk")
        OFFICE = "office", _("office")
        LINK = "link", _("client's link")
        BOOK = "book", _("booking page")
        UNSUBSCRIBE = "unsubscribe", _("unsubscribe link")
        ONE_CLICK = "one_click", _("one-click unsubscribe")
        STOP = "stop", _("STOP word")
        START = "start", _("START word")
        IMPORT = "import", _("import")
        PROVIDER = "provider", _("told by the mail provider")
        # a slip taken back: what had held before holds again
        UNDONE = "undone", _("undone")
        RESTORE = "restore", _("kept through a restore")
        # a no on either of two cards that became one holds for her
        MERGE = "merge", _("two cards became one")

    client = models.ForeignKey(Client, models.CASCADE, related_name="+", verbose_name=_("client"))
    purpose = models.CharField(_("purpose"), max_length=12, choices=Purpose)
    channel = models.CharField(_("channel"), max_length=8, choices=Channel)
    is_given = models.BooleanField(_("given"))
    at = models.DateTimeField(_("when"))
    where = models.CharField(_("where"), max_length=12, choices=Where)
    user = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("by"))
    # a colleague may be gone by the time it is asked for
    user_name = models.CharField(_("by (name)"), max_length=150, blank=True)
    text_shown = models.TextField(_("text shown"), blank=True)
    # of an import: the file and its row
    source = models.CharField(_("source"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("consent given or withdrawn")
        verbose_name_plural = _("consents given and withdrawn")
        indexes = [models.Index(fields=["client", "at"], name="consent_event_by_client")]

    def __str__(self) -> str:
        return f"{self.purpose} {self.channel} {self.is_given}"


class MessageSettings(models.Model):
    """The owner's rules of what is sent when: one row (rules.md, Messages)."""

    quiet_from = models.TimeField(
        _("messages end at"),
        default=time(20, 0),
        help_text=_("From then on nothing but appointment and complaint messages goes out, by the client's own clock."),
    )
    quiet_until = models.TimeField(_("messages begin at"), default=time(9, 0))
    marketing_cap_days = models.PositiveSmallIntegerField(
        _("one offer in, days"),
        default=7,
        validators=[MinValueValidator(1), MaxValueValidator(90)],
        help_text=_("At most one marketing message per client in so many days."),
    )
    feedback_gap_days = models.PositiveSmallIntegerField(
        _("feedback at most every, days"), default=60, validators=[MinValueValidator(1), MaxValueValidator(365)]
    )
    due_before_days = models.PositiveSmallIntegerField(
        _("due this many days before her rhythm"), default=5, validators=[MaxValueValidator(30)]
    )
    invite_earlier_days = models.PositiveSmallIntegerField(
        _("earlier by at most, days"),
        default=0,
        validators=[MaxValueValidator(21)],
        help_text=_(
            "Where her master is usually booked longer ahead than that, she is invited earlier by the difference. "
            "0: never."
        ),
    )
    large_purchase_factor = models.PositiveSmallIntegerField(
        _("a purchase is large from, times the usual"), default=3, validators=[MinValueValidator(2)]
    )
    care_first = models.BooleanField(
        _("ask before care too"),
        default=False,
        help_text=_("Then questions after a visit and thanks go only to those who have said yes to them."),
    )
    care_months = models.PositiveSmallIntegerField(
        _("a yes to care holds, months"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(120)],
        help_text=_("Counts only where care is asked for first. Empty: until she takes it back."),
    )
    marketing_months = models.PositiveSmallIntegerField(
        _("a yes to offers holds, months"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(120)],
        help_text=_(
            "Some countries let a consent end after a while. Then no offer goes without a new yes; she is asked for it "
            "on her own page and at the desk, never by a message. Empty: until she takes it back."
        ),
    )
    # a restored backup may speak of what has long been sent: a person releases it
    held_at = models.DateTimeField(_("sending on hold since"), null=True, blank=True, editable=False)
    # shared by all workers; providers ask who is quicker to wait
    email_per_minute = models.PositiveIntegerField(
        _("mails a minute"), default=0, help_text=_("At most so many go out in a minute. 0: as many as there are.")
    )
    sms_per_minute = models.PositiveIntegerField(
        _("SMS a minute"), default=0, help_text=_("At most so many go out in a minute. 0: as many as there are.")
    )
    sms_price = MoneyField(
        _("price of one SMS part"),
        default=0,
        validators=[MinValueValidator(0)],
        help_text=_("In the salon's currency. With 0 it counts what the provider says, where it says so."),
    )
    sms_monthly_limit = MoneyField(
        _("SMS may cost in a month"),
        default=0,
        validators=[MinValueValidator(0)],
        help_text=_(
            "Beyond it questions and offers by SMS wait for the next month, or until you raise it; "
            "messages about appointments always go. 0: no limit."
        ),
    )
    history = HistoricalRecords()

    class Meta:
        verbose_name = _("message settings")
        verbose_name_plural = _("message settings")
        constraints = [
            models.CheckConstraint(condition=models.Q(pk=1), name="message_settings_one_row"),
            models.CheckConstraint(
                condition=models.Q(quiet_until__lt=models.F("quiet_from")),
                name="message_settings_window",
                violation_error_message=_("Messages begin before they end."),
            ),
        ]

    def __str__(self) -> str:
        return str(_("Message settings"))


class NarrowedWindow(models.Model):
    """On these days messages rest for some hours, or go out in these hours only (rules.md, Quiet hours).

    Appointment messages go as always. A weekday, dates or both; both dates included.
    """

    class How(models.TextChoices):
        REST = "rest", _("messages rest")
        ONLY = "only", _("messages only then")

    class Weekday(models.IntegerChoices):
        MONDAY = 0, _("Monday")
        TUESDAY = 1, _("Tuesday")
        WEDNESDAY = 2, _("Wednesday")
        THURSDAY = 3, _("Thursday")
        FRIDAY = 4, _("Friday")
        SATURDAY = 5, _("Saturday")
        SUNDAY = 6, _("Sunday")

    name = models.CharField(
        _("what it is"), max_length=60, help_text=_("For you, such as “Friday prayer” or “Sunday”.")
    )
    weekday = models.PositiveSmallIntegerField(
        _("weekday"), choices=Weekday, null=True, blank=True, help_text=_("Empty: every day of the dates below.")
    )
    first_on = models.DateField(_("from the day"), null=True, blank=True)
    last_on = models.DateField(_("up to the day"), null=True, blank=True, help_text=_("This day too."))
    how = models.CharField(_("what holds then"), max_length=4, choices=How, default=How.REST)
    begins = models.TimeField(
        _("from"), null=True, blank=True, help_text=_("By the client's own clock. Both hours empty: the whole day.")
    )
    ends = models.TimeField(_("until"), null=True, blank=True)
    history = HistoricalRecords()

    class Meta:
        verbose_name = _("quiet day or hour")
        verbose_name_plural = _("quiet days and hours")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(weekday__isnull=False) | models.Q(first_on__isnull=False, last_on__isnull=False),
                name="narrowed_window_some_days",
                violation_error_message=_("Choose a weekday, or a first and a last day."),
            ),
            models.CheckConstraint(
                condition=models.Q(weekday__isnull=True) | models.Q(weekday__lte=6),
                name="narrowed_window_weekday",
            ),
            models.CheckConstraint(
                condition=models.Q(first_on__isnull=True)
                | models.Q(last_on__isnull=True)
                | models.Q(first_on__lte=models.F("last_on")),
                name="narrowed_window_days_in_order",
                violation_error_message=_("The last day does not lie before the first."),
            ),
            models.CheckConstraint(
                condition=models.Q(begins__isnull=True, ends__isnull=True, how="rest")
                | models.Q(begins__isnull=False, ends__isnull=False, begins__lt=models.F("ends")),
                name="narrowed_window_hours",
                violation_error_message=_(
                    "Give both hours, the first before the second; only a rest may leave both empty."
                ),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def has_hours(self) -> bool:
        """Both hours, or none and the whole day; to a database nothing is neither true nor false."""
        return (self.begins is None) == (self.ends is None) and (self.begins is not None or self.how == self.How.REST)
