"""Whether those who were asked for do it, and are there then: the right words where they are not."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta

from babel.lists import format_list
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from crm.booking.services.diary import Diary
from crm.booking.services.holding import Wish, is_within_hours
from crm.booking.services.intervals import minutes_of
from crm.booking.services.refusals import CannotDoService, NobodyThere
from crm.booking.services.slots import Slot, able_for_each, able_masters, does, plan_for
from crm.catalogue.models import Service
from crm.people.models import Client
from crm.team.models import Branch, Master, TimeOff
from crm.team.selectors import branch_day
from crm.team.wording import isolated, locale


def refuse_unable(
    *,
    branch: Branch,
    services: Sequence[Service],
    hands: Sequence[Master | None],
    known: Sequence[Master] | None = None,
) -> None:
    """Each does what she knows, in the branch where she works; None is whoever is able. Raises CannotDoService.

    `known` are the hands as they are locked; where all of them are able nobody else is asked for. Else one query.
    """
    if known and _all_able(branch, services, hands, {master.pk: master for master in known}):
        return
    for service, hand, able in zip(services, hands, able_for_each(branch=branch, services=services), strict=True):
        if not able or (hand is not None and hand not in able):
            raise CannotDoService(_cannot_words(service, hand, able))


def free_hand(
    *, branch: Branch, services: Sequence[Service], starts_at: datetime, client: Client | None, now: datetime
) -> Master | None:
    """Who is free to do all of it from this very minute on, be it beside the grid; the first by name."""
    plan = plan_for(client=client, services=services)
    for master in able_masters(branch=branch, services=services):
        wish = Wish(starts_at=starts_at, plan=plan, services=services, masters=[master] * len(services))
        if is_within_hours(branch=branch, wish=wish, now=now):
            return master
    return None


def _all_able(
    branch: Branch, services: Sequence[Service], hands: Sequence[Master | None], known: Mapping[int, Master]
) -> bool:
    return all(
        hand is not None
        and (master := known.get(hand.pk)) is not None
        and master.is_active
        and master.branch_id == branch.pk
        and does(master, service)
        for service, hand in zip(services, hands, strict=True)
    )


def refuse_absent(
    *,
    branch: Branch,
    services: Sequence[Service],
    hands: Sequence[Master | None],
    starts_at: datetime,
    client: Client | None,
    nearest: Callable[[], list[Slot]],
) -> None:
    """Raises NobodyThere where one of these, or for None everybody who is able, is off while the service is done."""
    able = able_for_each(branch=branch, services=services)
    plan = plan_for(client=client, services=services)
    hours = Diary(
        branch=branch,
        masters=list(dict.fromkeys(each for can in able for each in can)),
        from_day=branch_day(branch, starts_at),
        days=1,
    ).hours
    for service, hand, can, (begins, ends) in zip(services, hands, able, plan.spans(), strict=True):
        first, last = starts_at + timedelta(minutes=begins), starts_at + timedelta(minutes=ends)
        asked = [each.pk for each in ([hand] if hand else can)]
        off = set(
            TimeOff.objects.filter(master__in=asked, starts_at__lt=last, ends_at__gt=first).values_list(
                "master", flat=True
            )
        )
        window = minutes_of(first), minutes_of(last, up=True)
        if any(
            key not in off and any(opens <= window[0] and window[1] <= closes for opens, closes in hours.get(key, ()))
            for key in asked
        ):
            continue
        words = (
            _("%(name)s does not work then.") % {"name": isolated(hand.name)}
            if hand
            else _("Nobody who does %(service)s works then.") % {"service": isolated(service.name)}
        )
        raise NobodyThere(words, nearest)


def _cannot_words(service: Service, hand: Master | None, able: Sequence[Master]) -> str:
    """`Amina does not do Lashes; Lejla and Vera do.`"""
    if not able:
        return _("Nobody here does %(service)s.") % {"service": isolated(service.name)}
    if hand is None:
        return ""
    others = format_list([isolated(each.name) for each in able], locale=locale(get_language() or "en"))
    words = ngettext(
        "%(name)s does not do %(service)s; %(others)s does.",
        "%(name)s does not do %(service)s; %(others)s do.",
        len(able),
    )
    return words % {"name": isolated(hand.name), "service": isolated(service.name), "others": others}
