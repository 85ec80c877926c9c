"""Files that the command line writes: `export`, with a bar that shows how far it is, and `member-data`."""

from __future__ import annotations

import secrets
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from bot.errors import ArenaError, StartupError, StorageError
from bot.exports.member_data import FILE_NAME, MemberDataExports
from bot.exports.pseudonyms import SHORTEST_SALT
from bot.exports.service import Exports
from bot.storage import models
from bot.storage.database import open_database

if TYPE_CHECKING:
    from pathlib import Path

    from bot.domain.member_data import MemberKey
    from bot.exports.service import Order, WrittenExport
    from bot.storage.database import Database


@dataclass(frozen=True, slots=True)
class Destination:
    folder: Path
    force: bool
    """Replace a file that is there."""


async def export(database_path: Path, order: Order, destination: Destination) -> WrittenExport:
    """Write the file; what the operator must mend is a `StartupError`. The bot may run meanwhile."""
    if len(order.salt) < SHORTEST_SALT:
        raise StartupError(f"--salt: at least {SHORTEST_SALT} characters, or the ids could be guessed")
    path = _path(order.format.file_name, destination)
    try:
        async with open_database(database_path) as database:
            await require_guild(database, order.guild_id)
            return await _write(Exports(database), order, path)
    except ArenaError as exc:
        raise StartupError(str(exc)) from exc
    except StorageError as exc:
        raise StartupError(f"database {database_path}: {exc}") from exc
    except OSError as exc:
        raise StartupError(f"--out {destination.folder}: {exc.strerror or exc}") from exc


async def member_data(database_path: Path, member: MemberKey, destination: Destination) -> Path:
    """Write what is kept of a member, as `/privacy` does; returns the file."""
    path = _path(FILE_NAME, destination)
    part = path.with_name(f".{path.name}.{secrets.token_hex(4)}.part")
    try:
        async with open_database(database_path) as database:
            await require_guild(database, member.guild_id)
            await MemberDataExports(database, time.time).write(member, part)
        part.replace(path)
    except StorageError as exc:
        raise StartupError(f"database {database_path}: {exc}") from exc
    except OSError as exc:
        raise StartupError(f"--out {destination.folder}: {exc.strerror or exc}") from exc
    finally:
        part.unlink(missing_ok=True)
    return path


def _path(name: str, destination: Destination) -> Path:
    path = destination.folder / name
    try:
        destination.folder.mkdir(parents=True, exist_ok=True)
        taken = path.exists()
    except OSError as exc:
        raise StartupError(f"--out {destination.folder}: {exc.strerror or exc}") from exc
    if taken and not destination.force:
        raise StartupError(f"{path} is there already; --force replaces it")
    return path


async def require_guild(database: Database, guild_id: int) -> None:
    async with database.read() as connection:
        known = await models.guild_ids(connection)
    if guild_id not in known:
        listed = ", ".join(map(str, known)) or "none yet"
        raise StartupError(f"--guild {guild_id}: the bot knows no such guild; it knows {listed}")


async def _write(exports: Exports, order: Order, path: Path) -> WrittenExport:
    size = await exports.size(order)
    # On standard error, where no program reads; where that is no terminal, nobody does.
    console = Console(stderr=True)
    columns = (TextColumn(order.format), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console, disable=not console.is_terminal) as progress:
        task = progress.add_task("battles", total=size.battles)
        return await exports.write(order, path, tell=lambda count: progress.advance(task, count))
