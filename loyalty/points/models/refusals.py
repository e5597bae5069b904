"""What was asked for and not given, and why: the owner sees it (practices.md, P30)."""

from django.db import models
from django.utils.translation import gettext_lazy as _

# what the rooms' short words mean to the owner; whatever is new is shown as it stands until it has words here
REASONS = {
    "unknown": _("nobody's code"),
    "used": _("used already"),
    "voided": _("withdrawn"),
    "other_client": _("in another client's name"),
    "too_early": _("not valid yet"),
    "over": _("no longer valid"),
    "reserved": _("kept for another booking"),
    "booked_late": _("booked too late for it"),
    "covers_nothing": _("covers nothing of it"),
    "weekday": _("on another day of the week"),
    "hour": _("at another hour"),
    "other_branch": _("in another branch"),
    "cert_empty": _("nothing left on it"),
    "cert_over": _("no longer valid"),
    "cert_currency": _("in another currency"),
    "moved": _("the birthday was moved"),
    "twice": _("given in this year already"),
    "not_first": _("not a first visit"),
    "too_little": _("below the smallest sum"),
    "card_closed": _("the card was closed"),
    "card_lent": _("another client's card"),
    "card_nameless": _("nobody was named"),
    "partner_used": _("used already"),
    "partner_over": _("no longer valid"),
    "partner_elsewhere": _("in another branch"),
    "partner_off": _("nothing is agreed now"),
    "elsewhere": _("in another branch"),
    "off": _("nothing is agreed now"),
    "one_a_day": _("a second one on the same day"),
    "oneself": _("herself as a friend"),
    "ring": _("friends in a ring"),
    "said_already": _("somebody else was named before"),
    "not_new": _("was a client before"),
    "late": _("too late"),
    "nobody": _("nobody's code"),
    "own_card": _("her own card"),
    "own_request": _("her own request"),
    "not_owner": _("only an owner decides"),
    "not_enough": _("not enough points"),
    "not_enough_points": _("not enough points"),
    "nothing_to_return": _("used or given back before"),
    "gift_refused": _("the gift could not be given"),
    "left_out": _("left out by the desk"),
}


def reason_words(reason: str) -> str:
    """What a reason means, for the owner."""
    return str(REASONS.get(reason, reason.replace("_", " ")))


class RefusedBenefit(models.Model):
    """A benefit that somebody wanted, or a code somebody tried, that was not given. Append-only.

    It stands in the lowest room of loyalty, so that every room above may write one.
    """

    class Kind(models.TextChoices):
        VOUCHER = "voucher", _("voucher")
        CERTIFICATE = "certificate", _("gift certificate")
        CARD = "card", _("discount card")
        POINTS = "points", _("points")
        REWARD = "reward", _("reward")
        PARTNER = "partner", _("partner's discount")
        CLUB = "club", _("club")
        REFERRAL = "referral", _("referral")
        BIRTHDAY = "birthday", _("birthday")
        FEEDBACK = "feedback", _("feedback")
        GESTURE = "gesture", _("gesture")
        GIFT = "gift", _("gift")
        # nobody knows what it was meant to be
        CODE = "code", _("code")

    class Place(models.TextChoices):
        CHECKOUT = "checkout", _("at the checkout")
        DESK = "desk", _("at the desk")
        CLIENT_PAGE = "client_page", _("on the client's page")
        BOOKING = "booking", _("at booking")
        PARTNER_PAGE = "partner_page", _("on the partner's page")
        CLOCK = "clock", _("by itself")

    kind = models.CharField(_("what"), max_length=12, choices=Kind)
    place = models.CharField(_("where"), max_length=12, choices=Place)
    # of a voucher its Refusal; a short word of the room that refused, the same each time
    reason = models.CharField(_("why"), max_length=40)
    # what it was in words for the owner, as they were at the time
    words = models.CharField(_("in words"), max_length=200, blank=True)
    typed = models.CharField(_("typed"), max_length=60, blank=True)
    branch = models.ForeignKey(
        "crm.Branch", models.PROTECT, null=True, blank=True, verbose_name=_("branch"), related_name="+"
    )
    client = models.ForeignKey(
        "crm.Client", models.PROTECT, null=True, blank=True, verbose_name=_("client"), related_name="+"
    )
    appointment = models.ForeignKey(
        "crm.Appointment", models.PROTECT, null=True, blank=True, verbose_name=_("visit"), related_name="+"
    )
    sale = models.ForeignKey(
        "crm.Sale", models.PROTECT, null=True, blank=True, verbose_name=_("sale"), related_name="+"
    )
    user = models.ForeignKey("crm.User", models.PROTECT, null=True, blank=True, verbose_name=_("by"), related_name="+")
    at = models.DateTimeField(_("when"))
    # what would be noted over and over (by a clock, by a page shown again) is noted once
    key = models.CharField(max_length=120, unique=True, null=True, blank=True, editable=False)

    class Meta:
        verbose_name = _("refused benefit")
        verbose_name_plural = _("refused benefits")
        indexes = [
            models.Index(fields=["at"], name="refused_by_time"),
            models.Index(fields=["client", "at"], name="refused_by_client"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.reason}"
