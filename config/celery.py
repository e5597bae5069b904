"""The worker and the clock: the whole beat schedule as one readable list.

The rows in the database are the truth; a task is only the doorbell. No task
carries state, none has a countdown, and every one may run twice.
"""

import os

from celery import Celery
from celery.schedules import crontab

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

app = Celery("regulars")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks(["crm", "crm.office", "loyalty", "reminders"])

# in seconds. A tick that nobody took before the next of its kind has nothing left to say: it expires then,
# so that a worker that was down for a night finds one tick of each and not a thousand
MINUTE, HOUR, DAY = 60, 3_600, 86_400

app.conf.beat_schedule = {
    # freed times are offered to who waits, what has become due is planned and sent; the guarantee behind every doorbell
    "plan and send messages": {"task": "reminders.tick", "schedule": MINUTE, "options": {"expires": MINUTE}},
    # senders that died, confirmations of parked rows
    "sweep messages": {"task": "reminders.sweep", "schedule": MINUTE, "options": {"expires": MINUTE}},
    # complaints whose first answer or solution is near its deadline, or late
    "tell of complaints": {
        "task": "reminders.tell_of_complaints",
        "schedule": MINUTE,
        "options": {"expires": MINUTE},
    },
    # SMS whose provider has no webhook
    "ask providers": {
        "task": "reminders.ask_providers",
        "schedule": 2 * MINUTE,
        "options": {"expires": 2 * MINUTE},
    },
    # the owner hears of 80 and of 100 percent of the month's limit
    "tell of spending": {
        "task": "reminders.tell_of_spending",
        "schedule": 5 * MINUTE,
        "options": {"expires": 5 * MINUTE},
    },
    # pending points, reservations, expiry
    "settle loyalty": {"task": "loyalty.settle", "schedule": crontab(minute="*/5"), "options": {"expires": 5 * MINUTE}},
    # each branch's day begins at an hour of its own
    "birthday points": {"task": "loyalty.birthdays", "schedule": crontab(minute=12), "options": {"expires": HOUR}},
    # yesterday's figures are frozen
    "close days": {"task": "crm.close_days", "schedule": crontab(minute=7), "options": {"expires": HOUR}},
    # uploaded files to look through or to take in; the guarantee behind the doorbell of the upload page
    "run imports": {"task": "office.run_imports", "schedule": MINUTE, "options": {"expires": MINUTE}},
    # looks at the days ahead; the guarantee behind the doorbell of the forecast page
    "work out forecasts": {
        "task": "office.work_out_forecasts",
        "schedule": MINUTE,
        "options": {"expires": MINUTE},
    },
    # what was written on a card just as it became a part of another one
    "gather strays": {"task": "office.gather_strays", "schedule": crontab(minute=27), "options": {"expires": HOUR}},
    # whose hour has passed has another next appointment, or none
    "let hours pass": {
        "task": "crm.refresh_passed",
        "schedule": crontab(minute="*/15"),
        "options": {"expires": 15 * MINUTE},
    },
    # visits that went past their list of steps
    "lay out steps": {
        "task": "crm.lay_out_steps",
        "schedule": crontab(minute="*/15"),
        "options": {"expires": 15 * MINUTE},
    },
    # breaks without a date and complaints that are over: a person calls
    "ask people": {"task": "reminders.ask_people", "schedule": crontab(hour=4, minute=40), "options": {"expires": DAY}},
    # campaigns of which nothing goes any more
    "finish campaigns": {
        "task": "reminders.finish_campaigns",
        "schedule": crontab(minute=22),
        "options": {"expires": HOUR},
    },
    # the owner's new figures move what is due
    "look again": {"task": "reminders.look_again", "schedule": crontab(hour=2, minute=50), "options": {"expires": DAY}},
    # rows that the embedded broker has delivered
    "purge broker": {"task": "crm.purge_broker", "schedule": crontab(hour=3, minute=20), "options": {"expires": DAY}},
}
