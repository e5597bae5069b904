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

app.conf.beat_schedule = {
    # what has become due is planned and sent; the guarantee behind every doorbell
    "plan and send messages": {"task": "reminders.tick", "schedule": 60.0},
    # senders that died, confirmations of parked rows
    "sweep messages": {"task": "reminders.sweep", "schedule": 60.0},
    # pending points, reservations, expiry
    "settle loyalty": {"task": "loyalty.settle", "schedule": crontab(minute="*/5")},
    # yesterday's figures are frozen
    "close days": {"task": "crm.close_days", "schedule": crontab(minute=7)},
    # uploaded files to look through or to take in; the guarantee behind the doorbell of the upload page
    "run imports": {"task": "office.run_imports", "schedule": 60.0},
    # whose hour has passed has another next appointment, or none
    "let hours pass": {"task": "crm.refresh_passed", "schedule": crontab(minute="*/15")},
    # breaks without a date and complaints that are over: a person calls
    "ask people": {"task": "reminders.ask_people", "schedule": crontab(hour=4, minute=40)},
    # the owner's new figures move what is due
    "look again": {"task": "reminders.look_again", "schedule": crontab(hour=2, minute=50)},
    # rows that the embedded broker has delivered
    "purge broker": {"task": "crm.purge_broker", "schedule": crontab(hour=3, minute=20)},
}
