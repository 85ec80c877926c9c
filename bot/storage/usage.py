"""Usage that daily limits are compared with: battles begun or asked for since a moment, and their cost."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import func, select

from bot.domain.battle import CANCELLATIONS, BattleState
from bot.storage.battles import DECIDED
from bot.storage.schema import battles, contestants, tournament_battles

if TYPE_CHECKING:
    from sqlalchemy.ext.asyncio import AsyncConnection

_COUNTS = (battles.c.state != BattleState.VOIDED) | battles.c.voided.in_(CANCELLATIONS)


async def begun_since(connection: AsyncConnection, guild_id: int, moment: float) -> int:
    """Count the guild's battles since then, those left out that were called off, but for the cancelled."""
    return (
        await connection.scalar(
            select(func.count()).where(
                battles.c.guild_id == guild_id,
                battles.c.opened_at >= moment,
                _COUNTS,
            )
        )
    ) or 0


async def asked_since(
    connection: AsyncConnection, guild_id: int, asker_id: int, moment: float
) -> list[float]:
    """Return when a member asked for battles since then.

    Those that were called off are left out, but for the cancelled, and matches of tournaments: their time is
    not the asker's.
    """
    return list(
        await connection.scalars(
            select(battles.c.opened_at).where(
                battles.c.guild_id == guild_id,
                battles.c.asker_id == asker_id,
                battles.c.opened_at >= moment,
                _COUNTS,
                battles.c.battle_id.not_in(select(tournament_battles.c.battle_id)),
            )
        )
    )


async def cost_since(
    connection: AsyncConnection, guild_id: int | None, moment: float, *, decided_only: bool = False
) -> float:
    """Add up what the replies of battles since then cost, in US dollars; of all guilds for `None`."""
    of_guild = [] if guild_id is None else [battles.c.guild_id == guild_id]
    known = [battles.c.state.in_(DECIDED)] if decided_only else []
    return (
        await connection.scalar(
            select(func.sum(contestants.c.cost))
            .join(battles, battles.c.battle_id == contestants.c.battle_id)
            .where(*of_guild, battles.c.opened_at >= moment, *known)
        )
    ) or 0.0
