"""Today: the day as a timeline, who waits, whom to call, what is not solved."""

from datetime import date, timedelta

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from crm.booking.selectors import not_closed
from crm.care.selectors import calls_to_make, open_complaints, open_promises, with_handling, with_questions
from crm.desk.access import BRANCH_KEY, desk_page, is_front_desk, way_back
from crm.desk.complaints.listing import with_deadlines
from crm.desk.days import asked_day
from crm.desk.promises.views import tell
from crm.desk.today.day import timeline, waiting
from crm.desk.waiting.listing import waiting_count
from crm.desk.words import day_words, with_words
from crm.team.models import Master, User
from crm.team.selectors import branches_of, masters_of, salon_settings
from loyalty.referrals.selectors import held_claims
from reminders.letters.selectors import letters_to_print

SHOWN = 5


@require_safe
@desk_page
def today(request: HttpRequest) -> HttpResponse:
    """Her own day for a master; for the reception and the owner the branch's, or any master's (`?master=`)."""
    now = timezone.now()
    this_day = timezone.localdate(now)
    on = asked_day(request.GET.get("day", ""), this_day)
    masters = list(with_questions(masters_of(request.branch), this_day))
    master, tabs = chosen_master(request, masters, on)
    context = {
        "nav": "today",
        "true_at": timezone.localtime(now),
        "on": on,
        "title": _("Today") if on == this_day else day_words(on),
        "day_words": day_words(on),
        "is_today": on == this_day,
        "day_before": address(on - timedelta(days=1), this_day, request),
        "day_after": address(on + timedelta(days=1), this_day, request),
        "tabs": tabs,
        "master": master,
        "entries": timeline(branch=request.branch, on=on, master=master, user=request.user, today=this_day, now=now)
        if master or is_front_desk(request.user)
        else [],
    }
    if request.user.role == User.Role.OWNER:
        context["branches"] = list(branches_of(request.user).order_by("name"))
    if on == this_day:
        user = None if is_front_desk(request.user) else request.user
        context |= {
            "waiting": waiting(request.branch, on, now),
            "calls": with_words(calls_to_make(request.branch, user=user)[:SHOWN]),
            "complaints": with_deadlines(
                with_handling(open_complaints([request.branch], user=request.user))[:SHOWN], now=now
            ),
            "promises": list(open_promises(request.branch, user=user)[:SHOWN]),
            "now": now,
        }
        tell(context["promises"], request.user)
        if is_front_desk(request.user):
            context["unclosed"] = list(not_closed(request.branch, this_day)[:SHOWN])
            context["waiting_list"] = waiting_count(request.branch)
            context["held_friends"] = held_claims().count()
            context["letters_waiting"] = letters_to_print(request.branch).count()
        if master is not None and master.user_id == request.user.pk:
            context["lesson"] = master.next_lesson
            context["asks_score"] = master.is_asked and salon_settings().asks_team_monthly
    return render(request, "desk/today/page.html", context)


@require_POST
@desk_page
def choose_branch(request: HttpRequest) -> HttpResponse:
    """An owner of several branches says in which one she is now."""
    wanted = request.POST.get("branch", "")
    if request.user.role == User.Role.OWNER and wanted.isdecimal():
        branch = branches_of(request.user).filter(pk=wanted).first()
        if branch is not None:
            request.session[BRANCH_KEY] = branch.pk
    return redirect(way_back(request, reverse("desk:today")))


def chosen_master(
    request: HttpRequest, masters: list[Master], on: date
) -> tuple[Master | None, list[dict[str, object]]]:
    """Whose day is shown, and the tabs to choose by; a master has her own only."""
    own = next((master for master in masters if master.user_id == request.user.pk), None)
    if not is_front_desk(request.user):
        return own, []
    wanted = request.GET.get("master", "")
    chosen = next((master for master in masters if str(master.pk) == wanted), None)
    if not wanted and own is not None:
        chosen = own
    day = on.isoformat()
    tabs: list[dict[str, object]] = [
        {"label": _("Everybody"), "url": f"?day={day}&master=all", "current": chosen is None}
    ]
    tabs += [
        {"label": master.name, "url": f"?day={day}&master={master.pk}", "current": master == chosen}
        for master in masters
    ]
    return chosen, tabs


def address(on: date, this_day: date, request: HttpRequest) -> str:
    """The same page for another day."""
    query = request.GET.copy()
    query["day"] = on.isoformat()
    if on == this_day:
        del query["day"]
    return f"{request.path}?{query.urlencode()}" if query else request.path
