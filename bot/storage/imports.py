"""Battles that were held elsewhere: how they are stored, with the sums of the season that they make up.

They are decided from the start, and no drawing is theirs. What was imported before is not added again, and a
battle that is there gets the votes that it lacks: so a file can be imported as often as one likes.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import asdict
from typing import TYPE_CHECKING, NamedTuple

from sqlalchemy import Integer, bindparam, insert, select, update

from bot.domain.battle import BattleState, Side
from bot.domain.pair_sums import OVERALL, Key, PairSums, RatedResult, sums_of
from bot.domain.vote import Tally, with_vote
from bot.storage import battle_categories, pairs, voters
from bot.storage.schema import battle_categories as category_rows
from bot.storage.schema import (
    battles,
    contestants,
    imported_battles,
    turns,
    votes,
)
from bot.storage.voters import VoterKey

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from sqlalchemy import Table

    from bot.domain.exported_battle import ImportedBattle
    from bot.storage.connections.awaited import AsyncConnection
    from bot.storage.seasons import ImportedSeason

    Value = str | int | float | bool | None


class AddedBattles(NamedTuple):
    """Numbers of battles and votes that were not there before, and of votes that were."""

    battles: int
    votes: int
    known_votes: int


class _Stored(NamedTuple):
    """A battle that is there, with what is added to it; `is_here` tells of the season that is imported to."""

    battle_id: int
    is_here: bool
    result: RatedResult
    voters: frozenset[int]


async def add(
    connection: AsyncConnection,
    imported_to: ImportedSeason,
    origin: str,
    told: Sequence[ImportedBattle],
    now: float,
) -> AddedBattles:
    """Add battles, each told of once, and the votes that battles lack which are there."""
    known = await _known(connection, imported_to, [each.source_id for each in told])
    new = [each for each in told if each.source_id not in known]
    ids = await _insert(connection, imported_to, origin, new, now)
    changes: defaultdict[Key, PairSums] = defaultdict(PairSums)
    for each in new:
        tally = _tally(Tally(), each, each.votes)
        result = RatedResult(each.model_a, each.model_b, imported_to.number, each.closed_at, tally)
        for key, sums in sums_of(result, each.categories).items():
            changes[key] += sums
    again = [(known[each.source_id], each) for each in told if each.source_id in known]
    more = [
        (stored, each, each.votes.keys() - stored.voters)
        for stored, each in again
        if stored.is_here and each.votes.keys() - stored.voters
    ]
    await _extend(connection, more, changes)
    await pairs.add(connection, imported_to.guild_id, changes)
    cast = [(battle_id, each.votes.keys(), each) for battle_id, each in ids]
    cast += [(stored.battle_id, new_voters, each) for stored, each, new_voters in more]
    await _insert_votes(connection, cast)
    await _count_voters(connection, imported_to, {battle_id: whose for battle_id, whose, _ in cast})
    added = sum(len(whose) for _, whose, _ in cast)
    return AddedBattles(len(new), added, sum(len(each.votes) for each in told) - added)


async def _known(
    connection: AsyncConnection, imported_to: ImportedSeason, source_ids: Sequence[str]
) -> dict[str, _Stored]:
    a, b = contestants.alias(), contestants.alias()
    counts = [battles.c[f"votes_{name}"] for name in ("a", "b", "tie", "both_bad")]
    rows = (
        await connection.execute(
            select(
                imported_battles.c.source_id,
                battles.c.battle_id,
                battles.c.season,
                battles.c.closed_at,
                a.c.model_id.label("model_a"),
                b.c.model_id.label("model_b"),
                *counts,
            )
            .join(battles, battles.c.battle_id == imported_battles.c.battle_id)
            .join(a, (a.c.battle_id == battles.c.battle_id) & (a.c.side == Side.A))
            .join(b, (b.c.battle_id == battles.c.battle_id) & (b.c.side == Side.B))
            .where(
                imported_battles.c.guild_id == imported_to.guild_id,
                imported_battles.c.source_id.in_(source_ids),
            )
        )
    ).all()
    voters: defaultdict[int, set[int]] = defaultdict(set)
    cast = select(votes.c.battle_id, votes.c.user_id).where(
        votes.c.battle_id.in_([row.battle_id for row in rows])
    )
    for row in await connection.execute(cast):
        voters[row.battle_id].add(row.user_id)
    return {
        row.source_id: _Stored(
            row.battle_id,
            row.season == imported_to.number,
            RatedResult(row.model_a, row.model_b, row.season, row.closed_at, Tally(*row[6:])),
            frozenset(voters[row.battle_id]),
        )
        for row in rows
    }


async def _insert(
    connection: AsyncConnection,
    imported_to: ImportedSeason,
    origin: str,
    new: Sequence[ImportedBattle],
    now: float,
) -> list[tuple[int, ImportedBattle]]:
    """Insert battles without their votes; returns each with its id."""
    if not new:
        return []
    statement = insert(battles).returning(battles.c.battle_id, sort_by_parameter_order=True)
    rows = [_row(each, imported_to, origin, now) for each in new]
    given = [row.battle_id for row in await connection.execute(statement, rows)]
    ids: list[tuple[int, ImportedBattle]] = list(zip(given, new, strict=True))
    await _insert_all(
        connection,
        contestants,
        (
            {"battle_id": battle_id, "side": side, "model_id": model, "reply": reply}
            for battle_id, each in ids
            for side, model, reply in zip(Side, (each.model_a, each.model_b), each.replies, strict=True)
        ),
    )
    await _insert_all(
        connection,
        turns,
        (
            {
                "battle_id": battle_id,
                "number": turn.number,
                "prompt": turn.prompt,
                **{
                    f"{name}_{side}": value
                    for side in Side
                    for name, value in asdict(turn.answer(side)).items()
                },
            }
            for battle_id, each in ids
            for turn in each.turns
        ),
    )
    await _insert_all(
        connection,
        category_rows,
        (
            {"battle_id": battle_id, "category": category}
            for battle_id, each in ids
            for category in sorted(each.categories)
        ),
    )
    await _insert_all(
        connection,
        imported_battles,
        (
            {"guild_id": imported_to.guild_id, "source_id": each.source_id, "battle_id": battle_id}
            for battle_id, each in ids
        ),
    )
    return ids


def _row(each: ImportedBattle, imported_to: ImportedSeason, origin: str, now: float) -> dict[str, Value]:
    """Return a battle that is closed, and has no card that could be drawn."""
    tally = _tally(Tally(), each, each.votes)
    return {
        "guild_id": imported_to.guild_id,
        "channel_id": 0,
        "asker_id": each.asker_id,
        "prompt": each.prompt or "",
        "locale": each.locale,
        "state": BattleState.CLOSED,
        "opened_at": each.opened_at,
        "closed_at": each.closed_at,
        "redrawn_at": now,
        "texts_removed_at": now if each.prompt is None else None,
        "drawn_probability": 1.0,
        "season": imported_to.number,
        "origin": origin,
        **{f"votes_{name}": number for name, number in asdict(tally).items()},
    }


async def _extend(
    connection: AsyncConnection,
    more: Sequence[tuple[_Stored, ImportedBattle, Iterable[int]]],
    changes: defaultdict[Key, PairSums],
) -> None:
    """Add votes to battles that are there, and to the changes what that changes."""
    if not more:
        return
    found = battles.c.battle_id.in_([stored.battle_id for stored, _, _ in more])
    categories = await battle_categories.of_battles(connection, found)
    rows: list[dict[str, Value]] = []
    for stored, each, whose in more:
        joined = categories[stored.battle_id]
        tally = _tally(stored.result.tally, each, whose)
        for key, sums in sums_of(stored.result, joined).items():
            changes[key] -= sums
        for key, sums in sums_of(stored.result._replace(tally=tally), joined).items():
            changes[key] += sums
        rows.append({"battle": stored.battle_id, **{f"of_{k}": v for k, v in asdict(tally).items()}})
    counts = {
        f"votes_{name}": bindparam(f"of_{name}", type_=Integer) for name in ("a", "b", "tie", "both_bad")
    }
    here = battles.c.battle_id == bindparam("battle")
    await connection.execute(update(battles).where(here).values(counts), rows)


async def _insert_votes(
    connection: AsyncConnection, cast: Iterable[tuple[int, Iterable[int], ImportedBattle]]
) -> None:
    await _insert_all(
        connection,
        votes,
        (
            {
                "battle_id": battle_id,
                "user_id": voter,
                "vote": each.votes[voter].vote,
                "unclear": False,
                "paper": "",
                "changed_at": each.votes[voter].at,
            }
            for battle_id, whose, each in cast
            for voter in whose
        ),
    )


async def _insert_all(connection: AsyncConnection, table: Table, rows: Iterable[dict[str, Value]]) -> None:
    if listed := list(rows):
        await connection.execute(insert(table), listed)


async def _count_voters(
    connection: AsyncConnection, imported_to: ImportedSeason, cast: Mapping[int, Iterable[int]]
) -> None:
    """Add who cast votes that were not there before, by battle, to the voters of the season."""
    joined = await battle_categories.of_battles(connection, battles.c.battle_id.in_(cast))
    added = Counter(
        VoterKey(category, imported_to.number, voter)
        for battle_id, whose in cast.items()
        for category in (OVERALL, *joined[battle_id])
        for voter in whose
    )
    await voters.add(connection, imported_to.guild_id, added)


def _tally(tally: Tally, each: ImportedBattle, whose: Iterable[int]) -> Tally:
    for voter in whose:
        tally = with_vote(tally, each.votes[voter].vote)
    return tally
