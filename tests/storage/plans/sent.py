"""How SQLite carries out the statements that the code sends, as SQLite itself explains it."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, TypeAlias, cast

from sqlalchemy import Engine, event

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Generator

Values: TypeAlias = "tuple[object, ...]"


class Sent:
    """Statements in the order in which they were sent, each with its values; of many rows the first's."""

    def __init__(self) -> None:
        self._statements: list[tuple[str, Values]] = []

    def note(
        self,
        _connection: object,
        _cursor: object,
        statement: str,
        values: Values | list[Values],
        *_rest: object,
    ) -> None:
        first = values[0] if isinstance(values, list) else values
        self._statements.append((statement, first))

    def plans(self, file: sqlite3.Connection, *, beginning: str = "") -> list[list[str]]:
        """Return the steps of each statement that begins so."""
        return [
            [cast("str", step[3]) for step in file.execute(f"EXPLAIN QUERY PLAN {statement}", values)]
            for statement, values in self._statements
            if statement.upper().startswith(beginning or ("SELECT", "UPDATE", "DELETE", "INSERT"))
        ]


@contextmanager
def sent() -> Generator[Sent]:
    """Note what is sent to any database meanwhile."""
    found = Sent()
    event.listen(Engine, "before_cursor_execute", found.note)
    try:
        yield found
    finally:
        event.remove(Engine, "before_cursor_execute", found.note)
