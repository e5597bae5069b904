"""The ground that the other tests stand on: parts and their lines, keys, and a machine that is not left."""

import socket
import stat
import textwrap

import pytest

from config.keys import keep_keys
from tests import parts
from tests.conftest import LeftTheMachine
from tests.poll import until


@pytest.fixture
def make(tmp_path, monkeypatch):
    """A `make` whose parts do as told."""
    program = tmp_path / "make"

    def does(script):
        program.write_text("#!/bin/sh\n" + textwrap.dedent(script))
        program.chmod(0o755)
        monkeypatch.setenv("MAKE", str(program))

    return does


def test_make_test_passes_when_every_part_does(make, capfd):
    make("exit 0")

    assert parts.main() == 0

    out = capfd.readouterr().out
    assert [line.split()[-1] for line in out.splitlines() if " min   " in line] == ["passed"] * 8
    assert out.endswith("make test: all of it passed\n")


def test_failed_part_lets_the_others_speak_and_fails_the_whole(make, capfd):
    make('[ "$2" != check ]')

    assert parts.main() == 1

    out = capfd.readouterr().out
    assert [line.split()[-1] for line in out.splitlines() if " min   " in line] == ["passed", "failed"] + ["passed"] * 6


def test_failed_install_ends_the_run(make, capfd):
    make("exit 2")

    assert parts.main() == 1

    assert capfd.readouterr().out.count("not run") == 7


def test_part_above_its_line_fails_though_it_passed(make):
    make("sleep 0.3")

    took, why = parts.run_part("quick", line=0.2 / 60)

    assert took > 0.2
    assert why.startswith("passed, but took longer")


def test_part_that_hangs_is_ended(make):
    make("exec sleep 60")

    took, why = parts.run_part("quick", line=0.1 / 60)

    assert took < 10
    assert why.startswith("still running")


def test_keys_are_made_once_and_for_their_owner_only(tmp_path):
    path = tmp_path / "var" / "keys.env"

    keep_keys(path)
    first = path.read_text()
    keep_keys(path)

    assert path.read_text() == first
    assert [line.partition("=")[0] for line in first.splitlines()] == ["SECRET_KEY", "FIELD_KEYS"]
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


@pytest.mark.parametrize("address", [("192.0.2.1", 80), ("10.0.0.1", 25), ("salon.example.test", 443)])
def test_no_test_reaches_another_machine(address):
    with socket.socket() as outgoing, pytest.raises(LeftTheMachine):
        outgoing.connect(address)


def test_no_test_looks_up_a_name_elsewhere():
    with pytest.raises(LeftTheMachine):
        socket.create_connection(("salon.example.test", 443))


def test_waiting_fails_with_the_state_it_saw():
    with pytest.raises(AssertionError, match=r"^waited 0.01 s for the second visit; last seen: \[\]$"):
        until(list, seconds=0.01, what="the second visit")
