"""Battles in one line each, for choosing one."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from sqlalchemy import case, func, select

from bot.domain.battle import BattleState, Side, VoidReason
from bot.storage.schema import battles, contestants, models

if TYPE_CHECKING:
    from sqlalchemy.ext.asyncio import AsyncConnection

HEADLINE = 80
"""Characters of a prompt."""


class Headline(NamedTuple):
    """A battle in one line: its models by their public names, and how the prompt begins.

    It is `None` where the texts were deleted.
    """

    battle_id: int
    a: str
    b: str
    prompt: str | None


async def latest(connection: AsyncConnection, guild_id: int, *, voided: bool, most: int) -> list[Headline]:
    """Return the latest closed battles, or those that a moderator took out, the newest first."""
    a, b = contestants.alias(), contestants.alias()
    one, other = models.alias(), models.alias()
    wanted = battles.c.voided == VoidReason.MODERATOR if voided else battles.c.state == BattleState.CLOSED
    rows = await connection.execute(
        select(
            battles.c.battle_id,
            func.coalesce(one.c.code_name, one.c.name),
            func.coalesce(other.c.code_name, other.c.name),
            case((battles.c.texts_removed_at.is_(None), func.substr(battles.c.prompt, 1, HEADLINE))),
        )
        .join(a, (a.c.battle_id == battles.c.battle_id) & (a.c.side == Side.A))
        .join(b, (b.c.battle_id == battles.c.battle_id) & (b.c.side == Side.B))
        .join(one, one.c.model_id == a.c.model_id)
        .join(other, other.c.model_id == b.c.model_id)
        .where(battles.c.guild_id == guild_id, wanted)
        .order_by(battles.c.battle_id.desc())
        .limit(most)
    )
    return [Headline(*row) for row in rows]
