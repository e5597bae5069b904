"""Clients, and what the salon remembers about them."""

import re

from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.db.models.functions import Upper
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from crm.people.birthdays import check_birthday
from crm.people.indexes import TrigramIndex
from crm.team.fields import EncryptedTextField
from crm.team.models import AddressForm, Branch, Language, User, validate_time_zone
from crm.team.wording import without_turns

# as `new_code` makes them: it says nothing to anybody, while a code of older records is known by heart
MADE_UP = re.compile(r"C[0-9a-f]{10}")
LAST_DIGITS = 4


class Tag(models.Model):
    """A word of the salon's own for a kind of client: brides, neighbours, likes natural."""

    name = models.CharField(_("tag"), max_length=40, unique=True)

    class Meta:
        verbose_name = _("tag")
        verbose_name_plural = _("tags")

    def __str__(self) -> str:
        return without_turns(self.name)


class CardsInUse(models.Manager["Client"]):
    """Clients as they are now: a card that became a part of another one is no client any more."""

    def get_queryset(self) -> models.QuerySet["Client"]:
        return super().get_queryset().filter(merged_into__isnull=True)


class Client(models.Model):
    """A person who came or may come. Contacts and rhythm are the salon's, whatever the branch."""

    class Status(models.TextChoices):
        ACTIVE = "active", _("active")
        BREAK = "break", _("on a break")
        MOVED = "moved", _("moved away")
        BLOCKED = "blocked", _("blocked")
        DECEASED = "deceased", _("deceased")

    class Channel(models.TextChoices):
        EMAIL = "email", _("e-mail")
        SMS = "sms", _("SMS")
        CALL = "call", _("call")
        LETTER = "letter", _("letter on paper")
        CHAT = "chat", _("messenger")

    class Gender(models.TextChoices):
        FEMALE = "f", _("female")
        MALE = "m", _("male")

    code = models.CharField(_("code"), max_length=64, unique=True)
    # whose zone decides her days; she may be served anywhere
    branch = models.ForeignKey(Branch, models.PROTECT, verbose_name=_("home branch"), related_name="clients")
    name = models.CharField(_("name"), max_length=200, blank=True, help_text=_("Empty: the code stands in."))
    called = models.CharField(_("likes to be called"), max_length=100, blank=True)
    phone = models.CharField(_("phone"), max_length=32, blank=True)
    email = models.EmailField(_("e-mail"), blank=True)
    # of Telegram, WhatsApp or Viber; she is written to there only if she prefers it
    messenger = models.CharField(
        _("messenger"),
        max_length=120,
        blank=True,
        validators=[
            RegexValidator(
                r"\A(telegram|whatsapp|viber):[\w+=@/-]{3,100}\Z",
                _("Write telegram:NUMBER, whatsapp:+NUMBER or viber:NUMBER."),
            )
        ],
        help_text=_("telegram:NUMBER, whatsapp:+NUMBER or viber:NUMBER. Choose it as preferred channel too."),
    )
    birth_year = models.PositiveSmallIntegerField(
        _("year of birth"), null=True, blank=True, validators=[MinValueValidator(1900), MaxValueValidator(2100)]
    )
    birth_month = models.PositiveSmallIntegerField(
        _("month of birth"), null=True, blank=True, validators=[MinValueValidator(1), MaxValueValidator(12)]
    )
    birth_day = models.PositiveSmallIntegerField(
        _("day of birth"), null=True, blank=True, validators=[MinValueValidator(1), MaxValueValidator(31)]
    )
    language = models.CharField(
        _("language"), max_length=2, choices=Language, blank=True, help_text=_("Empty: the salon's.")
    )
    time_zone = models.CharField(
        _("time zone"),
        max_length=64,
        blank=True,
        validators=[validate_time_zone],
        help_text=_("Only where she lives in another one: decides at which hour messages reach her."),
    )
    preferred_channel = models.CharField(_("preferred channel"), max_length=8, choices=Channel, blank=True)
    address_form = models.CharField(_("form of address"), max_length=8, choices=AddressForm, blank=True)
    gender = models.CharField(_("gender"), max_length=1, choices=Gender, blank=True)
    holidays = models.CharField(
        _("holidays she keeps"), max_length=200, blank=True, help_text=_("As she named them, separated by ;")
    )
    tags = models.ManyToManyField(Tag, blank=True, verbose_name=_("tags"), related_name="clients")
    status = models.CharField(_("status"), max_length=8, choices=Status, default=Status.ACTIVE)
    break_from = models.DateField(_("break from"), null=True, blank=True)
    break_until = models.DateField(
        _("break until"), null=True, blank=True, help_text=_("The first day on which she may be written to again.")
    )
    # 90 days after a break without a date a person asks, not a machine
    break_is_open = models.BooleanField(_("break without a date"), default=False)
    referred_by = models.ForeignKey(
        "self", models.SET_NULL, null=True, blank=True, verbose_name=_("brought by"), related_name="brought"
    )
    source = models.CharField(_("heard of us"), max_length=120, blank=True)
    since = models.DateField(_("client since"), null=True, blank=True)
    drink = models.CharField(_("favourite drink"), max_length=100, blank=True)
    # what stands on an envelope below her name
    postal_address = models.TextField(
        _("postal address"), max_length=300, blank=True, help_text=_("For letters and cards on paper.")
    )
    # casefolded, transliterated words of name, called and code (their table is NameToken); the phone's digits
    search_text = models.CharField(max_length=500, blank=True, editable=False)
    search_digits = models.CharField(max_length=32, blank=True, editable=False)
    created_at = models.DateTimeField(_("added"), null=True, editable=False)
    # two cards were one person: this one was put aside, and whoever asks for it is led to that one
    merged_into = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        verbose_name=_("put aside for"),
        related_name="former",
    )
    history = HistoricalRecords(excluded_fields=["search_text", "search_digits"])

    # lists, searches, audiences and reports begin here, and none of them knows a card put aside
    objects = CardsInUse()
    everyone = models.Manager()

    class Meta:
        verbose_name = _("client")
        verbose_name_plural = _("clients")
        indexes = [
            models.Index(fields=["branch", "name"], name="client_by_branch_name"),
            models.Index(fields=["birth_month", "birth_day"], name="client_by_birthday"),
            # who wrote to us; several may share a number or an address
            models.Index(fields=["phone"], name="client_by_phone"),
            models.Index(Upper("email"), name="client_by_email"),
            # the end of a number is typed, or its middle
            TrigramIndex(fields=["search_digits"], name="client_by_digits", opclasses=["gin_trgm_ops"]),
        ]
        constraints = [
            models.CheckConstraint(
                # half a birthday cannot be greeted
                condition=models.Q(birth_month__isnull=True, birth_day__isnull=True)
                | models.Q(birth_month__isnull=False, birth_day__isnull=False),
                name="client_birthday_whole",
                violation_error_message=_("A birthday has a day and a month; the year may be left out."),
            ),
            models.CheckConstraint(
                condition=~models.Q(status="break") | models.Q(break_until__isnull=False),
                name="client_break_has_end",
                violation_error_message=_("A break has a day on which it ends."),
            ),
            models.CheckConstraint(
                condition=models.Q(referred_by__isnull=True) | ~models.Q(referred_by=models.F("pk")),
                name="client_not_own_referrer",
                violation_error_message=_("Nobody brings herself."),
            ),
            models.CheckConstraint(
                # a card that leads to itself would lead nowhere
                condition=models.Q(merged_into__isnull=True) | ~models.Q(merged_into=models.F("pk")),
                name="client_not_merged_into_itself",
            ),
        ]

    def __str__(self) -> str:
        return without_turns(self.name) or self._without_name

    def clean(self) -> None:
        super().clean()
        check_birthday(day=self.birth_day, month=self.birth_month, year=self.birth_year)

    @property
    def shown_name(self) -> str:
        """How the desk calls her: as she likes, else her name; without one what she is known by, in the reader's language."""
        return without_turns(self.called or self.name) or self._without_name

    @property
    def _without_name(self) -> str:
        if not MADE_UP.fullmatch(self.code):
            return self.code
        if self.phone:
            return gettext("Telephone ending in %(digits)s") % {"digits": self.phone[-LAST_DIGITS:]}
        return self.email or gettext("A visitor without a name")


class ClientMerge(models.Model):
    """Two cards became one: who said so, whose value stayed where they differed, and which rows moved. Append-only.

    The card put aside stays as it was, so that its number, its links and what names it lead to the other.
    """

    kept = models.ForeignKey(Client, models.PROTECT, verbose_name=_("the card that stays"), related_name="+")
    # a card is put aside once
    aside = models.OneToOneField(Client, models.PROTECT, verbose_name=_("the card put aside"), related_name="+")
    at = models.DateTimeField(_("when"))
    user = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, verbose_name=_("by"), related_name="+")
    user_name = models.CharField(_("by (name)"), max_length=150, blank=True)
    # fields whose value is that of the card put aside
    taken = models.JSONField(_("taken from the card put aside"), default=list)
    # by table and field the keys of the rows that moved, that stayed as evidence, and that the other card had already
    rows = models.JSONField(default=dict, editable=False)

    class Meta:
        verbose_name = _("two cards made one")
        verbose_name_plural = _("cards made one")
        constraints = [
            models.CheckConstraint(condition=~models.Q(kept=models.F("aside")), name="client_merge_of_two"),
        ]

    def __str__(self) -> str:
        return f"{self.aside} → {self.kept}"


class NameToken(models.Model):
    """A distinct word of names and codes, as search hears it. Slips are looked for here, not among the clients."""

    text = models.CharField(max_length=500, unique=True)
    skeleton = models.CharField(max_length=500, blank=True, db_index=True)
    is_name = models.BooleanField(default=False)

    class Meta:
        verbose_name = _("word of names")
        verbose_name_plural = _("words of names")
        indexes = [
            TrigramIndex(
                fields=["text"],
                name="name_token_alike",
                opclasses=["gin_trgm_ops"],
                # numbers have no slips: they are right or wrong
                condition=models.Q(is_name=True),
            )
        ]

    def __str__(self) -> str:
        return self.text


class ClientToken(models.Model):
    """This client's name or code has this word. Kept by `write_tokens`, proved by `rebuild`."""

    client = models.ForeignKey(Client, models.CASCADE, related_name="tokens")
    token = models.ForeignKey(NameToken, models.CASCADE, related_name="+", db_index=False)

    class Meta:
        verbose_name = _("word of a client")
        verbose_name_plural = _("words of a client")
        constraints = [models.UniqueConstraint(fields=["token", "client"], name="client_token_once")]

    def __str__(self) -> str:
        return f"{self.client_id}/{self.token_id}"


class Note(models.Model):
    """Something remembered about a client (practices.md, P1). Health is a kind of its own: HealthNote."""

    class Kind(models.TextChoices):
        STORY = "story", _("story")
        PREFERENCE = "preference", _("preference")
        FAMILY = "family", _("family")
        GIFT = "gift", _("gift idea")
        FORMULA = "formula", _("style formula")
        COMPLAINT = "complaint", _("complaint memory")
        NEVER = "never", _("never mention")

    client = models.ForeignKey(Client, models.CASCADE, verbose_name=_("client"), related_name="notes")
    kind = models.CharField(_("kind"), max_length=12, choices=Kind, default=Kind.STORY)
    text = models.TextField(_("text"), max_length=2000)
    written_on = models.DateField(_("written"))
    written_at = models.DateTimeField(null=True, editable=False)
    ask_again_on = models.DateField(_("ask again"), null=True, blank=True)
    # when the master last ticked that she asked
    asked_on = models.DateField(_("asked"), null=True, blank=True)
    is_pinned = models.BooleanField(_("pinned"), default=False)
    author = models.ForeignKey(
        User, models.SET_NULL, null=True, blank=True, verbose_name=_("author"), related_name="notes"
    )
    author_name = models.CharField(_("author's name"), max_length=120, blank=True)
    history = HistoricalRecords()

    class Meta:
        verbose_name = _("note")
        verbose_name_plural = _("notes")
        indexes = [models.Index(fields=["client", "-written_on"], name="note_by_client")]

    def __str__(self) -> str:
        return self.text[:60]


class HealthNote(models.Model):
    """Allergy, sensitivity: encrypted, the branch's own, every reading recorded (trust.md, Privacy)."""

    client = models.ForeignKey(Client, models.CASCADE, verbose_name=_("client"), related_name="health_notes")
    branch = models.ForeignKey(Branch, models.PROTECT, verbose_name=_("branch"), related_name="+")
    text = EncryptedTextField(_("text"), max_length=2000)
    written_on = models.DateField(_("written"))
    written_at = models.DateTimeField(null=True, editable=False)
    author = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, verbose_name=_("author"), related_name="+")
    author_name = models.CharField(_("author's name"), max_length=120, blank=True)
    is_current = models.BooleanField(_("still true"), default=True)

    class Meta:
        verbose_name = _("health note")
        verbose_name_plural = _("health notes")
        indexes = [models.Index(fields=["client", "branch"], name="health_note_by_client")]

    def __str__(self) -> str:
        return str(_("health note"))


class HealthNoteReading(models.Model):
    """Who saw a client's health notes, and when. Append-only."""

    client = models.ForeignKey(Client, models.CASCADE, related_name="+", verbose_name=_("client"))
    user = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("user"))
    read_at = models.DateTimeField(_("read"))
    where = models.CharField(_("where"), max_length=32)

    class Meta:
        verbose_name = _("reading of health notes")
        verbose_name_plural = _("readings of health notes")
        indexes = [models.Index(fields=["client", "read_at"], name="health_reading_by_client")]

    def __str__(self) -> str:
        return f"{self.user} {self.read_at:%Y-%m-%d %H:%M}"


class ClientChange(models.Model):
    """A fact about this client has changed: rows that upper rooms take up and remove.

    Written in the same transaction as the fact, so that no change is missed
    and nobody below has to know who is interested.
    """

    client = models.ForeignKey(Client, models.CASCADE, related_name="+")

    def __str__(self) -> str:
        return str(self.client_id)
