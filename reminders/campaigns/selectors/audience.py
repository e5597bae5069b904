"""Who is meant: an audience built by filters, counted as it is built, in a fixed number of queries."""

from dataclasses import asdict, dataclass, fields
from datetime import date, datetime, timedelta
from typing import Any

from django.conf import settings
from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from crm.booking.models import VisitItem
from crm.people.models import Client
from crm.reports.selectors.choosing import of_stages, of_states
from crm.team.models import Branch
from crm.team.selectors import branch_day
from loyalty.clubs.models import ClubMember
from reminders.campaigns.holidays import HOLIDAYS, fold, keys_named, named_in
from reminders.campaigns.models import Campaign, HolidayDay
from reminders.consent.models import Channel, ContactPermission
from reminders.consent.selectors import agreed_to_offers

Status = Client.Status
GONE = (Status.MOVED, Status.BLOCKED, Status.DECEASED)
# whose client she is: by whom she was served in this time
SERVED = timedelta(days=365)


@dataclass(frozen=True, slots=True)
class Audience:
    """Rules that choose clients: within one of them any value is enough, and all of them have to hold. Empty: anybody.

    Keys of rows are numbers; stages and states are the words of rules.md; a month is 1 to 12.
    """

    stages: tuple[str, ...] = ()
    states: tuple[str, ...] = ()
    services: tuple[int, ...] = ()
    masters: tuple[int, ...] = ()
    clubs: tuple[int, ...] = ()
    tags: tuple[int, ...] = ()
    languages: tuple[str, ...] = ()
    birth_months: tuple[int, ...] = ()

    @classmethod
    def of(cls, rules: dict[str, Any]) -> "Audience":
        """The rules as they are kept with a campaign; a rule that nobody knows is none."""
        return cls(**{field.name: tuple(rules.get(field.name) or ()) for field in fields(cls)})

    def as_rules(self) -> dict[str, list[Any]]:
        """What is kept with a campaign."""
        return {name: list(values) for name, values in asdict(self).items() if values}


@dataclass(frozen=True, slots=True)
class Reach:
    """How many are meant and how they can be reached; of the others why not, the first reason that holds."""

    chosen: int
    by_email: int
    by_sms: int
    no_consent: int
    no_address: int
    gone: int

    @property
    def reached(self) -> int:
        return self.by_email + self.by_sms


def chosen(campaign: Campaign, *, now: datetime) -> QuerySet[Client]:
    """The clients that the rules mean, whether they can be reached or not."""
    audience, today = Audience.of(campaign.rules), salon_day(now)
    clients = Client.objects.all()
    if campaign.branch_id is not None:
        clients = clients.filter(branch=campaign.branch_id)
    if campaign.kind == Campaign.Kind.HOLIDAY:
        clients = clients.filter(holidays__in=words_naming(campaign.holiday))
    if audience.stages:
        clients = clients.filter(of_stages(audience.stages, today=today, now=now))
    if audience.states:
        clients = clients.filter(of_states(audience.states, today=today, now=now))
    if audience.services:
        clients = clients.filter(_had(service__in=audience.services))
    if audience.masters:
        clients = clients.filter(_had(master__in=audience.masters, visit__on__gt=today - SERVED))
    if audience.clubs:
        members = ClubMember.objects.filter(client=OuterRef("pk"), club__in=audience.clubs, until__isnull=True)
        clients = clients.filter(Exists(members))
    if audience.tags:
        tagged = Client.tags.through.objects.filter(client=OuterRef("pk"), tag__in=audience.tags)
        clients = clients.filter(Exists(tagged))
    if audience.languages:
        spoken = set(audience.languages)
        # who has named none is written to in the salon's
        clients = clients.filter(language__in=spoken | ({""} if settings.DEFAULT_LANGUAGE in spoken else set()))
    if audience.birth_months:
        clients = clients.filter(birth_month__in=audience.birth_months)
    return clients


def reachable(clients: QuerySet[Client], *, now: datetime) -> QuerySet[Client]:
    """Of these, whom an offer may be sent to now: with consent for a living channel (rules.md, Channel)."""
    agreed = agreed_to_offers(now)
    return clients.exclude(status__in=GONE).filter(_mail(agreed) | _phone(agreed))


def reach_of(campaign: Campaign, *, now: datetime) -> Reach:
    """How many a campaign would reach as things stand. One query, and one for the rules."""
    agreements = agreed_to_offers(now)
    mail, phone = _mail(agreements), _phone(agreements)
    gone = Q(status__in=GONE)
    consents = ContactPermission.objects.filter(client=OuterRef("pk"))
    agreed = Q(Exists(consents.filter(agreements[Channel.EMAIL] | agreements[Channel.SMS])))
    by_sms = phone & (Q(preferred_channel=Client.Channel.SMS) | ~mail)
    counts = chosen(campaign, now=now).aggregate(
        chosen=Count("pk"),
        by_email=Count("pk", filter=~gone & mail & ~by_sms),
        by_sms=Count("pk", filter=~gone & by_sms),
        gone=Count("pk", filter=gone),
        no_consent=Count("pk", filter=~gone & ~agreed),
        no_address=Count("pk", filter=~gone & agreed & ~mail & ~phone),
    )
    return Reach(**counts)


def languages_of(campaign: Campaign, *, now: datetime) -> dict[str, int]:
    """How many of those reached are written to in each language."""
    rows = (
        reachable(chosen(campaign, now=now), now=now)
        .order_by()
        .values_list("language")
        .annotate(count=Count("pk"))
        .values_list("language", "count")
    )
    found: dict[str, int] = {}
    for language, count in rows:
        spoken = language or settings.DEFAULT_LANGUAGE
        found[spoken] = found.get(spoken, 0) + count
    return found


def words_naming(holiday: str) -> list[str]:
    """What clients have written that names this holiday, word for word: few write the same in many ways."""
    every = Client.objects.exclude(holidays="").order_by().values_list("holidays", flat=True).distinct()
    if holiday in HOLIDAYS:
        return [words for words in every if holiday in keys_named(words)]
    name = fold(holiday)
    return [words for words in every if name and name in named_in(words)]


def who_keeps() -> dict[str, int]:
    """How many clients have named each holiday: keys of the calendar, and the folded names of the owner's own days."""
    own = {fold(name) for name in HolidayDay.objects.filter(holiday="").values_list("name", flat=True)}
    found: dict[str, int] = {}
    rows = Client.objects.exclude(holidays="").exclude(status__in=GONE).order_by().values_list("holidays")
    for words, count in rows.annotate(count=Count("pk")):
        for key in keys_named(words) | (named_in(words) & own):
            found[key] = found.get(key, 0) + count
    return found


def salon_day(now: datetime) -> date:
    """Today by the clock of the first branch, as in the reports."""
    branch = Branch.objects.order_by("pk").first()
    return branch_day(branch, now) if branch else now.date()


def _had(**what: Any) -> Q:
    return Q(Exists(VisitItem.objects.filter(visit__client=OuterRef("pk"), **what)))


def _mail(agreed: dict[str, Q]) -> Q:
    allowed = ContactPermission.objects.filter(agreed[Channel.EMAIL], client=OuterRef("pk"), email_dead_at__isnull=True)
    return ~Q(email="") & Q(Exists(allowed))


def _phone(agreed: dict[str, Q]) -> Q:
    allowed = ContactPermission.objects.filter(agreed[Channel.SMS], client=OuterRef("pk"), sms_dead_at__isnull=True)
    return ~Q(phone="") & Q(Exists(allowed))
