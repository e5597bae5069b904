"""The doorbell: something was done that she will hear of, so the worker looks now and not at the next minute."""

import structlog
from celery import current_app
from django.db import transaction

log = structlog.get_logger(__name__)

# nobody at a desk waits for a broker that is away: the tick of the minute is the guarantee
AT_ONCE_OR_NOT = {"max_retries": 0, "socket_connect_timeout": 1}


def ring() -> None:
    """Rings once what was done is committed. No error if the broker is away, nor anything else to wait for."""
    transaction.on_commit(_ring)


def _ring() -> None:
    options = {**(current_app.conf.broker_transport_options or {}), **AT_ONCE_OR_NOT}
    try:
        with current_app.connection_for_write(transport_options=options) as connection:
            # by its name: tasks stand above services
            current_app.send_task("reminders.tick", connection=connection, retry=False)
    except Exception as error:
        log.warning("the doorbell is broken", why=f"{type(error).__name__}: {error}")
