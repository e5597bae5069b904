"""Booking a visit for a client who is known, or for a new one: five fields at most."""

from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from crm.booking.local_time import NoSuchTime, typed_instant
from crm.booking.models import Appointment, AppointmentService, Pulse
from crm.booking.selectors import misses_of
from crm.booking.services import (
    BookingRefused,
    CannotDoService,
    Slot,
    SlotTaken,
    able_for_each,
    free_slots,
    propose_next,
)
from crm.booking.services.beside import free_for_her
from crm.catalogue.models import Service
from crm.desk.access import desk_page, visible_client
from crm.desk.booking.forms import NewClientForm, WhenForm
from crm.desk.booking.slots import a_few_each_day, slot_choices
from crm.desk.booking.wanted import DAYS_SHOWN, Wanted, book_once, booked_by_this_form, hands_for, near, written_down
from crm.desk.clients.finding import found_or_lately
from crm.desk.clients.sharing import tell_shared_number
from crm.desk.days import asked_day
from crm.desk.friends.tying import tie_typed
from crm.desk.visits.forms import ask_words, word_for
from crm.desk.words import day_words, hour_words, misses_words
from crm.people.models import Client
from crm.team.models import Master
from crm.team.selectors import masters_of, zone
from crm.team.wording import comma, isolated
from reminders.journeys.services.doorbell import ring


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
        "word": wanted.word,
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
        hands = hands_for(wanted, services, starts_at, now)
        appointment = book_once(wanted, services, hands, starts_at, now)
    except NoSuchTime as refusal:
        wanted.when.add_error("at", str(refusal.words))
    except SlotTaken as refusal:
        if booked := booked_by_this_form(wanted, services, starts_at, now):
            return redirect("desk:visit", appointment_id=booked.pk)
        wanted.slots = refusal.nearest
        wanted.word = word_for(refusal)
        wanted.when.add_error(None, refusal.desk_words)
    except CannotDoService as refusal:
        # of those who do it
        wanted.slots = near(wanted, services, starts_at, now)
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
                "name": isolated(appointment.client.shown_name),
                "day": day_words(appointment.on),
                "hour": hour_words(starts_at),
            },
        )
        if wanted.client is None:
            _greet(wanted, appointment.client)
        return redirect("desk:visit", appointment_id=appointment.pk)
    return None


def _greet(wanted: Wanted, client: Client) -> None:
    """She is new: whose number she shares, and who sent her."""
    tell_shared_number(wanted.request, client)
    if wanted.who is not None:
        tie_typed(wanted.request, client, wanted.who.cleaned_data["friend_code"])


def _only_client(wanted: Wanted) -> HttpResponse:
    """She is written down without an appointment."""
    who = wanted.who
    if who is not None and who.is_valid():
        try:
            client = written_down(wanted)
        except ValidationError as refusal:
            _refuse(who, refusal)
        else:
            messages.success(wanted.request, _("%(name)s is written down.") % {"name": isolated(client.shown_name)})
            _greet(wanted, client)
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
    return a_few_each_day(free_for_her(slots, client_id=wanted.client.pk) if wanted.client else slots)


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
