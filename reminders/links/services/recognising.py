"""Who stands behind a number or an address that was shown to be hers: known by it, or somebody new."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import override

from crm.care.services import ask_for_call
from crm.people.models import Client
from crm.people.selectors import the_one_called, whose_contact
from crm.people.services import create_client
from crm.team.models import Branch
from reminders.consent.models import Channel, ConsentEvent, Purpose
from reminders.consent.services import grant

SOURCE = "booking page"
ASK_WITHIN = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Applicant:
    """Who comes by the public page: what she typed, and the key of her code."""

    name: str
    channel: str
    address: str
    key: str
    language: str
    # the words beside the box that she ticked; empty where she left it
    agreed_to: str = ""

    @property
    def contact(self) -> dict[str, str]:
        return {"phone" if self.channel == Channel.SMS else "email": self.address}


@dataclass(frozen=True, slots=True)
class Recognised:
    """`reached` are all whose number or address it is; who is new is none of them."""

    client: Client
    reached: Sequence[Client]
    is_new: bool

    def is_sure(self, name: str) -> bool:
        """Whether nobody has to find out who she is: new on a contact of nobody's, or called as her card says."""
        return not self.reached if self.is_new else the_one_called([self.client], name) is not None


def recognise(*, applicant: Applicant, branch: Branch, now: datetime) -> Recognised:
    """Known by her contact she is herself; of several the one of that name, else she is written down as new."""
    reached = whose_contact(**applicant.contact)
    client = reached[0] if len(reached) == 1 else the_one_called(reached, applicant.name)
    if client is not None:
        return Recognised(client, reached, is_new=False)
    client = create_client(
        branch=branch,
        name=applicant.name,
        now=now,
        language=applicant.language,
        source=SOURCE,
        **applicant.contact,
    )
    return Recognised(client, reached, is_new=True)


def keep_agreement(*, client: Client, applicant: Applicant, now: datetime) -> None:
    """She ticked the box: offers may be written to her by this channel."""
    if applicant.agreed_to:
        grant(
            client=client,
            purpose=Purpose.MARKETING,
            channel=applicant.channel,
            where=ConsentEvent.Where.BOOK,
            now=now,
            text_shown=applicant.agreed_to,
        )


def ask_who_it_is(
    *, found: Recognised, applicant: Applicant, branch: Branch, key: str, now: datetime, due_at: datetime | None = None
) -> None:
    """Mother and daughter, or the same client under another name: a person finds out, a day from now at the latest."""
    if found.is_sure(applicant.name):
        return
    # the desk reads it, so it is in the salon's language
    with override(settings.LANGUAGE_CODE):
        others = ", ".join(each.shown_name for each in found.reached if each != found.client)
        if others:
            words = _(
                "%(typed)s came by the booking page with a number or address that %(others)s has too. "
                "Ask whether she is somebody else, and put it on the right card."
            ) % {"typed": applicant.name, "others": others}
        else:
            words = _(
                "Came by the booking page as “%(typed)s”, on the card of %(name)s. Ask whom it is for; "
                "it may be somebody of her family."
            ) % {"typed": applicant.name, "name": found.client.shown_name}
        ask_for_call(
            client=found.client,
            branch=branch,
            kind="who_is_it",
            key=key,
            due_at=min(now + ASK_WITHIN, due_at or now + ASK_WITHIN),
            now=now,
            what_to_say=words,
        )
