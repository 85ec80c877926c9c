"""Usage that daily limits are compared with: what models were asked since a moment, and what that cost."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from sqlalchemy import delete, func, insert, select, true

from bot.domain.battle import VoidReason
from bot.storage.battles import DECIDED
from bot.storage.schema import battles, contestants, spending, tournament_battles
from bot.storage.votes import HELD_HERE

if TYPE_CHECKING:
    from sqlalchemy import ColumnElement, Table

    from bot.storage.connections.awaited import AsyncConnection

_ASKED = battles.c.voided.is_(None) | (battles.c.voided != VoidReason.NOT_POSTED)
"""The models of these were asked, whatever became of it."""


class Expense(NamedTuple):
    """A question that a model was asked, at a time in Unix seconds, and its cost in US dollars.

    `battle_id`: that of the battle in which the model failed; `None` for a test or a probe, which may be no
    guild's.
    """

    guild_id: int | None
    battle_id: int | None
    spent_at: float
    usd: float


class Used(NamedTuple):
    """Battles whose models were asked, questions that were asked outside battles, and US dollars in all."""

    battles: int
    questions: int
    usd: float


async def add(connection: AsyncConnection, expense: Expense) -> None:
    """Note what no reply of a battle shows."""
    await connection.execute(insert(spending).values(expense._asdict()))


async def forget_before(connection: AsyncConnection, moment: float) -> None:
    """Delete what was noted before, and lies outside all days that limits look at."""
    await connection.execute(delete(spending).where(spending.c.spent_at < moment))


async def used_since(
    connection: AsyncConnection, guild_id: int, moment: float, *, decided_only: bool = False
) -> Used:
    """Sum up what the guild used since then. `decided_only`: without the costs of open battles."""
    begun = select(func.count()).where(
        battles.c.guild_id == guild_id, HELD_HERE, battles.c.opened_at >= moment, _ASKED
    )
    asked = select(func.count()).where(
        spending.c.guild_id == guild_id, spending.c.spent_at >= moment, spending.c.battle_id.is_(None)
    )
    cost = _cost(guild_id, moment, decided_only=decided_only)
    found = await connection.execute(select(begun.scalar_subquery(), asked.scalar_subquery(), cost))
    return Used(*found.one())


async def asked_since(
    connection: AsyncConnection, guild_id: int, asker_id: int, moment: float
) -> list[float]:
    """Return when a member asked for battles since then, but for matches of tournaments.

    The time of these is not the asker's.
    """
    return list(
        await connection.scalars(
            select(battles.c.opened_at).where(
                battles.c.guild_id == guild_id,
                battles.c.asker_id == asker_id,
                battles.c.opened_at >= moment,
                _ASKED,
                battles.c.battle_id.not_in(select(tournament_battles.c.battle_id)),
            )
        )
    )


async def cost_since(connection: AsyncConnection, moment: float) -> float:
    """Add up what all models did for all guilds since then, in US dollars."""
    return (await connection.execute(select(_cost(None, moment, decided_only=False)))).scalar_one()


def _cost(guild_id: int | None, moment: float, *, decided_only: bool) -> ColumnElement[float]:
    """Return what replies of battles since then cost, and what was noted beside them."""
    is_known = battles.c.state.in_(DECIDED) if decided_only else true()
    replies = (
        select(func.sum(contestants.c.cost))
        .join(battles, battles.c.battle_id == contestants.c.battle_id)
        .where(*_of_guild(battles, guild_id), HELD_HERE, battles.c.opened_at >= moment, is_known)
    )
    others = select(func.sum(spending.c.usd)).where(
        *_of_guild(spending, guild_id), spending.c.spent_at >= moment
    )
    if decided_only:
        others = others.outerjoin(battles, battles.c.battle_id == spending.c.battle_id).where(
            spending.c.battle_id.is_(None) | is_known
        )
    return func.coalesce(replies.scalar_subquery(), 0.0) + func.coalesce(others.scalar_subquery(), 0.0)


def _of_guild(table: Table, guild_id: int | None) -> list[ColumnElement[bool]]:
    return [] if guild_id is None else [table.c.guild_id == guild_id]
