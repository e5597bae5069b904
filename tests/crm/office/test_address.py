"""Other commands write the same links as the salon that is open beside them."""

from pathlib import Path

from crm.office.address import keep_address, last_address
from crm.office.management.commands.run_salon import environment


def test_salon_on_another_port_tells_where_it_is(settings, monkeypatch, tmp_path):
    settings.ADDRESS_FILE = tmp_path / "address"
    monkeypatch.delenv("PUBLIC_URL")

    own = environment(port=8001)

    assert own["PUBLIC_URL"] == last_address(settings.ADDRESS_FILE) == "http://127.0.0.1:8001"
    assert environment(port=8000)["PUBLIC_URL"] == last_address(settings.ADDRESS_FILE) == "http://127.0.0.1:8000"


def test_address_that_the_owner_named_stays(settings, monkeypatch, tmp_path):
    settings.ADDRESS_FILE = tmp_path / "address"
    monkeypatch.setenv("PUBLIC_URL", "https://salon.example.test")

    assert environment(port=8001)["PUBLIC_URL"] == "https://salon.example.test"
    assert not settings.ADDRESS_FILE.exists()


def test_address_that_cannot_be_read_is_the_standard_one(tmp_path):
    path: Path = tmp_path / "address"

    assert last_address(path) == "http://127.0.0.1:8000"
    path.write_bytes(b"\xff")
    assert last_address(path) == "http://127.0.0.1:8000"
    keep_address(path, "http://127.0.0.1:8002")
    assert last_address(path) == "http://127.0.0.1:8002"
