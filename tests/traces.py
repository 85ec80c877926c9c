"""What a database file still knows, whatever table and column it stands in."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path


def traces(path: Path, text: str) -> list[str]:
    """Return the columns in which a text stands anywhere."""
    with closing(sqlite3.connect(path)) as connection:
        columns = [
            (table, column)
            for (table,) in connection.execute("select name from sqlite_master where type = 'table'")
            for _, column, *_ in connection.execute(f'pragma table_info("{table}")')
        ]
        return [
            f"{table}.{column}"
            for table, column in columns
            if connection.execute(
                f'select 1 from "{table}" where instr(cast("{column}" as text), ?) limit 1',  # noqa: S608
                (text,),
            ).fetchone()
        ]


def counts(path: Path) -> dict[str, int]:
    """Return how many rows each table has."""
    with closing(sqlite3.connect(path)) as connection:
        tables = connection.execute("select name from sqlite_master where type = 'table'").fetchall()
        return {
            table: connection.execute(f'select count(*) from "{table}"').fetchone()[0]  # noqa: S608
            for (table,) in tables
        }
