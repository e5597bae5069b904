"""What went wrong, and what was done about it (practices.md, P31)."""

import secrets

from django.db import models
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from crm.booking.models import Appointment
from crm.people.models import Client
from crm.team.models import Branch, Language, User

# letters and digits that nobody mistakes for each other, on paper or by voice
SPOKEN = "23456789ABCDEFGHJKMNPQRSTVWXYZ"


def new_number() -> str:
    """Seven characters at random: counted on, it would tell every complainer how many there are."""
    return "".join(secrets.choice(SPOKEN) for _place in range(7))


class ComplaintCause(models.Model):
    """Why things go wrong, as the owner puts it: asked when a complaint is closed."""

    name = models.CharField(_("name"), max_length=100, unique=True, help_text=_("For you and the desk."))
    position = models.PositiveSmallIntegerField(_("place in the list"), default=0)
    is_active = models.BooleanField(_("offered"), default=True)

    class Meta:
        verbose_name = _("cause of complaints")
        verbose_name_plural = _("causes of complaints")

    def __str__(self) -> str:
        return self.name


class CauseWords(models.Model):
    """What a cause is called in another language."""

    cause = models.ForeignKey(ComplaintCause, models.CASCADE, verbose_name=_("cause"), related_name="words")
    language = models.CharField(_("language"), max_length=2, choices=Language)
    name = models.CharField(_("name"), max_length=100)

    class Meta:
        verbose_name = _("words of a cause")
        verbose_name_plural = _("words of a cause")
        constraints = [models.UniqueConstraint(fields=["cause", "language"], name="cause_words_once")]

    def __str__(self) -> str:
        return self.name


class Complaint(models.Model):
    """A client is not content. While it is open, and 14 days after, nothing is advertised to her."""

    class Outcome(models.TextChoices):
        SOLVED = "solved", _("solved")
        YIELDED = "yielded", _("yielded")
        DECLINED = "declined", _("declined by the owner")
        WITHDRAWN = "withdrawn", _("withdrawn")

    class Source(models.TextChoices):
        DESK = "desk", _("desk")
        CHECKOUT = "checkout", _("checkout")
        FEEDBACK = "feedback", _("feedback")
        ANSWER = "answer", _("answer to a question")
        REPLY = "reply", _("reply to a message")
        PUBLIC = "public", _("page for complaints")
        IMPORT = "import", _("import")

    # what she is told, to ask for it by; no key to anything
    number = models.CharField(_("number"), max_length=10, unique=True, default=new_number, editable=False)
    branch = models.ForeignKey(Branch, models.PROTECT, verbose_name=_("branch"), related_name="complaints")
    client = models.ForeignKey(Client, models.PROTECT, verbose_name=_("client"), related_name="complaints")
    appointment = models.ForeignKey(
        Appointment, models.SET_NULL, null=True, blank=True, verbose_name=_("appointment"), related_name="+"
    )
    opened_at = models.DateTimeField(_("opened"))
    opened_on = models.DateField(_("opened on"))
    source = models.CharField(_("came by"), max_length=12, choices=Source, default=Source.DESK)
    # of the owner's list; what was written down before there was one stands in `category`
    cause = models.ForeignKey(
        ComplaintCause, models.SET_NULL, null=True, blank=True, verbose_name=_("cause"), related_name="+"
    )
    category = models.CharField(_("cause in words"), max_length=100, blank=True)
    # empty where she said no words of her own: `words` then says how it came
    text = models.TextField(_("what happened"), max_length=4000)
    is_urgent = models.BooleanField(_("urgent"), default=False)
    owner = models.ForeignKey(
        User, models.SET_NULL, null=True, blank=True, verbose_name=_("looked after by"), related_name="+"
    )
    # from when the two deadlines run (opened, or opened again), until when she has to hear something, and when she
    # did; none of what came with the old records
    clock_from = models.DateTimeField(null=True, blank=True, editable=False)
    answer_due_at = models.DateTimeField(_("first answer until"), null=True, blank=True)
    answered_at = models.DateTimeField(_("first answered"), null=True, blank=True)
    solve_due_at = models.DateTimeField(_("solution until"), null=True, blank=True)
    # when somebody has to be reminded next; none: nobody
    next_look_at = models.DateTimeField(null=True, blank=True, editable=False)
    resolved_at = models.DateTimeField(_("resolved"), null=True, blank=True)
    resolved_on = models.DateField(_("resolved on"), null=True, blank=True)
    outcome = models.CharField(_("outcome"), max_length=12, choices=Outcome, blank=True)
    resolution = models.TextField(_("what was done"), max_length=2000, blank=True)

    class Meta:
        verbose_name = _("complaint")
        verbose_name_plural = _("complaints")
        indexes = [
            models.Index(fields=["client", "opened_on"], name="complaint_by_client"),
            models.Index(
                fields=["branch", "opened_at"],
                name="complaint_open",
                condition=models.Q(resolved_at__isnull=True),
            ),
            models.Index(
                fields=["next_look_at"], name="complaint_to_look_at", condition=models.Q(next_look_at__isnull=False)
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(resolved_at__isnull=True, resolved_on__isnull=True)
                | models.Q(resolved_at__isnull=False, resolved_on__isnull=False),
                name="complaint_resolved_wholly",
            ),
            # nobody is chased about what is over
            models.CheckConstraint(
                condition=models.Q(resolved_at__isnull=True) | models.Q(next_look_at__isnull=True),
                name="complaint_over_is_not_chased",
            ),
        ]

    def __str__(self) -> str:
        return self.words[:60]

    @property
    def words(self) -> str:
        """What happened, in the words it was told with; else how it came, in the reader's language."""
        if self.text:
            return self.text
        if self.source == self.Source.CHECKOUT:
            return gettext("Not satisfied, said at the checkout.")
        return self.get_source_display()


class ComplaintEvent(models.Model):
    """What happened with a complaint. Append-only."""

    class Kind(models.TextChoices):
        OPENED = "opened", _("opened")
        ANSWERED = "answered", _("answered")
        # by herself: her further words
        ADDED = "added", _("she added")
        HANDED = "handed", _("handed over")
        OFFERED = "offered", _("solutions offered")
        ASKED = "asked", _("a second person asked")
        AGREED = "agreed", _("agreed to")
        REFUSED = "refused", _("not agreed to")
        CHOSEN = "chosen", _("solution chosen")
        GIVEN = "given", _("made up for")
        REMINDED = "reminded", _("reminder of the deadline")
        ESCALATED = "escalated", _("passed on: overdue")
        RESOLVED = "resolved", _("resolved")
        REOPENED = "reopened", _("reopened")

    complaint = models.ForeignKey(Complaint, models.CASCADE, related_name="events")
    kind = models.CharField(_("what"), max_length=12, choices=Kind)
    at = models.DateTimeField(_("when"))
    user = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, verbose_name=_("by"), related_name="+")
    text = models.TextField(_("text"), max_length=2000, blank=True)

    class Meta:
        verbose_name = _("event of a complaint")
        verbose_name_plural = _("events of a complaint")
        indexes = [models.Index(fields=["complaint", "at"], name="complaint_event_in_order")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.at:%Y-%m-%d %H:%M}"
