"""`arena-bot rotate-keys`: what old keys sealed is sealed with the first of ARENA_SECRET_KEYS."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from bot.errors import ArenaError, StartupError, StorageError
from bot.storage import models
from bot.storage.database import open_database
from bot.storage.process_lock import process_lock

if TYPE_CHECKING:
    from pathlib import Path

    from bot.arena.models.keyring import Keyring


async def rotate(path: Path, keyring: Keyring) -> int:
    """Seal all credentials anew, or none; returns how many there are."""
    if not keyring.can_seal:
        raise StartupError("ARENA_SECRET_KEYS is not set: put the new key first, the old ones behind it")
    try:
        with process_lock(path, "rotate-keys"):
            return await _rotate(path, keyring)
    except ArenaError as exc:
        raise StartupError(f"{exc} Nothing was changed.") from exc
    except StorageError as exc:
        raise StartupError(f"database {path}: {exc}") from exc


async def _rotate(path: Path, keyring: Keyring) -> int:
    async with open_database(path) as database, database.write() as connection:
        sealed = await models.with_credentials(connection)
        for model in sealed:
            await models.save(connection, replace(model, sealed=keyring.rotate(model.sealed or "")))
    return len(sealed)
