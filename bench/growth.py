"""What grows with a server's past: `python -m bench.growth [--votes N ...] [--folder DIR] [--no-tools]`.

For each number of votes a database is made, five votes on each battle between 50 models, in the folder, where
one that is there already is used again. On a copy of it everything is called that looks into the past: by the
commands, as their cogs call it, and by the command line, a process of its own each; `--no-tools` leaves these
out. Of a call the fastest of up to three counts; of one that changes something, each is on another battle or
member, and `/unvoid` and `/votes include` undo what was done before. `busiest voter` has a vote in every
fifth battle.

`SQL` is the time in the connections' threads, `hold` the longest time that one callback kept the event loop,
`peak` the most memory beyond what the process had before; of a process, all that it had. The exponent is that
by which the processor time (`CPU`, which a busy machine prolongs the least) grows with the votes, from the
second largest number to the largest: 1 where it grows as they do, 0 where it does not. Nothing may be above
1, nothing that a member can cause above 0.5; of what takes less than ten milliseconds, nothing is said. Linux
alone tells the memory.
"""

from __future__ import annotations

import argparse
import asyncio
import math
import shutil
import subprocess
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, NamedTuple

import msgspec

from bench.setup.growth.calls import CALLS, GUILD, MEMBER, Who
from bench.setup.growth.measured import Cost, processor_time
from bench.setup.growth.process import MODELS
from bench.setup.past import write_past
from bench.setup.table import print_setting, print_table
from bot.exports.formats import Format

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

VOTES = (10_000, 100_000, 1_000_000)
MOST = {Who.MEMBER: 0.5, Who.MODERATOR: 1.0, Who.OPERATOR: 1.0}
TOLERANCE = 0.1
"""Of an exponent: machines and their caches are not that exact."""

LEAST_SECONDS = 0.01
# Runs the command line, then says how much memory it took at most.
PROGRAM = """
import sys
from bot.cli.main import main
main(sys.argv[1:])
(line,) = [line for line in open("/proc/self/status") if line.startswith("VmHWM")]
print(line.split()[1])
"""


class Line(NamedTuple):
    """A thing that can be done, with what it cost at each number of votes."""

    name: str
    who: Who
    costs: list[Cost]

    def exponent(self, votes: Sequence[int]) -> float | None:
        """Return the slope between the two largest, `None` where there is one or both took no time."""
        if len(votes) == 1 or self.costs[-1].processor < LEAST_SECONDS:
            return None
        before, after = (max(cost.processor, LEAST_SECONDS) for cost in self.costs[-2:])
        return math.log(after / before) / math.log(votes[-1] / votes[-2])

    def is_too_steep(self, votes: Sequence[int]) -> bool:
        exponent = self.exponent(votes)
        return exponent is not None and exponent > MOST[self.who] + TOLERANCE


def tools(folder: Path) -> Iterator[tuple[str, list[str]]]:
    """Yield what an operator can type, by a name."""
    out = ["--out", str(folder / "out"), "--force"]
    for format_ in Format:
        yield f"arena-bot export {format_}", ["export", "--guild", str(GUILD), "--format", format_, *out]
    yield "arena-bot member-data", ["member-data", "--guild", str(GUILD), "--member", str(MEMBER), *out]
    yield "arena-bot backup", ["backup", str(folder / "backup.sqlite3")]
    yield "arena-bot recompute", ["recompute"]


def _run(folder: Path, words: Sequence[str]) -> Cost:
    """Run the command line in a process of its own."""
    begun, worked = time.perf_counter(), processor_time()
    done = subprocess.run(  # noqa: S603 - our own program
        [sys.executable, "-c", PROGRAM, *words, "--config", str(folder / "config.toml")],
        check=True,
        stdout=subprocess.PIPE,
        text=True,
    )
    peak = int(done.stdout.splitlines()[-1]) / 1024
    return Cost(time.perf_counter() - begun, processor_time() - worked, None, None, peak)


def _made(kept: Path, votes: int) -> Path:
    """Return the database of so many votes, made now unless it is there."""
    path = kept / f"past-{votes}.sqlite3"
    if not path.exists():
        part = path.with_suffix(".part")
        part.unlink(missing_ok=True)
        asyncio.run(write_past(part, GUILD, models=MODELS, votes=votes))
        part.replace(path)
    return path


def costs_at(votes: int, kept: Path, *, with_tools: bool) -> dict[str, Cost]:
    with TemporaryDirectory() as name:
        folder = Path(name)
        database = folder / "arena.sqlite3"
        (folder / "config.toml").write_text(f'[storage]\npath = "{database}"\n', encoding="utf-8")
        shutil.copy(_made(kept, votes), database)
        found = {named: _run(folder, words) for named, words in tools(folder)} if with_tools else {}
        process = [sys.executable, "-m", "bench.setup.growth.process", str(database)]
        said = subprocess.run(process, check=True, stdout=subprocess.PIPE).stdout  # noqa: S603 - our own program
        return found | msgspec.json.decode(said, type=dict[str, Cost])


def _in_ms(seconds: float | None) -> str:
    return "" if seconds is None else f"{1000 * seconds:,.0f}"


def rows_of(line: Line, votes: Sequence[int]) -> list[list[str]]:
    """Return the rows of a thing, one for each number of votes; the last one tells the exponent."""
    rows: list[list[str]] = []
    for number, cost in zip(votes, line.costs, strict=True):
        times = (cost.seconds, cost.processor, cost.sql, cost.hold)
        figures = [*map(_in_ms, times), f"{cost.peak:.0f}"]
        rows.append(["", "", f"{number:,}", *figures, "", ""])
    exponent = line.exponent(votes)
    rows[0][:2] = [line.name, line.who]
    rows[-1][-2:] = [
        "" if exponent is None else f"{exponent:.2f}",
        "TOO STEEP" if line.is_too_steep(votes) else "",
    ]
    return rows


def main(votes: Sequence[int], kept: Path, *, with_tools: bool) -> bool:
    votes = sorted(votes)
    print_setting(f"{', '.join(f'{each:,}' for each in votes)} votes on {MODELS} models")
    kept.mkdir(parents=True, exist_ok=True)
    found = [costs_at(each, kept, with_tools=with_tools) for each in votes]
    who = {call.name: call.who for call in CALLS}
    lines = [Line(name, who.get(name, Who.OPERATOR), [costs[name] for costs in found]) for name in found[0]]
    lines.sort(key=lambda line: list(Who).index(line.who))
    head = ["", "who", "votes", "ms", "CPU ms", "SQL ms", "hold ms", "peak MiB", "exponent", ""]
    print_table(head, [row for line in lines for row in rows_of(line, votes)])
    steep = [line.name for line in lines if line.is_too_steep(votes)]
    print(f"Grows too fast: {', '.join(steep) or 'nothing'}.")
    return not steep


if __name__ == "__main__":
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--votes", type=int, nargs="+", default=VOTES)
    parser.add_argument("--folder", type=Path, help="where the databases are kept")
    parser.add_argument("--no-tools", action="store_true", help="leave the command line out")
    given = parser.parse_args()
    with TemporaryDirectory() as temporary:
        main(given.votes, given.folder or Path(temporary), with_tools=not given.no_tools)
