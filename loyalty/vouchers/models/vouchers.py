"""A voucher: a single-use code for a percentage, an amount or a free service."""

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from crm.team.fields import MoneyField
from loyalty.vouchers.models.campaigns import Benefit, Campaign


class Voucher(models.Model):
    """Redeemed once, at the checkout, under a lock; reserved while it hangs on a booking (rules.md, Vouchers).

    `valid_from` and `valid_until` are branch days, both included.
    """

    # keys of the services that it is limited to, where the till has read it
    limited_to: frozenset[int]

    class Kind(models.TextChoices):
        WIN_BACK = "win_back", _("win-back")
        BIRTHDAY = "birthday", _("birthday")
        AMENDS = "amends", _("amends")
        REWARD = "reward", _("reward")
        OFFER = "offer", _("offer")
        GIFT = "gift", _("gift")

    Benefit = Benefit

    class Refusal(models.TextChoices):
        """Why a voucher cannot be used, in words fit for the desk."""

        UNKNOWN = "unknown", _("There is no voucher with this code. Look at each character once more.")
        USED = "used", _("This voucher has been used already.")
        VOIDED = "voided", _("This voucher was withdrawn.")
        OTHER_CLIENT = "other_client", _("This voucher is in another client's name.")
        TOO_EARLY = "too_early", _("This voucher is not valid yet.")
        OVER = "over", _("This voucher is no longer valid.")
        RESERVED = "reserved", _("This voucher is kept for another booking.")
        BOOKED_LATE = "booked_late", _("The visit was booked after the last day for booking with this voucher.")
        COVERS_NOTHING = "covers_nothing", _("This voucher covers nothing on this receipt.")
        WEEKDAY = "weekday", _("This voucher holds on other days of the week.")
        HOUR = "hour", _("This voucher holds at other hours of the day.")
        FULL_HOUR = "full_hour", _("This voucher holds at quieter hours of the week.")
        OTHER_BRANCH = "other_branch", _("This voucher holds in another branch.")
        NOT_FIRST = "not_first", _("This voucher is for a first visit, by somebody we know by name.")
        TOO_LITTLE = "too_little", _("The receipt is below the sum from which this voucher holds.")

    code = models.CharField(_("code"), max_length=10, unique=True)
    # one fact gives one voucher
    key = models.CharField(_("key"), max_length=120, unique=True)
    branch = models.ForeignKey("crm.Branch", models.PROTECT, verbose_name=_("branch"), related_name="+")
    kind = models.CharField(_("kind"), max_length=12, choices=Kind)
    benefit = models.CharField(_("benefit"), max_length=12, choices=Benefit)
    percent = models.PositiveSmallIntegerField(
        _("percent"), null=True, blank=True, validators=[MinValueValidator(1), MaxValueValidator(100)]
    )
    amount = MoneyField(_("amount"), null=True, blank=True)
    # what it covers; none: everything (a free service: one, whichever)
    services = models.ManyToManyField("crm.Service", blank=True, verbose_name=_("services"), related_name="+")
    services_only = models.BooleanField(_("services only"), default=False)
    # for visits that begin at an hour of the week that stays empty, as it was known when the visit was booked
    quiet_only = models.BooleanField(_("only at hours that stay empty"), default=False)
    # where its conditions stand; a voucher without one has none
    campaign = models.ForeignKey(
        Campaign, models.PROTECT, null=True, blank=True, verbose_name=_("campaign"), related_name="vouchers"
    )
    # nobody: whoever shows it
    client = models.ForeignKey(
        "crm.Client", models.PROTECT, null=True, blank=True, verbose_name=_("client"), related_name="+"
    )
    book_until = models.DateField(_("book until"), null=True, blank=True)
    valid_from = models.DateField(_("valid from"))
    valid_until = models.DateField(_("valid until"))
    prolonged_days = models.PositiveSmallIntegerField(_("prolonged, days"), default=0)
    issued_at = models.DateTimeField(_("issued"))
    issued_on = models.DateField(_("issued on"))
    issued_by = models.ForeignKey(
        "crm.User", models.PROTECT, null=True, blank=True, verbose_name=_("issued by"), related_name="+"
    )
    reserved_for = models.ForeignKey(
        "crm.Appointment", models.PROTECT, null=True, blank=True, verbose_name=_("reserved for"), related_name="+"
    )
    redeemed_sale = models.ForeignKey(
        "crm.Sale", models.PROTECT, null=True, blank=True, verbose_name=_("redeemed in"), related_name="+"
    )
    redeemed_at = models.DateTimeField(_("redeemed"), null=True, blank=True)
    redeemed_on = models.DateField(_("redeemed on"), null=True, blank=True)
    voided_at = models.DateTimeField(_("voided"), null=True, blank=True)

    class Meta:
        verbose_name = _("voucher")
        verbose_name_plural = _("vouchers")
        indexes = [
            models.Index(
                fields=["client", "valid_until"],
                name="voucher_open_of_client",
                condition=Q(redeemed_at__isnull=True, voided_at__isnull=True),
            ),
            models.Index(fields=["client", "kind", "issued_on"], name="voucher_by_client_kind"),
            models.Index(
                fields=["reserved_for"], name="voucher_by_appointment", condition=Q(reserved_for__isnull=False)
            ),
        ]
        constraints = [
            models.CheckConstraint(
                # a voucher promises one thing
                condition=Q(benefit="percent", percent__gte=1, percent__lte=100, amount__isnull=True)
                | Q(benefit="amount", amount__gt=0, percent__isnull=True)
                | Q(benefit="free_service", percent__isnull=True, amount__isnull=True),
                name="voucher_one_benefit",
            ),
            models.CheckConstraint(condition=Q(valid_until__gte=F("valid_from")), name="voucher_window_not_empty"),
            models.CheckConstraint(
                # used is used: when and in which sale
                condition=Q(redeemed_at__isnull=True, redeemed_on__isnull=True, redeemed_sale__isnull=True)
                | Q(redeemed_at__isnull=False, redeemed_on__isnull=False, redeemed_sale__isnull=False),
                name="voucher_redeemed_wholly",
            ),
            models.UniqueConstraint(
                # one best discount a sale: it cannot use up two
                fields=["redeemed_sale"],
                condition=Q(redeemed_sale__isnull=False),
                name="voucher_one_a_sale",
            ),
        ]

    def __str__(self) -> str:
        return self.code


class VoucherEvent(models.Model):
    """What happened to a voucher. Append-only."""

    class Kind(models.TextChoices):
        ISSUED = "issued", _("issued")
        RESERVED = "reserved", _("reserved")
        RELEASED = "released", _("released")
        PROLONGED = "prolonged", _("prolonged")
        REDEEMED = "redeemed", _("redeemed")
        GIVEN_BACK = "given_back", _("given back")
        VOIDED = "voided", _("voided")
        # a reward not used: the points are hers again
        RETURNED = "returned", _("given back for points")

    voucher = models.ForeignKey(Voucher, models.PROTECT, related_name="events")
    kind = models.CharField(_("what"), max_length=12, choices=Kind)
    at = models.DateTimeField(_("when"))
    user = models.ForeignKey("crm.User", models.PROTECT, null=True, blank=True, verbose_name=_("by"), related_name="+")
    appointment = models.ForeignKey("crm.Appointment", models.PROTECT, null=True, blank=True, related_name="+")
    sale = models.ForeignKey("crm.Sale", models.PROTECT, null=True, blank=True, related_name="+")
    days = models.SmallIntegerField(_("days"), null=True, blank=True)

    class Meta:
        verbose_name = _("event of a voucher")
        verbose_name_plural = _("events of vouchers")
        indexes = [models.Index(fields=["voucher", "at"], name="voucher_event_in_order")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.at:%Y-%m-%d}"
