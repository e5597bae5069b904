"""Makes the demo salon, and on later starts adds the days that have come. Nothing that exists is changed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from random import Random
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import transaction
from django.db.models import Max

from crm.booking.models import Appointment, AppointmentService, Pulse, Visit, VisitItem
from crm.booking.services import refresh_pulses
from crm.catalogue.models import Service
from crm.office.demo import MARK, SEED, past, said, went_wrong
from crm.office.demo.agreed import wait_and_agree
from crm.office.demo.chronicle import Chronicle
from crm.office.demo.circle import gather_round
from crm.office.demo.compared import hold_some_back
from crm.office.demo.diary import Diary
from crm.office.demo.dressing import Dressing, kinds_of
from crm.office.demo.earning import earn
from crm.office.demo.felt import feel_points
from crm.office.demo.given_out import give_out
from crm.office.demo.guests import Guest, guest_of
from crm.office.demo.heard import hear_some
from crm.office.demo.kept import keep_standard, tick_visits
from crm.office.demo.offer import make_products, make_services
from crm.office.demo.on_paper import lay_on_paper, put_tags
from crm.office.demo.paid_ahead import pay_ahead
from crm.office.demo.people import make_clients
from crm.office.demo.pictured import picture_some
from crm.office.demo.presents import presents
from crm.office.demo.promised import promise_some
from crm.office.demo.rows import Rows, Status
from crm.office.demo.shopped import keep_shop
from crm.office.demo.team import WORKERS, make_branch, make_outsider, make_team
from crm.office.demo.today import Today
from crm.office.demo.told import tell_by_page
from crm.office.demo.twice import write_down_twice
from crm.office.demo.written import write_to_many
from crm.office.demo.wrote import write_back
from crm.office.planner import settle_statistics
from crm.people.models import Client
from crm.people.services.changes import note_change
from crm.sales.models import Sale, SaleLine
from crm.team.models import Branch, CrmSettings, Master, User
from crm.team.selectors import branch_day, salon_settings, zone

NAME, ELSEWHERE = "Salon Magnolia (demo)", "Salon Jasmin (demo)"
CLIENTS = 320
YEARS = timedelta(days=730)
AHEAD_DAYS = 21
# the demo lives where it is just past noon when it is first opened: visits are behind, under way and ahead,
# and the day's letters are on their way
ZONES = (
    "Europe/Sarajevo", "Asia/Dubai", "Asia/Tashkent", "Asia/Tokyo", "Pacific/Auckland",
    "America/Los_Angeles", "America/New_York", "America/Sao_Paulo",
)  # fmt: skip
NOON = 12 * 60 + 30


@dataclass(frozen=True)
class Prepared:
    """What a start of the demo found or made."""

    branch: Branch
    is_new: bool
    clients: int
    appointments: int


class NotEmpty(Exception):
    """There is a real salon in this database."""


def daytime_zone(now: datetime) -> str:
    """The zone in which it is nearest to noon at `now`."""

    def from_noon(name: str) -> int:
        there = now.astimezone(ZoneInfo(name))
        return abs(there.hour * 60 + there.minute - NOON)

    return min(ZONES, key=from_noon)


@transaction.atomic
def prepare(*, now: datetime, time_zone: str = "", language: str = "", clients: int = CLIENTS) -> Prepared:
    """Makes the demo in an empty database, else brings it up to `now`. Raises NotEmpty beside a real salon."""
    language = language or settings.LANGUAGE_CODE
    branch = Branch.objects.filter(name=NAME).first()
    if branch is not None:
        return _go_on(branch, now=now, language=language)
    if Branch.objects.exists() or Client.objects.exists():
        raise NotEmpty
    return _begin(now=now, zone_name=time_zone or daytime_zone(now), language=language, size=clients)


def _begin(*, now: datetime, zone_name: str, language: str, size: int) -> Prepared:
    rng = Random(SEED)
    branch = make_branch(NAME, time_zone=zone_name, address="Primjerna 1, Demograd", phone="+38761100999")
    CrmSettings.objects.update_or_create(pk=1, defaults={"salon_name": "Salon Magnolia"})
    services = make_services(branch, language)
    # the days before were played without moving the shelves
    make_products(branch, language, now - timedelta(days=1))
    team = make_team(branch, services, language)
    today = branch_day(branch, now)
    people = make_clients(branch, numbers=range(1, size + 1), today=today, rng=rng, since_days=YEARS.days)
    past.consents(people, now=now)
    programme = past.programme()
    chronicle = _chronicle(branch, people, today=today)
    for guest in chronicle.guests.values():
        chronicle.wish(guest, guest.first_on + timedelta(days=guest.rng.randint(0, 6)))
    yesterday = today - timedelta(days=1)
    ill = went_wrong.keep_free(chronicle, yesterday)
    chronicle.play(today - YEARS, yesterday)
    rows = chronicle.rows
    done = [planned for planned in rows.new if planned.appointment.status == Status.DONE]
    went_wrong.expect(chronicle, ill, yesterday)
    day = _lay(chronicle, branch, today=today, now=now, first_comers=_first_comers(branch, people, today, rng))
    over = day.reach()
    touched = rows.write()
    settle_statistics([Client, Appointment, AppointmentService, Visit, VisitItem, Sale, SaleLine])
    past.statuses([client for client in people if client.pk not in chronicle.booked], today=today)
    refresh_pulses(client_ids=touched | {client.pk for client in people}, now=now)
    past.voices(rows, done, today=today, now=now, language=language)
    past.memories(done, language=language, kinds=kinds_of(services))
    past.benefits(branch, people, rules=programme, today=today, now=now)
    give_out(branch, today=today, now=now)
    hold_some_back(branch, owner=team.owner, today=today, now=now, language=language)
    pay_ahead(branch, rules=programme, today=today, now=now, language=language, cashier=team.receptionist)
    presents(branch, rules=programme, today=today, now=now, language=language)
    gather_round(branch, people, services, owner=team.owner, now=now, language=language)
    earn(branch, services, people, team=team, rules=programme, today=today, now=now, language=language)
    past.calls(branch, people, receptionist=team.receptionist, now=now, language=language)
    past.closed_days(branch, today=today, first=today - YEARS, now=now)
    day.pay(over, cashier=team.receptionist)
    _dress(day, branch, services, today=today, now=now, language=language)
    said.switch_all_on(owner=team.owner, now=now)
    said.remember_reminders(rows, done, now=now)
    bad_day = went_wrong.somebody_was_ill(rows, ill, yesterday, now=now, user=team.receptionist)
    said.remember_bad_day(bad_day.events)
    said.write_down(Client.objects.filter(branch=branch), until=rows.instant(today, 0), now=now)
    write_to_many(branch, owner=team.owner, today=today, now=now)
    lay_on_paper(branch, desk=team.receptionist, now=now)
    put_tags(branch, language=language)
    wait_and_agree(branch, now=now, desk=team.receptionist)
    write_back(branch, desk=team.receptionist, now=now, language=language)
    promise_some(branch, desk=team.receptionist, now=now, language=language)
    hear_some(branch, desk=team.receptionist, now=now, language=language)
    tell_by_page(branch, owner=team.owner, desk=team.receptionist, now=now, language=language)
    keep_standard(branch, team.masters, owner=team.owner, today=today, now=now, language=language)
    keep_shop(branch, kinds_of(services), desk=team.receptionist, rules=programme, now=now, language=language)
    picture_some(branch, desk=team.receptionist, now=now, language=language)
    feel_points(owner=team.owner, today=today, now=now, language=language)
    write_down_twice(branch, desk=team.receptionist, today=today, now=now, language=language)
    _elsewhere(now=now, zone_name=zone_name, language=language, rng=rng)
    said.look_ahead(now=now)
    return Prepared(branch, True, Client.objects.count(), len(rows.new))


def _go_on(branch: Branch, *, now: datetime, language: str) -> Prepared:
    """Plays the days since the last start; on the same day only what has meanwhile become true."""
    today = branch_day(branch, now)
    people = list(Client.objects.filter(branch=branch, code__startswith=MARK).select_related("branch"))
    chronicle = _chronicle(branch, people, today=today)
    last = _last_day(branch)
    _resume(chronicle, after=last)
    chronicle.load_open()
    first_comers: list[Guest] = []
    if last < today:
        chronicle.close(last)
        chronicle.play(last + timedelta(days=1), today - timedelta(days=1))
        first_comers = _first_comers(branch, people, today, Random(f"{SEED} {today}"))
    rows = chronicle.rows
    played = [planned for planned in [*rows.new, *rows.changed] if planned.appointment.status == Status.DONE]
    if last < today:
        day = _lay(chronicle, branch, today=today, now=now, first_comers=first_comers)
    else:
        day = Today(chronicle, on=today, now=now)
    over = day.reach()
    touched = rows.write()
    if touched:
        refresh_pulses(client_ids=touched, now=now)
    if over:
        day.pay(over, cashier=rows.cashier)
    if last < today:
        services = list(rows.by_code.values())
        past.solve_old_complaints(branch, now=now, language=language)
        past.voices(rows, played, today=today, now=now, language=language)
        _dress(day, branch, services, today=today, now=now, language=language)
        tick_visits(branch, chronicle.diary.masters, since=last, until=today, language=language)
        said.remember_reminders(rows, played, now=now)
        said.write_down(Client.objects.filter(branch=branch), until=rows.instant(today, 0), now=now)
        note_change([guest.client.pk for guest in first_comers])
    return Prepared(branch, False, len(people), len(rows.new))


def _chronicle(branch: Branch, people: Sequence[Client], *, today: date) -> Chronicle:
    masters = list(Master.objects.filter(branch=branch, code__in=_codes()).select_related("user"))
    masters.sort(key=lambda master: _codes().index(master.code))
    rows = Rows(
        branch=branch,
        zone=zone(branch),
        by_code={service.code: service for service in Service.objects.filter(branch=branch)},
        products=list(branch.products.filter(is_active=True).order_by("pk")),
        cashier=User.objects.filter(branch=branch, role=User.Role.RECEPTIONIST).first(),
        margin_percent=salon_settings().margin_percent,
        codes=set(Appointment.objects.filter(code__startswith=MARK).values_list("code", flat=True)),
    )
    return Chronicle(rows=rows, diary=Diary(masters), guests=[guest_of(client, today=today) for client in people])


def _codes() -> list[str]:
    return [worker.username for worker in WORKERS]


def _resume(chronicle: Chronicle, *, after: date) -> None:
    """Where each client stands, from her pulse."""
    pulses = Pulse.objects.filter(client__in=list(chronicle.guests))
    for pulse in pulses:
        guest = chronicle.guests[pulse.pk]
        if pulse.last_visit_on is None:
            chronicle.wish(guest, None)
            continue
        guest.came(pulse.last_visit_on)
        guest.visits = pulse.visit_days
        if guest.client.status != Client.Status.ACTIVE:
            chronicle.wish(guest, None)
        elif guest.wish_on is not None:
            # who should have come long ago comes one of these days
            late = (after - guest.wish_on).days
            soon = after + timedelta(days=1 + guest.rng.randint(0, min(late, 40) + 3)) if late >= 0 else guest.wish_on
            chronicle.wish(guest, soon)


def _last_day(branch: Branch) -> date:
    """The last day that was laid: on each somebody comes for the first time."""
    return Client.objects.filter(branch=branch, code__startswith=MARK).aggregate(last=Max("since"))["last"]


def _first_comers(branch: Branch, people: Sequence[Client], today: date, rng: Random) -> list[Guest]:
    """One or two who come for the first time today, brought by somebody."""
    highest = max(int(client.code.removeprefix(MARK)) for client in people)
    new = make_clients(branch, numbers=[highest + 1], today=today, rng=rng, known=people, since_days=2)
    for client in new:
        client.since = today
        client.referred_by = client.referred_by or rng.choice(list(people)[:60])
        client.gender = "f"
        client.save(update_fields=["since", "referred_by", "gender"])
    guests = [guest_of(client, today=today) for client in new]
    for guest in guests:
        guest.sets, guest.leaves_on = (("LL",), ("LR",)), None
    return guests


def _lay(chronicle: Chronicle, branch: Branch, *, today: date, now: datetime, first_comers: Sequence[Guest]) -> Today:
    for guest in first_comers:
        chronicle.guests[guest.client.pk] = guest
    day = Today(chronicle, on=today, now=now)
    day.lay(first_comers)
    return day


def _dress(
    day: Today, branch: Branch, services: Sequence[Service], *, today: date, now: datetime, language: str
) -> None:
    Dressing(branch=branch, on=today, now=now, language=language, kinds=kinds_of(services)).dress(
        day.planned(), day.returning
    )


def _elsewhere(*, now: datetime, zone_name: str, language: str, rng: Random) -> None:
    """A second branch, whose master must see nothing of the first."""
    branch = make_branch(ELSEWHERE, time_zone=zone_name, address="Druga 2, Demograd", phone="+38761100998")
    services = make_services(branch, language, codes={"NM", "NG", "NP"})
    make_outsider(branch, services, language)
    people = make_clients(branch, numbers=range(901, 906), today=branch_day(branch, now), rng=rng)
    past.consents(people, now=now)
    refresh_pulses(client_ids=[client.pk for client in people], now=now)
