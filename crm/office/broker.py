"""The embedded broker keeps every row that it has delivered; somebody has to throw them away (libraries.md, Brokers)."""

from sqlalchemy import create_engine, inspect, text

EMBEDDED = "sqla+"


def purge_delivered(url: str) -> int:
    """Removes what was delivered; returns how many rows. Another kind of broker keeps none."""
    if not url.startswith(EMBEDDED):
        return 0
    engine = create_engine(url.removeprefix(EMBEDDED))
    try:
        if not inspect(engine).has_table("kombu_message"):
            return 0
        with engine.begin() as connection:
            return connection.execute(text("DELETE FROM kombu_message WHERE NOT visible")).rowcount
    finally:
        engine.dispose()
