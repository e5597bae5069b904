"""What an owner or her helper asks when something is wrong: one line each, with what to do (contracts.md)."""

import smtplib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.core.cache import cache
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from kombu import Connection
from kombu.exceptions import OperationalError

from crm.team.heartbeat import is_alive, last_beat
from crm.team.selectors import salon_settings
from loyalty.points.append_only import missing_triggers
from reminders.consent.selectors import message_settings
from reminders.messages.models import Message

FRESH = timedelta(days=2)
STUCK = timedelta(minutes=15)
ASK_DNS = "SPF, DKIM and DMARC of the sender: doctor --dns --selector NAME"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing looked at: whether it is well, what was seen, and what to do if not."""

    name: str
    is_well: bool
    seen: str
    remedy: str = ""


def examine(*, now: datetime) -> list[Finding]:
    """Looks at everything; a check that itself breaks is a finding, not a crash."""
    checks: tuple[Callable[[datetime], Finding], ...] = (
        _database,
        _migrations,
        _ledger,
        _cache,
        _broker,
        _worker,
        _queue,
        _hold,
        _mail,
        _sms,
        _address,
        _backups,
    )
    return list(_each(checks, now))


def _each(checks: tuple[Callable[[datetime], Finding], ...], now: datetime) -> Iterator[Finding]:
    for check in checks:
        try:
            yield check(now)
        except (DatabaseError, OperationalError, OSError, ValueError) as error:
            name = check.__name__.strip("_")
            yield Finding(name, False, f"{type(error).__name__}: {error}", "Mend this first, then ask again.")


def _database(_now: datetime) -> Finding:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    where = connection.settings_dict["NAME"] if connection.vendor == "sqlite" else connection.settings_dict["HOST"]
    return Finding("database", True, f"{connection.vendor} {where}")


def _migrations(_now: datetime) -> Finding:
    executor = MigrationExecutor(connection)
    missing = executor.migration_plan(executor.loader.graph.leaf_nodes())
    if missing:
        return Finding("migrations", False, f"{len(missing)} not applied", "Run: manage.py migrate")
    return Finding("migrations", True, "all applied")


def _ledger(_now: datetime) -> Finding:
    missing = missing_triggers()
    if missing:
        return Finding("ledger", False, f"unguarded: {', '.join(missing)}", "Run: manage.py migrate (puts them back)")
    return Finding("ledger", True, "append-only triggers are in place")


def _cache(now: datetime) -> Finding:
    cache.set("doctor", now.isoformat(), 60)
    if cache.get("doctor") == now.isoformat():
        return Finding("cache", True, settings.CACHES["default"]["BACKEND"].rpartition(".")[2])
    return Finding("cache", False, "does not keep what it is given", "Run: manage.py migrate")


def _broker(_now: datetime) -> Finding:
    with Connection(settings.CELERY_BROKER_URL, connect_timeout=3) as broker:
        broker.ensure_connection(max_retries=1, timeout=3)
    return Finding("broker", True, settings.CELERY_BROKER_URL.partition(":")[0])


def _worker(now: datetime) -> Finding:
    beat = last_beat("worker")
    if is_alive("worker", now=now):
        return Finding("worker and clock", True, f"heard of at {beat:%Y-%m-%d %H:%M:%S}")
    seen = f"last heard of at {beat:%Y-%m-%d %H:%M}" if beat else "never heard of"
    return Finding("worker and clock", False, seen, "Start both: celery -A config worker, celery -A config beat")


def _queue(now: datetime) -> Finding:
    late = Message.objects.filter(state=Message.State.PLANNED, sent_with__isnull=True, send_at__lt=now - STUCK).count()
    given_up = Message.objects.filter(state__in=[Message.State.FAILED, Message.State.UNKNOWN]).count()
    seen = f"{late} waiting for more than 15 minutes, {given_up} failed or unknown"
    if late:
        return Finding("messages", False, seen, "Look at the worker and at mail and SMS below.")
    return Finding("messages", not given_up, seen, "Decide about them: admin, Messages" if given_up else "")


def _hold(_now: datetime) -> Finding:
    stopped = salon_settings().messages_paused_at
    if stopped is not None:
        return Finding("sending", False, f"stopped by the owner since {stopped:%Y-%m-%d %H:%M}", "Office, Sending")
    held = message_settings().held_at
    if held is None:
        return Finding("sending", True, "goes on")
    return Finding("sending", False, f"on hold since {held:%Y-%m-%d %H:%M}", "Release it: manage.py release_messages")


def _mail(_now: datetime) -> Finding:
    if not settings.EMAIL_BACKEND.endswith("smtp.EmailBackend"):
        return Finding("mail", True, f"{settings.EMAIL_BACKEND.rpartition('.')[0]}; {ASK_DNS}")
    host = getattr(settings, "EMAIL_HOST", "")
    if not settings.EMAIL_URL:
        return Finding("mail", False, "no EMAIL_URL", "Set EMAIL_URL, like smtp+tls://user:password@mail.example:587")
    with smtplib.SMTP(host, settings.EMAIL_PORT, timeout=5) as server:
        server.noop()
    return Finding("mail", True, f"{host}:{settings.EMAIL_PORT} answers; {ASK_DNS}")


def _sms(_now: datetime) -> Finding:
    if not settings.SMS_URL:
        return Finding("SMS", False, "no SMS_URL", "Set SMS_URL to a provider, or leave it: e-mail and calls are used.")
    return Finding("SMS", True, settings.SMS_URL.partition(":")[0])


def _address(_now: datetime) -> Finding:
    url = settings.PUBLIC_URL
    if settings.DEMO or url.startswith("https://"):
        return Finding("public address", True, url)
    return Finding("public address", False, url, "Set PUBLIC_URL to the https:// address that clients reach.")


def _backups(now: datetime) -> Finding:
    folder = Path(settings.VAR_DIR) / "backups"
    files = sorted(folder.glob("*.tar*"), key=lambda file: file.stat().st_mtime) if folder.is_dir() else []
    if not files:
        return Finding("backups", False, f"none in {folder}", "Run daily: manage.py backup var/backups/DATE.tar.gz")
    age = now - datetime.fromtimestamp(files[-1].stat().st_mtime, tz=now.tzinfo)
    seen = f"{files[-1].name}, {age.days} days old"
    return Finding("backups", age < FRESH, seen, "" if age < FRESH else "Run: manage.py backup")
