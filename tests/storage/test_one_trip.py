"""A statement goes to the connection's thread once, and its rows come back whole, however many they are."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import Integer, column, select, text

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy import Select

    from bot.storage.database import Database

COUNTING = text(
    "WITH RECURSIVE counted(number) AS (SELECT 1 UNION ALL SELECT number + 1 FROM counted"
    " WHERE number < :most) SELECT number FROM counted"
)


def counting_to(most: int) -> Select[int]:
    return select(column("number", Integer)).select_from(
        COUNTING.bindparams(most=most).columns(number=Integer).subquery()
    )


@pytest.fixture
def trips(monkeypatch: pytest.MonkeyPatch) -> list[object]:
    """Return what is done in the thread, as it comes."""
    made: list[object] = []

    def noted(work: Callable[..., object], *args: object) -> Callable[[], object]:
        made.append(work)
        return partial(work, *args)

    monkeypatch.setattr("aiosqlite.core.partial", noted)
    return made


@pytest.mark.parametrize("most", [1, 999, 1000, 1001, 2500])
async def test_all_rows_come(database: Database, most: int) -> None:
    async with database.read() as connection:
        rows = (await connection.execute(COUNTING, {"most": most})).scalars().all()

    assert rows == list(range(1, most + 1))


@pytest.mark.parametrize("most", [1, 999, 1000, 1001, 2500])
async def test_rows_are_read_in_pieces(database: Database, most: int) -> None:
    async with database.read() as connection:
        batches = connection.batches(counting_to(most), 2)
        read = [row.number async for batch in batches for row in batch]

    assert read == list(range(1, most + 1))


async def test_reading_can_stop_in_the_middle(database: Database) -> None:
    async with database.read() as connection:
        batches = connection.batches(counting_to(5000), 1)
        (first,) = await anext(batches)
        await batches.aclose()
        again = (await connection.execute(COUNTING, {"most": 2})).scalars().all()

    assert (first.number, again) == (1, [1, 2])


async def test_a_statement_is_one_trip(database: Database, trips: list[object]) -> None:
    async with database.read() as connection:
        trips.clear()
        await connection.execute(COUNTING, {"most": 500})

        assert len(trips) == 1


async def test_a_transaction_that_has_ended_makes_no_further_trip(
    database: Database, trips: list[object]
) -> None:
    async with database.read() as connection:
        await connection.execute(COUNTING, {"most": 1})
        trips.clear()

    assert len(trips) == 1  # the commit
