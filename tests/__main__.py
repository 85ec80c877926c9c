"""All checks, in one command: `python -m tests`.

`--quick` leaves out the tests over the wire and in a browser; `--thorough` tries all random examples, not a
fifth of them. Further arguments go to pytest.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

from tests.examples import THOROUGH

ROOT = Path(__file__).parents[1]
OPTIONS = {
    "--quick": ("--ignore=tests/wire", "--ignore=tests/browser"),
    "--thorough": (f"--hypothesis-profile={THOROUGH}",),
}
PYTHON = (sys.executable, "-m")
LINT_IMPORTS = str(Path(sys.executable).with_name("lint-imports"))
PYTEST = (*PYTHON, "pytest", "--numprocesses=auto", "--dist=worksteal", "--durations=10")


def checks(arguments: list[str]) -> list[tuple[str, ...]]:
    """Return what is run, one after the other."""
    ours = [option for argument in arguments for option in OPTIONS.get(argument, ())]
    others = [argument for argument in arguments if argument not in OPTIONS]
    return [
        (*PYTHON, "ruff", "check", "."),
        (*PYTHON, "ruff", "format", "--check", "."),
        (*PYTHON, "basedpyright", "--pythonpath", sys.executable),
        (LINT_IMPORTS, "--no-cache"),
        (*PYTEST, *ours, *others),
    ]


def main() -> int:
    """Run the checks, and say how long all took; the first that fails ends the run with its status."""
    begun = time.monotonic()
    status = 0
    # The tests start many processes, and each would compile all modules anew where that is forbidden.
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    for check in checks(sys.argv[1:]):
        print("$", *check, flush=True)  # noqa: T201 - this is a command
        status = subprocess.run(check, cwd=ROOT, env=environment, check=False).returncode  # noqa: S603 - our own words
        if status:
            break
    minutes, seconds = divmod(round(time.monotonic() - begun), 60)
    print(f"{'failed after' if status else 'all green in'} {minutes} min {seconds} s")  # noqa: T201
    return status


if __name__ == "__main__":
    sys.exit(main())
