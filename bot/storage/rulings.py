"""What moderators rule: battles taken out of the ratings, and brought back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import update

from bot.domain.battle import BattleState, VoidReason
from bot.storage.schema import battles

if TYPE_CHECKING:
    from bot.storage.connections.awaited import AsyncConnection


async def take_out(connection: AsyncConnection, battle_id: int, note: str) -> bool:
    """Take a closed battle out of the ratings; `False` where it is not one."""
    done = await connection.execute(
        update(battles)
        .where(battles.c.battle_id == battle_id, battles.c.state == BattleState.CLOSED)
        .values(state=BattleState.VOIDED, voided=VoidReason.MODERATOR, void_note=note, redrawn_at=None)
    )
    return done.rowcount == 1


async def bring_back(connection: AsyncConnection, battle_id: int) -> bool:
    """Undo `take_out`; `False` where there is nothing to undo."""
    done = await connection.execute(
        update(battles)
        .where(
            battles.c.battle_id == battle_id,
            battles.c.state == BattleState.VOIDED,
            battles.c.voided == VoidReason.MODERATOR,
        )
        .values(state=BattleState.CLOSED, voided=None, void_note=None, redrawn_at=None)
    )
    return done.rowcount == 1
