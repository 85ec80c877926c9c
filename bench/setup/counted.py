"""`arena-bot`, whose statements and transactions are counted: takes its arguments.

Each line on its standard input is answered with how many there were so far. BEGIN and COMMIT are a
transaction, and no statements; one statement with many rows is one.
"""

from __future__ import annotations

import sys
from collections import Counter
from threading import Thread
from typing import TYPE_CHECKING

from sqlalchemy import Engine, event

from bot.__main__ import main

if TYPE_CHECKING:
    from sqlalchemy import Connection

counts: Counter[str] = Counter()


def count_statement(_connection: Connection, _cursor: object, statement: str, *_others: object) -> None:
    counts["statements"] += not statement.startswith("BEGIN")


def count_transaction(_connection: Connection) -> None:
    counts["transactions"] += 1


def answer() -> None:
    for _ in sys.stdin:
        print(counts["statements"], counts["transactions"], flush=True)


if __name__ == "__main__":
    event.listen(Engine, "before_cursor_execute", count_statement)
    event.listen(Engine, "begin", count_transaction)
    Thread(target=answer, daemon=True).start()
    main()
