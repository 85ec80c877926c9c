"""The benchmark of what grows with a server's past."""

from __future__ import annotations

import asyncio
import sys
from typing import TYPE_CHECKING

import msgspec
import pytest

from bench.growth import Line, rows_of
from bench.setup.growth.calls import CALLS, GUILD, Who
from bench.setup.growth.measured import Cost, measured
from bench.setup.growth.process import MODELS
from bench.setup.past import write_past
from bot.storage.database import open_database
from bot.storage.models import guild_ids
from tests.databases import put_database

if TYPE_CHECKING:
    from pathlib import Path

    from bot.storage.database import Database

VOTES = (10_000, 1_000_000)


def line(before: float, after: float, who: Who = Who.MEMBER) -> Line:
    return Line("/me", who, [Cost(9.0, seconds, 0.0, 0.0, 0.0) for seconds in (before, after)])


async def test_every_call_is_made_on_a_past_of_its_own(tmp_path: Path) -> None:
    await write_past(tmp_path / "arena.sqlite3", GUILD, models=MODELS, votes=2000)
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "bench.setup.growth.process",
        str(tmp_path / "arena.sqlite3"),
        stdout=asyncio.subprocess.PIPE,
    )
    said, _ = await process.communicate()
    costs = msgspec.json.decode(said, type=dict[str, Cost])

    assert list(costs) == [call.name for call in CALLS]
    assert costs["/me"].sql
    assert costs["/votes audit"].hold


async def test_the_time_of_a_call_and_of_its_statements_is_seen(tmp_path: Path) -> None:
    async with open_database(put_database(tmp_path / "arena.sqlite3")) as database:
        cost = await measured(lambda: _asked(database))

    assert cost.sql is not None
    assert cost.hold is not None
    assert 0 < cost.sql < cost.seconds
    assert 0 < cost.hold < cost.seconds


async def _asked(database: Database) -> object:
    async with database.read() as connection:
        return await guild_ids(connection)


@pytest.mark.parametrize(
    ("after", "who", "exponent", "is_too_steep"),
    [
        (1.0, Who.MEMBER, 0.0, False),
        (10.0, Who.MEMBER, 0.5, False),
        (100.0, Who.MEMBER, 1.0, True),
        (100.0, Who.MODERATOR, 1.0, False),
        (1000.0, Who.OPERATOR, 1.5, True),
    ],
)
def test_an_exponent_is_that_by_which_time_grows(
    after: float, who: Who, exponent: float, *, is_too_steep: bool
) -> None:
    grown = line(1.0, after, who)

    assert grown.exponent(VOTES) == pytest.approx(exponent)
    assert grown.is_too_steep(VOTES) is is_too_steep


def test_of_moments_nothing_is_said() -> None:
    assert line(0.0001, 0.009).exponent(VOTES) is None
    assert line(0.0001, 0.01).exponent(VOTES) == pytest.approx(0)


def test_a_line_s_name_comes_once_and_its_exponent_last() -> None:
    first, last = rows_of(line(1.0, 100.0), VOTES)

    assert first == ["/me", "member", "10,000", "9,000", "1,000", "0", "0", "0", "", ""]
    assert last == ["", "", "1,000,000", "9,000", "100,000", "0", "0", "0", "1.00", "TOO STEEP"]
