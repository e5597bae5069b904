"""Booking a visit for a client who is known, or for a new one: five fields at most."""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from crm.booking.local_time import NoSuchTime, typed_instant
from crm.booking.models import Appointment, AppointmentEvent, AppointmentService, Pulse
from crm.booking.selectors import misses_of
from crm.booking.services import (
    BookingRefused,
    CannotDoService,
    Slot,
    SlotTaken,
    able_for_each,
    book_appointment,
    free_slots,
    propose_next,
    services_of,
)
from crm.booking.services.hands import refuse_absent, refuse_unable
from crm.catalogue.models import Service
from crm.desk.access import desk_page, visible_client
from crm.desk.booking.forms import NewClientForm, WhenForm
from crm.desk.booking.slots import a_few_each_day, slot_choices
from crm.desk.clients.finding import found_or_lately
from crm.desk.clients.sharing import tell_shared_number
from crm.desk.days import asked_day
from crm.desk.visits.forms import ask_words, word_for
from crm.desk.words import day_words, hour_words, misses_words
from crm.people.models import Client
from crm.people.services import create_client
from crm.team.models import Master
from crm.team.selectors import branch_day, masters_of, zone
from crm.team.wording import comma, isolated
from reminders.journeys.services.doorbell import ring

DAYS_SHOWN = 7
NEAREST = 3
# so soon after the first the same form is a second press
SENT_TWICE = timedelta(minutes=1)


@dataclass
class Wanted:
    """One booking form on its way: who, what, when, and what stands against it."""

    request: HttpRequest
    client: Client | None
    masters: list[Master]
    when: WhenForm
    who: NewClientForm | None
    slots: list[Slot] = field(default_factory=list)
    word: str = ""


@require_http_methods(["GET", "POST"])
@desk_page
def visit_new(request: HttpRequest) -> HttpResponse:
    """Books for `?client=`; without one, she is looked for first, or written down as new."""
    wanted_client = request.POST.get("client") or request.GET.get("client") or ""
    client = visible_client(int(wanted_client)) if wanted_client.isdecimal() else None
    query = request.GET.get("q", "").strip()
    if client is None and request.method == "GET" and "new" not in request.GET:
        found = found_or_lately(request.branch, query)
        carried = _carried(request)
        context = {
            "nav": "calendar",
            "query": query,
            "found": found,
            "carried": carried,
            "search_url": f"{request.path}?{carried}",
            "chosen": _gap(request),
        }
        template = "desk/booking/_found.html" if request.htmx else "desk/booking/who.html"
        return render(request, template, context)
    return _book(request, client)


@require_http_methods(["GET", "POST"])
@desk_page
def client_new(request: HttpRequest) -> HttpResponse:
    """A new client with her appointment: name, phone, service, day and hour."""
    return _book(request, None)


def _book(request: HttpRequest, client: Client | None) -> HttpResponse:
    masters = list(masters_of(request.branch))
    data = _picked(request) if request.method == "POST" else None
    wanted = Wanted(
        request=request,
        client=client,
        masters=masters,
        when=WhenForm(data, branch=request.branch, masters=masters, initial=_initial(request, client, masters)),
        who=None if client else NewClientForm(data, initial={"name": request.GET.get("q", "")}),
    )
    if request.method == "POST":
        if request.POST.get("only_client") and wanted.who is not None:
            return _only_client(wanted)
        sound = wanted.when.is_valid() and (wanted.who is None or wanted.who.is_valid())
        if sound and not request.POST.get("look") and (answer := _try(wanted)):
            return answer
    if not wanted.slots:
        wanted.slots = _free(wanted)
    ask_words(wanted.when, wanted.word)
    refused = bool(wanted.when.errors or (wanted.who and wanted.who.errors)) and request.method == "POST"
    context: dict[str, Any] = {
        "nav": "clients" if client is None else "calendar",
        "client": client,
        "missed": misses_words(misses_of(client=client, now=timezone.now())) if client else "",
        "form": wanted.when,
        "who": wanted.who,
        "slots": slot_choices(wanted.slots),
        "chosen": _chosen(wanted.when),
    }
    return render(request, "desk/booking/page.html", context, status=422 if refused else 200)


def _chosen(form: WhenForm) -> str:
    """What is chosen so far, for the ways on to the waiting list and the series."""
    return urlencode({name: form[name].value() or "" for name in ("service", "also", "master", "day", "at")})


def _try(wanted: Wanted) -> HttpResponse | None:
    """Books, and gives the page that follows; None if it was refused, with the reason in the form."""
    request, fields = wanted.request, wanted.when.cleaned_data
    if fields["at"] is None:
        wanted.when.add_error("at", _("Choose an hour, or one of the free times."))
        return None
    services = wanted.when.services()
    now = timezone.now()
    try:
        starts_at = typed_instant(fields["day"], fields["at"], zone(request.branch))
        hands = _hands_for(wanted, services, starts_at, now)
        with transaction.atomic():
            client = wanted.client or _written_down(wanted)
            appointment = book_appointment(
                client=client,
                master=hands[0],
                masters=hands,
                services=services,
                starts_at=starts_at,
                branch=request.branch,
                now=now,
                by=Appointment.By.CLIENT,
                via=AppointmentEvent.Via.DESK,
                user=request.user,
                wish=fields["wish"],
                outside_hours=fields["outside_hours"],
                beside_another=fields["beside_another"],
            )
    except NoSuchTime as refusal:
        wanted.when.add_error("at", str(refusal.words))
    except SlotTaken as refusal:
        if booked := _booked_by_this_form(wanted, services, starts_at, now):
            return redirect("desk:visit", appointment_id=booked.pk)
        wanted.slots = refusal.nearest
        wanted.word = word_for(refusal)
        wanted.when.add_error(None, refusal.desk_words)
    except CannotDoService as refusal:
        # of those who do it
        wanted.slots = _near(wanted, services, starts_at, now)
        wanted.when.add_error(None, str(refusal))
    except BookingRefused as refusal:
        wanted.when.add_error(None, str(refusal))
    except ValidationError as refusal:
        _refuse(wanted.who, refusal)
    else:
        ring()
        messages.success(
            request,
            _("%(name)s is booked: %(day)s, %(hour)s.")
            % {
                "name": isolated(client.shown_name),
                "day": day_words(appointment.on),
                "hour": hour_words(starts_at),
            },
        )
        if wanted.client is None:
            tell_shared_number(request, client)
        return redirect("desk:visit", appointment_id=appointment.pk)
    return None


def _booked_by_this_form(
    wanted: Wanted, services: list[Service], starts_at: datetime, now: datetime
) -> Appointment | None:
    """What the same form, sent twice at once, has booked a moment ago: then nothing is in the way but that."""
    master, _masters = wanted.when.hands()
    who = {"client": wanted.client} if wanted.client else {"client__name": wanted.who.cleaned_data["name"].strip()}
    found = Appointment.objects.filter(
        **who,
        branch=wanted.request.branch,
        starts_at=starts_at,
        status__in=Appointment.OPEN,
        events__kind=AppointmentEvent.Kind.BOOKED,
        events__user=wanted.request.user,
        events__at__gt=now - SENT_TWICE,
    )
    if master is not None:
        found = found.filter(master=master)
    return next((each for each in found if services_of(each) == services), None)


def _hands_for(wanted: Wanted, services: list[Service], starts_at: datetime, now: datetime) -> list[Master]:
    """Who does each service: those who were chosen, or whoever is free then."""
    branch, (master, masters) = wanted.request.branch, wanted.when.hands()
    if master is not None:
        able = able_for_each(branch=branch, services=services)
        if masters is not None or all(master in each for each in able):
            return [each or master for each in masters or [master] * len(services)]
    asked = {"branch": branch, "services": services, "now": now, "client": wanted.client, "masters": masters}
    on = branch_day(branch, starts_at)
    # one who does a part of it does that, and others the rest
    hands = masters or [master if master in can else None for can in able_for_each(branch=branch, services=services)]
    refuse_unable(branch=branch, services=services, hands=hands if any(hands) else [master] * len(services))
    for slot in free_slots(**asked, master=master, from_day=on, days=1):
        if slot.starts_at == starts_at:
            return list(slot.masters)

    def nearest() -> list[Slot]:
        return _near(wanted, services, starts_at, now, master=master, masters=masters)

    refuse_absent(
        branch=branch, services=services, hands=hands, starts_at=starts_at, client=wanted.client, nearest=nearest
    )
    raise SlotTaken(nearest)


def _near(wanted: Wanted, services: list[Service], starts_at: datetime, now: datetime, **hands: Any) -> list[Slot]:
    """The free times next to one that cannot be had, from its day on."""
    branch = wanted.request.branch
    from_day = max(branch_day(branch, starts_at), branch_day(branch, now))
    slots = free_slots(
        branch=branch, services=services, client=wanted.client, from_day=from_day, days=DAYS_SHOWN, now=now, **hands
    )
    return sorted(slots, key=lambda slot: abs(slot.starts_at - starts_at))[:NEAREST]


def _written_down(wanted: Wanted) -> Client:
    if wanted.who is None:
        raise BookingRefused
    fields = wanted.who.cleaned_data
    return create_client(branch=wanted.request.branch, name=fields["name"], phone=fields["phone"], now=timezone.now())


def _only_client(wanted: Wanted) -> HttpResponse:
    """She is written down without an appointment."""
    who = wanted.who
    if who is not None and who.is_valid():
        try:
            client = _written_down(wanted)
        except ValidationError as refusal:
            _refuse(who, refusal)
        else:
            messages.success(wanted.request, _("%(name)s is written down.") % {"name": isolated(client.shown_name)})
            tell_shared_number(wanted.request, client)
            return redirect("desk:client", client_id=client.pk)
    context = {
        "nav": "clients",
        "client": None,
        "form": WhenForm(branch=wanted.request.branch, masters=wanted.masters),
        "who": who,
        "slots": [],
    }
    return render(wanted.request, "desk/booking/page.html", context, status=422)


def _refuse(form: NewClientForm | None, refusal: ValidationError) -> None:
    if form is None:
        return
    for name, words in refusal.message_dict.items():
        form.add_error(name if name in form.fields else None, words)


def _initial(request: HttpRequest, client: Client | None, masters: list[Master]) -> dict[str, Any]:
    """What the address says (a gap on the timeline), what she had last, and today."""
    own = next((master.pk for master in masters if master.user_id == request.user.pk), 0)
    given = request.GET
    initial: dict[str, Any] = {
        "day": asked_day(given.get("day", ""), timezone.localdate()),
        "at": given.get("at", ""),
        "master": given.get("master") or own,
    }
    if client is not None:
        last = (
            Appointment.objects.filter(client=client, branch=request.branch)
            .exclude(status=Appointment.Status.CANCELLED)
            .order_by("-on", "-starts_at")
            .first()
        )
        if last is not None:
            lines = AppointmentService.objects.filter(appointment=last, service__is_active=True)
            had = [line.service for line in lines.select_related("service").order_by("position")]
            if tapped := next((each for each in masters if str(each.pk) == given.get("master")), None):
                # with the master whose gap was tapped only what she does
                able = able_for_each(branch=request.branch, services=had)
                had = [service for service, can in zip(had, able, strict=False) if tapped in can]
            initial |= dict(zip(("service", "also"), [service.pk for service in had], strict=False))
            initial["master"] = given.get("master") or last.master_id
    return initial


def _free(wanted: Wanted) -> list[Slot]:
    """Free times for what is chosen so far: around her rhythm at first, else from the day asked for."""
    request, form = wanted.request, wanted.when
    now = timezone.now()
    if form.is_bound:
        chosen = getattr(form, "cleaned_data", {})
        services, from_day = form.services(), chosen.get("day")
        master, masters = form.hands()
    else:
        keys = [form.initial[name] for name in ("service", "also") if form.initial.get(name)]
        services = list(Service.objects.filter(pk__in=keys))
        from_day, masters = form.initial["day"], None
        master = form.masters.get(int(given) if (given := str(form.initial.get("master"))).isdecimal() else 0)
        if wanted.client is not None and services and "day" not in request.GET:
            pulse = getattr(wanted.client, "pulse", None)
            return propose_next(
                client=wanted.client,
                services=services,
                branch=request.branch,
                now=now,
                after_day=_last_known_day(pulse),
            )
    if not services:
        return []
    today = timezone.localdate(now)
    slots = free_slots(
        branch=request.branch,
        services=services,
        master=master,
        masters=masters,
        client=wanted.client,
        from_day=max(from_day or today, today),
        days=DAYS_SHOWN,
        now=now,
    )
    return a_few_each_day(slots)


def _last_known_day(pulse: Pulse | None) -> date | None:
    """The day after which she may want to come again: the next one booked, else the last one done."""
    if pulse is None:
        return None
    if pulse.next_starts_at is not None:
        return timezone.localtime(pulse.next_starts_at).date()
    return pulse.last_counting_on


def _picked(request: HttpRequest) -> Any:
    """The form as sent; a tapped free time fills day, hour and master."""
    data = request.POST.copy()
    parts = data.get("slot", "").split("|")
    if len(parts) == 3:
        data["day"], data["at"], hands = parts
        data["master"], _comma, data["also_master"] = hands.partition(",")
    return data


def _gap(request: HttpRequest) -> dict[str, str] | None:
    """The free time that was tapped on the calendar, in words, and the way back to that day; none without one."""
    given = request.GET
    if "day" not in given:
        return None
    on = asked_day(given["day"], timezone.localdate())
    key = given.get("master", "")
    master = masters_of(request.branch).filter(pk=int(key)).first() if key.isdecimal() else None
    words = (day_words(on), given.get("at", "")[:5], isolated(master.name) if master else "")
    return {
        "words": comma(get_language() or "en").join(filter(None, words)),
        "calendar_url": f"{reverse('desk:calendar')}?{urlencode({'day': on.isoformat()})}",
    }


def _carried(request: HttpRequest) -> str:
    """The gap that was tapped, carried on while she is looked for."""
    query = request.GET.copy()
    for name in ("q", "client", "new"):
        query.pop(name, None)
    return query.urlencode()
