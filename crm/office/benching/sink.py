"""A mail server that takes everything, in a process of its own: `python -m crm.office.benching.sink FILE`.

Prints its port. Each letter is kept in FILE, its length on a line before it.
"""

import socketserver
import sys
import threading
from pathlib import Path

KEEPING = threading.Lock()


class Conversation(socketserver.StreamRequestHandler):
    """Answers 250 to whatever a client of SMTP says."""

    # three answers to one envelope are three packets: the second would wait 40 ms for the client's word on the first
    disable_nagle_algorithm = True

    def handle(self) -> None:
        self._say("220 sink")
        for line in self.rfile:
            verb = line[:4].upper()
            if verb == b"DATA":
                self._say("354 go on")
                self._take()
            elif verb == b"EHLO":
                # as the mail servers of this world do
                self._say("250-sink\r\n250 PIPELINING")
                continue
            elif verb == b"QUIT":
                self._say("221 bye")
                return
            self._say("250 taken")

    def _take(self) -> None:
        letter = bytearray()
        for line in self.rfile:
            if line == b".\r\n":
                break
            letter += line
        with KEEPING, Path(sys.argv[1]).open("ab") as kept:
            kept.write(b"%d\n" % len(letter) + letter)

    def _say(self, words: str) -> None:
        self.wfile.write(f"{words}\r\n".encode())


class Sink(socketserver.ThreadingTCPServer):
    daemon_threads = True


def letters(kept: Path) -> list[bytes]:
    """What was taken so far."""
    found = []
    with kept.open("rb") as file:
        # one by one: cutting each off the whole would copy all of it as often as there are letters
        while length := file.readline():
            found.append(file.read(int(length)))
    return found


if __name__ == "__main__":
    with Sink(("127.0.0.1", 0), Conversation) as server:
        sys.stdout.write(f"{server.server_address[1]}\n")
        sys.stdout.flush()
        server.serve_forever()
