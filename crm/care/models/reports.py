"""What clients tell by the page for complaints, with photographs; and where they may write about the salon in public."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from crm.care.models.complaints import Complaint, ComplaintEvent
from crm.people.pictures import picture_path
from crm.team.models import Branch, Language, User


class ComplaintReport(models.Model):
    """How a complaint came by the page for complaints. What was typed there is not proved to be hers."""

    class About(models.TextChoices):
        RESULT = "result", _("I do not like how it came out")
        HURTS = "hurts", _("It hurts, itches or swells")
        WAITED = "waited", _("I had to wait")
        BILL = "bill", _("The bill is not right")
        MANNERS = "manners", _("How I was treated")
        CLEAN = "clean", _("It was not clean")
        OTHER = "other", _("Something else")

    complaint = models.OneToOneField(
        Complaint, models.CASCADE, verbose_name=_("complaint"), related_name="report", editable=False
    )
    # one form sent twice is one complaint
    key = models.CharField(max_length=64, unique=True, editable=False)
    about = models.CharField(_("about"), max_length=8, choices=About)
    # else it was one tap, and the complaint says so in the salon's language
    has_words = models.BooleanField(_("in her own words"), default=True)
    name = models.CharField(_("name"), max_length=200, blank=True)
    # where an answer reaches her: one of the two as she typed it; none where she came by a link of hers
    phone = models.CharField(_("phone"), max_length=32, blank=True)
    email = models.EmailField(_("e-mail"), blank=True)
    language = models.CharField(_("language"), max_length=2, choices=Language)
    # came by a link that only she has
    is_sure = models.BooleanField(_("came by her own link"), default=False)
    # nobody knew the number or address: she was written down with it
    is_new = models.BooleanField(_("written down by this"), default=False)
    # whose key her links were signed with; still theirs after somebody at the desk has said who she is
    known_as = models.PositiveBigIntegerField(editable=False)
    tied_at = models.DateTimeField(_("tied to a client"), null=True, blank=True)
    tied_by = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, verbose_name=_("by"), related_name="+")

    class Meta:
        verbose_name = _("complaint by the page")
        verbose_name_plural = _("complaints by the page")

    def __str__(self) -> str:
        return self.get_about_display()


class ComplaintPicture(models.Model):
    """A photograph that she sent with a complaint; seen by the branch's people and by her."""

    complaint = models.ForeignKey(Complaint, models.CASCADE, verbose_name=_("complaint"), related_name="pictures")
    image = models.FileField(_("photograph"), upload_to=picture_path)
    added_at = models.DateTimeField(_("added"))

    class Meta:
        verbose_name = _("photograph of a complaint")
        verbose_name_plural = _("photographs of complaints")

    def __str__(self) -> str:
        return f"{self.added_at:%Y-%m-%d %H:%M}"


class ComplaintAnswer(models.Model):
    """An answer that was written to her: she reads these words on her page and is sent them. Others stay at the desk."""

    event = models.OneToOneField(ComplaintEvent, models.CASCADE, related_name="answer")

    class Meta:
        verbose_name = _("written answer to a complaint")
        verbose_name_plural = _("written answers to complaints")

    def __str__(self) -> str:
        return str(self.event)


class ReviewPlace(models.Model):
    """Where anybody may write about the salon in public. All are invited alike, whatever they have said to us."""

    branch = models.ForeignKey(Branch, models.CASCADE, verbose_name=_("branch"), related_name="review_places")
    name = models.CharField(_("name"), max_length=60, help_text=_("As people call it: Google, Facebook."))
    url = models.URLField(_("address"), max_length=500, help_text=_("The page on which one writes."))
    position = models.PositiveSmallIntegerField(_("place in the list"), default=0)
    is_active = models.BooleanField(_("shown"), default=True)

    class Meta:
        verbose_name = _("place for public reviews")
        verbose_name_plural = _("places for public reviews")
        constraints = [models.UniqueConstraint(fields=["branch", "url"], name="review_place_once")]

    def __str__(self) -> str:
        return self.name
