"""Battles with both sides: how they are stored, closed, voided and read."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import bindparam, func, insert, select, update

from bot.domain import rules as house_rules
from bot.domain.battle import (
    Battle,
    BattleState,
    Side,
    UnratedReason,
    VoidReason,
)
from bot.domain.rules import DEFAULT_RULES, BattleRules
from bot.errors import OvertakenError
from bot.storage import battle_categories, tournament_matches
from bot.storage.battle_rows import select_battles
from bot.storage.schema import battles, contestants

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bot.domain.battle import Match
    from bot.domain.image import ImageKind
    from bot.storage.connections.awaited import AsyncConnection
    from bot.storage.votes import Count

DECIDED = tuple(state for state in BattleState if state.is_final)
UNDECIDED = tuple(state for state in BattleState if not state.is_final)
"""For conditions on the database; of a state that is named an index knows the place."""

_AT = contestants.c.side == bindparam("at")


@dataclass(frozen=True, slots=True)
class NewBattle:
    """A battle to be opened; `model_a` and `model_b` are model ids, times Unix seconds."""

    guild_id: int
    channel_id: int
    asker_id: int
    prompt: str
    locale: str
    opened_at: float
    interaction_token: str | None
    drawn_probability: float
    model_a: int
    model_b: int
    categories: frozenset[str] = frozenset()
    unrated: UnratedReason | None = None
    rules: BattleRules = DEFAULT_RULES
    match: Match | None = None
    image_kind: ImageKind | None = None


async def add(connection: AsyncConnection, new: NewBattle) -> int:
    """Insert a battle whose models are about to be asked; returns its id."""
    statement = insert(battles).values(
        guild_id=new.guild_id,
        channel_id=new.channel_id,
        asker_id=new.asker_id,
        prompt=new.prompt,
        locale=new.locale,
        state=BattleState.GENERATING,
        opened_at=new.opened_at,
        interaction_token=new.interaction_token,
        drawn_probability=new.drawn_probability,
        unrated=new.unrated,
        rules=house_rules.encode(new.rules),
        image_kind=new.image_kind,
    )
    battle_id = (await connection.scalars(statement.returning(battles.c.battle_id))).one()
    await connection.execute(
        insert(contestants),
        [
            {"battle_id": battle_id, "side": Side.A, "model_id": new.model_a},
            {"battle_id": battle_id, "side": Side.B, "model_id": new.model_b},
        ],
    )
    await battle_categories.add(connection, battle_id, new.categories)
    if new.match:
        await tournament_matches.add(connection, battle_id, new.match)
    return battle_id


async def set_message(connection: AsyncConnection, battle_id: int, message_id: int) -> None:
    await connection.execute(
        update(battles).where(battles.c.battle_id == battle_id).values(message_id=message_id)
    )


async def set_rules(connection: AsyncConnection, battle_id: int, rules: BattleRules) -> None:
    await connection.execute(
        update(battles).where(battles.c.battle_id == battle_id).values(rules=house_rules.encode(rules))
    )


async def begin_voting(
    connection: AsyncConnection, battle: Battle, *, voting_at: float, drawn_probability: float
) -> None:
    """Store both replies and open the ballot; it has no end as long as it is not on the card.

    Raises `OvertakenError`.
    """
    begun = await connection.execute(
        update(battles)
        .where(battles.c.battle_id == battle.battle_id, battles.c.state == BattleState.GENERATING)
        .values(
            state=BattleState.VOTING,
            voting_at=voting_at,
            readable_at=battle.readable_at,
            interaction_token=None,
            drawn_probability=drawn_probability,
            unrated=battle.unrated,
        )
    )
    if not begun.rowcount:
        raise OvertakenError
    written = ("model_id", "reply", "finish", "first_token_seconds", "total_seconds")
    spent = ("input_tokens", "output_tokens", "cost", "leak")
    await connection.execute(
        update(contestants).where(contestants.c.battle_id == battle.battle_id, _AT),
        [
            {"at": each.side, **{name: getattr(each, name) for name in (*written, *spent)}}
            for each in (battle.a, battle.b)
        ],
    )


async def leave_unrated(connection: AsyncConnection, battle_id: int, reason: UnratedReason) -> None:
    """Have a battle not count towards the ratings, unless it does not for an earlier reason."""
    await connection.execute(
        update(battles)
        .where(battles.c.battle_id == battle_id, battles.c.unrated.is_(None))
        .values(unrated=reason)
    )


async def close(
    connection: AsyncConnection,
    battle_id: int,
    count: Count,
    *,
    now: float,
    season: int,
    unrated: UnratedReason | None,
) -> bool:
    """Fix the tally; `False` where the battle was not open for votes any more."""
    done = await connection.execute(
        update(battles)
        .where(battles.c.battle_id == battle_id, battles.c.state == BattleState.VOTING)
        .values(
            state=BattleState.CLOSED,
            closed_at=now,
            season=season,
            unrated=unrated,
            votes_a=count.tally.a,
            votes_b=count.tally.b,
            votes_tie=count.tally.tie,
            votes_both_bad=count.tally.both_bad,
            votes_unclear=count.unclear,
            votes_uncounted=count.uncounted,
        )
    )
    return done.rowcount == 1


async def set_ratings(
    connection: AsyncConnection, battle_id: int, ratings: Mapping[Side, tuple[float, float, bool]]
) -> None:
    """Record each side's rating before and after the battle, and whether it was provisional then."""
    await connection.execute(
        update(contestants).where(contestants.c.battle_id == battle_id, _AT),
        [
            {"at": side, "rating_before": before, "rating_after": after, "provisional": provisional}
            for side, (before, after, provisional) in ratings.items()
        ],
    )


async def void(connection: AsyncConnection, battle_id: int, reason: VoidReason, now: float) -> bool:
    """Call an undecided battle off; `False` where it was decided already."""
    done = await connection.execute(
        update(battles)
        .where(battles.c.battle_id == battle_id, battles.c.state.not_in(DECIDED))
        .values(state=BattleState.VOIDED, voided=reason, closed_at=now)
    )
    return done.rowcount == 1


async def set_redrawn(connection: AsyncConnection, battle_id: int, now: float) -> None:
    """Record that the card shows the end of the battle, or never can."""
    first = func.coalesce(battles.c.first_drawn_at, now)
    values = {"redrawn_at": now, "first_drawn_at": first, "interaction_token": None}
    await connection.execute(update(battles).where(battles.c.battle_id == battle_id).values(values))


async def get(connection: AsyncConnection, guild_id: int, battle_id: int) -> Battle | None:
    found = await select_battles(
        connection, (battles.c.battle_id == battle_id) & (battles.c.guild_id == guild_id)
    )
    return found[0] if found else None


async def of_message(connection: AsyncConnection, guild_id: int, message_id: int) -> int | None:
    """Return the battle whose card the message is."""
    return await connection.scalar(
        select(battles.c.battle_id).where(battles.c.message_id == message_id, battles.c.guild_id == guild_id)
    )


async def unfinished(connection: AsyncConnection) -> list[Battle]:
    """Return the battles whose card does not show their end yet, oldest first."""
    return await select_battles(connection, battles.c.redrawn_at.is_(None))


async def last_drawn(connection: AsyncConnection, seconds: float) -> list[Battle]:
    """Return the battles whose end was first shown in the last so many seconds before the last one's."""
    last = select(func.max(battles.c.first_drawn_at)).scalar_subquery()
    found = select(battles.c.battle_id).where(battles.c.first_drawn_at >= last - seconds)
    ids = list(await connection.scalars(found))
    return await select_battles(connection, battles.c.battle_id.in_(ids)) if ids else []
