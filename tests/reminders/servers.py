"""Real local servers at the network's edge: one that speaks SMTP, one that speaks HTTP."""

import asyncio
import json
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email import message_from_bytes, policy
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qsl, urlencode

from aiosmtpd.controller import Controller

from reminders.transports.sms.hook import Call

# when a provider called, where it does not matter
CALLED_AT = datetime(2026, 11, 18, 10, 0, tzinfo=UTC)


class PostOffice:
    """Takes letters; `rcpt`, `data` and `mail` say with which words it answers (none: it takes them)."""

    def __init__(self):
        self.letters = []
        self.conversations = 0
        self.mail = self.rcpt = self.data = None
        self.hangs_up_after_body = False
        # RFC 2920
        self.takes_all_at_once = False
        # seconds between taking a letter and saying so
        self.thinks = 0.0

    async def handle_EHLO(self, server, session, envelope, hostname, responses):
        self.conversations += 1
        session.host_name = hostname
        return ["250-PIPELINING", *responses] if self.takes_all_at_once else responses

    async def handle_MAIL(self, server, session, envelope, address, options):
        if self.mail:
            return self.mail
        envelope.mail_from = address
        return "250 OK"

    async def handle_RCPT(self, server, session, envelope, address, options):
        if self.rcpt:
            return self.rcpt
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        if self.data:
            return self.data
        self.letters.append(message_from_bytes(envelope.content, policy=policy.default))
        if self.thinks:
            await asyncio.sleep(self.thinks)
        if self.hangs_up_after_body:
            server.transport.close()
        return "250 OK"


@contextmanager
def post_office() -> Iterator[tuple[PostOffice, int]]:
    office = PostOffice()
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    server = Controller(office, hostname="127.0.0.1", port=port, server_hostname="test.localhost", ready_timeout=30)
    server.start()
    try:
        yield office, port
    finally:
        server.stop()


@dataclass
class Asked:
    """One request that reached the provider."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes

    @property
    def form(self) -> dict[str, str]:
        return dict(parse_qsl(self.body.decode()))


@dataclass
class SmsProvider:
    """Answers as it is told, and remembers what it was asked. `answers` maps a path to (status, headers, body)."""

    url: str = ""
    asked: list[Asked] = field(default_factory=list)
    answer: Callable[[Asked], tuple[int, dict[str, str], object]] = lambda asked: (200, {}, {})


@contextmanager
def sms_provider_server() -> Iterator[SmsProvider]:
    provider = SmsProvider()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            asked = Asked(self.command, self.path, dict(self.headers), body)
            provider.asked.append(asked)
            status, headers, said = provider.answer(asked)
            if status == 0:
                # gone without a word
                self.connection.shutdown(socket.SHUT_RDWR)
                return
            content = said if isinstance(said, bytes) else json.dumps(said).encode()
            self.send_response(status)
            for name, value in {**headers, "Content-Length": str(len(content))}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(content)

        do_GET = do_POST  # noqa: N815

        def log_message(self, *args):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    # who did not wait for an answer is no fault of the server's
    server.handle_error = lambda request, address: None
    provider.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield provider
    finally:
        server.shutdown()
        server.server_close()
        thread.join(timeout=5)


def called(url: str, *, form=None, content=None, headers=None, method: str = "POST", now: datetime = CALLED_AT) -> Call:
    """A provider's call at the hook, by a form or by JSON (`content`)."""
    body = b"" if method == "GET" else json.dumps(content).encode() if form is None else urlencode(form).encode()
    return Call(
        method=method,
        url=url,
        headers=headers or {},
        query=dict(parse_qsl(url.partition("?")[2])),
        form=form or {},
        body=body,
        now=now,
    )
