"""Who changes a master's time off."""

from django.http import HttpRequest
from django.shortcuts import get_object_or_404

from crm.desk.access import is_front_desk
from crm.team.models import Master, TimeOff, User
from crm.team.selectors import branches_of


def visible_master(request: HttpRequest, master_id: int) -> Master:
    """A master of a branch that this person may see; 404 else, as if there were none."""
    return get_object_or_404(
        Master.objects.select_related("branch"), pk=master_id, branch__in=branches_of(request.user)
    )


def visible_time_off(request: HttpRequest, time_off_id: int) -> TimeOff:
    return get_object_or_404(
        TimeOff.objects.select_related("master__branch"),
        pk=time_off_id,
        master__branch__in=branches_of(request.user),
    )


def may_change_time_off(user: User, master: Master) -> bool:
    """The reception and the owner everybody's, a master her own."""
    return is_front_desk(user) or master.user_id == user.pk
