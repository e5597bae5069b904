"""Gift certificates: money paid ahead, spent in parts (rules.md, Money at the checkout)."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from crm.sales.models import Payment
from crm.team.fields import MoneyField


class GiftCertificate(models.Model):
    """An amount paid ahead, which pays at the checkout later, in parts if need be.

    Money that the salon owes until it is spent: no sale, no revenue and no points when it is sold. `balance` is the sum
    of its movements, kept beside them and proved by `rebuild_certificates`. Whoever shows the code may spend it.
    """

    class Refusal(models.TextChoices):
        """Why a certificate pays nothing, in words fit for the desk."""

        EMPTY = "cert_empty", _("Nothing is left on this gift certificate.")
        OVER = "cert_over", _("This gift certificate is no longer valid.")
        OTHER_CURRENCY = "cert_currency", _("This gift certificate is in another currency.")

    # what it can be bought with: money, not points and not another certificate
    BOUGHT_WITH = (Payment.Method.CASH, Payment.Method.CARD, Payment.Method.TRANSFER)

    code = models.CharField(_("code"), max_length=10, unique=True)
    # one form sent twice sells one
    key = models.CharField(max_length=64, unique=True, editable=False)
    branch = models.ForeignKey("crm.Branch", models.PROTECT, verbose_name=_("branch"), related_name="+")
    receipt = models.CharField(_("receipt"), max_length=64)
    method = models.CharField(_("paid by"), max_length=12, choices=Payment.Method)
    # nobody: an anonymous buyer
    bought_by = models.ForeignKey(
        "crm.Client", models.PROTECT, null=True, blank=True, verbose_name=_("bought by"), related_name="+"
    )
    # for whom, as the giver says it; empty: whoever shows it
    made_out_to = models.CharField(_("made out to"), max_length=80, blank=True)
    amount = MoneyField(_("amount"))
    balance = MoneyField(_("left"))
    issued_at = models.DateTimeField(_("issued"))
    issued_on = models.DateField(_("issued on"))
    issued_by = models.ForeignKey(
        "crm.User", models.PROTECT, null=True, blank=True, verbose_name=_("issued by"), related_name="+"
    )
    # the last branch day on which it pays; empty: for good
    expires_on = models.DateField(_("valid until"), null=True, blank=True)

    class Meta:
        verbose_name = _("gift certificate")
        verbose_name_plural = _("gift certificates")
        indexes = [
            models.Index(fields=["expires_on"], name="certificate_by_expiry", condition=Q(balance__gt=0)),
        ]
        constraints = [
            # a certificate never pays more than was paid for it
            models.CheckConstraint(
                condition=Q(balance__gte=0, balance__lte=F("amount")), name="certificate_within_amount"
            ),
            models.CheckConstraint(condition=Q(amount__gt=0), name="certificate_of_something"),
        ]

    def __str__(self) -> str:
        return self.code


class CertificateMovement(models.Model):
    """What came onto a certificate (plus) or went off it (minus). Append-only; one fact moves it once."""

    class Kind(models.TextChoices):
        SOLD = "sold", _("sold")
        SPENT = "spent", _("spent")
        PUT_BACK = "put_back", _("put back by a refund")
        RETURNED = "returned", _("returned for money")
        EXPIRED = "expired", _("expired")

    certificate = models.ForeignKey(
        GiftCertificate, models.PROTECT, verbose_name=_("gift certificate"), related_name="movements"
    )
    kind = models.CharField(_("what"), max_length=8, choices=Kind)
    amount = MoneyField(_("amount"))
    sale = models.ForeignKey(
        "crm.Sale", models.PROTECT, null=True, blank=True, verbose_name=_("sale"), related_name="+"
    )
    key = models.CharField(max_length=120, unique=True, editable=False)
    at = models.DateTimeField(_("when"))
    on = models.DateField(_("day"))
    user = models.ForeignKey("crm.User", models.PROTECT, null=True, blank=True, verbose_name=_("by"), related_name="+")

    class Meta:
        verbose_name = _("movement of a gift certificate")
        verbose_name_plural = _("movements of gift certificates")
        indexes = [models.Index(fields=["sale"], name="certificate_by_sale", condition=Q(sale__isnull=False))]
        constraints = [
            # a movement of nothing would say that something happened
            models.CheckConstraint(condition=~Q(amount=0), name="certificate_movement_not_zero"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.amount}"
