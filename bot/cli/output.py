"""What the command line prints."""

from __future__ import annotations

import sys


def say(text: str) -> None:
    """Write a line to stdout, for whoever reads there to have at once."""
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()
