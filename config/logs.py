"""What goes into the log as an error and what does not."""

import logging

FORBIDDEN = 403


class WithoutTraceOfRefusals(logging.Filter):
    """Who may not see a page is told so: a line says it, and no trace, as nothing has gone wrong."""

    def filter(self, record: logging.LogRecord) -> bool:
        if getattr(record, "status_code", None) == FORBIDDEN:
            record.exc_info = record.exc_text = None
        return True
