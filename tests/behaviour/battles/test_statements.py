"""What one battle asks of the database, from `/battle` to its result with three votes."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from sqlalchemy import Engine, event

from tests.behaviour.place import place
from tests.competitors import competitor

if TYPE_CHECKING:
    from collections.abc import Generator
    from pathlib import Path

    from sqlalchemy import Connection

PAIR = ("Zephyrine", "Quillon")
MOST_STATEMENTS, MOST_TRANSACTIONS = 25, 8


class StatementCount:
    def __init__(self) -> None:
        self.statements: list[str] = []
        self.transactions = 0

    def note_statement(self, _connection: Connection, _cursor: object, text: str, *_others: object) -> None:
        if not text.startswith("BEGIN"):
            self.statements.append(" ".join(text.split())[:150])

    def note_transaction(self, _connection: Connection) -> None:
        self.transactions += 1


@contextmanager
def counted() -> Generator[StatementCount]:
    count = StatementCount()
    event.listen(Engine, "before_cursor_execute", count.note_statement)
    event.listen(Engine, "begin", count.note_transaction)
    yield count
    event.remove(Engine, "before_cursor_execute", count.note_statement)
    event.remove(Engine, "begin", count.note_transaction)


async def test_a_battle_takes_few_statements_and_transactions(tmp_path: Path) -> None:
    async with place(tmp_path, map(competitor, PAIR)) as here:
        await here.battle()
        await here.close()  # a server's first battle also stores its models
        with counted() as found:
            await here.alice.slash(here.channel, "battle", prompt="What is a good day?")
            card = here.channel.history()[-1]
            votes = ((here.alice, "🅰️"), (here.bob, "🅱️"), (here.carol, "🅰️"))
            for member, emoji in votes:
                await member.react(card, emoji)
            await here.close()

        assert here.rows("select votes_a, votes_b, voided from battles")[-1] == (2, 1, None)
        # Votes that come in one instant are written at once; these came apart.
        groups = sum(each.startswith("INSERT INTO votes") for each in found.statements)
        assert len(found.statements) - groups + 1 <= MOST_STATEMENTS, "\n".join(found.statements)
        assert found.transactions - groups + 1 <= MOST_TRANSACTIONS
