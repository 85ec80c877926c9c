"""Usage that daily limits are compared with: battles begun or asked for since a moment, and their cost."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import func, select

from bot.domain.battle import VoidReason
from bot.storage.battles import DECIDED
from bot.storage.schema import battles, contestants, tournament_battles

if TYPE_CHECKING:
    from sqlalchemy import Select
    from sqlalchemy.ext.asyncio import AsyncConnection

_ASKED = battles.c.voided.is_(None) | (battles.c.voided != VoidReason.NOT_POSTED)
"""The models of these were asked, whatever became of it."""


async def used_since(
    connection: AsyncConnection, guild_id: int, moment: float, *, decided_only: bool = False
) -> tuple[int, float]:
    """Count the guild's battles since then whose models were asked, and add up what replies cost in all."""
    begun = select(func.count()).where(battles.c.guild_id == guild_id, battles.c.opened_at >= moment, _ASKED)
    cost = _cost(guild_id, moment, decided_only=decided_only)
    found = (await connection.execute(select(begun.scalar_subquery(), cost.scalar_subquery()))).one()
    return found[0], found[1] or 0.0


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
    """Add up what the replies of all guilds' battles since then cost, in US dollars."""
    return await connection.scalar(_cost(None, moment, decided_only=False)) or 0.0


def _cost(guild_id: int | None, moment: float, *, decided_only: bool) -> Select[float | None]:
    of_guild = [] if guild_id is None else [battles.c.guild_id == guild_id]
    known = [battles.c.state.in_(DECIDED)] if decided_only else []
    return (
        select(func.sum(contestants.c.cost))
        .join(battles, battles.c.battle_id == contestants.c.battle_id)
        .where(*of_guild, battles.c.opened_at >= moment, *known)
    )
