"""Django's SMTP backend, only that it knows how far the conversation came, and does not wait where it need not."""

import re
import smtplib
import socket

from django.core.mail.backends import smtp

# the server has said "go ahead": what is written from now on may be delivered, answer or not
GO_AHEAD = 354
LEADING_DOT = re.compile(rb"(?m)^\.")


TAKEN = (250, 251)
CLOSING = 421


class _Staged:
    body_begun = False

    def _get_socket(self, host, port, timeout):  # type: ignore[no-untyped-def]
        found = super()._get_socket(host, port, timeout)  # type: ignore[misc]
        # the end of a letter does not wait for the server's word on its beginning
        found.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, True)
        return found

    def sendmail(self, from_addr, to_addrs, msg, *args, **kwargs):  # type: ignore[no-untyped-def]
        self.body_begun = False
        self.ehlo_or_helo_if_needed()  # type: ignore[attr-defined]
        if len(to_addrs) != 1 or not isinstance(msg, bytes) or args or kwargs or not self.has_extn("pipelining"):  # type: ignore[attr-defined]
            return super().sendmail(from_addr, to_addrs, msg, *args, **kwargs)  # type: ignore[misc]
        return self._in_one_go(from_addr, to_addrs[0], msg)

    def getreply(self):  # type: ignore[no-untyped-def]
        code, words = super().getreply()  # type: ignore[misc]
        if code == GO_AHEAD:
            self.body_begun = True
        return code, words

    def _in_one_go(self, sender: str, recipient: str, body: bytes) -> dict:
        """Sender, recipient and DATA in one packet where the server takes them so (RFC 2920), and then the body.

        Raises what `sendmail` raises. No body goes to a server that has refused one of the three.
        """
        size = f" size={len(body)}" if self.has_extn("size") else ""  # type: ignore[attr-defined]
        envelope = f"MAIL FROM:{smtplib.quoteaddr(sender)}{size}\r\nRCPT TO:{smtplib.quoteaddr(recipient)}\r\nDATA\r\n"
        self.send(envelope)  # type: ignore[attr-defined]
        from_code, from_words = self.getreply()
        to_code, to_words = self.getreply()
        code, words = self.getreply()
        is_refused = from_code != TAKEN[0] or to_code not in TAKEN
        if is_refused and code == GO_AHEAD:
            # nobody gets it: the letter that it waits for is ended before it begins
            self.body_begun = False
            self.send(b".\r\n")  # type: ignore[attr-defined]
            super().getreply()  # type: ignore[misc]
        if from_code != TAKEN[0]:
            self._start_over(from_code)
            raise smtplib.SMTPSenderRefused(from_code, from_words, sender)
        if to_code not in TAKEN:
            self._start_over(to_code)
            raise smtplib.SMTPRecipientsRefused({recipient: (to_code, to_words)})
        if code != GO_AHEAD:
            self._start_over(code)
            raise smtplib.SMTPDataError(code, words)
        self.send(b"%s.\r\n" % as_data(body))  # type: ignore[attr-defined]
        code, words = self.getreply()
        if code != TAKEN[0]:
            self._start_over(code)
            raise smtplib.SMTPDataError(code, words)
        return {}

    def _start_over(self, code: int) -> None:
        if code == CLOSING:
            self.close()  # type: ignore[attr-defined]
        else:
            self._rset()  # type: ignore[attr-defined]


def as_data(body: bytes) -> bytes:
    """None of its lines is a lone dot, which would end it; the last one ends as the others do."""
    lines = LEADING_DOT.sub(b"..", body)
    return lines if lines.endswith(b"\r\n") else lines + b"\r\n"


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
