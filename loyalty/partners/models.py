"""Partner businesses that do not compete: whose clients get something here, and ours there (practices.md, P28)."""

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from crm.team.fields import MoneyField


class Partner(models.Model):
    """A business nearby that works with one branch. Its window is in branch days, both included."""

    branch = models.ForeignKey("crm.Branch", models.PROTECT, verbose_name=_("branch"), related_name="+")
    name = models.CharField(_("name"), max_length=120)
    slug = models.SlugField(
        _("address"), max_length=60, unique=True, help_text=_("The end of the address of its page: /partner/…/")
    )
    kind = models.CharField(_("what it is"), max_length=80, blank=True, help_text=_("Like: flower shop."))
    contact = models.CharField(_("contact"), max_length=200, blank=True)
    gives_there = models.CharField(
        _("our clients get there"), max_length=160, blank=True, help_text=_("As they read it. Empty: nothing.")
    )
    percent_here = models.PositiveSmallIntegerField(
        _("theirs get here, percent"),
        default=10,
        validators=[MaxValueValidator(100)],
        help_text=_("Off services. 0: nothing."),
    )
    services = models.ManyToManyField(
        "crm.Service", blank=True, verbose_name=_("on these services"), related_name="+", help_text=_("None: on all.")
    )
    pin = models.CharField(_("PIN"), max_length=128, blank=True, editable=False)
    is_active = models.BooleanField(_("on"), default=True)
    from_on = models.DateField(_("from"))
    until_on = models.DateField(_("until"), null=True, blank=True, help_text=_("The last day. Empty: open."))
    code_days = models.PositiveSmallIntegerField(
        _("a code for a client is good for, days"),
        default=14,
        validators=[MinValueValidator(1), MaxValueValidator(365)],
    )
    history = HistoricalRecords(excluded_fields=["pin"])

    class Meta:
        verbose_name = _("partner")
        verbose_name_plural = _("partners")
        constraints = [
            models.CheckConstraint(condition=Q(percent_here__lte=100), name="partner_percent_to_100"),
            models.CheckConstraint(
                condition=Q(until_on__isnull=True) | Q(until_on__gte=F("from_on")),
                name="partner_window_not_empty",
                violation_error_message=_("The last day lies before the first."),
            ),
        ]

    def __str__(self) -> str:
        return self.name


class PartnerBatch(models.Model):
    """Codes for the partner to hand out: each gives one of its clients the discount here, once."""

    partner = models.ForeignKey(Partner, models.PROTECT, verbose_name=_("partner"), related_name="batches")
    count = models.PositiveIntegerField(_("codes"), validators=[MinValueValidator(1), MaxValueValidator(1000)])
    valid_until = models.DateField(_("valid until"))
    made_at = models.DateTimeField(_("made"))
    made_by = models.ForeignKey(
        "crm.User", models.PROTECT, null=True, blank=True, verbose_name=_("made by"), related_name="+"
    )

    class Meta:
        verbose_name = _("batch of a partner's codes")
        verbose_name_plural = _("batches of partners' codes")

    def __str__(self) -> str:
        return f"{self.partner_id} {self.valid_until}"


class PartnerCode(models.Model):
    """One code, good once. There: a client of ours shows it at the partner's. Here: the partner's client shows it to us."""

    class Side(models.TextChoices):
        THERE = "there", _("ours there")
        HERE = "here", _("theirs here")

    class Refusal(models.TextChoices):
        """Why a code or a month is not taken, in words fit for a person."""

        UNKNOWN = "unknown", _("This code is none of ours. Look at each character once more.")
        USED = "used", _("This code has been used already.")
        OVER = "over", _("This code is no longer valid.")
        ELSEWHERE = "elsewhere", _("This code is for another branch.")
        OFF = "off", _("Nothing is agreed with this partner now.")
        ONE_A_DAY = "one_a_day", _("One code a day: the next one tomorrow.")

    partner = models.ForeignKey(Partner, models.PROTECT, verbose_name=_("partner"), related_name="codes")
    side = models.CharField(_("side"), max_length=5, choices=Side)
    code = models.CharField(_("code"), max_length=10, unique=True)
    # who took it, for there; which batch, for here
    client = models.ForeignKey(
        "crm.Client", models.PROTECT, null=True, blank=True, verbose_name=_("client"), related_name="+"
    )
    batch = models.ForeignKey(
        PartnerBatch, models.PROTECT, null=True, blank=True, verbose_name=_("batch"), related_name="codes"
    )
    made_at = models.DateTimeField(_("made"))
    made_on = models.DateField(_("day"))
    valid_until = models.DateField(_("valid until"))
    used_at = models.DateTimeField(_("used"), null=True, blank=True)

    class Meta:
        verbose_name = _("code with a partner")
        verbose_name_plural = _("codes with partners")
        indexes = [models.Index(fields=["client"], name="partner_code_by_client", condition=Q(client__isnull=False))]
        constraints = [
            models.CheckConstraint(
                condition=Q(side="there", client__isnull=False, batch__isnull=True)
                | Q(side="here", client__isnull=True, batch__isnull=False),
                name="partner_code_of_its_side",
            ),
            models.UniqueConstraint(
                # one a day: nobody gathers codes for visits that never were
                fields=["partner", "client", "made_on"],
                condition=Q(side="there"),
                name="partner_code_once_a_day",
            ),
        ]

    def __str__(self) -> str:
        return self.code


class PartnerEvent(models.Model):
    """What happened with a partner's code, and what it saved here. Append-only; statements are counted from it."""

    class Kind(models.TextChoices):
        TAKEN = "taken", _("taken by our client")
        CONFIRMED = "confirmed", _("confirmed there")
        USED = "used", _("used here")
        RETURNED = "returned", _("returned here")

    partner = models.ForeignKey(Partner, models.PROTECT, verbose_name=_("partner"), related_name="events")
    code = models.ForeignKey(PartnerCode, models.PROTECT, verbose_name=_("code"), related_name="events")
    kind = models.CharField(_("what"), max_length=9, choices=Kind)
    at = models.DateTimeField(_("when"))
    # the branch's day
    on = models.DateField(_("day"))
    sale = models.ForeignKey(
        "crm.Sale", models.PROTECT, null=True, blank=True, verbose_name=_("sale"), related_name="+"
    )
    # given here, negative where it came back
    saved = MoneyField(_("saved"), default=0)
    user = models.ForeignKey("crm.User", models.PROTECT, null=True, blank=True, verbose_name=_("by"), related_name="+")

    class Meta:
        verbose_name = _("event with a partner")
        verbose_name_plural = _("events with partners")
        indexes = [models.Index(fields=["partner", "on"], name="partner_event_by_day")]
        constraints = [
            models.UniqueConstraint(
                # each code once; what comes back does so receipt by receipt
                fields=["code", "kind"],
                condition=~Q(kind="returned"),
                name="partner_event_once",
            ),
            models.UniqueConstraint(
                fields=["sale", "kind"], condition=Q(sale__isnull=False), name="partner_event_once_a_sale"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.on}"


class PartnerStatement(models.Model):
    """A month of both directions, closed by the owner: what it says never changes. Append-only."""

    partner = models.ForeignKey(Partner, models.PROTECT, verbose_name=_("partner"), related_name="statements")
    month = models.DateField(_("month"))
    taken = models.PositiveIntegerField(_("codes our clients took"))
    confirmed = models.PositiveIntegerField(_("confirmed there"))
    used = models.PositiveIntegerField(_("theirs used here"))
    saved = MoneyField(_("discounts given here"))
    settled_on = models.DateField(_("settled"))
    settled_at = models.DateTimeField(_("closed"))
    settled_by = models.ForeignKey(
        "crm.User", models.PROTECT, null=True, blank=True, verbose_name=_("closed by"), related_name="+"
    )

    class Meta:
        verbose_name = _("statement of a partner")
        verbose_name_plural = _("statements of partners")
        constraints = [models.UniqueConstraint(fields=["partner", "month"], name="partner_month_settled_once")]

    def __str__(self) -> str:
        return f"{self.partner} {self.month:%Y-%m}"
