"""Prompts that members suggested to a tournament and that wait for their turn."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from sqlalchemy import Select, delete, func, insert, select

from bot.domain.tournament import Suggestion
from bot.storage.schema import battles, tournament_battles, tournament_prompts, tournaments

if TYPE_CHECKING:
    from bot.storage.connections.awaited import AsyncConnection


class WaitingPrompt(NamedTuple):
    """A prompt that waits for its turn, and since when."""

    prompt: str
    added_at: float


async def add(
    connection: AsyncConnection, tournament_id: int, author_id: int, prompt: str, now: float
) -> None:
    await connection.execute(
        insert(tournament_prompts).values(
            tournament_id=tournament_id, author_id=author_id, prompt=prompt, added_at=now
        )
    )


async def count(connection: AsyncConnection, tournament_id: int, author_id: int | None = None) -> int:
    """Count the prompts that wait, of one member or of all."""
    statement = select(func.count()).where(
        tournament_prompts.c.tournament_id == tournament_id, tournament_prompts.c.prompt_id.not_in(_in_use())
    )
    if author_id is not None:
        statement = statement.where(tournament_prompts.c.author_id == author_id)
    return await connection.scalar(statement) or 0


async def next_one(connection: AsyncConnection, tournament_id: int) -> Suggestion | None:
    """Return the oldest prompt of those members whose prompts were asked least."""
    asked = (
        select(battles.c.asker_id, func.count().label("times"))
        .join(tournament_battles, tournament_battles.c.battle_id == battles.c.battle_id)
        .where(tournament_battles.c.tournament_id == tournament_id)
        .group_by(battles.c.asker_id)
        .subquery()
    )
    rows = await connection.execute(
        select(tournament_prompts.c.prompt_id, tournament_prompts.c.author_id, tournament_prompts.c.prompt)
        .join(asked, asked.c.asker_id == tournament_prompts.c.author_id, isouter=True)
        .where(
            tournament_prompts.c.tournament_id == tournament_id,
            tournament_prompts.c.prompt_id.not_in(_in_use()),
        )
        .order_by(func.coalesce(asked.c.times, 0), tournament_prompts.c.prompt_id)
        .limit(1)
    )
    row = rows.one_or_none()
    return Suggestion(*row) if row else None


async def remove(connection: AsyncConnection, prompt_id: int) -> None:
    await connection.execute(delete(tournament_prompts).where(tournament_prompts.c.prompt_id == prompt_id))


async def forget(connection: AsyncConnection, guild_id: int, author_id: int) -> None:
    """Delete what a member suggested in a guild; what is being asked stands in its battle."""
    await connection.execute(
        delete(tournament_prompts).where(
            tournament_prompts.c.author_id == author_id,
            tournament_prompts.c.tournament_id.in_(_of_guild(guild_id)),
        )
    )


async def of_member(connection: AsyncConnection, guild_id: int, author_id: int) -> list[WaitingPrompt]:
    """Return what a member suggested in a guild and that was not asked yet, the oldest first."""
    rows = await connection.execute(
        select(tournament_prompts.c.prompt, tournament_prompts.c.added_at)
        .where(
            tournament_prompts.c.author_id == author_id,
            tournament_prompts.c.tournament_id.in_(_of_guild(guild_id)),
        )
        .order_by(tournament_prompts.c.prompt_id)
    )
    return [WaitingPrompt(*row) for row in rows]


def _of_guild(guild_id: int) -> Select[tuple[int]]:
    return select(tournaments.c.tournament_id).where(tournaments.c.guild_id == guild_id)


async def clear(connection: AsyncConnection, tournament_id: int) -> None:
    """Forget all that wait."""
    await connection.execute(
        delete(tournament_prompts).where(tournament_prompts.c.tournament_id == tournament_id)
    )


def _in_use() -> Select[tuple[int]]:
    """Select the prompts whose battle is under way."""
    return select(tournament_battles.c.prompt_id).where(tournament_battles.c.settled.is_(False))
