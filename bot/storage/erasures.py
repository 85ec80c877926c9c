"""Erasures of members at their own wish: their votes count on, and nothing says whose they were.

Only decided battles can forget, for an open ballot must know who voted already. Those that are still open are
noted, and forget in the transaction that decides them.
"""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING, NamedTuple

from sqlalchemy import bindparam, delete, exists, func, insert, literal, or_, select, update

from bot.storage import battle_texts, opt_outs, tournament_prompts, voters
from bot.storage.battles import DECIDED, UNDECIDED
from bot.storage.dialects import insert_missing, note_erasure, without_index
from bot.storage.schema import audit, battles, erasures, reports, stale_cards, votes

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import ColumnElement, Select

    from bot.storage.connections.awaited import AsyncConnection

OMITTED = "…"


class Erased(NamedTuple):
    """Numbers of battles that a member asked for, and of votes that they cast, that forgot them.

    `pending` are battles still open that they asked for or voted on.
    """

    battles: int
    votes: int
    pending: int


async def erase(connection: AsyncConnection, guild_id: int, user_id: int, now: float) -> Erased:
    """Forget a member in every decided battle of the guild, and note it for those that are open.

    Votes stay, each under a number of its own; of the battles that the member asked for, the texts go.
    """
    await note_erasure(connection)
    asked = await _ids(connection, _asked(guild_id, user_id))
    voted = await _ids(connection, _voted(guild_id, user_id))
    pending = await _pending(connection, guild_id, user_id)
    await _forget(connection, user_id, asked, voted, now)
    await voters.forget(connection, guild_id, user_id)
    await _note(connection, guild_id, user_id)
    await _withdraw_reports(connection, guild_id, user_id)
    await tournament_prompts.forget(connection, guild_id, user_id)
    await _scrub(connection, guild_id, user_id)
    await opt_outs.remove(connection, guild_id, user_id)
    return Erased(len(asked), len(voted), pending)


async def carry_out(connection: AsyncConnection, battle_id: int, now: float) -> None:
    """Forget, in a battle that was just decided, whoever asked for it while it was open."""
    of_battle = erasures.c.battle_id == battle_id
    for user_id in (await connection.scalars(select(erasures.c.user_id).where(of_battle))).all():
        await note_erasure(connection)
        here = battles.c.battle_id == battle_id
        asked = select(battles.c.battle_id).where(here, battles.c.asker_id == user_id)
        voted = select(votes.c.battle_id).where(votes.c.battle_id == battle_id, votes.c.user_id == user_id)
        await _forget(connection, user_id, await _ids(connection, asked), await _ids(connection, voted), now)
    await connection.execute(delete(erasures).where(of_battle))


async def stale(connection: AsyncConnection, most: int) -> Sequence[tuple[int, int]]:
    """Return battles, each with its guild, whose cards may still show what was deleted."""
    rows = await connection.execute(
        select(battles.c.guild_id, stale_cards.c.battle_id)
        .join(battles, battles.c.battle_id == stale_cards.c.battle_id)
        .order_by(stale_cards.c.battle_id.desc())
        .limit(most)
    )
    return [(row.guild_id, row.battle_id) for row in rows]


async def set_clean(connection: AsyncConnection, battle_id: int) -> None:
    """Record that a card shows nothing any more of what was deleted, or is gone."""
    await connection.execute(delete(stale_cards).where(stale_cards.c.battle_id == battle_id))


def _asked(guild_id: int, user_id: int) -> Select[tuple[int]]:
    return select(battles.c.battle_id).where(
        battles.c.guild_id == guild_id, battles.c.asker_id == user_id, battles.c.state.in_(DECIDED)
    )


def _voted(guild_id: int, user_id: int) -> Select[tuple[int]]:
    return (
        select(votes.c.battle_id)
        .join(battles, battles.c.battle_id == votes.c.battle_id)
        .where(
            votes.c.user_id == user_id,
            without_index(battles.c.guild_id) == guild_id,
            battles.c.state.in_(DECIDED),
        )
    )


async def _ids(connection: AsyncConnection, statement: Select[tuple[int]]) -> Sequence[int]:
    return [row.battle_id for row in await connection.execute(statement)]


async def _pending(connection: AsyncConnection, guild_id: int, user_id: int) -> int:
    own_votes = select(votes.c.battle_id).where(votes.c.user_id == user_id)
    statement = select(func.count()).where(
        *_open(guild_id), or_(battles.c.asker_id == user_id, battles.c.battle_id.in_(own_votes))
    )
    return await connection.scalar(statement) or 0


def _open(guild_id: int) -> tuple[ColumnElement[bool], ...]:
    return (battles.c.guild_id == guild_id, battles.c.state.in_(UNDECIDED))


async def _forget(
    connection: AsyncConnection, user_id: int, asked: Sequence[int], voted: Sequence[int], now: float
) -> None:
    battle = bindparam("battle", type_=votes.c.battle_id.type)
    nobody = bindparam("nobody", type_=votes.c.user_id.type)
    if voted:
        await connection.execute(
            update(votes)
            .where(votes.c.battle_id == battle, votes.c.user_id == user_id)
            .values(user_id=nobody),
            [{"battle": battle_id, "nobody": _nobody()} for battle_id in voted],
        )
    if asked:
        await battle_texts.remove(connection, asked, now)
        await connection.execute(
            update(battles).where(battles.c.battle_id == battle).values(asker_id=nobody),
            [{"battle": battle_id, "nobody": _nobody()} for battle_id in asked],
        )
        rows = [{"battle_id": battle_id} for battle_id in asked]
        await insert_missing(connection, stale_cards, rows, ["battle_id"])


def _nobody() -> int:
    """Draw a number for one vote or battle alone: nothing that could be linked or traced back."""
    return -1 - secrets.randbits(62)


async def _note(connection: AsyncConnection, guild_id: int, user_id: int) -> None:
    """Note the member for every open battle: whether they voted on it may change until its end."""
    known = select(erasures.c.battle_id).where(erasures.c.user_id == user_id)
    await connection.execute(
        insert(erasures).from_select(
            ["battle_id", "user_id"],
            select(battles.c.battle_id, literal(user_id, erasures.c.user_id.type)).where(
                *_open(guild_id), battles.c.battle_id.not_in(known)
            ),
        )
    )


async def _withdraw_reports(connection: AsyncConnection, guild_id: int, user_id: int) -> None:
    """Delete what the member reported; a reply that was hidden for it stays so."""
    is_here = exists().where(
        battles.c.battle_id == reports.c.battle_id, without_index(battles.c.guild_id) == guild_id
    )
    await connection.execute(delete(reports).where(reports.c.user_id == user_id, is_here))


async def _scrub(connection: AsyncConnection, guild_id: int, user_id: int) -> None:
    """Take the member's id out of what moderators wrote."""
    written = str(user_id)
    voided = (battles.c.guild_id == guild_id, battles.c.voided.is_not(None))
    recorded = (audit.c.guild_id == guild_id,)
    for table, column, rows in ((battles, battles.c.void_note, voided), (audit, audit.c.changes, recorded)):
        await connection.execute(
            update(table)
            .where(*rows, column.contains(written, autoescape=True))
            .values({column: func.replace(column, written, OMITTED)})
        )
