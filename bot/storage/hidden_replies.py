"""Replies that moderators hid: of one side, all that it said and will say in the battle."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import ColumnElement, select, update

from bot.domain.battle import Side
from bot.domain.report import Hiding
from bot.storage.schema import battles, contestants

if TYPE_CHECKING:
    from bot.domain.report import Reply
    from bot.storage.connections.awaited import AsyncConnection


async def hide(connection: AsyncConnection, reply: Reply, hiding: Hiding) -> bool:
    """Hide a reply; `False` where it is hidden already."""
    return await _set(connection, reply, contestants.c.hidden_at.is_(None), hiding)


async def show(connection: AsyncConnection, reply: Reply) -> bool:
    """Undo `hide`; `False` where there is nothing to undo."""
    return await _set(connection, reply, contestants.c.hidden_at.is_not(None), None)


async def sides(connection: AsyncConnection, battle_id: int) -> frozenset[Side]:
    """Return the sides of a battle that are hidden."""
    found = await connection.scalars(
        select(contestants.c.side).where(
            contestants.c.battle_id == battle_id, contestants.c.hidden_at.is_not(None)
        )
    )
    return frozenset(map(Side, found))


async def of_reply(connection: AsyncConnection, reply: Reply) -> Hiding | None:
    statement = select(contestants.c.hidden_by, contestants.c.hidden_at).where(_is(reply))
    user_id, at = (await connection.execute(statement)).one()
    return None if at is None else Hiding(user_id, at)


async def _set(
    connection: AsyncConnection, reply: Reply, condition: ColumnElement[bool], hiding: Hiding | None
) -> bool:
    """Change what stands there; a card that shows the end of its battle is to be redrawn."""
    values = {"hidden_at": hiding and hiding.at, "hidden_by": hiding and hiding.user_id}
    done = await connection.execute(update(contestants).where(_is(reply), condition).values(values))
    await connection.execute(
        update(battles).where(battles.c.battle_id == reply.battle_id).values(redrawn_at=None)
    )
    return done.rowcount == 1


def _is(reply: Reply) -> ColumnElement[bool]:
    return (contestants.c.battle_id == reply.battle_id) & (contestants.c.side == reply.side)
