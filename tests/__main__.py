"""All checks, in one command: `python -m tests`. Further arguments go to pytest."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]
CHECKS = (
    ("ruff", "check", "."),
    ("ruff", "format", "--check", "."),
    ("basedpyright", "--pythonpath", sys.executable),
    ("pytest", *sys.argv[1:]),
)


def main() -> int:
    """Run the checks one after the other; the first that fails ends the run with its status."""
    for check in CHECKS:
        print("$", *check, flush=True)  # noqa: T201 - this is a command
        status = subprocess.run([sys.executable, "-m", *check], cwd=ROOT, check=False).returncode  # noqa: S603 - our own words
        if status:
            return status
    return 0


if __name__ == "__main__":
    sys.exit(main())
