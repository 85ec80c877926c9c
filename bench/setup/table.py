"""How the benchmarks print."""

from __future__ import annotations

import os
import platform
import sqlite3
import statistics
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence


def print_setting(about: str) -> None:
    """Say what is measured, and on what machine: the figures mean nothing without it."""
    load = os.getloadavg()[0]
    print(about)
    print(
        f"{os.cpu_count()} cores (load {load:.1f} at the start), {platform.system()} {platform.release()},"
        f" Python {platform.python_version()}, SQLite {sqlite3.sqlite_version}\n",
        flush=True,
    )


def print_table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """Print the rows under their heading, the first column flush left, the others flush right."""
    widths = [max(map(len, column)) for column in zip(head, *rows, strict=True)]
    rule = ["-" * width for width in widths]
    for first, *others in (head, rule, *rows):
        cells = (cell.rjust(width) for cell, width in zip(others, widths[1:], strict=True))
        print("  ".join([first.ljust(widths[0]), *cells]))
    print(flush=True)


def median_and_p95(values: Sequence[float]) -> tuple[float, float]:
    if len(values) == 1:  # quantiles takes two or more
        return values[0], values[0]
    return statistics.median(values), statistics.quantiles(values, n=20, method="inclusive")[-1]
