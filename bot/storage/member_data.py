"""Reading of all that is kept of one member in one guild, in batches.

What would tell something else is not even read: of an open battle, all in which models differ; of a masked
model its name, its costs (prices tell models apart) and what gave it away; of other members, everything.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec
from sqlalchemy import case, func, select

from bot.domain.audit import AuditAction, Change
from bot.domain.battle import Answer, BattleState, FinishReason, Side, Turn, UnratedReason, VoidReason
from bot.domain.member_data import AskedBattle, MemberKey, OwnChange, OwnReport, OwnVote, StoredSide
from bot.domain.vote import Tally, Vote
from bot.storage import battle_categories, battle_texts, tournament_prompts, turns
from bot.storage.battles import DECIDED
from bot.storage.dialects import without_index
from bot.storage.schema import (
    audit,
    battles,
    contestants,
    erasures,
    models,
    reports,
    votes,
)

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Sequence

    from sqlalchemy import Row

    from bot.storage.connections.awaited import AsyncConnection
    from bot.storage.tournament_prompts import WaitingPrompt

BATCH_BATTLES = 100
BATCH_ROWS = 1000

_changes = msgspec.json.Decoder(tuple[Change, ...])


async def to_forget(connection: AsyncConnection, member: MemberKey) -> Sequence[int]:
    """Return the open battles that will forget the member."""
    statement = (
        select(erasures.c.battle_id)
        .join(battles, battles.c.battle_id == erasures.c.battle_id)
        .where(erasures.c.user_id == member.user_id, battles.c.guild_id == member.guild_id)
    )
    return [row.battle_id for row in await connection.execute(statement)]


async def asked(connection: AsyncConnection, member: MemberKey) -> AsyncGenerator[list[AskedBattle], None]:
    """Read the battles that the member asked for, the oldest first."""
    last = 0
    while sizes := await _sizes_after(connection, member, last):
        last, _ = sizes[-1]
        for ids in battle_texts.in_parts(sizes):
            yield await _asked(connection, ids)


async def _asked(connection: AsyncConnection, ids: Sequence[int]) -> list[AskedBattle]:
    found = await connection.execute(
        select(battles).where(battles.c.battle_id.in_(ids)).order_by(battles.c.battle_id)
    )
    seats = await _seats(connection, ids)
    joined = await battle_categories.of_battles(connection, battles.c.battle_id.in_(ids))
    followed = await turns.of_battles(connection, battles.c.battle_id.in_(ids))
    return [
        _battle(
            row,
            (seats[row.battle_id, Side.A], seats[row.battle_id, Side.B]),
            tuple(joined[row.battle_id]),
            tuple(followed[row.battle_id]),
        )
        for row in found
    ]


async def cast(connection: AsyncConnection, member: MemberKey) -> AsyncGenerator[list[OwnVote], None]:
    """Read the votes of the member, by battle."""
    last = 0
    statement = (
        select(votes.c.battle_id, votes.c.vote, votes.c.unclear, votes.c.paper, votes.c.changed_at)
        .join(battles, battles.c.battle_id == votes.c.battle_id)
        .where(votes.c.user_id == member.user_id, without_index(battles.c.guild_id) == member.guild_id)
        .order_by(votes.c.battle_id)
        .limit(BATCH_ROWS)
    )
    while found := (await connection.execute(statement.where(votes.c.battle_id > last))).all():
        last = found[-1].battle_id
        yield [
            OwnVote(
                row.battle_id, Vote(row.vote) if row.vote else None, row.unclear, row.paper, row.changed_at
            )
            for row in found
        ]


async def reported(connection: AsyncConnection, member: MemberKey) -> AsyncGenerator[list[OwnReport], None]:
    """Read the member's reports, of which there are few: ten an hour at most."""
    statement = (
        select(reports.c.battle_id, reports.c.side, reports.c.reason, reports.c.reported_at)
        .join(battles, battles.c.battle_id == reports.c.battle_id)
        .where(reports.c.user_id == member.user_id, without_index(battles.c.guild_id) == member.guild_id)
        .order_by(reports.c.reported_at)
    )
    rows = (await connection.execute(statement)).all()
    yield [OwnReport(row.battle_id, Side(row.side), row.reason, row.reported_at) for row in rows]


async def suggested(
    connection: AsyncConnection, member: MemberKey
) -> AsyncGenerator[list[WaitingPrompt], None]:
    """Read the prompts that the member suggested to tournaments, of which there are few."""
    yield await tournament_prompts.of_member(connection, *member)


async def changed(connection: AsyncConnection, member: MemberKey) -> AsyncGenerator[list[OwnChange], None]:
    """Read what the member changed as a moderator, the oldest first."""
    last = 0
    statement = (
        select(
            audit.c.audit_id,
            audit.c.at,
            audit.c.action,
            func.coalesce(models.c.code_name, models.c.name).label("shown"),
            audit.c.changes,
        )
        .outerjoin(models, models.c.model_id == audit.c.model_id)
        .where(audit.c.guild_id == member.guild_id, audit.c.actor_id == member.user_id)
        .order_by(audit.c.audit_id)
        .limit(BATCH_ROWS)
    )
    while found := (await connection.execute(statement.where(audit.c.audit_id > last))).all():
        last = found[-1].audit_id
        yield [
            OwnChange(
                row.at,
                AuditAction(row.action),
                row.shown,
                tuple(change.field for change in _changes.decode(row.changes)),
            )
            for row in found
        ]


async def _sizes_after(connection: AsyncConnection, member: MemberKey, last: int) -> Sequence[Row[int, int]]:
    rows = await connection.execute(
        select(battles.c.battle_id, battle_texts.size_of_battle())
        .where(
            battles.c.guild_id == member.guild_id,
            battles.c.asker_id == member.user_id,
            battles.c.battle_id > last,
        )
        .order_by(battles.c.battle_id)
        .limit(BATCH_BATTLES)
    )
    return rows.all()


async def _seats(connection: AsyncConnection, ids: Sequence[int]) -> dict[tuple[int, Side], StoredSide]:
    is_over = battles.c.state.in_(DECIDED)
    is_told = is_over & models.c.code_name.is_(None)
    rows = await connection.execute(
        select(
            contestants.c.battle_id,
            contestants.c.side,
            contestants.c.reply,
            contestants.c.finish,
            case((is_over, func.coalesce(models.c.code_name, models.c.name))),
            case((is_over, contestants.c.first_token_seconds)),
            case((is_over, contestants.c.total_seconds)),
            case((is_over, contestants.c.input_tokens)),
            case((is_over, contestants.c.output_tokens)),
            case((is_told, contestants.c.cost)),
            case((is_told, contestants.c.leak)),
        )
        .join(models, models.c.model_id == contestants.c.model_id)
        .join(battles, battles.c.battle_id == contestants.c.battle_id)
        .where(contestants.c.battle_id.in_(ids))
    )
    return {
        (battle_id, Side(side)): StoredSide(reply, FinishReason(finish), *rest)
        for battle_id, side, reply, finish, *rest in rows
    }


def _battle(
    row: Row[tuple[object, ...]],
    seats: tuple[StoredSide, StoredSide],
    categories: tuple[str, ...],
    followed: tuple[Turn, ...],
) -> AskedBattle:
    state = BattleState(row.state)
    return AskedBattle(
        battle_id=row.battle_id,
        channel_id=row.channel_id,
        message_id=row.message_id,
        prompt=row.prompt,
        locale=row.locale,
        state=state,
        opened_at=row.opened_at,
        voting_at=row.voting_at,
        closes_at=row.closes_at,
        closed_at=row.closed_at,
        texts_removed_at=row.texts_removed_at,
        unrated=UnratedReason(row.unrated) if row.unrated and state.is_final else None,
        voided=VoidReason(row.voided) if row.voided else None,
        tally=Tally(row.votes_a, row.votes_b, row.votes_tie, row.votes_both_bad) if state.is_final else None,
        categories=categories,
        a=seats[0],
        b=seats[1],
        turns=followed if state.is_final else tuple(map(_uncounted, followed)),
    )


def _uncounted(turn: Turn) -> Turn:
    a, b = (Answer(answer.reply, answer.finish) for answer in (turn.a, turn.b))
    return Turn(turn.number, turn.prompt, a, b)
