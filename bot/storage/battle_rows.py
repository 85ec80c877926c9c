"""Battles as they are read: of each the rows of both sides, its turns, its match and what is hidden."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from sqlalchemy import ColumnElement, Row, exists, func, select

from bot.domain import rules as house_rules
from bot.domain.battle import (
    Battle,
    BattleState,
    Contestant,
    FinishReason,
    Side,
    Turn,
    UnratedReason,
    VoidReason,
)
from bot.domain.image import ImageKind
from bot.domain.vote import Tally
from bot.storage import tournament_matches, turns
from bot.storage.dialects import without_index
from bot.storage.schema import battles, contestants, models, tournament_battles
from bot.storage.schema import turns as turns_table

if TYPE_CHECKING:
    from bot.storage.connections.awaited import AsyncConnection

_SEATS = [column.label(f"seat_{column.name}") for column in contestants.c if column.name != "battle_id"]
_SHOWN = func.coalesce(models.c.code_name, models.c.name).label("seat_shown")
_IS_FOLLOWED = exists().where(turns_table.c.battle_id == battles.c.battle_id).label("is_followed")
_IS_MATCH = exists().where(tournament_battles.c.battle_id == battles.c.battle_id).label("is_match")


_WITH_SEATS = (
    select(battles, *_SEATS, _SHOWN, _IS_FOLLOWED, _IS_MATCH)
    .join(contestants, contestants.c.battle_id == battles.c.battle_id)
    .join(models, models.c.model_id == without_index(contestants.c.model_id))
    .order_by(battles.c.battle_id, contestants.c.side)
)


async def select_battles(connection: AsyncConnection, condition: ColumnElement[bool]) -> list[Battle]:
    """Return the battles under a condition, oldest first."""
    rows = (await connection.execute(_WITH_SEATS.where(condition))).all()
    # Most battles have none of these, and then there is nothing to be asked for.
    has_turns, has_matches = (any(getattr(row, name) for row in rows) for name in ("is_followed", "is_match"))
    followed = await turns.of_battles(connection, condition) if has_turns else dict[int, list[Turn]]()
    matched = await tournament_matches.of_battles(connection, condition) if has_matches else {}
    return [
        replace(
            _battle(a, _contestant(a), _contestant(b)),
            turns=tuple(followed.get(a.battle_id, ())),
            match=matched.get(a.battle_id),
            hidden=frozenset(Side(row.seat_side) for row in (a, b) if row.seat_hidden_at is not None),
        )
        for a, b in zip(rows[::2], rows[1::2], strict=True)
    ]


def _contestant(row: Row[tuple[object, ...]]) -> Contestant:
    return Contestant(
        side=Side(row.seat_side),
        model_id=row.seat_model_id,
        model=row.seat_shown,
        reply=row.seat_reply,
        finish=FinishReason(row.seat_finish),
        first_token_seconds=row.seat_first_token_seconds,
        total_seconds=row.seat_total_seconds,
        input_tokens=row.seat_input_tokens,
        output_tokens=row.seat_output_tokens,
        cost=row.seat_cost,
        leak=row.seat_leak,
        rating_before=row.seat_rating_before,
        rating_after=row.seat_rating_after,
        is_provisional=bool(row.seat_provisional),
    )


def _battle(row: Row[tuple[object, ...]], a: Contestant, b: Contestant) -> Battle:
    return Battle(
        battle_id=row.battle_id,
        guild_id=row.guild_id,
        channel_id=row.channel_id,
        message_id=row.message_id,
        asker_id=row.asker_id,
        prompt=row.prompt,
        locale=row.locale,
        state=BattleState(row.state),
        opened_at=row.opened_at,
        a=a,
        b=b,
        closes_at=row.closes_at,
        closed_at=row.closed_at,
        first_drawn_at=row.first_drawn_at,
        interaction_token=row.interaction_token,
        unrated=UnratedReason(row.unrated) if row.unrated else None,
        voided=VoidReason(row.voided) if row.voided else None,
        tally=Tally(row.votes_a, row.votes_b, row.votes_tie, row.votes_both_bad),
        unclear=row.votes_unclear,
        season=row.season,
        void_note=row.void_note,
        readable_at=row.readable_at,
        texts_removed_at=row.texts_removed_at,
        rules=house_rules.decode(row.rules),
        uncounted=row.votes_uncounted,
        image_kind=ImageKind(row.image_kind) if row.image_kind else None,
    )
