"""Stored sums that are not what a guild's decided battles make them, found in one pass over these.

Of the sums by day, those of a few days are in memory at a time; all others are few.
"""

from __future__ import annotations

from contextlib import aclosing
from typing import TYPE_CHECKING, NamedTuple, TypeAlias, TypeVar

from bot.domain.days import day_of
from bot.domain.pair_sums import Key, PairSums, SeasonKey
from bot.storage import draw_recounts, pair_recounts, voters
from bot.storage.draw_recounts import DrawCount, DrawSums
from bot.storage.pair_recounts import DayKey, Figures, PairCount, PairKey
from bot.storage.recounts.decided import HELD_ELSEWHERE, HELD_HERE, Counts, decided
from bot.storage.schema import pair_days
from bot.storage.voters import WrongVotes

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Iterator, Mapping, Sequence

    from bot.storage.connections.awaited import AsyncConnection
    from bot.storage.recounts.decided import DecidedBattle

K = TypeVar("K", DayKey, PairKey)

_NO_FIGURES: Figures = PairSums().values()


class WrongTally(NamedTuple):
    """A battle with other counts than its votes have."""

    battle_id: int
    stored: Counts
    counted: Counts


class WrongDay(NamedTuple):
    key: Key
    stored: PairSums
    counted: PairSums


class WrongSeason(NamedTuple):
    key: SeasonKey
    stored: PairSums
    counted: PairSums


class WrongDraws(NamedTuple):
    stored: DrawSums
    counted: DrawSums


Wrong: TypeAlias = WrongTally | WrongDay | WrongSeason | WrongVotes | WrongDraws


async def differences(connection: AsyncConnection, guild_id: int) -> AsyncGenerator[Wrong, None]:
    """Compare every stored sum of a guild with a recount, in one reading transaction."""
    pairs, drawn, begin = PairCount(), DrawCount(), None
    categories = await pair_recounts.stored_categories(connection, guild_id)
    for wrong in await _of_imports(connection, guild_id, pairs):
        yield wrong
    async with aclosing(decided(connection, guild_id, HELD_HERE)) as batches:
        async for batch in batches:
            for battle in batch:
                pairs.add(battle)
                drawn.add(battle)
            for wrong in _wrong_tallies(batch):
                yield wrong
            end = _day_under_way(batch)
            for wrong in await _wrong_days(connection, guild_id, categories, pairs, (begin, end)):
                yield wrong
            begin = end
    for wrong in await _wrong_days(connection, guild_id, categories, pairs, (begin, None)):
        yield wrong
    seasons = await pair_recounts.stored_seasons(connection, guild_id)
    for key, stored, counted in _differing(seasons, pairs.by_season):
        yield WrongSeason(SeasonKey(*key), stored, counted)
    for wrong in await voters.differences(connection, guild_id):
        yield wrong
    kept = await draw_recounts.stored(connection, guild_id)
    right = drawn.sums(await draw_recounts.known_models(connection, guild_id))
    if kept != right:
        yield WrongDraws(kept, right)


async def _of_imports(connection: AsyncConnection, guild_id: int, pairs: PairCount) -> list[WrongTally]:
    """Count what was held elsewhere, of which there are no days and no draws."""
    found: list[WrongTally] = []
    async with aclosing(decided(connection, guild_id, HELD_ELSEWHERE)) as batches:
        async for batch in batches:
            for battle in batch:
                pairs.add(battle)
            found += _wrong_tallies(batch)
    return found


def _wrong_tallies(batch: Sequence[DecidedBattle]) -> list[WrongTally]:
    return [
        WrongTally(battle.row.battle_id, battle.kept, battle.counted)
        for battle in batch
        if battle.kept != battle.counted
    ]


def _day_under_way(batch: Sequence[DecidedBattle]) -> int | None:
    """Return the day of which more may come; `None`: no day has come yet."""
    last = batch[-1].row.closed_at if batch else None
    return None if last is None else day_of(last)


async def _wrong_days(
    connection: AsyncConnection,
    guild_id: int,
    categories: Sequence[str],
    pairs: PairCount,
    days: tuple[int | None, int | None],
) -> list[WrongDay]:
    """Compare the days from one on and before another, and drop them from what was counted."""
    begin, end = days
    counted = {key: figures for key, figures in pairs.by_day.items() if end is None or key[2] < end}
    for key in counted:
        del pairs.by_day[key]
    bounds = [pair_days.c.day >= begin] if begin is not None else []
    if end is not None:
        bounds.append(pair_days.c.day < end)
    stored = await pair_recounts.stored_days(connection, guild_id, categories, *bounds)
    return [WrongDay(Key(*key), before, after) for key, before, after in _differing(stored, counted)]


def _differing(
    stored: Mapping[K, Figures], counted: Mapping[K, Figures]
) -> Iterator[tuple[K, PairSums, PairSums]]:
    if stored == counted:
        return
    for key in sorted(stored.keys() | counted.keys()):
        before, after = stored.get(key, _NO_FIGURES), counted.get(key, _NO_FIGURES)
        if before != after:
            yield key, PairSums(*before), PairSums(*after)
