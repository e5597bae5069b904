"""Links: bound to one purpose, over at a date, worthless when changed."""

from datetime import UTC, date, datetime

import pytest

from reminders.messages.tokens import (
    Door,
    Key,
    LinkBroken,
    LinkExpired,
    make_token,
    read_slot_code,
    read_token,
    slot_code,
    stop_subject,
    stopped_by,
)

TODAY = date(2026, 6, 10)


def test_token_says_what_it_was_made_of():
    token = make_token(door=Door.FEEDBACK, client_id=7, subject=12, today=TODAY)

    # 60 days
    assert read_token(token, today=TODAY) == Key(Door.FEEDBACK, 7, 12, date(2026, 8, 9))


def test_token_is_short_enough_for_an_sms_and_for_any_link_finder():
    token = make_token(door=Door.APPOINTMENT, client_id=1_000_000, subject=10_000_000, today=TODAY)

    assert len(token) <= 36
    assert token[-1].isalnum()
    assert set("-.") >= {letter for letter in token if not letter.isalnum()}


def test_token_opens_on_its_last_day_and_not_after():
    token = make_token(door=Door.HOME, client_id=7, today=TODAY, until=date(2026, 6, 11))

    assert read_token(token, today=date(2026, 6, 11)).client_id == 7
    with pytest.raises(LinkExpired):
        read_token(token, today=date(2026, 6, 12))


def test_token_changed_in_any_letter_is_broken():
    token = make_token(door=Door.OFFER, client_id=7, subject=12, today=TODAY)

    for place in range(len(token)):
        for other in ("A", "b", "0", "-", ".", "ж"):
            changed = token[:place] + other + token[place + 1 :]
            if changed != token:
                with pytest.raises(LinkBroken):
                    read_token(changed, today=TODAY)


def test_token_of_one_purpose_is_broken_for_every_other():
    for door in Door:
        token = make_token(door=door, client_id=7, subject=12, today=TODAY)
        for other in Door:
            if other != door:
                with pytest.raises(LinkBroken):
                    read_token(token, today=TODAY, door=other)
                with pytest.raises(LinkBroken):
                    read_token(other + token[1:], today=TODAY)


@pytest.mark.parametrize(
    "token", ["", "a", ".", "a.b", "a1-1-1.", "z1-1-1.x", "a" * 5000, "a1-1.x", "\x00", "a1-1-1-1.x"]
)
def test_token_that_is_none_is_broken(token):
    with pytest.raises(LinkBroken):
        read_token(token, today=TODAY)


def test_token_of_another_salon_is_broken(settings):
    token = make_token(door=Door.HOME, client_id=7, today=TODAY)
    settings.SECRET_KEY = "another-secret-key-of-another-salon"

    with pytest.raises(LinkBroken):
        read_token(token, today=TODAY)


def test_token_outlives_a_new_secret_that_knows_the_old_one(settings):
    token = make_token(door=Door.HOME, client_id=7, today=TODAY)
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "the-new-secret-key-of-the-salon"

    assert read_token(token, today=TODAY).client_id == 7


def test_slot_goes_through_an_address():
    at = datetime(2026, 6, 12, 8, 15, tzinfo=UTC)

    assert read_slot_code(slot_code(at, 42)) == (at, 42)
    for wrong in ("", "-", "a", "a-", "-a", "a-b-c", "zzzzzzzzz-1", "ж-1", "a_b-1", "1-999999999"):
        assert read_slot_code(wrong) is None


def test_every_stop_is_a_number_and_back():
    for purpose in ("care", "marketing", "service"):
        for channel in ("email", "sms"):
            assert stopped_by(stop_subject(purpose, channel)) == (purpose, channel)
    with pytest.raises(LinkBroken):
        stopped_by(0)
