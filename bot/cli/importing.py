"""`arena-bot import`: a file of votes that were cast elsewhere, with a bar that shows how far it is."""

from __future__ import annotations

import asyncio
import sys
import time
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn

from bot.cli.export import require_guild
from bot.errors import StartupError, StorageError
from bot.imports.files import open_source
from bot.imports.service import ImportProgress, Imports
from bot.logs import visible
from bot.storage import backups
from bot.storage.database import open_database

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Generator, Iterator

    from bot.imports.report import ImportReport
    from bot.imports.service import ImportOrder

LONGEST_SEASON = 80


@dataclass(frozen=True, slots=True)
class ImportTask:
    order: ImportOrder
    file: Path
    dry_run: bool
    """Import into a copy of the database that is deleted afterwards."""


async def import_(database_path: Path, task: ImportTask) -> ImportReport:
    """Import the file; what the operator must mend is a `StartupError`. The bot may run meanwhile."""
    if not 0 < len(task.order.season) <= LONGEST_SEASON:
        raise StartupError(f"--season: a name of 1 to {LONGEST_SEASON} characters")
    try:
        source = await asyncio.to_thread(open_source, task.file)
        async with _target(database_path, task) as path, open_database(path) as database:
            await require_guild(database, task.order.guild_id)
            # On standard error, where no program reads; where that is no terminal, nobody does.
            console = Console(stderr=True)
            columns = (TextColumn("{task.description}"), BarColumn(), TaskProgressColumn())
            with Progress(
                *columns, TimeRemainingColumn(), console=console, disable=not console.is_terminal
            ) as bar:
                shown = bar.add_task(task.order.format, total=source.size)
                progress = ImportProgress(_tell_refused, lambda read: bar.update(shown, completed=read))
                return await Imports(database, time.time).run(task.order, source, progress)
    except StorageError as exc:
        raise StartupError(f"database {database_path}: {exc}") from exc
    except OSError as exc:
        raise StartupError(f"{task.file}: {exc.strerror or exc}") from exc


@asynccontextmanager
async def _target(database_path: Path, task: ImportTask) -> AsyncGenerator[Path]:
    """Give the database, or for a dry run a copy beside it, where there is room for one."""
    if not task.dry_run:
        yield database_path
        return
    with _copy(database_path) as copy:
        yield copy


@contextmanager
def _copy(database_path: Path) -> Generator[Path]:
    with TemporaryDirectory(dir=database_path.resolve().parent, prefix=".arena-import-") as folder:
        copy = Path(folder) / database_path.name
        backups.back_up(database_path, copy, force=False)
        yield copy


def _tell_refused(number: int, reason: str) -> None:
    sys.stderr.write(f"row {number}: {visible(reason)}\n")


def summary(report: ImportReport, *, dry_run: bool) -> Iterator[str]:
    """Yield the lines of a table of what was done, or would be."""
    rows = [
        ("rows", report.rows),
        ("battles", report.battles),
        ("votes", report.votes),
        ("votes that were there", report.known_votes),
        ("models known here", len(report.known_models)),
        ("models added, retired", len(report.new_models)),
        ("rows refused", report.refused_rows),
        *((f"  {kind}", number) for kind, number in report.refused.most_common()),
    ]
    wide = max(len(name) for name, _ in rows)
    for name, number in rows:
        yield f"{name:{wide}}  {number:>9,}"
    for name in sorted(report.new_models):
        yield f"added: {visible(name)}"
    if dry_run:
        yield "this was a dry run: nothing was changed"
