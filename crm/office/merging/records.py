"""The salon's own records of two cards: where both have a row of the same day, price or wish."""

from typing import Any

from django.db.models import Model
from django.utils.translation import gettext as _

from crm.booking.models import Accommodation, Visit, VisitItem
from crm.care.models import AfterAnswer, ComplaintReport, Feedback, PhotographConsent, ResultCard
from crm.office.merging.steps import MergeRefused, Merging
from crm.orders.models import StockHelp
from crm.people.models import Client
from crm.sales.models import Sale
from loyalty.partners.models import PartnerCode
from reminders.campaigns.models import Addressed

# once a client: of two the row of the card that stays is hers, the other one stays where it is as evidence
ONCE: dict[type[Model], tuple[str, ...]] = {
    Accommodation: ("service",),
    AfterAnswer: ("visit_on",),
    Feedback: ("visit_on",),
    PartnerCode: ("partner", "side", "made_on"),
    ResultCard: ("visit_on",),
}


def refuse_same_receipt(step: Merging) -> None:
    """A receipt of one number, day and branch on both cards: which is the true one a person has to say."""
    hers = Sale.objects.filter(client=step.kept).values_list("branch", "code", "on")
    others = Sale.objects.filter(client=step.aside).values_list("branch", "code", "on")
    same = set(hers.filter(code__in=others.values("code"))) & set(others)
    if same:
        code = min(code for _branch, code, _on in same)
        raise MergeRefused(
            _("Receipt %(code)s stands on both cards for the same day. Return one of the two first.") % {"code": code}
        )


def refuse_photographs(step: Merging) -> None:
    """A no to photographs takes them away for good: where the cards say two things she is asked, and nothing is lost."""
    last: dict[tuple[str, int], bool] = {}
    for consent in PhotographConsent.objects.filter(client__in=step.both).order_by("at", "pk"):
        last[consent.purpose, consent.client_id] = consent.is_given
    for purpose in PhotographConsent.Purpose.values:
        said = {last[purpose, pk] for pk in step.both if (purpose, pk) in last}
        if len(said) > 1:
            raise MergeRefused(
                _("She allows photographs on one card and not on the other. Ask her, and write it on both first.")
            )


def join_once(step: Merging) -> None:
    """What there is once a client."""
    for model, fields in ONCE.items():
        hers = set(model._default_manager.filter(client=step.kept).values_list(*fields))
        rows: Any = model._default_manager.filter(client=step.aside).values_list("pk", *fields)
        step.stayed[f"{model._meta.label}.client"] = [pk for pk, *what in rows if tuple(what) in hers]


def join_tags(step: Merging) -> None:
    """All the tags of both."""
    label = f"{Client.tags.through._meta.label}.client"
    rows = Client.tags.through.objects.filter(client=step.aside, tag__in=step.kept.tags.all())
    step.gone[label] = list(rows.values_list("pk", flat=True))
    rows.delete()


def join_visits(step: Merging) -> None:
    """One visit day is one: what was done on it by either card stands in hers."""
    hers = {visit.on: visit for visit in Visit.objects.filter(client=step.kept)}
    gone = []
    for visit in Visit.objects.filter(client=step.aside, on__in=hers):
        stays = hers[visit.on]
        VisitItem.objects.filter(visit=visit).update(visit=stays)
        for name in ("has_service", "counts", "is_paid"):
            setattr(stays, name, getattr(stays, name) or getattr(visit, name))
        stays.save(update_fields=["has_service", "counts", "is_paid"])
        gone.append(visit.pk)
        visit.delete()
    step.gone["crm.Visit.client"] = gone


def join_wishes(step: Merging) -> None:
    """One word when a product is back."""
    waiting = StockHelp.objects.filter(wants_word=True, given_up_at__isnull=True)
    hers = waiting.filter(client=step.kept).values("product")
    waiting.filter(client=step.aside, product__in=list(hers.values_list("product", flat=True))).update(
        given_up_at=step.now
    )


def join_reports(step: Merging) -> None:
    """A link that was given before anybody said who she is stays good."""
    ComplaintReport.objects.filter(known_as=step.aside.pk).update(known_as=step.kept.pk)


def join_addressed(step: Merging) -> None:
    """Of a campaign she is one of those it goes to."""
    hers = Addressed.objects.filter(client=step.kept).values_list("campaign", flat=True)
    rows = Addressed.objects.filter(client=step.aside, campaign__in=list(hers))
    step.gone["reminders.Addressed.client"] = list(rows.values_list("pk", flat=True))
    rows.delete()
