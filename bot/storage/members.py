"""Numbers of what is kept of one member in one guild."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from sqlalchemy import func, select

from bot.storage import opt_outs, tournament_prompts
from bot.storage.dialects import without_index
from bot.storage.schema import audit, battles, reports, votes

if TYPE_CHECKING:
    from bot.storage.connections.awaited import AsyncConnection


class Traces(NamedTuple):
    """Battles that a member asked for, of these the ones without texts, votes, reports, changes made.

    `suggestions` are prompts that wait in tournaments.
    """

    battles: int
    without_texts: int
    votes: int
    reports: int
    changes: int
    suggestions: int
    is_left_out: bool


async def traces(connection: AsyncConnection, guild_id: int, user_id: int) -> Traces:
    asked = select(func.count(), func.count(battles.c.texts_removed_at)).where(
        battles.c.guild_id == guild_id, battles.c.asker_id == user_id
    )
    cast = (
        select(func.count())
        .select_from(votes)
        .join(battles, battles.c.battle_id == votes.c.battle_id)
        .where(votes.c.user_id == user_id, without_index(battles.c.guild_id) == guild_id)
    )
    reported = (
        select(func.count())
        .select_from(reports)
        .join(battles, battles.c.battle_id == reports.c.battle_id)
        .where(reports.c.user_id == user_id, without_index(battles.c.guild_id) == guild_id)
    )
    changed = select(func.count()).where(audit.c.guild_id == guild_id, audit.c.actor_id == user_id)
    number, without_texts = (await connection.execute(asked)).one()
    return Traces(
        number,
        without_texts,
        await connection.scalar(cast) or 0,
        await connection.scalar(reported) or 0,
        await connection.scalar(changed) or 0,
        len(await tournament_prompts.of_member(connection, guild_id, user_id)),
        await opt_outs.holds(connection, guild_id, user_id),
    )
