"""Who brought whom: a client's own code, and the claim that ties a friend to her."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _


class ReferralCode(models.Model):
    """What a client hands on: ten random characters that tell nobody who else comes here.

    No client has two on purpose; the one of a record that was merged into hers goes on working.
    """

    client = models.ForeignKey("crm.Client", models.PROTECT, verbose_name=_("client"), related_name="+")
    code = models.CharField(_("code"), max_length=10, unique=True)
    made_at = models.DateTimeField(_("made"))

    class Meta:
        verbose_name = _("code to bring a friend")
        verbose_name_plural = _("codes to bring a friend")

    def __str__(self) -> str:
        return self.code


class ReferralClaim(models.Model):
    """A friend came because of a client. Both are rewarded once her first paid visit is completed
    (rules.md, Points, Referral).

    The state only moves on: open, perhaps held, then paid, declined or lapsed; paid may be taken back.
    """

    class State(models.TextChoices):
        OPEN = "open", _("waits for her first paid visit")
        HELD = "held", _("the owner decides")
        PAID = "paid", _("paid")
        DECLINED = "declined", _("declined")
        RETURNED = "returned", _("taken back")
        LAPSED = "lapsed", _("without points")
        WITHDRAWN = "withdrawn", _("withdrawn")

    class Via(models.TextChoices):
        DESK = "desk", _("at the desk")
        LINK = "link", _("by the link")
        RECORDED = "recorded", _("stood on her card")

    class Doubt(models.TextChoices):
        """Why the owner looks at it first."""

        SHARED = "shared", _("both are reached by the same phone or e-mail")
        KNOWN = "known", _("her phone or e-mail belongs to a client who has been here")
        OWN = "own", _("who wrote it down would get the points")

    class Refusal(models.TextChoices):
        """Why there is nothing to claim, in words fit for the desk."""

        ONESELF = "oneself", _("Nobody brings herself.")
        RING = "ring", _("She herself was brought by this friend, perhaps through others.")
        SAID_ALREADY = "said_already", _("Somebody else has already been named as the one who brought her.")
        NOT_NEW = "not_new", _("She was a client before, so nobody brings her any more.")
        LATE = "late", _("Her first paid visit was more than 30 days ago: it is too late to say who brought her.")
        NOBODY = "nobody", _("Nobody has this code. Look at each character once more.")

    friend = models.ForeignKey("crm.Client", models.PROTECT, verbose_name=_("friend"), related_name="+")
    bringer = models.ForeignKey("crm.Client", models.PROTECT, verbose_name=_("brought by"), related_name="+")
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.OPEN)
    via = models.CharField(_("how"), max_length=8, choices=Via)
    doubt = models.CharField(_("why it is held"), max_length=8, choices=Doubt, blank=True)
    claimed_at = models.DateTimeField(_("claimed"))
    # the friend's home branch's day
    claimed_on = models.DateField(_("day"))
    claimed_by = models.ForeignKey(
        "crm.User", models.PROTECT, null=True, blank=True, verbose_name=_("written down by"), related_name="+"
    )
    decided_at = models.DateTimeField(_("decided"), null=True, blank=True)
    decided_by = models.ForeignKey(
        "crm.User", models.PROTECT, null=True, blank=True, verbose_name=_("decided by"), related_name="+"
    )
    # her first paid visit, and what it gave to whom
    sale = models.OneToOneField(
        "crm.Sale", models.PROTECT, null=True, blank=True, verbose_name=_("first paid visit"), related_name="+"
    )
    settled_at = models.DateTimeField(_("settled"), null=True, blank=True)
    bringer_points = models.PositiveIntegerField(_("to the one who brought"), default=0)
    friend_points = models.PositiveIntegerField(_("to the friend"), default=0)

    class Meta:
        verbose_name = _("referral")
        verbose_name_plural = _("referrals")
        indexes = [
            models.Index(fields=["bringer"], name="referral_by_bringer"),
            models.Index(fields=["state"], name="referral_not_settled", condition=Q(state__in=["open", "held"])),
        ]
        constraints = [
            models.UniqueConstraint(
                # a friend is brought once in her life, by one
                fields=["friend"],
                condition=~Q(state="withdrawn"),
                name="referral_once_a_friend",
            ),
            models.CheckConstraint(condition=~Q(friend=F("bringer")), name="referral_not_oneself"),
            models.CheckConstraint(
                # points are given for a visit, at a moment
                condition=~Q(state__in=["paid", "returned"]) | Q(sale__isnull=False, settled_at__isnull=False),
                name="referral_paid_for_a_visit",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.bringer_id} → {self.friend_id}"
