"""Django's SMTP backend, only that it knows how far the conversation came."""

import smtplib

from django.core.mail.backends import smtp

# the server has said "go ahead": what is written from now on may be delivered, answer or not
GO_AHEAD = 354


class _Staged:
    body_begun = False

    def sendmail(self, *args, **kwargs):  # type: ignore[no-untyped-def]
        self.body_begun = False
        return super().sendmail(*args, **kwargs)  # type: ignore[misc]

    def getreply(self):  # type: ignore[no-untyped-def]
        code, words = super().getreply()  # type: ignore[misc]
        if code == GO_AHEAD:
            self.body_begun = True
        return code, words


class StagedSMTP(_Staged, smtplib.SMTP):
    """After `body_begun` a broken connection leaves the fate of the letter unknown; before it, nothing has gone."""


class StagedSMTPS(_Staged, smtplib.SMTP_SSL):
    """The same over TLS from the first byte."""


class EmailBackend(smtp.EmailBackend):
    @property
    def connection_class(self) -> type[smtplib.SMTP]:
        return StagedSMTPS if self.use_ssl else StagedSMTP

    @property
    def body_begun(self) -> bool:
        return bool(getattr(self.connection, "body_begun", False))
