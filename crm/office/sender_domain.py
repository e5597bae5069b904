"""What the domain that mail comes from says of itself in DNS: SPF, DKIM and DMARC. Asked only when somebody asks."""

import re
import secrets
import socket
import struct
from collections.abc import Callable
from pathlib import Path

from django.conf import settings

from crm.office.doctor import Finding

TXT, IN = 16, 1
RECURSE = 0x0100
NO_SUCH_NAME = 3
SECONDS = 5.0
SERVERS = Path("/etc/resolv.conf")
NAMED = re.compile(r"^\s*nameserver\s+(\S+)", re.MULTILINE)
OFFLINE = "Ask again where there is a network, or look it up by hand: dig TXT %s"
SIGNED = (
    "Its signature has to cover List-Unsubscribe and List-Unsubscribe-Post: see h= in the source of a letter received."
)

Ask = Callable[[str], list[str]]


def sender_domain() -> str:
    """Of the address that mail comes from."""
    return settings.DEFAULT_FROM_EMAIL.rpartition("@")[2].strip("> ").lower()


def examine_sender(*, domain: str, selector: str, ask: Ask) -> list[Finding]:
    """One line each. `selector` is the name of the key that the mail provider signs with; empty: nobody said."""
    return [_spf(domain, ask), _dkim(domain, selector, ask), _dmarc(domain, ask)]


def _spf(domain: str, ask: Ask) -> Finding:
    found = _answer(domain, "v=spf1", ask)
    if isinstance(found, OSError):
        return Finding("SPF", False, f"{domain} could not be asked: {found}", OFFLINE % domain)
    if len(found) > 1:
        return Finding("SPF", False, f"{len(found)} records at {domain}", "Keep one: receivers take several for none.")
    if not found:
        return Finding("SPF", False, f"none at {domain}", 'Publish TXT "v=spf1 include:(your provider\'s) ~all".')
    if found[0].rstrip().endswith("+all"):
        return Finding("SPF", False, found[0], "End it with ~all or -all: +all lets everybody write in your name.")
    return Finding("SPF", True, found[0])


def _dkim(domain: str, selector: str, ask: Ask) -> Finding:
    if not selector:
        how = "Say its name, as the provider's page has it: doctor --dns --selector NAME."
        return Finding("DKIM", False, "the name of the provider's key is not known", f"{how} {SIGNED}")
    name = f"{selector}._domainkey.{domain}"
    found = _answer(name, "", ask)
    if isinstance(found, OSError):
        return Finding("DKIM", False, f"{name} could not be asked: {found}", OFFLINE % name)
    if not any(re.search(r"\bp=[A-Za-z0-9+/]", record) for record in found):
        return Finding("DKIM", False, f"no key at {name}", "Publish the record that the mail provider shows.")
    return Finding("DKIM", True, f"a key at {name}. {SIGNED}")


def _dmarc(domain: str, ask: Ask) -> Finding:
    name = f"_dmarc.{domain}"
    found = _answer(name, "v=DMARC1", ask)
    if isinstance(found, OSError):
        return Finding("DMARC", False, f"{name} could not be asked: {found}", OFFLINE % name)
    if not found:
        return Finding("DMARC", False, f"none at {name}", 'Publish TXT "v=DMARC1; p=none; rua=mailto:you@...".')
    return Finding("DMARC", True, found[0])


def _answer(name: str, begins: str, ask: Ask) -> list[str] | OSError:
    try:
        return [record for record in ask(name) if record.lower().startswith(begins.lower())]
    except OSError as error:
        return error


def txt_records(name: str, *, server: tuple[str, int] | None = None) -> list[str]:
    """The TXT records of a name by this machine's own resolver; OSError where it cannot be asked."""
    number = secrets.randbelow(1 << 16)
    asked = struct.pack("!6H", number, RECURSE, 1, 0, 0, 0) + _labels(name) + struct.pack("!2H", TXT, IN)
    with socket.create_connection(server or _server(), timeout=SECONDS) as line:
        line.settimeout(SECONDS)
        line.sendall(struct.pack("!H", len(asked)) + asked)
        with line.makefile("rb") as answers:
            (length,) = struct.unpack("!H", answers.read(2).ljust(2, b"\0"))
            answer = answers.read(length)
    try:
        return _records(answer, number)
    except (IndexError, struct.error):
        raise OSError("its answer cannot be read")


def _server() -> tuple[str, int]:
    named = NAMED.search(SERVERS.read_text())
    if named is None:
        raise OSError("this machine knows no name server")
    return named.group(1), 53


def _labels(name: str) -> bytes:
    parts = [part.encode("idna") for part in name.rstrip(".").split(".")]
    return b"".join(bytes([len(part)]) + part for part in parts) + b"\0"


def _records(answer: bytes, number: int) -> list[str]:
    """RFC 1035, 4.1: what is no TXT (an alias on the way) is passed over."""
    same, flags, questions, count, _authority, _further = struct.unpack_from("!6H", answer)
    if same != number:
        raise OSError("its answer is to another question")
    if flags & 0xF not in (0, NO_SUCH_NAME):
        raise OSError(f"the name server refuses ({flags & 0xF})")
    at = 12
    for _question in range(questions):
        at = _after_name(answer, at) + 4
    found = []
    for _record in range(count):
        at = _after_name(answer, at)
        kind, _class, _lives, length = struct.unpack_from("!2HIH", answer, at)
        at += 10
        if kind == TXT:
            found.append(_text(answer[at : at + length]))
        at += length
    return found


def _after_name(answer: bytes, at: int) -> int:
    while answer[at]:
        if answer[at] & 0xC0:
            # a pointer ends a name
            return at + 2
        at += answer[at] + 1
    return at + 1


def _text(record: bytes) -> str:
    """The pieces of one record, each with its length before it, as one."""
    pieces, at = [], 0
    while at < len(record):
        pieces.append(record[at + 1 : at + 1 + record[at]])
        at += record[at] + 1
    return b"".join(pieces).decode(errors="replace")
