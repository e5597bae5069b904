"""A holiday that follows the moon: corrected for its year, and greetings move along (practices.md, P20)."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from reminders.campaigns.models import Campaign, HolidayDay
from reminders.campaigns.selectors.holidays import corrected_day, corrections_among, foreseen_day, next_holiday
from reminders.consent.models import Channel
from reminders.journeys.models import Watch
from reminders.journeys.services.moons import NotThatDay, correct_holiday, forget_correction
from reminders.journeys.services.planning import plan_due
from reminders.journeys.services.releasing import release
from reminders.messages.models import Message
from tests.factories import NOW, make_branch, make_client
from tests.reminders.cast import make_campaign
from tests.reminders.salon_day import allow

pytestmark = pytest.mark.django_db

# by the tables; in 2030 two of them fall into one of our years
EID = date(2027, 3, 9)
DAY = timedelta(days=1)


@pytest.fixture
def salon():
    return make_branch()


def greeting(goes_on, **fields):
    return make_campaign(kind="holiday", holiday="eid_al_fitr", goes_on=goes_on, **fields)


def day_of(campaign):
    return Campaign.objects.get(pk=campaign.pk).goes_on


def test_correction_holds_for_its_own_year_only(salon):
    correct_holiday(holiday="eid_al_fitr", on=EID + DAY, now=NOW)
    corrected = corrections_among(HolidayDay.objects.all())["eid_al_fitr"]

    assert next_holiday("eid_al_fitr", after=date(2027, 1, 1), corrected=corrected, country="BA") == EID + DAY
    # the day before, by the tables it would be over
    assert next_holiday("eid_al_fitr", after=EID, corrected=corrected, country="BA") == EID + DAY
    assert next_holiday("eid_al_fitr", after=EID + DAY, corrected=corrected, country="BA") == date(2028, 2, 26)


def test_second_correction_takes_the_place_of_the_first(salon):
    correct_holiday(holiday="eid_al_fitr", on=EID + DAY, now=NOW)
    correct_holiday(holiday="eid_al_fitr", on=EID - DAY, now=NOW)

    assert list(HolidayDay.objects.values_list("holiday", "on")) == [("eid_al_fitr", EID - DAY)]


def test_day_that_no_moon_could_mean_is_refused(salon):
    with pytest.raises(NotThatDay):
        correct_holiday(holiday="eid_al_fitr", on=EID + 6 * DAY, now=NOW)
    assert (foreseen_day("eid_al_fitr", EID + 5 * DAY), corrected_day(EID, {EID + 6 * DAY})) == (EID, EID)


def test_greetings_keep_their_distance_and_go_back_when_it_is_forgotten(salon):
    eve, other_year = greeting(EID - DAY), greeting(date(2028, 2, 26))
    elsewhere = make_campaign(kind="holiday", holiday="new_year", goes_on=EID)

    moved = correct_holiday(holiday="eid_al_fitr", on=EID + DAY, now=NOW)

    assert moved == [eve]
    assert [day_of(each) for each in (eve, other_year, elsewhere)] == [EID, date(2028, 2, 26), EID]
    forget_correction(row=HolidayDay.objects.get(), now=NOW)
    assert day_of(eve) == EID - DAY


def test_released_greeting_goes_on_the_new_day_and_one_that_has_begun_stays(salon):
    guest = make_client(branch=salon, holidays="Bajram", email="guest@example.test")
    allow(guest, marketing_email=True)
    on = next_holiday("eid_al_fitr", after=NOW.date(), corrected=(), country="BA")
    campaign = greeting(on)
    release(campaign=campaign, user=None, now=NOW)
    goes_at = datetime.combine(on, time(11), ZoneInfo(salon.time_zone))

    correct_holiday(holiday="eid_al_fitr", on=on - DAY, now=NOW)
    assert Watch.objects.get(client=guest).look_at == goes_at - DAY
    plan_due(now=goes_at - DAY)

    assert Message.objects.get(client=guest).channel == Channel.EMAIL
    assert correct_holiday(holiday="eid_al_fitr", on=on + DAY, now=NOW) == []
    assert day_of(campaign) == on - DAY
