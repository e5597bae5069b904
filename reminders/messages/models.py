"""What is said to clients: one row per client, kind and occasion. The rows are the queue."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from crm.booking.models import Appointment, AppointmentEvent
from crm.people.models import Client
from crm.team.fields import MoneyField
from crm.team.models import Branch, Language, User
from reminders.consent.models import Channel, Purpose


class Kind(models.TextChoices):
    """The kinds of messages, in the order of rules.md's table *When*."""

    REASSURANCE = "reassurance", _("reassurance")
    FEEDBACK = "feedback", _("feedback")
    LASHES = "lashes", _("how is it holding?")
    DUE_SOON = "due_soon", _("due soon")
    WIN_BACK = "win_back", _("win-back")
    SECOND_WIN_BACK = "second_win_back", _("second win-back")
    BIRTHDAY = "birthday", _("birthday")
    REMINDER_24H = "reminder_24h", _("reminder, a day before")
    REMINDER_2H = "reminder_2h", _("reminder, two hours before")
    CONFIRMATION = "confirmation", _("confirmation")
    CHANGE = "change", _("change")
    CANCELLATION = "cancellation", _("cancellation")
    POINTS_EXPIRING = "points_expiring", _("points expiring")
    CARD_REVIEW = "card_review", _("card review")
    THANKS = "thanks", _("thanks")
    HOLIDAY = "holiday", _("holiday")
    EVENT = "event", _("event")
    NEWS = "news", _("news")
    MASTER_ILL = "master_ill", _("master is ill")
    MASTER_LATE = "master_late", _("master is late")
    WAITING_OFFER = "waiting_offer", _("an offer to the waiting list")
    WAITING_TAKEN = "waiting_taken", _("an offered time is taken")
    EVENT_PLACE = "event_place", _("a seat at an event")
    EVENT_REMINDER = "event_reminder", _("reminder of an event")
    EVENT_OFF = "event_off", _("an event is cancelled")
    COMPLAINT_RECEIVED = "complaint_received", _("a complaint has come")
    COMPLAINT_ANSWER = "complaint_answer", _("an answer to a complaint")
    COMPLAINT_RESOLVED = "complaint_resolved", _("a complaint is solved")
    ORDER_STAGE = "order_stage", _("an order has got further")
    ORDER_LATE = "order_late", _("an order takes longer")
    OTHER_PLACES = "other_places", _("other places that have it")
    BACK_IN_STOCK = "back_in_stock", _("it is back")
    USED_UP = "used_up", _("it may be running out")
    OPT_OUT = "opt_out", _("confirmation of an opt-out")
    ANSWER = "answer", _("an answer from the desk")


# what the owner writes each time: their words are the campaign's
OWNERS_WORDS = (Kind.HOLIDAY, Kind.EVENT, Kind.NEWS)
# no text stands ready: whoever sends it writes it
NO_TEXT = (*OWNERS_WORDS, Kind.ANSWER)
# said back to what she wrote, by the channel by which she wrote
SAID_BACK = (Kind.OPT_OUT, Kind.ANSWER)


class Message(models.Model):
    """One message of one kind on one occasion; the key makes it one for ever.

    Care messages that go together hang on the one that carries them (`sent_with`).
    """

    class State(models.TextChoices):
        PLANNED = "planned", _("planned")
        SENDING = "sending", _("sending")
        SENT = "sent", _("sent")
        DELIVERED = "delivered", _("delivered")
        FAILED = "failed", _("failed")
        UNKNOWN = "unknown", _("unknown")
        DROPPED = "dropped", _("dropped")
        CANCELLED = "cancelled", _("cancelled")
        # drawn not to get it, at the time at which it would have gone: for comparison
        CONTROL = "control", _("held back")

    # what counts as having gone out (cap, second win-back, gap of feedback)
    GONE = (State.SENDING, State.SENT, State.DELIVERED, State.UNKNOWN)

    client = models.ForeignKey(Client, models.PROTECT, verbose_name=_("client"), related_name="+")
    branch = models.ForeignKey(Branch, models.PROTECT, verbose_name=_("branch"), related_name="+")
    kind = models.CharField(_("kind"), max_length=20, choices=Kind)
    purpose = models.CharField(_("purpose"), max_length=12, choices=Purpose)
    # the visit day, the birthday's date, or the appointment's start with its code (rules.md, Once)
    occasion = models.CharField(_("occasion"), max_length=120)
    reason = models.CharField(_("why"), max_length=200, blank=True)
    state = models.CharField(_("state"), max_length=12, choices=State, default=State.PLANNED)
    state_reason = models.CharField(_("what happened"), max_length=300, blank=True)
    appointment = models.ForeignKey(
        Appointment, models.SET_NULL, null=True, blank=True, verbose_name=_("appointment"), related_name="+"
    )
    event = models.ForeignKey(AppointmentEvent, models.SET_NULL, null=True, blank=True, related_name="+")
    visit_on = models.DateField(_("visit"), null=True, blank=True)
    send_at = models.DateTimeField(_("goes at"))
    not_after = models.DateTimeField(_("not after"))
    planned_at = models.DateTimeField(_("planned at"))
    channel = models.CharField(_("channel"), max_length=8, choices=Channel, blank=True)
    language = models.CharField(_("language"), max_length=2, choices=Language, blank=True)
    address = models.CharField(_("address"), max_length=320, blank=True)
    sent_with = models.ForeignKey(
        "self", models.SET_NULL, null=True, blank=True, verbose_name=_("sent with"), related_name="carries"
    )
    # who took it and until when the others leave it alone
    claim = models.UUIDField(null=True, editable=False)
    claimed_at = models.DateTimeField(null=True, editable=False)
    # the transport was about to be called: past this point its fate may be unknown
    handed_at = models.DateTimeField(null=True, editable=False)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    sent_at = models.DateTimeField(_("sent"), null=True, blank=True)
    # the date on her own calendar, for the cap
    sent_on = models.DateField(null=True, editable=False)
    provider = models.CharField(_("provider"), max_length=40, blank=True)
    provider_id = models.CharField(_("provider's number"), max_length=200, blank=True)
    subject = models.CharField(_("subject"), max_length=300, blank=True)
    body = models.TextField(_("text"), blank=True)
    # when the provider is asked how it fared; none where it tells by itself, or all is told
    ask_at = models.DateTimeField(null=True, editable=False)
    parts = models.PositiveSmallIntegerField(_("parts"), default=0)
    cost = MoneyField(_("cost"), default=0)
    # of an answer: who at the desk wrote it, and the Message-ID of the mail that it answers
    written_by = models.ForeignKey(
        User, models.SET_NULL, null=True, blank=True, verbose_name=_("written by"), related_name="+"
    )
    in_reply_to = models.CharField(max_length=200, blank=True, editable=False)
    is_imported = models.BooleanField(_("imported"), default=False, editable=False)

    class Meta:
        verbose_name = _("message")
        verbose_name_plural = _("messages")
        indexes = [
            # the queue: only what is still to do
            models.Index(fields=["send_at"], name="message_queue", condition=models.Q(state="planned")),
            models.Index(fields=["claimed_at"], name="message_in_hand", condition=models.Q(state="sending")),
            models.Index(fields=["client", "-send_at"], name="message_by_client"),
            models.Index(fields=["branch", "-send_at"], name="message_by_branch"),
            # what a provider reports names its own number
            models.Index(fields=["provider_id"], name="message_by_its_number", condition=~models.Q(provider_id="")),
            models.Index(fields=["ask_at"], name="message_to_ask_about", condition=models.Q(ask_at__isnull=False)),
            # how far a campaign has got
            models.Index(
                fields=["occasion"],
                name="message_of_campaign",
                condition=models.Q(kind__in=["holiday", "event", "news"]),
            ),
        ]
        constraints = [
            # sent once, whatever plans it and how often (rules.md, Once)
            models.UniqueConstraint(fields=["client", "kind", "occasion"], name="message_once"),
            models.CheckConstraint(
                condition=~models.Q(state__in=["sent", "delivered"]) | models.Q(sent_at__isnull=False),
                name="message_sent_has_time",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.occasion}"


class MessageEvent(models.Model):
    """What happened to a message. Append-only."""

    message = models.ForeignKey(Message, models.CASCADE, related_name="events")
    state = models.CharField(_("state"), max_length=12, choices=Message.State)
    at = models.DateTimeField(_("when"))
    detail = models.CharField(_("detail"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("event of a message")
        verbose_name_plural = _("events of a message")
        indexes = [models.Index(fields=["message", "at"], name="message_event_in_order")]

    def __str__(self) -> str:
        return f"{self.state} {self.at:%Y-%m-%d %H:%M}"


class SmsMonth(models.Model):
    """What SMS cost in one month: accepted, and just being handed over (`spending.py`)."""

    month = models.DateField(_("month"), unique=True, help_text=_("Its first day."))
    spent = MoneyField(_("spent on SMS"), default=0)
    # of the owner's limit: 0, 80 or 100
    told_percent = models.PositiveSmallIntegerField(_("told up to, percent"), default=0, editable=False)

    class Meta:
        verbose_name = _("month of SMS")
        verbose_name_plural = _("months of SMS")

    def __str__(self) -> str:
        return f"{self.month:%Y-%m}"


class Pace(models.Model):
    """How many messages were taken by a channel in its last minute: one count for all workers."""

    channel = models.CharField(max_length=8, choices=Channel, primary_key=True)
    minute_at = models.DateTimeField()
    taken = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name = _("pace of sending")
        verbose_name_plural = _("pace of sending")

    def __str__(self) -> str:
        return self.channel


class MessageText(models.Model):
    """The owner's own words for a kind in one language; where there is no row, the words that came with Regulars."""

    kind = models.CharField(_("kind"), max_length=20, choices=Kind)
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
        verbose_name = _("message text")
        verbose_name_plural = _("message texts")
        constraints = [models.UniqueConstraint(fields=["kind", "language"], name="message_text_once")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} ({self.language})"
