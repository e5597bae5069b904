"""The settings of processes that a test starts and kills: those of the tests, with providers to speak to."""

import os

from tests.settings import *  # noqa: F403

if port := os.environ.get("FAULTS_SMTP_PORT"):
    EMAIL_URL = f"smtp://127.0.0.1:{port}"
    EMAIL_HOST, EMAIL_PORT = "127.0.0.1", int(port)
if sms := os.environ.get("FAULTS_SMS_URL"):
    SMS_URL = sms
