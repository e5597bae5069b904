"""What a salon has and whom it knows, as rows of the interchange format."""

from collections import defaultdict
from collections.abc import Iterable, Sequence

from django.db.models import Q, QuerySet

from crm.booking.models import Appointment
from crm.care.models import Complaint
from crm.catalogue.models import Product, Service, ServiceStretch, Skill
from crm.office.importing.reading import chunked
from crm.office.place import Place
from crm.people.models import Client
from crm.sales.models import ReceiptCounter, Sale
from crm.team.models import Master
from reminders.consent.models import ContactPermission

CHUNK = 2_000
# rows of a file, as they are written: None is an empty cell
Rows = Iterable[Sequence[object]]


class Records:
    """One branch: what it offers, who works there, and the clients that are at home or were served there."""

    def __init__(self, place: Place) -> None:
        self.place, self.branch = place, place.branch

    def branch_row(self) -> Rows:
        branch = self.branch
        last = ReceiptCounter.objects.filter(branch=branch).values_list("last", flat=True).first()
        is_open = "" if branch.is_active else "no"
        yield branch.name, branch.time_zone, branch.currency, branch.phone, branch.address, is_open, last

    def services(self) -> Rows:
        parts: dict[int, list[str]] = defaultdict(list)
        for stretch in ServiceStretch.objects.filter(service__branch=self.branch).order_by("service", "position"):
            parts[stretch.service_id].append(f"{stretch.kind} {stretch.minutes}")
        for service in Service.objects.filter(branch=self.branch).select_related("otherwise").order_by("code"):
            yield (
                service.code,
                service.name,
                service.category,
                service.minutes,
                self.place.money(service.price),
                service.usual_return_days,
                service.ask_after_days,
                "yes" if service.is_one_off else "",
                ";".join(parts[service.pk]),
                service.buffer_minutes or "",
                "" if service.is_active else "no",
                "" if service.is_bookable_online else "no",
                service.otherwise.code if service.otherwise else "",
            )

    def products(self) -> Rows:
        for product in Product.objects.filter(branch=self.branch).order_by("code"):
            yield (
                product.code,
                product.name,
                self.place.money(product.price),
                self.place.money(product.cost),
                product.stock,
                product.minimum,
                product.supplier,
                product.brand,
                product.lasts_days,
                "" if product.is_active else "no",
                product.category,
            )

    def masters(self) -> Rows:
        skills: dict[int, list[str]] = defaultdict(list)
        for master, service in (
            Skill.objects.filter(master__branch=self.branch)
            .order_by("service__code")
            .values_list("master_id", "service__code")
        ):
            skills[master].append(service)
        for master in Master.objects.filter(branch=self.branch).order_by("code"):
            yield master.code, master.name, ";".join(skills[master.pk]), "" if master.is_active else "no"

    def _clients_here(self) -> QuerySet[Client]:
        return Client.objects.filter(
            Q(branch=self.branch)
            | Q(pk__in=Appointment.objects.filter(branch=self.branch).values("client"))
            | Q(pk__in=Sale.objects.filter(branch=self.branch, client__isnull=False).values("client"))
            | Q(pk__in=Complaint.objects.filter(branch=self.branch).values("client"))
        )

    def clients(self) -> Rows:
        clients = self._clients_here().select_related("referred_by").order_by("code").iterator(chunk_size=CHUNK)
        for chunk in chunked(clients, CHUNK):
            permissions = ContactPermission.objects.in_bulk([client.pk for client in chunk])
            for client in chunk:
                permission = permissions.get(client.pk)
                yield (
                    client.code,
                    client.name,
                    client.phone,
                    client.email,
                    _birthday(client),
                    client.language,
                    client.time_zone,
                    client.preferred_channel,
                    client.address_form,
                    client.gender,
                    client.holidays,
                    _care(permission),
                    _marketing(permission),
                    _status(client),
                    client.referred_by.code if client.referred_by else "",
                    client.source,
                    client.since,
                    client.called,
                    client.drink,
                    client.break_from if client.status == Client.Status.BREAK else None,
                    _service(permission),
                    self.place.moment(permission.email_dead_at) if permission else "",
                    self.place.moment(permission.sms_dead_at) if permission else "",
                    client.postal_address,
                    client.messenger,
                    _hours(permission),
                    self.place.moment(permission.call_dead_at) if permission else "",
                )


def _birthday(client: Client) -> str:
    if client.birth_day is None:
        return ""
    year = f"{client.birth_year:04d}" if client.birth_year else "-"
    return f"{year}-{client.birth_month:02d}-{client.birth_day:02d}"


def _status(client: Client) -> str:
    if client.status != Client.Status.BREAK:
        return str(client.status)
    # a break without a date ends when it ends: only the word is kept
    return "break" if client.break_is_open else f"break:{client.break_until}"


def _care(permission: ContactPermission | None) -> str:
    if permission is None:
        return ""
    if permission.care_refused:
        return "none"
    allowed = [name for name in ("email", "sms", "call", "chat") if getattr(permission, f"care_{name}")]
    # an empty cell would say all of them
    return "" if len(allowed) == 4 else ";".join(allowed) or "none"


def _service(permission: ContactPermission | None) -> str:
    ways = ("email", "sms", "chat")
    if permission is None or all(getattr(permission, f"service_{name}") for name in ways):
        return ""
    # calls about an appointment are always allowed
    return ";".join([*(name for name in ways if getattr(permission, f"service_{name}")), "call"])


def _marketing(permission: ContactPermission | None) -> str:
    if permission is None:
        return ""
    return ";".join(name for name in ("email", "sms", "chat") if getattr(permission, f"marketing_{name}"))


def _hours(permission: ContactPermission | None) -> str:
    if permission is None or permission.hours_from is None or permission.hours_until is None:
        return ""
    return f"{permission.hours_from:%H:%M}-{permission.hours_until:%H:%M}"
