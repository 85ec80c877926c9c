"""Decided battles with their votes counted anew, read in parts: what all stored sums are made of."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, TypeAlias, cast

from sqlalchemy import case, func, select

from bot.domain.battle import BattleState, Side, VoidReason
from bot.domain.vote import Vote
from bot.storage.battles import DECIDED
from bot.storage.schema import battle_categories, battles, contestants, draws, votes

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Collection, Sequence

    from sqlalchemy import ColumnElement, Row

    from bot.storage.connections.awaited import AsyncConnection

BATCH_BATTLES = 1000

Counts: TypeAlias = tuple[int, int, int, int, int, int]
"""Votes for A, for B, for a tie, for both bad, then those that are unclear, and those that do not count."""

NOTHING: Counts = (0, 0, 0, 0, 0, 0)

TALLY = (
    battles.c.votes_a,
    battles.c.votes_b,
    battles.c.votes_tie,
    battles.c.votes_both_bad,
    battles.c.votes_unclear,
    battles.c.votes_uncounted,
)

_STATE_IS = {
    "is_decided": battles.c.state.in_(DECIDED),
    "has_tally": (battles.c.state == BattleState.CLOSED) | (battles.c.voided == VoidReason.MODERATOR),
    "is_rated": (battles.c.state == BattleState.CLOSED)
    & battles.c.unrated.is_(None)
    & battles.c.closed_at.is_not(None),
    "is_taken_out": battles.c.voided == VoidReason.MODERATOR,
}

_A, _B = contestants.alias(), contestants.alias()
_BATTLES = (
    select(
        battles.c.battle_id,
        battles.c.opened_at,
        battles.c.closed_at,
        battles.c.season,
        *(case((condition, 1), else_=0).label(name) for name, condition in _STATE_IS.items()),
        _A.c.model_id.label("fought_a"),
        _B.c.model_id.label("fought_b"),
        *TALLY,
        draws.c.model_a,
        draws.c.model_b,
        draws.c.chances,
        draws.c.failed,
        draws.c.stepped_in,
    )
    .select_from(battles)
    .join(_A, (_A.c.battle_id == battles.c.battle_id) & (_A.c.side == Side.A))
    .join(_B, (_B.c.battle_id == battles.c.battle_id) & (_B.c.side == Side.B))
    .join(draws, draws.c.battle_id == battles.c.battle_id, isouter=True)
    .order_by(battles.c.closed_at, battles.c.battle_id)
)

_TALLY_AT = _BATTLES.selected_columns.keys().index(TALLY[0].name)

_IS_OUT = votes.c.uncounted.is_not(None)
_COUNTED = select(
    votes.c.battle_id,
    *(func.count().filter(votes.c.vote == vote, ~_IS_OUT) for vote in Vote),
    func.count().filter(votes.c.unclear, ~_IS_OUT),
    func.count().filter(votes.c.vote.is_not(None) | votes.c.unclear, _IS_OUT),
).where(votes.c.excluded.is_(False))


HELD_HERE = battles.c.origin.is_(None)
HELD_ELSEWHERE = battles.c.origin.is_not(None)


class DecidedBattle(NamedTuple):
    """A battle as it is stored (`row`), with the votes on it `counted` anew."""

    row: Row[tuple[object, ...]]
    counted: Counts
    categories: Sequence[str]

    @property
    def kept(self) -> Counts:
        """The counts that are stored with the battle."""
        return cast("Counts", tuple(self.row[_TALLY_AT : _TALLY_AT + len(TALLY)]))


async def decided(
    connection: AsyncConnection, guild_id: int, *conditions: ColumnElement[bool]
) -> AsyncGenerator[list[DecidedBattle], None]:
    """Read them in the order in which they were closed, as far as that is known of each."""
    statement = _BATTLES.where(battles.c.guild_id == guild_id, *conditions)
    async for batch in connection.batches(statement, BATCH_BATTLES):
        rows = [row for row in batch if row.is_decided]
        counted = await count_votes(connection, [row.battle_id for row in rows if row.has_tally])
        joined = await _categories(connection, [row.battle_id for row in rows if row.is_rated])
        yield [
            DecidedBattle(row, counted.get(row.battle_id, NOTHING), joined.get(row.battle_id, ()))
            for row in rows
        ]


async def count_votes(connection: AsyncConnection, ids: Collection[int]) -> dict[int, Counts]:
    """Count the votes on these battles; those without any are left out."""
    rows = await connection.execute(_COUNTED.where(votes.c.battle_id.in_(ids)).group_by(votes.c.battle_id))
    return {row[0]: cast("Counts", tuple(row[1:])) for row in rows.all()}


async def _categories(connection: AsyncConnection, ids: Collection[int]) -> dict[int, list[str]]:
    rows = await connection.execute(
        select(battle_categories.c.battle_id, battle_categories.c.category).where(
            battle_categories.c.battle_id.in_(ids)
        )
    )
    found: dict[int, list[str]] = {}
    for battle_id, category in rows.all():
        found.setdefault(battle_id, []).append(category)
    return found
