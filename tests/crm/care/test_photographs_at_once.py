"""She says no while a photograph of hers is being kept: it goes too (practices.md, P54)."""

from threading import Event

import pytest
from django.db.models import QuerySet

from crm.care.models import WorkPhotograph
from crm.care.services import answer_about_photographs, keep_photographs, photographs
from crm.people.pictures import clean_picture
from tests.crm.people.test_pictures import photograph
from tests.factories import NOW, make_cast
from tests.loyalty.crowd import all_at_once

pytestmark = [pytest.mark.race, pytest.mark.postgres, pytest.mark.django_db(transaction=True)]
# long enough for a no that nobody holds up
A_MOMENT = 0.5


def left_after_both(monkeypatch, cast, *, moment: float) -> int:
    """How many photographs are there once one has been kept and the no been said, the no in the midst of it.

    `moment` is how many seconds the keeping waits there for the no to be through.
    """
    asked, answered = Event(), Event()
    picture, fresh = clean_picture(photograph()), photographs._fresh

    def while_she_says_no(*args, **named):
        asked.set()
        answered.wait(moment)
        return fresh(*args, **named)

    def one_of_both(number):
        if number == 0:
            keep_photographs(
                client=cast.vera, branch=cast.branch, pictures=[picture], moment="after", now=NOW, user=cast.owner
            )
        else:
            asked.wait(10)
            answer_about_photographs(client=cast.vera, purpose="kept", is_given=False, where="link", now=NOW)
            answered.set()

    answer_about_photographs(client=cast.vera, purpose="kept", is_given=True, where="desk", now=NOW)
    monkeypatch.setattr(photographs, "_fresh", while_she_says_no)
    assert all_at_once(one_of_both, many=2) == [None, None]
    return WorkPhotograph.objects.count()


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


def test_what_is_kept_while_she_says_no_goes_too(monkeypatch):
    assert left_after_both(monkeypatch, make_cast(), moment=A_MOMENT) == 0


def test_control_where_nobody_is_waited_for_it_stays(monkeypatch):
    cast = make_cast()
    monkeypatch.setattr(QuerySet, "select_for_update", lambda rows, **_how: rows.all())
    assert left_after_both(monkeypatch, cast, moment=10) == 1
