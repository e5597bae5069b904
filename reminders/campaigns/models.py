"""What the owner writes to many: news, invitations to an event, holiday greetings (practices.md, P20 and P21)."""

import secrets
from datetime import date, time

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from simple_history.models import HistoricalRecords

from crm.people.models import Client
from crm.team.fields import MoneyField
from crm.team.models import Branch, Language, User

MOST_CONTROL = 50


def new_seed() -> int:
    """The chance of a campaign, drawn once and kept: played again it falls the same."""
    return secrets.randbits(62)


def occasion_of(goes_on: date | None, campaign: int) -> str:
    """How a campaign is written as an occasion."""
    return f"{goes_on}/{campaign}"


class Campaign(models.Model):
    """One message to a chosen audience. Its rules choose among the clients until it is released; then they are frozen.

    The day is hers: at that hour by her own clock (rules.md, When).
    """

    class Kind(models.TextChoices):
        """The values are those of the kinds of messages."""

        NEWS = "news", _("news")
        EVENT = "event", _("event")
        HOLIDAY = "holiday", _("holiday")

    class State(models.TextChoices):
        DRAFT = "draft", _("draft")
        RELEASED = "released", pgettext_lazy("campaign", "released")
        FINISHED = "finished", _("finished")
        STOPPED = "stopped", _("stopped")

    kind = models.CharField(_("what"), max_length=8, choices=Kind, default=Kind.NEWS)
    title = models.CharField(_("title"), max_length=120, help_text=_("For you and the desk; clients do not read it."))
    branch = models.ForeignKey(
        Branch,
        models.PROTECT,
        null=True,
        blank=True,
        verbose_name=_("branch"),
        related_name="+",
        help_text=_("Whose clients are meant. Empty: the whole salon's."),
    )
    # the key of the calendar that a greeting is for
    holiday = models.CharField(_("holiday"), max_length=40, blank=True)
    goes_on = models.DateField(_("goes on"), null=True, blank=True)
    hour = models.TimeField(_("at"), default=time(11), help_text=_("By each client's own clock."))
    portion = models.PositiveIntegerField(
        _("at most a day"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1)],
        help_text=_("So many are written to on the first day, so many on the next. Empty: all on one day."),
    )
    # who is meant, as rules (selectors/audience.py)
    rules = models.JSONField(_("who"), default=dict, blank=True)
    coupon = models.ForeignKey(
        "loyalty.Campaign",
        models.PROTECT,
        null=True,
        blank=True,
        verbose_name=_("gift or offer"),
        related_name="+",
        help_text=_("Everybody gets a code of her own from this campaign of vouchers."),
    )
    control_percent = models.PositiveSmallIntegerField(
        _("left out for comparison, percent"),
        default=0,
        validators=[MaxValueValidator(MOST_CONTROL)],
        help_text=_("So many, drawn by chance, are not written to: by them it is seen what the message brought."),
    )
    seed = models.BigIntegerField(default=new_seed, editable=False)
    fixed_costs = MoneyField(
        _("fixed costs"),
        default=0,
        help_text=_("What it costs apart from messages and gifts: printing, wine, a singer."),
    )
    state = models.CharField(_("state"), max_length=8, choices=State, default=State.DRAFT)
    created_at = models.DateTimeField(_("begun"), editable=False)
    created_by = models.ForeignKey(
        User, models.SET_NULL, null=True, blank=True, verbose_name=_("begun by"), related_name="+"
    )
    released_at = models.DateTimeField(_("released"), null=True, blank=True, editable=False)
    released_by = models.ForeignKey(
        User, models.SET_NULL, null=True, blank=True, verbose_name=_("released by"), related_name="+"
    )
    # when it was stopped, or nothing was left to send
    ended_at = models.DateTimeField(_("ended"), null=True, blank=True, editable=False)
    history = HistoricalRecords(excluded_fields=["seed"])

    class Meta:
        verbose_name = _("campaign")
        verbose_name_plural = _("campaigns")
        indexes = [models.Index(fields=["state", "goes_on"], name="campaign_by_state")]
        constraints = [
            models.CheckConstraint(
                condition=Q(control_percent__lte=MOST_CONTROL), name="message_campaign_control_to_half"
            ),
            models.CheckConstraint(condition=Q(fixed_costs__gte=0), name="message_campaign_costs_not_negative"),
            models.CheckConstraint(
                condition=Q(portion__isnull=True) | Q(portion__gte=1), name="message_campaign_portion_not_empty"
            ),
            # what went out was released by somebody, for a day
            models.CheckConstraint(
                condition=Q(state="draft") | Q(released_at__isnull=False, goes_on__isnull=False),
                name="message_campaign_released_for_a_day",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["draft", "released"]) | Q(ended_at__isnull=False),
                name="message_campaign_ended_has_time",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def key(self) -> str:
        """The occasion of its messages (rules.md, Once): the owner's date and the campaign's key."""
        return occasion_of(self.goes_on, self.pk)


class CampaignText(models.Model):
    """What it says in one language; where there is none, the salon's language speaks."""

    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="texts")
    language = models.CharField(_("language"), max_length=2, choices=Language)
    subject = models.CharField(_("subject"), max_length=150, help_text=_("Of the mail."))
    body = models.TextField(
        _("letter"),
        max_length=4000,
        help_text=_("Placeholders in braces, like {name}; a blank line begins a paragraph."),
    )
    button = models.CharField(_("button"), max_length=40, blank=True)
    sms = models.TextField(_("SMS"), max_length=600)
    history = HistoricalRecords()

    class Meta:
        verbose_name = _("words of a campaign")
        verbose_name_plural = _("words of a campaign")
        constraints = [models.UniqueConstraint(fields=["campaign", "language"], name="campaign_text_once")]

    def __str__(self) -> str:
        return f"{self.campaign_id} ({self.language})"


class Addressed(models.Model):
    """One client of a released campaign: the audience as it was at that moment."""

    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="addressed")
    client = models.ForeignKey(Client, models.CASCADE, related_name="+")
    # in which daily portion she is: 0 is the day of the campaign
    day = models.PositiveSmallIntegerField(default=0)

    class Meta:
        verbose_name = _("client of a campaign")
        verbose_name_plural = _("clients of a campaign")
        indexes = [models.Index(fields=["client"], name="addressed_by_client")]
        constraints = [models.UniqueConstraint(fields=["campaign", "client"], name="addressed_once")]

    def __str__(self) -> str:
        return f"{self.campaign_id}/{self.client_id}"


class Event(models.Model):
    """When and where an event takes place, and for how many there is room."""

    campaign = models.OneToOneField(Campaign, models.CASCADE, related_name="event")
    starts_at = models.DateTimeField(_("begins"))
    ends_at = models.DateTimeField(_("ends"))
    place = models.CharField(_("place"), max_length=200, blank=True, help_text=_("Empty: the salon's address."))
    seats = models.PositiveIntegerField(
        _("seats"), null=True, blank=True, validators=[MinValueValidator(1)], help_text=_("Empty: as many as come.")
    )
    cancelled_at = models.DateTimeField(_("cancelled"), null=True, blank=True, editable=False)
    history = HistoricalRecords()

    class Meta:
        verbose_name = _("event")
        verbose_name_plural = _("events")
        constraints = [
            models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="event_ends_after_it_begins"),
        ]

    def __str__(self) -> str:
        return f"{self.starts_at:%Y-%m-%d %H:%M}"


class Guest(models.Model):
    """Her answer to an invitation; who comes with a friend takes two seats."""

    class State(models.TextChoices):
        COMING = "coming", _("coming")
        WAITING = "waiting", _("waiting for a seat")
        NOT_COMING = "not_coming", _("not coming")

    event = models.ForeignKey(Event, models.CASCADE, related_name="guests")
    client = models.ForeignKey(Client, models.CASCADE, related_name="+", verbose_name=_("client"))
    state = models.CharField(_("answer"), max_length=12, choices=State)
    seats = models.PositiveSmallIntegerField(_("seats"), default=1)
    answered_at = models.DateTimeField(_("answered"))
    # since when she waits for a seat: first come, first served
    waits_since = models.DateTimeField(_("waits since"), null=True, blank=True)
    # a seat became free for her while she waited: she is told
    moved_up_at = models.DateTimeField(_("moved up"), null=True, blank=True)
    came_at = models.DateTimeField(_("came"), null=True, blank=True)

    class Meta:
        verbose_name = _("guest")
        verbose_name_plural = _("guests")
        indexes = [models.Index(fields=["client"], name="guest_by_client")]
        constraints = [
            models.UniqueConstraint(fields=["event", "client"], name="guest_once"),
            models.CheckConstraint(condition=Q(seats__in=[1, 2]), name="guest_alone_or_with_a_friend"),
            models.CheckConstraint(
                condition=~Q(state="waiting") | Q(waits_since__isnull=False), name="guest_waits_since"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.event_id}/{self.client_id} {self.state}"


class HolidayDay(models.Model):
    """A day of the owner's calendar: one of her own, or where a holiday that follows the moon really falls."""

    holiday = models.CharField(_("holiday"), max_length=40, blank=True, editable=False)
    name = models.CharField(_("name"), max_length=80)
    on = models.DateField(_("day"))

    class Meta:
        verbose_name = _("day of the holiday calendar")
        verbose_name_plural = _("days of the holiday calendar")
        constraints = [models.UniqueConstraint(fields=["holiday", "name", "on"], name="holiday_day_once")]

    def __str__(self) -> str:
        return f"{self.name} {self.on}"
