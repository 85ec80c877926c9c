"""What is said between the bot and a process that writes an export, each a line of JSON."""

from __future__ import annotations

from typing import TypeAlias

import msgspec


class ExportJob(msgspec.Struct, frozen=True):
    """The file to write, in a folder that holds nothing else; the salt is a secret."""

    database: str
    guild_id: int
    format: str
    salt: str
    path: str
    most_bytes: int


class WrittenFile(msgspec.Struct, frozen=True, tag="written"):
    battles: int
    rows: int


class RefusedExport(msgspec.Struct, frozen=True, tag="refused"):
    """An `ArenaError`."""

    template: str
    values: dict[str, str | int]


class DatabaseTrouble(msgspec.Struct, frozen=True, tag="database"):
    reason: str


class FileTrouble(msgspec.Struct, frozen=True, tag="file"):
    reason: str


Answer: TypeAlias = WrittenFile | RefusedExport | DatabaseTrouble | FileTrouble
