"""Instants of the command line: what is wrong with one is said."""

import pytest
from django.core.management import CommandError, call_command

NEEDS_OFFSET = "an instant needs its offset, like 2026-03-09T00:00:00+01:00"
IS_NONE = "is no instant like 2026-03-09T00:00:00+01:00"


@pytest.mark.parametrize(("text", "words"), [("2026-03-09T00:00:00", NEEDS_OFFSET), ("tomorrow", IS_NONE)])
@pytest.mark.parametrize(
    "command", [("forecast", "--to=2026-03-10T00:00:00+01:00", "--from={}"), ("send_messages", "--now={}")]
)
def test_an_instant_that_cannot_be_read_is_refused_with_words(command, text, words):
    with pytest.raises(CommandError, match="argument") as refusal:
        call_command(*(part.format(text) for part in command))

    assert words in str(refusal.value)
