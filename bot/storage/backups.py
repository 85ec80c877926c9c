"""Copies of the database file: one made while the bot runs, and one put in its place."""

from __future__ import annotations

import os
import secrets
import shutil
import sqlite3
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from bot.errors import StartupError
from bot.storage.dialects import tells_of_damage
from bot.storage.migrations import newer_version
from bot.storage.process_lock import process_lock

if TYPE_CHECKING:
    from collections.abc import Generator
    from pathlib import Path

ENDINGS = ("-wal", "-shm")
"""Of the files that SQLite keeps beside a database that is open, or that nobody closed."""


def back_up(database: Path, target: Path, *, force: bool) -> int:
    """Copy the database as it is at one moment, check the copy, and return its bytes; the bot may run."""
    if target.resolve() == database.resolve():
        raise StartupError(f"{target} is the database itself")
    if target.exists() and not force:
        raise StartupError(f"{target} is there already; --force replaces it")
    with _told(target), _part_of(target) as part:
        _copy(database, part)
        _check(part, database)
        part.replace(target)
        _flush_folder(target)
        return target.stat().st_size


def restore(backup: Path, database: Path) -> Path | None:
    """Put a copy of the backup in the place of the database; returns where that is now, if there was one."""
    with process_lock(database, "restore"), _told(database), _part_of(database.resolve()) as part:
        _copy(backup, part)
        _check(part, backup)
        kept = _keep(database.resolve())
        part.replace(database.resolve())
        _flush_folder(database.resolve())
    return kept


def _copy(source: Path, target: Path) -> None:
    """Copy all pages in one read, for which no writer waits, into a file that needs none beside it."""
    try:
        with (
            closing(sqlite3.connect(f"{source.resolve().as_uri()}?mode=rw", uri=True)) as old,
            closing(sqlite3.connect(target)) as new,
        ):
            old.execute("PRAGMA query_only = ON")
            old.backup(new)
            new.execute("PRAGMA journal_mode = DELETE")
    except sqlite3.Error as exc:
        damaged = " is damaged" if tells_of_damage(exc) else ""
        raise StartupError(f"{source}{damaged}: {exc}; nothing was changed") from exc


def _check(copy: Path, source: Path) -> None:
    """Refuse a copy that is damaged, or that is no database of this version of the bot or an earlier one."""
    try:
        with closing(sqlite3.connect(copy)) as connection:
            found = connection.execute("PRAGMA integrity_check(1)").fetchone()[0]
            if found != "ok":
                raise StartupError(f"{source} is damaged: {found}; nothing was changed")
            stored = {row[0] for row in connection.execute("select version_num from alembic_version")}
    except sqlite3.OperationalError as exc:
        raise StartupError(f"{source} is no database of arena-bot; nothing was changed") from exc
    except sqlite3.Error as exc:
        raise StartupError(f"{source} is damaged: {exc}; nothing was changed") from exc
    if newer := newer_version(stored):
        raise StartupError(f"{source} {newer}; nothing was changed")


def _keep(database: Path) -> Path | None:
    """Give the database a second name beside its own, under which it stays."""
    if not database.exists():
        return None
    kept = database.with_name(f"{database.name}.before-restore-{datetime.now(UTC):%Y%m%dT%H%M%SZ}")
    if kept.exists():
        raise StartupError(f"{kept} is there already; try again in a second")
    # It goes with a database that is damaged, and would spoil another one. SQLite may delete it unread.
    beside = [(_with_ending(database, ending), _with_ending(kept, ending)) for ending in ENDINGS]
    for file, copy in beside:
        if file.exists():
            shutil.copy2(file, copy)
    try:
        is_whole = _write_back(database)
    except StartupError:
        for _, copy in beside:
            copy.unlink(missing_ok=True)
        raise
    for file, copy in beside:
        (copy if is_whole else file).unlink(missing_ok=True)
    try:
        kept.hardlink_to(database)
    except OSError:  # some file systems know one name a file
        shutil.copy2(database, kept)
    return kept


def _with_ending(file: Path, ending: str) -> Path:
    return file.with_name(file.name + ending)


def _write_back(database: Path) -> bool:
    """Put into the database what lies beside it, which works only if no process has it open.

    Returns `False` where the database is damaged, which may be why another one takes its place.
    """
    try:
        with closing(sqlite3.connect(database, timeout=0)) as connection:
            connection.execute("PRAGMA journal_mode = DELETE")
    except sqlite3.DatabaseError as exc:
        if exc.sqlite_errorcode == sqlite3.SQLITE_BUSY:
            raise StartupError(f"database {database}: another process has it open; stop that first") from exc
        return False
    return True


@contextmanager
def _part_of(target: Path) -> Generator[Path]:
    """Give the name of a file in which the target comes into being."""
    part = target.with_name(f".{target.name}.{secrets.token_hex(4)}.part")
    try:
        yield part
    finally:
        for ending in ("", "-journal", *ENDINGS):
            _with_ending(part, ending).unlink(missing_ok=True)


@contextmanager
def _told(target: Path) -> Generator[None]:
    try:
        yield
    except OSError as exc:
        raise StartupError(f"{target}: {exc.strerror or exc}") from exc


def _flush_folder(file: Path) -> None:
    """Have the names in a folder survive a power cut, where the system offers that."""
    if hasattr(os, "O_DIRECTORY"):
        folder = os.open(file.parent, os.O_RDONLY | os.O_DIRECTORY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)
