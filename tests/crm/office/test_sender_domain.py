"""SPF, DKIM and DMARC of the sender: a real name server on this machine, and what its answers come to."""

import socketserver
import struct
import threading

import pytest

from crm.office.sender_domain import examine_sender, txt_records

WELL = {
    "salon.test": ["google-site=1", "v=spf1 include:mail.test ~all"],
    "k1._domainkey.salon.test": ["v=DKIM1; k=rsa; p=MIGf"],
    "_dmarc.salon.test": ["v=DMARC1; p=none"],
}


@pytest.mark.parametrize(
    ("records", "selector", "well"),
    [
        (WELL, "k1", [True, True, True]),
        (WELL, "", [True, False, True]),
        ({}, "k1", [False, False, False]),
        ({**WELL, "salon.test": ["v=spf1 +all"]}, "k1", [False, True, True]),
        ({**WELL, "salon.test": ["v=spf1 -all", "v=spf1 ~all"]}, "k1", [False, True, True]),
        # a key that was withdrawn
        ({**WELL, "k1._domainkey.salon.test": ["v=DKIM1; p="]}, "k1", [True, False, True]),
    ],
    ids=["well", "no selector", "nothing", "everybody may", "two of them", "withdrawn"],
)
def test_each_record_is_well_or_says_what_to_do(records, selector, well):
    found = examine_sender(domain="salon.test", selector=selector, ask=lambda name: records.get(name, []))

    assert [finding.is_well for finding in found] == well
    assert all(finding.is_well or finding.remedy for finding in found)


def test_without_a_network_it_says_how_to_look_by_hand():
    def nobody(name):
        raise OSError("no route")

    found = examine_sender(domain="salon.test", selector="k1", ask=nobody)

    assert [finding.is_well for finding in found] == [False] * 3
    assert "dig TXT _dmarc.salon.test" in found[2].remedy


class NameServer(socketserver.StreamRequestHandler):
    """Knows one alias and a record in two pieces."""

    def handle(self):
        (length,) = struct.unpack("!H", self.rfile.read(2))
        asked = self.rfile.read(length)
        pointer = b"\xc0\x0c"
        text = b"\x06v=spf1\x05 ~all"
        alias = pointer + struct.pack("!2HIH", 5, 1, 60, 2) + pointer
        record = pointer + struct.pack("!2HIH", 16, 1, 60, len(text)) + text
        answer = asked[:2] + struct.pack("!5H", 0x8180, 1, 2, 0, 0) + asked[12:] + alias + record
        self.wfile.write(struct.pack("!H", len(answer)) + answer)


def test_records_are_read_from_a_name_server():
    with socketserver.TCPServer(("127.0.0.1", 0), NameServer) as server:
        threading.Thread(target=server.handle_request, daemon=True).start()

        found = txt_records("salon.test", server=server.server_address)

    assert found == ["v=spf1 ~all"]


def test_name_server_that_is_not_there_is_an_error_of_the_network():
    with pytest.raises(ConnectionRefusedError):
        txt_records("salon.test", server=("127.0.0.1", 1))
