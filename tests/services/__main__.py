"""Bring the services up, run one command with them, put them away."""

import argparse
import contextlib
import os
import signal
import subprocess
import sys
import time

from crm.office.supervision import with_its_parent
from tests.services.browser import browser
from tests.services.found import NotToBeHad
from tests.services.postgres import postgres
from tests.services.redis import redis


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.services", description=__doc__)
    parser.add_argument("--browser", action="store_true", help="a browser as well")
    parser.add_argument("command", nargs="+", help="what to run, after --")
    wanted = parser.parse_args()
    # an end asked for by make or by a person leaves through the `with` blocks below
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    environment = dict(os.environ)
    missing = []
    began = time.monotonic()
    with contextlib.ExitStack() as stack:
        try:
            environment["DATABASE_URL"] = stack.enter_context(postgres())
        except NotToBeHad as why:
            missing.append(str(why))
        try:
            environment["BROKER_URL"] = environment["REDIS_URL"] = stack.enter_context(redis())
        except NotToBeHad as why:
            missing.append(str(why))
        if wanted.browser:
            try:
                environment["BROWSER_PATH"] = str(browser())
            except NotToBeHad as why:
                missing.append(str(why))
        if missing:
            print("services: could not be brought up, so nothing was run:", file=sys.stderr)
            for why in missing:
                print(f"  - {why}", file=sys.stderr)
            return 1
        print(f"services: up in {time.monotonic() - began:.1f} s", file=sys.stderr, flush=True)
        return run(wanted.command, environment)


def run(command: list[str], environment: dict[str, str]) -> int:
    child = subprocess.Popen(command, env=environment, preexec_fn=with_its_parent(signal.SIGTERM))
    try:
        while True:
            try:
                return child.wait()
            except KeyboardInterrupt:
                continue  # the terminal told the child as well; its own words come first
    finally:
        if child.poll() is None:
            child.terminate()
            with contextlib.suppress(subprocess.TimeoutExpired):
                child.wait(timeout=10)
            child.kill()


if __name__ == "__main__":
    sys.exit(main())
