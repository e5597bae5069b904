"""What becomes of each table that points at a client when two cards become one. A test asks for each of them."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from django.apps import apps
from django.db.models import Field, Model

from crm.people.models import Client


class Way(StrEnum):
    """What becomes of the rows of the card put aside."""

    MOVED = "moved"  # they are hers
    JOINED = "joined"  # where both cards have one, one of them is hers; the others move
    STAYS = "stays"  # evidence that no one changes: they stay with the card put aside
    REMADE = "remade"  # worked out anew from what has moved


# by table and field; what a table that stands nowhere here would be is MOVED, and the test says so
DECISIONS = {
    **dict.fromkeys(
        [
            "crm.Appointment.client",
            "crm.Call.client",
            "crm.Client.merged_into",
            "crm.Client.referred_by",
            "crm.Complaint.client",
            "crm.HealthNote.client",
            "crm.HealthNoteReading.client",
            "crm.HelpGiven.client",
            "crm.Note.client",
            "crm.Order.client",
            "crm.PhotographConsent.client",
            "crm.Promise.client",
            "crm.Redo.client",
            "crm.Sale.client",
            "crm.Series.client",
            "crm.WaitingEntry.client",
            "crm.WorkPhotograph.client",
            "loyalty.Compensation.client",
            "loyalty.GiftCertificate.bought_by",
            "loyalty.GiftGiven.client",
            "reminders.ConsentEvent.client",
            "reminders.ForecastEntry.client",
            "reminders.PaperLetter.client",
        ],
        Way.MOVED,
    ),
    **dict.fromkeys(
        [
            # the same day: what was done joins the other's; the same price or product: that of the card that stays
            "crm.Accommodation.client",
            "crm.AfterAnswer.client",
            "crm.Client_tags.client",
            "crm.Feedback.client",
            "crm.ResultCard.client",
            "crm.StockHelp.client",
            "crm.Visit.client",
            "loyalty.Card.client",
            "loyalty.ClubChoice.client",
            "loyalty.ClubMember.client",
            "loyalty.PartnerCode.client",
            "loyalty.PointsAccount.client",
            "loyalty.ReferralClaim.bringer",
            "loyalty.ReferralClaim.friend",
            "loyalty.ReferralCode.client",
            "loyalty.Voucher.client",
            "reminders.Addressed.client",
            "reminders.ContactPermission.client",
            "reminders.Conversation.client",
            "reminders.Guest.client",
            "reminders.Message.client",
        ],
        Way.JOINED,
    ),
    **dict.fromkeys(
        [
            # append-only: triggers refuse any change
            "loyalty.CardUse.client",
            "loyalty.RefusedBenefit.client",
            "loyalty.WrongCode.client",
            "crm.ClientMerge.aside",
            "crm.ClientMerge.kept",
            # how records stood at a time
            "crm.HistoricalAccommodation.client",
            "crm.HistoricalClient.merged_into",
            "crm.HistoricalClient.referred_by",
            "crm.HistoricalNote.client",
            # taken up by the planner, who finds nobody to plan for
            "crm.ClientChange.client",
        ],
        Way.STAYS,
    ),
    **dict.fromkeys(["crm.ClientToken.client", "crm.Pulse.client", "reminders.Watch.client"], Way.REMADE),
}


@dataclass(frozen=True, slots=True)
class Relation:
    """A field of a table that points at clients."""

    model: type[Model]
    field: "Field[Any, Any]"

    @property
    def label(self) -> str:
        return f"{self.model._meta.label}.{self.field.name}"

    @property
    def way(self) -> Way:
        return DECISIONS.get(self.label, Way.MOVED)

    def rows(self, client: Client) -> Any:
        """The rows that name this client, also those that lists leave out."""
        return self.model._base_manager.filter(**{self.field.attname: client.pk})


def relations() -> Iterator[Relation]:
    """Every relation to a client, in the order of the tables' names."""
    for model in sorted(apps.get_models(include_auto_created=True), key=lambda each: each._meta.label):
        if not model._meta.proxy:
            for each in model._meta.local_concrete_fields:
                if each.is_relation and each.related_model is Client:
                    yield Relation(model, each)
