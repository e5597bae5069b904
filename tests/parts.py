"""`make test`: every part in turn, what each took, and the line it must stay under.

Runs on the bare Python of the machine, because the first part is the one that
installs everything else.
"""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
# minutes on two cores
LINES = {"install": 2, "check": 2, "quick": 5, "races": 7, "sqlite": 3, "browser": 6, "walks": 7, "migrations": 1}
# A part that hangs is ended at this many times its line, so that the others still speak.
PATIENCE = 3


def run_part(name: str, *, line: float) -> tuple[float, str]:
    """Run `make name`; gives the seconds it took and "" or why it failed."""
    began = time.monotonic()
    part = subprocess.Popen(
        [os.environ.get("MAKE", "make"), "--no-print-directory", name],
        cwd=ROOT,
        stdin=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        code = part.wait(timeout=line * 60 * PATIENCE)
        why = "" if code == 0 else "failed"
    except subprocess.TimeoutExpired:
        why = f"still running after {PATIENCE} times its line, ended"
        stop(part)
    except BaseException:
        stop(part)
        raise
    took = time.monotonic() - began
    if not why and took > line * 60:
        why = f"passed, but took longer than its {line} min"
    return took, why


def stop(part: subprocess.Popen[bytes]) -> None:
    """End a part with all it started; the launcher of services needs a moment to put them away."""
    for sign, seconds in ((signal.SIGTERM, 15), (signal.SIGKILL, 5)):
        try:
            os.killpg(part.pid, sign)
            part.wait(timeout=seconds)
        except ProcessLookupError:
            return
        except subprocess.TimeoutExpired:
            continue


def main() -> int:
    took: dict[str, tuple[float, str]] = {}
    for name, line in LINES.items():
        print(f"\n=== {name} (under {line} min) ===", flush=True)
        took[name] = run_part(name, line=line)
        if name == "install" and took[name][1] == "failed":
            break
    print("\npart         took     line   result")
    for name, (seconds, why) in took.items():
        print(f"{name:<10} {seconds:>5.0f} s  {LINES[name]:>3} min   {why or 'passed'}")
    for name in [name for name in LINES if name not in took]:
        print(f"{name:<10}     -    {LINES[name]:>3} min   not run")
    bad = any(why for _, why in took.values()) or len(took) < len(LINES)
    print("make test:", "FAILED" if bad else "all of it passed", flush=True)
    return 1 if bad else 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except KeyboardInterrupt:
        sys.exit(130)
