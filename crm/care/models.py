"""Complaints, feedback, answers after a visit, calls to make, and promises."""

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator
from django.db import models
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from crm.booking.models import Appointment
from crm.catalogue.models import Service
from crm.people.models import Client
from crm.team.models import Branch, Language, User


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
        IMPORT = "import", _("import")

    branch = models.ForeignKey(Branch, models.PROTECT, verbose_name=_("branch"), related_name="complaints")
    client = models.ForeignKey(Client, models.PROTECT, verbose_name=_("client"), related_name="complaints")
    appointment = models.ForeignKey(
        Appointment, models.SET_NULL, null=True, blank=True, verbose_name=_("appointment"), related_name="+"
    )
    opened_at = models.DateTimeField(_("opened"))
    opened_on = models.DateField(_("opened on"))
    source = models.CharField(_("came by"), max_length=12, choices=Source, default=Source.DESK)
    category = models.CharField(_("cause"), max_length=100, blank=True)
    # empty where she said no words of her own: `words` then says how it came
    text = models.TextField(_("what happened"), max_length=4000)
    is_urgent = models.BooleanField(_("urgent"), default=False)
    owner = models.ForeignKey(
        User, models.SET_NULL, null=True, blank=True, verbose_name=_("looked after by"), related_name="+"
    )
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
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(resolved_at__isnull=True, resolved_on__isnull=True)
                | models.Q(resolved_at__isnull=False, resolved_on__isnull=False),
                name="complaint_resolved_wholly",
            )
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


class Feedback(models.Model):
    """A score from 0 to 10 for a visit day, and what pleased and did not (practices.md, P14)."""

    client = models.ForeignKey(Client, models.CASCADE, verbose_name=_("client"), related_name="feedback")
    branch = models.ForeignKey(Branch, models.PROTECT, verbose_name=_("branch"), related_name="+")
    visit_on = models.DateField(_("visit"))
    score = models.PositiveSmallIntegerField(_("score"), validators=[MaxValueValidator(10)])
    pleased = models.TextField(_("what pleased"), max_length=2000, blank=True)
    displeased = models.TextField(_("what did not"), max_length=2000, blank=True)
    answered_at = models.DateTimeField(_("answered"))
    # by her own tick: her words may be shown to others, with her first name
    quote_agreed_at = models.DateTimeField(_("agreed to be quoted"), null=True, blank=True)
    # told on the phone: who wrote it down; else it is by her own hand
    written_by = models.ForeignKey(
        User, models.SET_NULL, null=True, blank=True, verbose_name=_("written down by"), related_name="+"
    )

    class Meta:
        verbose_name = _("feedback")
        verbose_name_plural = _("feedback")
        indexes = [models.Index(fields=["branch", "answered_at"], name="feedback_by_time")]
        constraints = [
            models.UniqueConstraint(fields=["client", "visit_on"], name="feedback_once_a_visit"),
            models.CheckConstraint(condition=models.Q(score__lte=10), name="feedback_score_to_ten"),
        ]

    def __str__(self) -> str:
        return str(self.score)


class Quote(models.Model):
    """What a client said of a service, for others who chose it (practices.md, P12): typed by the owner, or from feedback."""

    service = models.ForeignKey(Service, models.CASCADE, verbose_name=_("service"), related_name="quotes")
    language = models.CharField(
        _("language"), max_length=2, choices=Language, help_text=_("Shown to those who read this language.")
    )
    text = models.CharField(_("her words"), max_length=300)
    said_by = models.CharField(
        _("said by"), max_length=60, blank=True, help_text=_("A first name, as she agreed. Empty: nobody is named.")
    )
    # with the feedback goes what was quoted from it
    feedback = models.ForeignKey(
        Feedback, models.CASCADE, null=True, blank=True, verbose_name=_("from feedback"), related_name="quotes"
    )
    is_shown = models.BooleanField(_("shown"), default=True)

    class Meta:
        verbose_name = _("quote")
        verbose_name_plural = _("quotes")
        indexes = [models.Index(fields=["service", "language"], name="quote_by_service")]

    def __str__(self) -> str:
        return self.text[:60]

    def clean(self) -> None:
        super().clean()
        if self.feedback is not None and self.feedback.quote_agreed_at is None:
            raise ValidationError({"feedback": _("She has not agreed that her words are shown to others.")})


class AfterAnswer(models.Model):
    """Her one-tap answer to “how are your lashes?” (practices.md, P13)."""

    class Answer(models.TextChoices):
        GOOD = "good", _("all is well")
        MEND = "mend", _("needs mending")
        ALARM = "alarm", _("alarming")

    client = models.ForeignKey(Client, models.CASCADE, verbose_name=_("client"), related_name="after_answers")
    branch = models.ForeignKey(Branch, models.PROTECT, verbose_name=_("branch"), related_name="+")
    visit_on = models.DateField(_("visit"))
    service = models.ForeignKey(
        Service, models.SET_NULL, null=True, blank=True, verbose_name=_("service"), related_name="+"
    )
    answer = models.CharField(_("answer"), max_length=8, choices=Answer)
    answered_at = models.DateTimeField(_("answered"))

    class Meta:
        verbose_name = _("answer after a visit")
        verbose_name_plural = _("answers after a visit")
        constraints = [models.UniqueConstraint(fields=["client", "visit_on"], name="after_answer_once_a_visit")]

    def __str__(self) -> str:
        return self.get_answer_display()


class Call(models.Model):
    """Somebody should ring a client: why, with what words, until when, and what came of it (practices.md, P15)."""

    class Outcome(models.TextChoices):
        REACHED = "reached", _("reached")
        BOOKED = "booked", _("booked")
        NO_ANSWER = "no_answer", _("no answer")
        NOT_WANTED = "not_wanted", _("does not want calls")
        NOT_INTERESTED = "no_interest", _("not interested")
        WRONG_NUMBER = "wrong_number", _("wrong number")

    # asks 0 to 10 and two questions by voice (practices.md, P14)
    SURVEY = "survey"

    branch = models.ForeignKey(Branch, models.PROTECT, verbose_name=_("branch"), related_name="calls")
    client = models.ForeignKey(Client, models.CASCADE, verbose_name=_("client"), related_name="calls")
    kind = models.CharField(_("reason"), max_length=40)
    what_to_say = models.TextField(_("what to say"), max_length=2000, blank=True)
    due_at = models.DateTimeField(_("until"))
    key = models.CharField(max_length=120, unique=True, editable=False)
    created_at = models.DateTimeField(_("noted"))
    # the visit that a survey asks about
    visit_on = models.DateField(_("visit"), null=True, blank=True)
    assignee = models.ForeignKey(
        User, models.SET_NULL, null=True, blank=True, verbose_name=_("who rings"), related_name="+"
    )
    done_at = models.DateTimeField(_("done"), null=True, blank=True)
    done_by = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, verbose_name=_("by"), related_name="+")
    outcome = models.CharField(_("what came of it"), max_length=12, choices=Outcome, blank=True)
    remark = models.CharField(_("remark"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("call to make")
        verbose_name_plural = _("calls to make")
        indexes = [
            models.Index(fields=["branch", "due_at"], name="call_open", condition=models.Q(done_at__isnull=True))
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.client_id}"


class ResultCard(models.Model):
    """What a client takes home from a visit day: her formula and the master's advice (practices.md, P8).

    Care guide, what to do if, and the next visit are read when it is looked at, so that they are true then.
    """

    client = models.ForeignKey(Client, models.CASCADE, verbose_name=_("client"), related_name="+")
    branch = models.ForeignKey(Branch, models.PROTECT, verbose_name=_("branch"), related_name="+")
    visit_on = models.DateField(_("visit"))
    formula = models.TextField(_("formula"), max_length=1000, blank=True)
    advice = models.TextField(_("advice"), max_length=1000, blank=True)
    written_by = models.ForeignKey(
        User, models.SET_NULL, null=True, blank=True, verbose_name=_("written by"), related_name="+"
    )
    written_at = models.DateTimeField(_("written"))

    class Meta:
        verbose_name = _("result card")
        verbose_name_plural = _("result cards")
        constraints = [
            # written again it says the newer words; her link stays the same
            models.UniqueConstraint(fields=["client", "visit_on"], name="result_card_once_a_visit")
        ]

    def __str__(self) -> str:
        return str(self.visit_on)


class Promise(models.Model):
    """What somebody of the salon promised a client, and who sees to it until she is here again (practices.md, P7)."""

    class State(models.TextChoices):
        HANDED = "handed", _("handed over")
        ACCEPTED = "accepted", _("accepted")
        KEPT = "kept", _("kept")
        BROKEN = "broken", _("not kept")

    branch = models.ForeignKey(Branch, models.PROTECT, verbose_name=_("branch"), related_name="promises")
    client = models.ForeignKey(Client, models.CASCADE, verbose_name=_("client"), related_name="promises")
    # where it was given: the visit does not count as the next one
    appointment = models.ForeignKey(
        Appointment, models.SET_NULL, null=True, blank=True, verbose_name=_("visit"), related_name="+"
    )
    complaint = models.ForeignKey(
        Complaint, models.SET_NULL, null=True, blank=True, verbose_name=_("complaint"), related_name="promises"
    )
    text = models.CharField(_("what was promised"), max_length=300)
    given_by = models.ForeignKey(
        User, models.SET_NULL, null=True, blank=True, verbose_name=_("given by"), related_name="+"
    )
    given_at = models.DateTimeField(_("given"))
    given_on = models.DateField(_("given on"))
    # none only where nobody is known any more: then it is everybody's at the reception
    holder = models.ForeignKey(
        User, models.SET_NULL, null=True, blank=True, verbose_name=_("who sees to it"), related_name="+"
    )
    state = models.CharField(_("state"), max_length=8, choices=State, default=State.HANDED)
    # the end of a day of its own, where the next visit is too late or not in sight
    due_before = models.DateTimeField(_("at the latest before"), null=True, blank=True)
    closed_at = models.DateTimeField(_("ended"), null=True, blank=True)
    closed_on = models.DateField(_("ended on"), null=True, blank=True)
    # when it had to be kept, as it stood at the end: appointments move afterwards
    was_due_at = models.DateTimeField(_("was due"), null=True, blank=True)
    answer = models.CharField(_("what came of it"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("promise")
        verbose_name_plural = _("promises")
        indexes = [
            models.Index(
                fields=["branch", "given_at"], name="promise_open", condition=models.Q(closed_at__isnull=True)
            ),
            models.Index(fields=["client", "given_at"], name="promise_by_client"),
            models.Index(fields=["given_on"], name="promise_by_day"),
        ]
        constraints = [
            # an end has a day and an hour, and only an end has
            models.CheckConstraint(
                condition=models.Q(state__in=["kept", "broken"], closed_at__isnull=False, closed_on__isnull=False)
                | models.Q(state__in=["handed", "accepted"], closed_at__isnull=True, closed_on__isnull=True),
                name="promise_ended_wholly",
            )
        ]

    def __str__(self) -> str:
        return self.text[:60]


class PromiseEvent(models.Model):
    """From hand to hand. Append-only."""

    class Kind(models.TextChoices):
        GIVEN = "given", _("given")
        HANDED = "handed", _("handed over")
        ACCEPTED = "accepted", _("accepted")
        HANDED_BACK = "handed_back", _("handed back")
        KEPT = "kept", _("kept")
        BROKEN = "broken", _("not kept")
        REOPENED = "reopened", _("opened again")

    promise = models.ForeignKey(Promise, models.CASCADE, related_name="events")
    kind = models.CharField(_("what"), max_length=12, choices=Kind)
    at = models.DateTimeField(_("when"))
    user = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, verbose_name=_("by"), related_name="+")
    to = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, verbose_name=_("to"), related_name="+")
    text = models.CharField(_("text"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("step of a promise")
        verbose_name_plural = _("steps of a promise")
        indexes = [models.Index(fields=["promise", "at"], name="promise_event_in_order")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.at:%Y-%m-%d %H:%M}"
