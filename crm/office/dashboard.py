"""The owner's first page in the admin: the week, what needs her, and the first steps of a new salon."""

from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import Any

from django.db.models import Count, Q, Sum
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.dates import WEEKDAYS_ABBR
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from crm.office.effects.words import kind_words, sum_of
from crm.office.first_hour import first_steps
from crm.people.models import Client
from crm.reports.selectors import dashboard as figures
from crm.reports.selectors.fallouts import fallouts_between
from crm.reports.selectors.figures import ratio, salon_currency
from crm.reports.selectors.standing import On
from crm.team.admin_base import EMPTY, is_owner, shown_money
from crm.team.selectors import salon_settings
from crm.team.wording import number_words, percent_words
from loyalty.points.models import PointsBalance
from loyalty.points.selectors import loyalty_settings
from reminders.consent.selectors import message_settings
from reminders.effect.selectors.effects import Verdict, effects
from reminders.messages.models import Message
from reminders.messages.spending import level_of, month_as_it_stands

HEIGHT = 96
MONTH = timedelta(days=30)
DAY = timedelta(days=1)
EFFECT_OF = timedelta(days=120)


@dataclass(frozen=True, slots=True)
class Figure:
    """One number: what it is, what it is compared with, what it means, and where its list is.

    `tone`: good, careful, bad or nothing; always said in `note` as well.
    """

    title: Any
    value: Any
    note: Any = ""
    tone: str = ""
    meaning: Any = ""
    url: str = ""
    link: Any = ""

    @property
    def icon(self) -> str:
        return {"good": "trending_up", "careful": "trending_down", "bad": "error"}.get(self.tone, "")


def dashboard(request: HttpRequest, context: dict[str, Any]) -> dict[str, Any]:
    """Adds the week's figures to the admin's index."""
    if not is_owner(request):
        return context
    now = timezone.now()
    on = On.of(None, now)
    week = figures.week_so_far(on.today)
    steps = first_steps()
    return {
        **context,
        "title": _("This week"),
        "figures": [*money_figures(on, week), *people_figures(on, week), *message_figures(on), effect_figure(on)],
        "chart": chart(on),
        "steps": steps if not all(step.done or step.may_wait for step in steps) else [],
        "steps_done": sum(step.done for step in steps),
        "since": week.since,
        "today": on.today,
        "is_empty": not Client.objects.exists(),
    }


def money_figures(on: On, week: figures.Days) -> list[Figure]:
    currency = salon_currency()
    paid, before, year = (figures.turnover(days) for days in (week, week.back(figures.WEEK), week.back(figures.YEAR)))
    rate, rate_before = (figures.rebooking_rate(on, days) for days in (week, week.back(figures.WEEK)))
    return [
        Figure(
            title=_("Turnover"),
            value=shown_money(paid, currency),
            note=compared(paid, before, year),
            tone=tone_of(paid, before),
            meaning=_(
                "Money paid since Monday, less refunds and without tax. Points and vouchers are no money. "
                "Compared with the same weekdays of last week and of a year ago."
            ),
            url=f"{reverse('admin:crm_sale_changelist')}?on__gte={week.since}&on__lt={week.until}",
            link=_("The receipts"),
        ),
        Figure(
            title=_("Rebooked on the spot"),
            value=percent(rate),
            note=_("last week %(rate)s") % {"rate": percent(rate_before)},
            tone=tone_of(rate, rate_before),
            meaning=_(
                "Of the clients who were here on a day, how many left with an appointment for a later day. "
                "Figures of a day are frozen at its end."
            ),
            url=reverse("admin:crm_dayclose_changelist"),
            link=_("Day by day"),
        ),
    ]


def people_figures(on: On, week: figures.Days) -> list[Figure]:
    last_week = week.back(figures.WEEK)
    came, came_before = figures.visit_days(week), figures.visit_days(last_week)
    lapsed, complaints, scored = figures.lapsed_count(on), figures.complaints(week), figures.scores(last_week)
    clients = reverse("admin:crm_client_changelist")
    return [
        Figure(
            title=_("Visits"),
            value=came,
            note=_("last week %(count)s; new this week %(new)s")
            % {"count": came_before, "new": figures.first_visits(week)},
            tone=tone_of(came, came_before),
            meaning=_("A client on a day is one visit, whatever she had done. New: her first day ever."),
            url=f"{reverse('admin:crm_visit_changelist')}?on__gte={week.since}&on__lt={week.until}",
            link=_("Who came"),
        ),
        Figure(
            title=_("Booked for the next 7 days"),
            value=figures.booked_ahead(on),
            note=_("from this moment on"),
            meaning=_("Appointments that are booked or confirmed and still ahead."),
            url=f"{reverse('admin:crm_appointment_changelist')}?on__gte={on.today}&on__lt={on.today + timedelta(days=7)}",
            link=_("The appointments"),
        ),
        misses_figure(on),
        Figure(
            title=_("Lapsed"),
            value=lapsed,
            note=_("%(count)s became so this week") % {"count": figures.lapsed_in(week)},
            meaning=_(
                "Silent for longer than 2.5 of her own rhythms and at least 30 days past it, without an appointment, "
                "and not yet lost. Win-back invites her once."
            ),
            url=f"{clients}?rhythm=lapsed",
            link=_("Who they are"),
        ),
        Figure(
            title=_("Complaints open"),
            value=complaints["open"],
            note=_("%(count)s opened this week") % {"count": complaints["opened"]},
            tone="bad" if complaints["open"] else "",
            meaning=_("Not resolved yet. While one is open nothing is advertised to that client."),
            url=f"{reverse('admin:crm_complaint_changelist')}?open=1",
            link=_("Look at them"),
        ),
        Figure(
            title=_("Feedback"),
            value=number_words(round(Decimal(scored["mean"]), 1), language()) if scored["count"] else EMPTY,
            note=_("%(count)s answers about last week's visits") % {"count": scored["count"]},
            meaning=_("The mean of the scores from 0 to 10 that clients gave to their visits of last week."),
            url=reverse("admin:crm_feedback_changelist"),
            link=_("What they wrote"),
        ),
        fallouts_figure(on),
    ]


def misses_figure(on: On) -> Figure:
    """Chairs that were kept in vain in a month, beside the month before."""
    month = figures.Days(on.today - MONTH + DAY, on.today + DAY)
    now, before = figures.misses(month), figures.misses(month.back(MONTH))
    return Figure(
        title=_("Missed or cancelled late"),
        value=now["no_shows"] + now["late"],
        note=_("%(missed)s missed, %(late)s late in 30 days; %(before)s the 30 before")
        % {"missed": now["no_shows"], "late": now["late"], "before": before["no_shows"] + before["late"]},
        meaning=_(
            "Visits of the last 30 days to which nobody came, and those a client cancelled less than %(hours)s hours "
            "before. What the salon cancelled is not counted."
        )
        % {"hours": salon_settings().late_cancel_hours},
        url=f"{reverse('admin:crm_appointment_changelist')}?missed=any&on__gte={month.since}&on__lt={month.until}",
        link=_("Which visits"),
    )


def fallouts_figure(on: On) -> Figure:
    """Of the answers about a month's visits: whether it holds, beside the month before."""
    since, until = on.today - MONTH + DAY, on.today + DAY
    now, before = fallouts_between(since, until), fallouts_between(since - MONTH, since)
    share, share_before = (ratio(found["fell_out"], found["answers"]) for found in (now, before))
    return Figure(
        title=_("Something fell out"),
        value=percent(share),
        note=_("%(count)s answers in 30 days; %(rate)s the 30 before")
        % {"count": now["answers"], "rate": percent(share_before)},
        meaning=_("Of the clients who answered how it holds, how many said that something needs mending."),
        url=reverse("office:fallouts"),
        link=_("By master and product"),
    )


def message_figures(on: On) -> list[Figure]:
    since = on.now - timedelta(days=7)
    states = Message.objects.aggregate(
        sent=Count("pk", filter=Q(sent_at__gte=since)),
        before=Count("pk", filter=Q(sent_at__gte=since - timedelta(days=7), sent_at__lt=since)),
        waiting=Count("pk", filter=Q(state=Message.State.PLANNED)),
        stuck=Count("pk", filter=Q(state__in=[Message.State.FAILED, Message.State.UNKNOWN], send_at__gte=since)),
    )
    owed = PointsBalance.objects.aggregate(points=Sum("balance"))["points"] or 0
    worth = shown_money(Decimal(owed) * loyalty_settings().point_value, salon_currency())
    listed = reverse("admin:reminders_message_changelist")
    return [
        Figure(
            title=_("Messages sent"),
            value=states["sent"],
            note=_("%(stuck)s need you") % {"stuck": states["stuck"]}
            if states["stuck"]
            else _("%(before)s the 7 days before, %(waiting)s waiting")
            % {"before": states["before"], "waiting": states["waiting"]},
            tone="bad" if states["stuck"] else "",
            meaning=_("In the last 7 days, by mail, SMS and call. Failed ones and those of unknown fate need you."),
            url=f"{listed}?state__exact=failed" if states["stuck"] else listed,
            link=_("What was said"),
        ),
        *sms_figures(on),
        Figure(
            title=_("Points that clients hold"),
            value=number_words(owed, language()),
            note=_("worth %(sum)s at the checkout") % {"sum": worth},
            meaning=_("The sum of all balances: what the salon owes in benefits."),
            url=reverse("loyalty_watch"),
            link=_("Watch over the programme"),
        ),
    ]


def sms_figures(on: On) -> list[Figure]:
    """What SMS cost this month; nothing where they cost nothing and have no limit."""
    spent, limit = month_as_it_stands(on.today.replace(day=1))
    if not spent and not limit:
        return []
    currency = salon_currency()
    level = level_of(spent, limit, message_settings().sms_price)
    if level == 100:
        note = _("the limit is reached: questions and offers wait")
    elif limit:
        note = _("of %(limit)s") % {"limit": shown_money(limit, currency)}
    else:
        note = _("no limit")
    return [
        Figure(
            title=_("SMS this month"),
            value=shown_money(spent, currency),
            note=note,
            tone={100: "bad", 80: "careful"}.get(level, ""),
            meaning=_(
                "What SMS cost since the first of the month, by your price of a part or by what the provider says. "
                "Messages about appointments go beyond the limit, the others wait."
            ),
            url=reverse("admin:reminders_messagesettings_changelist"),
            link=_("Price and limit"),
        )
    ]


def effect_figure(on: On) -> Figure:
    """What the offers of four months brought, those that can be judged; which of them lose money."""
    found = effects(since=on.now - EFFECT_OF, until=on.now, now=on.now, compared_only=True)
    judged = [each for each in found if each.verdict in (Verdict.GAINING, Verdict.UNCLEAR, Verdict.LOSING)]
    losing = [each.title or kind_words(each.series.kind) for each in judged if each.verdict == Verdict.LOSING]
    if losing:
        note = _("loses money: %(names)s") % {"names": ", ".join(losing)}
    elif judged:
        note = _("of offers compared: %(count)s") % {"count": len(judged)}
    else:
        note = _("nothing to compare yet") if not found else _("too few to say yet")
    return Figure(
        title=_("What offers brought"),
        value=sum_of(sum((each.net or Decimal(0) for each in judged), Decimal(0)), salon_currency())
        if judged
        else EMPTY,
        note=note,
        tone="bad" if losing else "",
        meaning=_(
            "Of invitations, win-backs and campaigns of the last 120 days: what those who got them left more than "
            "those who were held back by chance, less all costs."
        ),
        url=reverse("effects"),
        link=_("Each with its verdict"),
    )


def chart(on: On) -> dict[str, Any]:
    """This week's turnover by day beside last week's, as bars of at most HEIGHT."""
    monday = on.today - timedelta(days=on.today.weekday())
    now, before = figures.turnover_by_day(monday), figures.turnover_by_day(monday - figures.WEEK)
    currency, top = salon_currency(), max([*now, *before, Decimal(1)])
    bars = []
    for number, (this, last) in enumerate(zip(now, before, strict=True)):
        day = monday + timedelta(days=number)
        tall, low = (max(2, round(HEIGHT * amount / top)) if amount > 0 else 0 for amount in (this, last))
        bars.append(
            {
                "day": WEEKDAYS_ABBR[number],
                "is_today": day == on.today,
                "is_ahead": day > on.today,
                "this": shown_money(this, currency),
                "last": shown_money(last, currency),
                "height": tall,
                "y": HEIGHT - tall,
                "last_height": low,
                "last_y": HEIGHT - low,
            }
        )
    return {"bars": bars, "height": HEIGHT, "any": any([*now, *before])}


def language() -> str:
    """The reader's."""
    return get_language() or "en"


def percent(share: float | None) -> str:
    return EMPTY if share is None else percent_words(round(share * 100), language())


def compared(value: Decimal, before: Decimal, year: Decimal) -> str:
    parts = []
    if before:
        parts.append(gettext("%(change)s on last week") % {"change": change(value, before)})
    if year:
        parts.append(gettext("%(change)s on a year ago") % {"change": change(value, year)})
    return ", ".join(parts) or gettext("nothing yet to compare with")


def change(value: Decimal, before: Decimal) -> str:
    """Signed percent, with a real minus; nought without a sign."""
    percents = round((value - before) / before * 100)
    sign = "+" if percents > 0 else "−" if percents else ""
    return sign + percent_words(abs(percents), language())


def tone_of(value: Any, before: Any) -> str:
    if not before or value is None or value == before:
        return ""
    return "good" if value > before else "careful"
