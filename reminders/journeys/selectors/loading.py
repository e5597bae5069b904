"""Loading what the rules ask of clients, in sets: a fixed number of queries for any number of them."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from statistics import median
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import Count, Exists, F, Min, OuterRef, Q, QuerySet, Sum

from crm.booking.models import Appointment, Visit, VisitItem
from crm.booking.rhythm import Break
from crm.booking.services.pulse import rhythm_rules
from crm.care.models import Complaint
from crm.people.models import Client
from crm.reports.selectors.chairs import days_ahead
from crm.sales.models import Sale, SaleLine
from crm.team.models import Branch
from crm.team.once import read_for_a_turn
from crm.team.selectors import salon_settings
from loyalty.cards.selectors import levels_to_lose
from loyalty.points.selectors import loyalty_settings, needing_notice
from loyalty.referrals.selectors import is_ring
from reminders.consent.models import ContactPermission
from reminders.consent.selectors import consent_rules, message_settings, windows_in_use
from reminders.journeys.facts import Day, Facts, Receipt, Rules, Said
from reminders.journeys.reading import Reading
from reminders.journeys.selectors.booked import add_bookings, add_changes, add_offers
from reminders.journeys.selectors.bought import add_help, add_orders, add_used_up
from reminders.journeys.selectors.contacts import client_zone, contact_of
from reminders.journeys.selectors.figures import controls_in_force, terms_in_use
from reminders.journeys.selectors.heard import add_heard
from reminders.journeys.selectors.posted import add_posted, add_seats
from reminders.messages.models import Message

# client-days that make a usual one, and the days they are taken from (rules.md, reassurance)
ENOUGH_CLIENT_DAYS = 30
USUAL_DAYS = 365
# days; points that expire and levels that are lost later than this are looked at later
EXPIRY_AHEAD = 800


def rules() -> Rules:
    """The owner's figures as they stand."""
    salon, messages, loyalty = salon_settings(), message_settings(), loyalty_settings()
    return Rules(
        rhythm=rhythm_rules(salon),
        due_before=messages.due_before_days,
        invite_earlier=messages.invite_earlier_days,
        cap_days=messages.marketing_cap_days,
        feedback_gap=messages.feedback_gap_days,
        large_factor=messages.large_purchase_factor,
        points_notice=loyalty.notice_days,
        card_notice=loyalty.card_notice_days,
        complaint_pause=salon.complaint_pause_days,
        windows=windows_in_use(),
        consents=consent_rules(),
        terms=terms_in_use(),
        controls=controls_in_force(),
    )


class Loader:
    """Facts of clients as they were known at an instant.

    `forecasting`: only what is recorded as sent counts as said, and what is dated later than
    `as_of` is left out; else everything on record counts, for the planner and the sender.
    """

    def __init__(self, *, as_of: datetime, forecasting: bool = False) -> None:
        self.as_of = as_of
        self.forecasting = forecasting
        self.branches = {branch.pk: branch for branch in Branch.objects.all()}

    def load(self, client_ids: Sequence[int]) -> list[Facts]:
        """One entry a client, in order of code."""
        ids = list(client_ids)
        clients = list(Client.objects.filter(pk__in=ids).order_by("code"))
        permissions = ContactPermission.objects.in_bulk(ids)
        facts = {client.pk: self._facts(client, permissions.get(client.pk)) for client in clients}
        self._days(facts)
        self._undated_breaks(facts, clients)
        self._booked_ahead(facts)
        self._receipts(facts)
        add_bookings(facts, as_of=self.as_of)
        add_changes(facts, as_of=self.as_of)
        add_offers(facts, as_of=self.as_of)
        add_posted(facts, as_of=self.as_of, forecasting=self.forecasting)
        add_seats(facts, self.branches, as_of=self.as_of, forecasting=self.forecasting)
        self._said(facts)
        self._complaints(facts)
        add_heard(facts, as_of=self.as_of)
        add_orders(facts, as_of=self.as_of)
        add_help(facts, as_of=self.as_of)
        add_used_up(facts, as_of=self.as_of, forecasting=self.forecasting)
        self._expiring(facts)
        self._levels(facts)
        self._brought(facts)
        return list(facts.values())

    def _zone(self, branch: Branch) -> ZoneInfo:
        return ZoneInfo(branch.time_zone)

    def _today(self, branch: Branch) -> date:
        return self.as_of.astimezone(self._zone(branch)).date()

    def _facts(self, client: Client, permission: ContactPermission | None) -> Facts:
        branch = self.branches[client.branch_id]
        away = None
        if client.status == Client.Status.BREAK and client.break_until is not None:
            away = Break(client.break_from, client.break_until)
        return Facts(
            client=client.pk,
            code=client.code,
            branch=branch.pk,
            branch_zone=self._zone(branch),
            zone=client_zone(client, branch),
            language=client.language or settings.DEFAULT_LANGUAGE,
            status=client.status,
            away=away,
            birthday=(client.birth_month, client.birth_day) if client.birth_month and client.birth_day else None,
            contact=contact_of(client, permission or ContactPermission(client=client)),
        )

    def _days(self, facts: dict[int, Facts]) -> None:
        visits = Visit.objects.filter(client_id__in=facts)
        items = VisitItem.objects.filter(visit__client_id__in=facts)
        unborn: set[tuple[int, date]] = set()
        if self.forecasting:
            last = max((self._today(branch) for branch in self.branches.values()), default=self.as_of.date())
            visits, items = visits.filter(on__lte=last), items.filter(visit__on__lte=last)
            unborn = self._unborn_sources(items)
        found: dict[tuple[int, date], list] = defaultdict(list)
        for row in items.order_by().values_list(
            "visit__client_id",
            "visit__on",
            "source",
            "service_id",
            "product_id",
            "master_id",
            "service__usual_return_days",
            "service__ask_after_days",
            "service__is_one_off",
        ):
            if row[2] not in unborn:
                found[row[0], row[1]].append(row[3:])
        for client_id, on in visits.order_by("client_id", "on").values_list("client_id", "on"):
            rows = found.get((client_id, on))
            known = not self.forecasting or on <= self._today(self.branches[facts[client_id].branch])
            if rows and known:
                facts[client_id].days.append(_day(on, rows))

    def _undated_breaks(self, facts: dict[int, Facts], clients: list[Client]) -> None:
        """A break without any date began with the last counting day known and lasts the owner's 90 days."""
        lasts = timedelta(days=salon_settings().break_default_days)
        for client in clients:
            if client.status == Client.Status.BREAK and client.break_is_open and client.break_from is None:
                one = facts[client.pk]
                last = Reading(one, Rules()).last
                if last is not None:
                    one.away = Break(None, last + lasts)

    def _unborn_sources(self, items: QuerySet[VisitItem]) -> set:
        """Sources of the last day that are dated later than the instant asked for."""
        recent = self.as_of.date() - timedelta(days=2)
        sources = set(items.filter(visit__on__gte=recent).order_by().values_list("source", flat=True))
        numbers: dict[str, list[int]] = defaultdict(list)
        for source in sources:
            name, _space, number = source.partition(" ")
            numbers[name].append(int(number))
        later_appointments = Appointment.objects.filter(
            pk__in=numbers.get("appointment", []), starts_at__gt=self.as_of
        ).values_list("pk", flat=True)
        later_sales = Sale.objects.filter(pk__in=numbers.get("sale", []), sold_at__gt=self.as_of).values_list(
            "pk", flat=True
        )
        return {f"appointment {pk}" for pk in later_appointments} | {f"sale {pk}" for pk in later_sales}

    def _booked_ahead(self, facts: dict[int, Facts]) -> None:
        """How far ahead those are booked who served her last; no query unless the owner asks for it."""
        if not message_settings().invite_earlier_days:
            return
        ahead = days_ahead(before=self.as_of)
        for one in facts.values():
            last = Reading(one, Rules()).counting[-1:]
            one.booked_ahead = max((ahead.get(master, 0) for day in last for master in day.masters), default=0)

    def _receipts(self, facts: dict[int, Facts]) -> None:
        """Sales with an hour whose day after is not over yet."""
        lines = SaleLine.objects.filter(
            sale__client_id__in=facts,
            sale__sold_at__gt=self.as_of - timedelta(hours=26),
            sale__sold_at__lte=self.as_of,
            sale__refund_of__isnull=True,
            amount__gte=0,
            quantity__gt=0,
        )
        things: dict[int, set[str]] = defaultdict(set)
        heads: dict[int, tuple] = {}
        for sale, client, on, at, total, service, product in lines.order_by("sale__sold_at", "sale_id").values_list(
            "sale_id", "sale__client_id", "sale__on", "sale__sold_at", "sale__total", "service_id", "product_id"
        ):
            things[sale].add(f"s{service}" if service else f"p{product}")
            heads[sale] = (client, on, at, total)
        for sale, (client, on, at, total) in heads.items():
            one = facts[client]
            one.receipts.append(Receipt(on=on, at=at, total=total, things=frozenset(things[sale])))
            one.usual_day = {**one.usual_day, on: usual_client_day(one.branch, on)}

    def _said(self, facts: dict[int, Facts]) -> None:
        messages = Message.objects.filter(client_id__in=facts)
        if self.forecasting:
            messages = messages.filter(state__in=Message.GONE, sent_at__lte=self.as_of)
        else:
            messages = messages.exclude(state=Message.State.CANCELLED)
        for client, kind, occasion, state, sent_at, sent_on, send_at in messages.order_by("send_at").values_list(
            "client_id", "kind", "occasion", "state", "sent_at", "sent_on", "send_at"
        ):
            one = facts[client]
            if state in Message.GONE:
                at = sent_at or send_at
                one.said.append(Said(kind, occasion, at, sent_on or at.astimezone(one.zone).date()))
            elif state == Message.State.PLANNED:
                one.said.append(Said(kind, occasion, send_at, send_at.astimezone(one.zone).date()))
            else:
                one.said.append(Said(kind, occasion))

    def _complaints(self, facts: dict[int, Facts]) -> None:
        complaints = Complaint.objects.filter(client_id__in=facts, opened_at__lte=self.as_of)
        for client, opened_on, resolved_on, resolved_at in complaints.order_by("opened_on").values_list(
            "client_id", "opened_on", "resolved_on", "resolved_at"
        ):
            known = resolved_at is not None and resolved_at <= self.as_of
            facts[client].complaints.append((opened_on, resolved_on if known else None))

    def _expiring(self, facts: dict[int, Facts]) -> None:
        today = self.as_of.date()
        for entry in needing_notice(
            client_ids=list(facts),
            since=today - timedelta(days=1),
            until=today + timedelta(days=EXPIRY_AHEAD),
            rules=loyalty_settings(),
        ):
            facts[entry.client_id].expiring.append((entry.expires_on, entry.points))

    def _levels(self, facts: dict[int, Facts]) -> None:
        days = levels_to_lose(
            today={client: self._today(self.branches[one.branch]) for client, one in facts.items()},
            as_of=self.as_of,
            ahead=EXPIRY_AHEAD,
            rules=loyalty_settings(),
        )
        for client, lost_on in days.items():
            facts[client].levels_lost = lost_on

    def _brought(self, facts: dict[int, Facts]) -> None:
        first_paid = (
            Sale.objects.filter(client__referred_by__in=facts, total__gt=0)
            .exclude(sold_at__gt=self.as_of)
            # oneself, a ring, a shared phone or e-mail bring no thanks (rules.md, Referral)
            .exclude(client__phone__gt="", client__phone=F("client__referred_by__phone"))
            .exclude(client__email__gt="", client__email__iexact=F("client__referred_by__email"))
            .values("client__referred_by")
            .annotate(friend=F("client__code"), friend_id=F("client_id"), first=Min("on"))
            .filter(first__gte=self.as_of.date() - timedelta(days=12), first__lte=self.as_of.date() + timedelta(days=1))
            .order_by("friend")
        )
        for row in first_paid:
            bringer = row["client__referred_by"]
            if bringer is None:
                continue
            one = facts[bringer]
            is_known = row["first"] <= self._today(self.branches[one.branch])
            if is_known and not is_ring(row["friend_id"], one.client):
                one.brought.append((row["friend"], row["first"]))


# of a large salon it takes a second, and today's sales are not in it
@read_for_a_turn
def usual_client_day(branch: int, on: date) -> Decimal | None:
    """The median of what one named client paid on one day with a sale, over the 365 days before."""
    sold = SaleLine.objects.filter(sale=OuterRef("pk"), amount__gte=0, quantity__gt=0)
    days = (
        Sale.objects.filter(branch_id=branch, client__isnull=False, on__gte=on - timedelta(days=USUAL_DAYS), on__lt=on)
        .annotate(is_sale=Exists(sold))
        .values("client_id", "on")
        .annotate(paid=Sum("total"), sales=Count("pk", filter=Q(is_sale=True)))
        .filter(sales__gt=0)
    )
    # a large salon has tens of thousands of them: only the middle comes out of the database
    number = days.order_by().count()
    if number < ENOUGH_CLIENT_DAYS:
        return None
    return median(days.order_by("paid").values_list("paid", flat=True)[(number - 1) // 2 : number // 2 + 1])


def _day(on: date, rows: Iterable[tuple]) -> Day:
    things, masters, returns, services, counts, ask_after = set(), set(), [], False, False, 0
    for service, product, master, usual_return, ask, one_off in rows:
        if service:
            things.add(f"s{service}")
            services = True
            counts = counts or not one_off
            if usual_return and not one_off:
                returns.append(usual_return)
            if ask and not one_off:
                ask_after = max(ask_after, ask)
        if product:
            things.add(f"p{product}")
        if master:
            masters.add(master)
    return Day(
        on=on,
        counts=counts,
        has_service=services,
        things=frozenset(things),
        masters=frozenset(masters),
        usual_returns=tuple(returns),
        ask_after=ask_after,
    )
