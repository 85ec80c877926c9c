"""Usage that daily limits are compared with: battles begun or asked for since a moment, and their cost."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import func, select

from bot.domain.battle import VoidReason
from bot.storage.battles import DECIDED
from bot.storage.schema import battles, contestants, tournament_battles

if TYPE_CHECKING:
    from sqlalchemy.ext.asyncio import AsyncConnection

_ASKED = battles.c.voided.is_(None) | (battles.c.voided != VoidReason.NOT_POSTED)
"""The models of these were asked, whatever became of it."""


async def begun_since(connection: AsyncConnection, guild_id: int, moment: float) -> int:
    """Count the guild's battles since then whose models were asked."""
    return (
        await connection.scalar(
            select(func.count()).where(
                battles.c.guild_id == guild_id,
                battles.c.opened_at >= moment,
                _ASKED,
            )
        )
    ) or 0


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
