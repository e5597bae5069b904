"""A master is ill or late: said in three taps, and everybody affected hears of it (practices.md, P56)."""

from collections import Counter
from datetime import datetime, timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from crm.booking.models import BadDay
from crm.booking.services import AlreadySaid, NobodyAffected, Reported, report_ill, report_late, tell_now, undo_bad_day
from crm.care.services import ask_for_call
from crm.desk.access import branches_of, desk_page, is_front_desk, own_master
from crm.desk.bad_days.forms import LATE_BY, BadDayForm
from crm.desk.bad_days.selectors import expected_stretches, lately, told_of
from crm.desk.words import day_words
from crm.team.models import Master
from crm.team.selectors import branch_day, masters_of
from reminders.journeys.services.doorbell import ring

CALL_WITHIN = timedelta(hours=1)


@require_http_methods(["GET", "POST"])
@desk_page
def bad_day_new(request: HttpRequest) -> HttpResponse:
    """One button for each that may be: ill today, ill tomorrow, late. The number says how many will be told."""
    now = timezone.now()
    masters = _masters(request)
    data = request.POST if request.method == "POST" else None
    form = BadDayForm(data, branch=request.branch, masters=masters, now=now)
    if request.method == "POST" and form.is_valid():
        try:
            reported = _report(request, form, now)
        except AlreadySaid as known:
            messages.info(request, str(known))
            return redirect("desk:bad_day", bad_day_id=known.bad_day.pk)
        except NobodyAffected as refusal:
            form.add_error(None, str(refusal))
        else:
            ring()
            return redirect("desk:bad_day", bad_day_id=reported.bad_day.pk)
    context = {
        "nav": "today",
        "form": form,
        "asked": request.POST.get("master", ""),
        "rows": _rows(request, masters, now),
        "late_by": LATE_BY,
        "lately": [
            {"title": _title(row), "sub": _days(row), "pk": row.pk} for row in lately(branch=request.branch, now=now)
        ],
    }
    return render(request, "desk/bad_days/new.html", context, status=422 if form.errors else 200)


def _masters(request: HttpRequest) -> list[Master]:
    """Everybody for the reception and the owner; a master speaks for herself."""
    if is_front_desk(request.user):
        return list(masters_of(request.branch))
    own = own_master(request.user)
    return [own] if own is not None else []


def _rows(request: HttpRequest, masters: list[Master], now: datetime) -> list[dict[str, Any]]:
    today = branch_day(request.branch, now)
    counts: Counter[tuple[int, str]] = Counter()
    for master_id, on in expected_stretches(branch=request.branch, now=now, until=today + timedelta(days=1)):
        counts[master_id, "today" if on == today else "tomorrow"] += 1
    rows = [
        {"master": master, "today": counts[master.pk, "today"], "tomorrow": counts[master.pk, "tomorrow"]}
        for master in masters
    ]
    # whom nobody expects is rarely meant
    return sorted(rows, key=lambda row: not (row["today"] or row["tomorrow"]))


def _report(request: HttpRequest, form: BadDayForm, now: datetime) -> Reported:
    master = form.cleaned_data["master"]
    minutes = form.minutes_late
    if minutes is not None:
        reported = report_late(master=master, minutes=minutes, now=now, user=request.user)
    else:
        starts_at, ends_at = form.period()
        reported = report_ill(master=master, starts_at=starts_at, ends_at=ends_at, now=now, user=request.user)
    for appointment in reported.stuck:
        ask_for_call(
            client=appointment.client,
            branch=appointment.branch,
            kind="master_late",
            what_to_say=_("%(master)s is late by %(minutes)d minutes, and this visit could not be moved by itself.")
            % {"master": master.name, "minutes": reported.bad_day.minutes_late},
            due_at=min(now + CALL_WITHIN, appointment.starts_at or now + CALL_WITHIN),
            key=f"bad day {reported.bad_day.pk} appointment {appointment.pk}",
            now=now,
        )
    return reported


@require_safe
@desk_page
def bad_day(request: HttpRequest, bad_day_id: int) -> HttpResponse:
    """Who has been told, how, and what she has chosen instead."""
    row = _visible(request, bad_day_id)
    now = timezone.now()
    told = told_of(row, now=now)
    context = {
        "nav": "today",
        "bad_day": row,
        "title": _title(row),
        "days": _days(row),
        "told": told,
        "held": [each for each in told if each.held_until],
        "undone": bool(told) and all(each.is_undone for each in told),
        # her hours are open again; those who had heard by then stay cancelled
        "is_back": row.kind == BadDay.Kind.ILL and row.time_off_id is None and bool(told),
        "can_undo": any(each.can_undo for each in told) or (not told and row.time_off_id is not None),
        "may_change": _may_change(request, row),
    }
    return render(request, "desk/bad_days/page.html", context)


@require_POST
@desk_page
def bad_day_undo(request: HttpRequest, bad_day_id: int) -> HttpResponse:
    """She comes after all."""
    row = _changeable(request, bad_day_id)
    too_late = undo_bad_day(bad_day=row, now=timezone.now(), user=request.user)
    ring()
    if too_late:
        messages.warning(
            request,
            ngettext(
                "%(count)d client has heard of it already. Give her a call.",
                "%(count)d clients have heard of it already. Give them a call.",
                len(too_late),
            )
            % {"count": len(too_late)},
        )
    else:
        messages.success(request, _("As it was before."))
    return redirect("desk:bad_day", bad_day_id=row.pk)


@require_POST
@desk_page
def bad_day_tell(request: HttpRequest, bad_day_id: int) -> HttpResponse:
    """The held messages go at once; undo is over then."""
    row = _changeable(request, bad_day_id)
    if tell_now(bad_day=row, now=timezone.now()):
        ring()
        messages.success(request, _("The messages are on their way."))
    return redirect("desk:bad_day", bad_day_id=row.pk)


def _visible(request: HttpRequest, bad_day_id: int) -> BadDay:
    return get_object_or_404(
        BadDay.objects.select_related("master", "branch", "time_off"),
        pk=bad_day_id,
        branch__in=branches_of(request.user),
    )


def _may_change(request: HttpRequest, row: BadDay) -> bool:
    return is_front_desk(request.user) or row.master.user_id == request.user.pk


def _changeable(request: HttpRequest, bad_day_id: int) -> BadDay:
    row = _visible(request, bad_day_id)
    if not _may_change(request, row):
        row = get_object_or_404(BadDay.objects.none(), pk=bad_day_id)
    return row


def _days(row: BadDay) -> str:
    """The day, or the first and the last."""
    first = timezone.localtime(row.starts_at).date()
    last = timezone.localtime(row.ends_at - timedelta(minutes=1)).date()
    return day_words(first) if first == last else f"{day_words(first)} – {day_words(last)}"


def _title(row: BadDay) -> str:
    if row.kind == BadDay.Kind.LATE:
        return _("%(master)s is late by %(minutes)d minutes") % {
            "master": row.master.name,
            "minutes": row.minutes_late,
        }
    return _("%(master)s is ill") % {"master": row.master.name}
