"""The steps that bring the tables of an older database up to date."""

from __future__ import annotations

from functools import cache
from importlib import resources
from typing import TYPE_CHECKING

from sqlalchemy import inspect, text

from bot.errors import StartupError

if TYPE_CHECKING:
    from collections.abc import Set as AbstractSet

    from sqlalchemy import Connection


def upgrade(connection: Connection) -> None:
    """Apply what is missing; a database written by a newer version is refused untouched."""
    stored = _stored(connection)
    if newer := newer_version(stored):
        raise StartupError(f"{newer}; install that version or restore a backup")
    if stored != {max(_revisions())}:
        _run_alembic(connection)


def newer_version(stored: AbstractSet[str]) -> str | None:
    """Say that a newer version wrote a database with these revisions; nothing where all are known."""
    unknown = ", ".join(sorted(stored - _revisions()))
    return f"was written by a newer version of arena-bot (schema {unknown})" if unknown else None


@cache
def _revisions() -> frozenset[str]:
    """Return those that there are: numbers that count up, with which the names of their files begin."""
    files = (resources.files(__name__) / "versions").iterdir()
    return frozenset(file.name.partition("_")[0] for file in files if file.name[0].isdigit())


def _stored(connection: Connection) -> set[str]:
    if not inspect(connection).has_table("alembic_version"):
        return set()
    return set(connection.scalars(text("select version_num from alembic_version")))


def _run_alembic(connection: Connection) -> None:
    from alembic import command  # noqa: PLC0415 - big, and most starts have nothing to migrate
    from alembic.config import Config  # noqa: PLC0415 - as above

    with resources.as_file(resources.files(__name__)) as folder:
        config = Config()
        config.set_main_option("script_location", str(folder).replace("%", "%%"))
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
