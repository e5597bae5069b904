"""How the team itself feels (practices.md, P55)."""

from django.core.validators import MaxValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from crm.team.models import Branch, User


class TeamScore(models.Model):
    """0 to 10 of one colleague for one month, told to the owner by name. Without a score she would rather not say."""

    user = models.ForeignKey(User, models.CASCADE, verbose_name=_("who"), related_name="+")
    branch = models.ForeignKey(Branch, models.PROTECT, verbose_name=_("branch"), related_name="+")
    # its first day
    month = models.DateField(_("month"))
    score = models.PositiveSmallIntegerField(_("score"), null=True, blank=True, validators=[MaxValueValidator(10)])
    words = models.TextField(_("her words"), max_length=1000, blank=True)
    answered_at = models.DateTimeField(_("answered"))

    class Meta:
        verbose_name = _("score of the team")
        verbose_name_plural = _("scores of the team")
        constraints = [
            models.UniqueConstraint(fields=["user", "month"], name="team_score_once_a_month"),
            models.CheckConstraint(condition=models.Q(score__lte=10), name="team_score_to_ten"),
            models.CheckConstraint(condition=models.Q(month__day=1), name="team_score_of_a_month"),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} {self.month:%Y-%m}"
