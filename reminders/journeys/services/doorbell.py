"""The doorbell: something was done that she will hear of, so the worker looks now and not at the next minute."""

import structlog
from celery import current_app
from django.db import transaction

log = structlog.get_logger(__name__)

# nobody at a desk waits for a broker that is away: the tick of the minute is the guarantee
AT_ONCE_OR_NOT = {"max_retries": 0, "socket_connect_timeout": 1}
# seconds; by then the tick of the minute has rung, so that a worker that was away finds no heap of bells
EXPIRES = 60
# the embedded broker is a file, which is there at once and takes no such options
OVER_A_SOCKET = ("redis", "rediss")


def ring() -> None:
    """Rings once what was done is committed. No error if the broker is away, nor anything else to wait for."""
    transaction.on_commit(_ring)


def _ring() -> None:
    options = dict(current_app.conf.broker_transport_options or {})
    address = current_app.conf.broker_write_url or current_app.conf.broker_url
    if str(address).partition(":")[0] in OVER_A_SOCKET:
        options |= AT_ONCE_OR_NOT
    try:
        with current_app.connection_for_write(transport_options=options) as connection:
            # by its name: tasks stand above services
            current_app.send_task("reminders.tick", connection=connection, retry=False, expires=EXPIRES)
    except Exception as error:
        log.warning("the doorbell is broken", why=f"{type(error).__name__}: {error}")
