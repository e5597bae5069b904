"""Who sees what at the desk: the branch one works in, and its appointments, notes and complaints."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme

from crm.booking.models import Appointment, AppointmentEvent
from crm.care.models import Call, Complaint, Promise
from crm.care.selectors import seen_by
from crm.people.models import Client
from crm.people.selectors import person_of
from crm.team.models import Branch, Master, User
from crm.team.selectors import branches_of
from reminders.inbox.selectors import with_waiting

BRANCH_KEY = "desk_branch"
View = Callable[..., HttpResponse]


def branch_of(request: HttpRequest) -> Branch | None:
    """The branch this person works in now; an owner of several chooses it, for the session.

    With it comes how many wait in its inbox for this person (`inbox_waiting`), for the bar of every page.
    """
    user = request.user
    if user.role == User.Role.OWNER and (chosen := request.session.get(BRANCH_KEY)):
        branch = with_waiting(branches_of(user), user).filter(pk=chosen).first()
        if branch is not None:
            return branch
    if user.branch_id is None:
        return with_waiting(branches_of(user), user).order_by("pk").first()
    if request.method == "POST":
        # it came with the person; what is sent leads to a page that counts anew
        return user.branch
    # kept with the person, so that nobody asks for it again
    user.branch = with_waiting(Branch.objects.all(), user).get(pk=user.branch_id)
    return user.branch


def desk_page(view: View) -> View:
    """For the team only; `request.branch` is the branch at hand. An owner without any is led to the office."""

    @wraps(view)
    def page(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not request.user.is_authenticated:
            return redirect_to_login(request.get_full_path())
        branch = request.desk_branch
        if branch is None:
            if request.user.is_staff:
                return redirect("admin:index")
            raise PermissionDenied
        request.branch = branch
        return view(request, *args, **kwargs)

    return page


def is_front_desk(user: User) -> bool:
    """Who looks after the whole branch: the reception and the owner."""
    return user.role in (User.Role.OWNER, User.Role.RECEPTIONIST)


def own_master(user: User) -> Master | None:
    """The master that this login is, if it is one that works."""
    return Master.objects.filter(user=user, is_active=True).first()


def visible_appointment(
    request: HttpRequest,
    appointment_id: int,
    *,
    read: Callable[[QuerySet[Appointment]], QuerySet[Appointment]] | None = None,
) -> Appointment:
    """An appointment of a branch that this person may see; 404 else, as if there were none. `read` asks more along."""
    appointments = Appointment.objects.select_related("client__pulse", "client__branch", "branch", "master")
    return get_object_or_404(
        read(appointments) if read is not None else appointments,
        pk=appointment_id,
        branch__in=branches_of(request.user),
    )


def visible_event(request: HttpRequest, event_id: int) -> AppointmentEvent:
    return get_object_or_404(
        AppointmentEvent.objects.select_related("appointment__client", "appointment__branch"),
        pk=event_id,
        appointment__branch__in=branches_of(request.user),
    )


def visible_client(client_id: int) -> Client:
    """Contacts and rhythm are the salon's: everybody at a desk finds every client.

    What is sent from a page of a card put aside meanwhile is the other card's.
    """
    clients = Client.objects.select_related("pulse", "branch", "referred_by")
    found = clients.filter(pk=client_id).first()
    if found is None and (person := person_of(client_id)):
        found = clients.filter(pk=person.pk).first()
    if found is None:
        raise Http404
    return found


def visible_complaint(request: HttpRequest, complaint_id: int) -> Complaint:
    """Of her branches; a master sees those she looks after and those of her clients."""
    complaints = seen_by(request.user, branches_of(request.user))
    return get_object_or_404(
        complaints.select_related("client", "branch", "owner", "appointment", "cause"), pk=complaint_id
    )


def visible_call(request: HttpRequest, call_id: int) -> Call:
    return get_object_or_404(
        Call.objects.select_related("client", "branch"), pk=call_id, branch__in=branches_of(request.user)
    )


def visible_promise(request: HttpRequest, promise_id: int) -> Promise:
    return get_object_or_404(
        Promise.objects.select_related("client", "branch", "holder", "given_by"),
        pk=promise_id,
        branch__in=branches_of(request.user),
    )


def way_back(request: HttpRequest, otherwise: str) -> str:
    """Where a form says it came from (`next`), if that is here; never elsewhere."""
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    if url_has_allowed_host_and_scheme(wanted, allowed_hosts={request.get_host()}, require_https=request.is_secure()):
        return wanted
    return otherwise


def client_url(client_id: int) -> str:
    return reverse("desk:client", args=[client_id])
