"""All checks, in one command: `python -m tests`.

`--quick` leaves out the tests over the wire and in a browser; `--thorough` tries all random examples, not a
fifth of them. Further arguments go to pytest.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from tests.examples import THOROUGH

if TYPE_CHECKING:
    from collections.abc import Generator

ROOT = Path(__file__).parents[1]
OPTIONS = {
    "--quick": ("--ignore=tests/wire", "--ignore=tests/browser"),
    "--thorough": (f"--hypothesis-profile={THOROUGH}",),
}
PYTHON = (sys.executable, "-m")
LINT_IMPORTS = str(Path(sys.executable).with_name("lint-imports"))
LINTERS = (
    (*PYTHON, "ruff", "check", "."),
    (*PYTHON, "ruff", "format", "--check", "."),
    (LINT_IMPORTS, "--no-cache"),
)
TYPES = (*PYTHON, "basedpyright", "--pythonpath", sys.executable)
ROOMY = "--max-semi-space-size=32"
"""What the type checker runs on spends a fifth of its time on young garbage otherwise."""
WORKERS = (os.cpu_count() or 1) + 1
"""One more than cores: tests over the wire wait now and then, for time to pass or for other processes."""

PYTEST = (*PYTHON, "pytest", f"--numprocesses={WORKERS}", "--dist=worksteal", "--durations=10")


MEMORY = Path("/dev/shm")  # noqa: S108 - the folder in it has a name of its own
MEMORY_BYTES = 2 << 30
"""Far more than the tests write: some 200 MB, and a browser's profiles."""


def chosen_tests(arguments: list[str]) -> tuple[str, ...]:
    """Return the command that runs what the arguments ask for."""
    ours = [option for argument in arguments for option in OPTIONS.get(argument, ())]
    others = [argument for argument in arguments if argument not in OPTIONS]
    return (*PYTEST, *ours, *others)


def main() -> int:
    """Run the checks, and say how long all took; returns the status of the first that fails.

    Types are checked beside the tests, which leave a core idle at times; what was found is told after them.
    """
    begun = time.monotonic()
    # The tests start many processes, and each would compile all modules anew where that is forbidden.
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    os.environ.setdefault("NODE_OPTIONS", ROOMY)
    status = any(_run(linter) for linter in LINTERS)
    if not status:
        with _files_in_memory():
            status = _run_beside(TYPES, chosen_tests(sys.argv[1:]))
    minutes, seconds = divmod(round(time.monotonic() - begun), 60)
    print(f"{'failed after' if status else 'all green in'} {minutes} min {seconds} s")
    return int(status)


@contextmanager
def _files_in_memory() -> Generator[None]:
    """Where there is room, let what the tests write never reach a disk, for which databases would wait."""
    if not MEMORY.is_dir() or shutil.disk_usage(MEMORY).free < MEMORY_BYTES:
        yield
        return
    with TemporaryDirectory(prefix="arena-tests-", dir=MEMORY) as folder:
        os.environ["TMPDIR"] = folder
        yield


def _run(command: tuple[str, ...]) -> int:
    print("$", *command, flush=True)
    return subprocess.run(command, cwd=ROOT, check=False).returncode


def _run_beside(quiet: tuple[str, ...], shown: tuple[str, ...]) -> int:
    """Run two at once; the first one's output is shown when the other has ended."""
    with subprocess.Popen(quiet, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT) as beside:
        status = _run(shown)
        said, _ = beside.communicate()
    print("$", *quiet)
    print(said.decode(), flush=True)
    return status or beside.returncode


if __name__ == "__main__":
    sys.exit(main())
