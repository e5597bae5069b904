"""For the machine that watches: is the process up, and can it do its work."""

from collections.abc import Callable

from django.conf import settings
from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from kombu import Connection
from kombu.exceptions import KombuError

from crm.team.heartbeat import is_alive

WORKER = "worker"


@require_safe
@never_cache
def healthz(request: HttpRequest) -> HttpResponse:
    """The process is up."""
    return HttpResponse("ok", content_type="text/plain; charset=utf-8")


@require_safe
@never_cache
def readyz(request: HttpRequest) -> JsonResponse:
    """Database, broker and worker, each true or false; 503 if any is missing. It names no address."""
    parts = {"database": database_answers(), "broker": broker_answers()}
    parts["worker"] = parts["database"] and is_alive(WORKER, now=timezone.now())
    return JsonResponse(parts, status=200 if all(parts.values()) else 503)


def database_answers() -> bool:
    return _answers(_ask_database, DatabaseError)


def broker_answers() -> bool:
    return _answers(_ask_broker, (KombuError, OSError))


def _answers(ask: Callable[[], None], refusals: type[Exception] | tuple[type[Exception], ...]) -> bool:
    try:
        ask()
    except refusals:
        return False
    return True


def _ask_database() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")


def _ask_broker() -> None:
    with Connection(settings.CELERY_BROKER_URL, connect_timeout=2) as broker:
        broker.ensure_connection(max_retries=1, timeout=2)
