"""Services and products, and which master does what."""

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from crm.team.fields import MoneyField
from crm.team.models import Branch, Language, Master


class Service(models.Model):
    """Something a master does. Minutes are planned working time; a price of none is agreed per case."""

    branch = models.ForeignKey(Branch, models.PROTECT, verbose_name=_("branch"), related_name="services")
    code = models.CharField(_("code"), max_length=64)
    name = models.CharField(_("name"), max_length=200)
    category = models.CharField(_("category"), max_length=100, blank=True)
    minutes = models.PositiveSmallIntegerField(
        _("minutes"), default=60, validators=[MinValueValidator(5), MaxValueValidator(24 * 60)]
    )
    buffer_minutes = models.PositiveSmallIntegerField(
        _("buffer after, minutes"), default=0, validators=[MaxValueValidator(120)]
    )
    price = MoneyField(_("price"), null=True, blank=True)
    usual_return_days = models.PositiveSmallIntegerField(
        _("usual return, days"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(730)],
        help_text=_("After how many days clients usually come again; counts until she has a rhythm of her own."),
    )
    ask_after_days = models.PositiveSmallIntegerField(
        _("ask after, days"),
        null=True,
        blank=True,
        validators=[MaxValueValidator(365)],
        help_text=_("After how many days she is asked how it holds. Empty or 0: not asked."),
    )
    is_one_off = models.BooleanField(
        _("one-off"),
        default=False,
        help_text=_("A bride's make-up, a removal, a consultation: starts no rhythm, no question and no invitation."),
    )
    is_bookable_online = models.BooleanField(
        _("clients book it themselves"), default=True, help_text=_("Shown on the booking page.")
    )
    # what she is offered where this one may not follow any more
    otherwise = models.ForeignKey(
        "self",
        models.SET_NULL,
        null=True,
        blank=True,
        verbose_name=_("too late for it: instead"),
        related_name="+",
        help_text=_("A fill comes too late: a full set is offered."),
    )
    # its free twin, done where this one went wrong: one-off, so that it starts no rhythm and no invitation
    redo_of = models.OneToOneField(
        "self",
        models.SET_NULL,
        null=True,
        blank=True,
        verbose_name=_("free redo of"),
        related_name="redo",
        help_text=_("Made by itself at the first redo. Its minutes are yours to set."),
    )
    is_active = models.BooleanField(_("offered"), default=True)
    history = HistoricalRecords()

    class Meta:
        verbose_name = _("service")
        verbose_name_plural = _("services")
        constraints = [models.UniqueConstraint(fields=["branch", "code"], name="service_code_once_in_branch")]

    def __str__(self) -> str:
        return self.name


class ServiceStretch(models.Model):
    """A part of a service: work, or processing during which the master is free (rules.md, Booking)."""

    class Kind(models.TextChoices):
        WORK = "work", _("work")
        PROCESSING = "processing", _("processing")

    service = models.ForeignKey(Service, models.CASCADE, verbose_name=_("service"), related_name="stretches")
    position = models.PositiveSmallIntegerField(_("position"))
    kind = models.CharField(_("kind"), max_length=12, choices=Kind, default=Kind.WORK)
    minutes = models.PositiveSmallIntegerField(_("minutes"), validators=[MinValueValidator(5)])

    class Meta:
        verbose_name = _("stretch of a service")
        verbose_name_plural = _("stretches of a service")
        constraints = [models.UniqueConstraint(fields=["service", "position"], name="service_stretch_position_once")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.minutes}"


class ServiceWords(models.Model):
    """A service in one language: its names, its question and answers, its care guide (practices.md, P12 and P13)."""

    service = models.ForeignKey(Service, models.CASCADE, verbose_name=_("service"), related_name="words")
    language = models.CharField(_("language"), max_length=2, choices=Language)
    name = models.CharField(_("name"), max_length=200, blank=True)
    neutral_name = models.CharField(
        _("neutral name"),
        max_length=120,
        blank=True,
        help_text=_("What messages call it, as phones are shared: “your appointment”."),
    )
    question = models.CharField(
        _("question"), max_length=160, blank=True, help_text=_("“How are your lashes?”, “How is your hair?”")
    )
    answer_good = models.CharField(_("answer: all is well"), max_length=60, blank=True)
    answer_mend = models.CharField(_("answer: needs mending"), max_length=60, blank=True)
    answer_alarm = models.CharField(_("answer: alarming"), max_length=60, blank=True)
    safety_text = models.TextField(_("what to do if it alarms"), max_length=1000, blank=True)
    care_guide = models.TextField(_("care guide"), max_length=4000, blank=True)
    policy = models.TextField(
        _("when she cannot come"),
        max_length=600,
        blank=True,
        help_text=_("Said before she books: until when to cancel, and what happens if nobody comes."),
    )

    class Meta:
        verbose_name = _("words of a service")
        verbose_name_plural = _("words of a service")
        constraints = [models.UniqueConstraint(fields=["service", "language"], name="service_words_once")]

    def __str__(self) -> str:
        return f"{self.service_id} {self.language}"


class FollowRule(models.Model):
    """This service is only done up to so many days after one of those (a fill after a set). Both days included.

    A service without any such row may follow anything.
    """

    service = models.ForeignKey(Service, models.CASCADE, verbose_name=_("service"), related_name="follows")
    after = models.ForeignKey(Service, models.CASCADE, verbose_name=_("after"), related_name="+")
    within_days = models.PositiveSmallIntegerField(
        _("up to, days"), validators=[MinValueValidator(1), MaxValueValidator(365)]
    )

    class Meta:
        verbose_name = _("what it may follow")
        verbose_name_plural = _("what it may follow")
        constraints = [models.UniqueConstraint(fields=["service", "after"], name="follow_rule_once")]

    def __str__(self) -> str:
        return f"{self.service_id} {self.after_id} {self.within_days}"


class Room(models.Model):
    """A room or chair that holds one client at a time."""

    branch = models.ForeignKey(Branch, models.PROTECT, verbose_name=_("branch"), related_name="rooms")
    name = models.CharField(_("name"), max_length=120)
    is_active = models.BooleanField(_("in use"), default=True)
    history = HistoricalRecords()

    class Meta:
        verbose_name = _("room or chair")
        verbose_name_plural = _("rooms and chairs")
        constraints = [models.UniqueConstraint(fields=["branch", "name"], name="room_name_once_in_branch")]

    def __str__(self) -> str:
        return self.name


class ServiceRoom(models.Model):
    """The service is done in this room; of several it takes any that is free. Without a row it needs none."""

    service = models.ForeignKey(Service, models.CASCADE, verbose_name=_("service"), related_name="rooms")
    room = models.ForeignKey(Room, models.CASCADE, verbose_name=_("room"), related_name="services")

    class Meta:
        verbose_name = _("room for a service")
        verbose_name_plural = _("rooms for a service")
        constraints = [models.UniqueConstraint(fields=["service", "room"], name="service_room_once")]

    def __str__(self) -> str:
        return f"{self.service_id} {self.room_id}"


class Product(models.Model):
    """Something sold over the counter."""

    branch = models.ForeignKey(Branch, models.PROTECT, verbose_name=_("branch"), related_name="products")
    code = models.CharField(_("code"), max_length=64)
    name = models.CharField(_("name"), max_length=200)
    supplier = models.CharField(_("supplier"), max_length=120, blank=True)
    brand = models.CharField(_("brand"), max_length=120, blank=True)
    category = models.CharField(_("category"), max_length=100, blank=True, help_text=_("A shelf, for counting."))
    price = MoneyField(_("price"), null=True, blank=True)
    cost = MoneyField(_("cost"), null=True, blank=True)
    # the sum of its moves, written by one function only; none: not counted
    stock = models.IntegerField(_("in stock"), null=True, blank=True, help_text=_("Empty: not counted."))
    minimum = models.PositiveIntegerField(
        _("minimum"), null=True, blank=True, help_text=_("Fewer than this, and it stands on the list to order.")
    )
    lasts_days = models.PositiveSmallIntegerField(
        _("lasts, days"),
        null=True,
        blank=True,
        help_text=_("So many days after she bought it, she is told that it may be running out. Empty: never."),
    )
    is_active = models.BooleanField(_("sold"), default=True)
    history = HistoricalRecords()

    class Meta:
        verbose_name = _("product")
        verbose_name_plural = _("products")
        constraints = [models.UniqueConstraint(fields=["branch", "code"], name="product_code_once_in_branch")]

    def __str__(self) -> str:
        return self.name


class Recommendation(models.Model):
    """A product that goes well with a service, offered at the checkout by one tap (practices.md, P34)."""

    service = models.ForeignKey(Service, models.CASCADE, verbose_name=_("service"), related_name="recommended")
    product = models.ForeignKey(Product, models.CASCADE, verbose_name=_("product"), related_name="+")
    position = models.PositiveSmallIntegerField(_("position"), default=0)

    class Meta:
        verbose_name = _("recommended product")
        verbose_name_plural = _("recommended products")
        constraints = [models.UniqueConstraint(fields=["service", "product"], name="recommended_once")]

    def __str__(self) -> str:
        return f"{self.service_id} {self.product_id}"


class Skill(models.Model):
    """This master does this service. A master without any is taken to do all of the branch's."""

    master = models.ForeignKey(Master, models.CASCADE, verbose_name=_("master"), related_name="skills")
    service = models.ForeignKey(Service, models.CASCADE, verbose_name=_("service"), related_name="skills")

    class Meta:
        verbose_name = _("skill")
        verbose_name_plural = _("skills")
        constraints = [models.UniqueConstraint(fields=["master", "service"], name="skill_once")]

    def __str__(self) -> str:
        return f"{self.master_id} {self.service_id}"
