"""What is told of a season that ends while votes are still being counted."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from sqlalchemy import Engine, event

from tests.behaviour.pages import end_season
from tests.behaviour.place import place, text_of
from tests.behaviour.ratings.boards import admin, decided
from tests.competitors import competitor

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Generator
    from pathlib import Path

ANOTHER_BATTLE = "update pair_sums set battles = battles + 1"


@contextmanager
def counted_just_before(statement: str) -> Generator[None]:
    """Have one more battle be in the sums before a statement of this beginning."""

    def count(_connection: object, cursor: sqlite3.Cursor, text: str, *_others: object) -> None:
        if text.startswith(statement):
            cursor.execute(ANOTHER_BATTLE)

    event.listen(Engine, "before_cursor_execute", count)
    try:
        yield
    finally:
        event.remove(Engine, "before_cursor_execute", count)


async def test_the_channel_is_told_of_the_board_as_it_is_kept(tmp_path: Path) -> None:
    async with place(tmp_path, map(competitor, ("Zephyrine", "Quillon"))) as here:
        await decided(here)
        with counted_just_before("INSERT INTO seasons"):
            await end_season(admin(here), here.channel, "Spring")
        announced = text_of(here.channel.history()[-1])

        assert "🏁 The season **Spring** is over.\n2 battles · " in announced
