"""Which kinds of messages are switched on, when each client is looked at next, and what the days ahead would bring."""

from django.core.validators import MaxValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from crm.people.models import Client
from crm.team.models import Language, User
from reminders.consent.models import Channel, Purpose
from reminders.journeys.drawing import fresh_seed
from reminders.messages.models import Kind

# offers that can be held back from some to see what they do (rules.md, Effect of a campaign)
WITH_CONTROL = (Kind.DUE_SOON, Kind.WIN_BACK, Kind.SECOND_WIN_BACK)
HIGHEST_CONTROL = 50


class Journey(models.Model):
    """One kind of message as the owner's rule, switched on after a look at the forecast (rules.md, Catching up).

    An empty figure is the one of rules.md; `wait` and `lasts` are in the unit of the kind (reminders/journeys/terms.py).
    """

    class Way(models.TextChoices):
        """By which of the channels that she allows it goes."""

        HERS = "hers", _("the one she prefers")
        EMAIL_FIRST = "email_first", _("e-mail first")
        SMS_FIRST = "sms_first", _("SMS first")
        EMAIL_ONLY = "email_only", _("e-mail only")
        SMS_ONLY = "sms_only", _("SMS only")
        LETTER = "letter", _("letter on paper first")

    class Otherwise(models.TextChoices):
        """What becomes of those whom no machine reaches (rules.md, Channel)."""

        CALL = "call", _("a call, else a letter")
        LETTER = "letter", _("a letter, else a call")
        NOTHING = "nothing", _("nothing")

    kind = models.CharField(_("kind"), max_length=20, choices=Kind, unique=True)
    is_on = models.BooleanField(_("on"), default=False)
    # what fell due before is backlog: past its end it is left in peace
    on_since = models.DateTimeField(_("on since"), null=True, blank=True)
    forecast_seen_at = models.DateTimeField(_("forecast seen"), null=True, blank=True)
    # what an import brought has to be seen in a forecast before this is switched on again
    imported_at = models.DateTimeField(_("off since an import"), null=True, blank=True)
    wait = models.PositiveSmallIntegerField(_("wait"), null=True, blank=True)
    hour = models.TimeField(_("hour"), null=True, blank=True)
    lasts = models.PositiveSmallIntegerField(_("may go for"), null=True, blank=True)
    way = models.CharField(_("channel"), max_length=12, choices=Way, default=Way.HERS)
    otherwise = models.CharField(
        _("who has no such channel gets"), max_length=8, choices=Otherwise, default=Otherwise.CALL
    )
    control_percent = models.PositiveSmallIntegerField(
        _("held back for comparison, %"),
        default=0,
        validators=[MaxValueValidator(HIGHEST_CONTROL)],
        help_text=_(
            "So many of a hundred, drawn at random, do not get it, so that you see what it brings. 10 is a good share."
        ),
    )
    # who is held back is drawn by it, always the same ones
    control_seed = models.CharField(max_length=32, default=fresh_seed, editable=False)
    switched_by = models.ForeignKey(
        User, models.SET_NULL, null=True, blank=True, verbose_name=_("switched by"), related_name="+"
    )
    history = HistoricalRecords()

    class Meta:
        verbose_name = _("journey")
        verbose_name_plural = _("journeys")
        constraints = [
            # care, birthdays and service are kept from nobody (rules.md, Effect of a campaign)
            models.CheckConstraint(
                condition=models.Q(control_percent=0)
                | models.Q(control_percent__lte=HIGHEST_CONTROL, kind__in=WITH_CONTROL),
                name="journey_control_of_offers",
                violation_error_message=_("Only an offer can be held back, and from half of them at most."),
            ),
        ]

    def __str__(self) -> str:
        return self.get_kind_display()


class Watch(models.Model):
    """When this client has to be looked at next, so that the work grows with those who are due."""

    client = models.OneToOneField(Client, models.CASCADE, primary_key=True, related_name="+")
    look_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["look_at"], name="watch_by_time")]

    def __str__(self) -> str:
        return f"{self.client_id} {self.look_at}"


class ForecastRun(models.Model):
    """One look at the days ahead: worked out by a worker, kept with the moment for which it is true.

    The row is the queue: a worker claims it by a conditional update. Worked out anew it is another row.
    """

    class State(models.TextChoices):
        WAITING = "waiting", _("waits")
        RUNNING = "running", _("is worked out")
        DONE = "done", _("done")
        FAILED = "failed", _("could not be worked out")

    days = models.PositiveSmallIntegerField(_("days ahead"))
    # its window begins here, and the facts are those of this moment
    starts_at = models.DateTimeField(_("as of"))
    # names the last import before it: what came in later has not been looked at
    after_import = models.CharField(max_length=40, blank=True)
    state = models.CharField(_("state"), max_length=8, choices=State, default=State.WAITING)
    claimed_at = models.DateTimeField(null=True, editable=False)
    # clients looked at, and how many there are
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)
    # by kind what one message of it has brought until now: visits, margin, whether that is clear
    brings = models.JSONField(default=dict, editable=False)

    class Meta:
        verbose_name = _("forecast")
        verbose_name_plural = _("forecasts")
        indexes = [
            models.Index(
                fields=["starts_at"],
                name="forecast_to_work_out",
                condition=models.Q(state__in=["waiting", "running"]),
            )
        ]

    def __str__(self) -> str:
        return f"{self.starts_at:%Y-%m-%d %H:%M} +{self.days}"

    @property
    def is_busy(self) -> bool:
        return self.state in (self.State.WAITING, self.State.RUNNING)


class ForecastEntry(models.Model):
    """One message that would go: as the forecast of contracts.md says it."""

    run = models.ForeignKey(ForecastRun, models.CASCADE, related_name="entries")
    client = models.ForeignKey(Client, models.CASCADE, related_name="+")
    # several joined by `+` are one message
    kind = models.CharField(max_length=120)
    purpose = models.CharField(max_length=12, choices=Purpose)
    channel = models.CharField(max_length=8, choices=Channel)
    language = models.CharField(max_length=2, choices=Language)
    send_at = models.DateTimeField()
    # the branch's day
    on = models.DateField()
    reason = models.CharField(max_length=200, blank=True)

    class Meta:
        verbose_name = _("entry of a forecast")
        verbose_name_plural = _("entries of a forecast")
        indexes = [models.Index(fields=["run", "send_at"], name="forecast_entry_in_order")]

    def __str__(self) -> str:
        return f"{self.on} {self.kind}"
