"""Battles that are matches of a tournament."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from sqlalchemy import insert, select, update

from bot.domain.battle import Match, Place
from bot.storage.schema import battles, tournament_battles

if TYPE_CHECKING:
    from sqlalchemy import ColumnElement

    from bot.storage.connections.awaited import AsyncConnection


class MatchBattle(NamedTuple):
    """A battle of a match, and which model failed in it, if one did."""

    battle_id: int
    match: Match
    failed_model_id: int | None


async def add(connection: AsyncConnection, battle_id: int, match: Match) -> None:
    await connection.execute(
        insert(tournament_battles).values(
            battle_id=battle_id,
            tournament_id=match.tournament_id,
            prompt_id=match.prompt_id,
            settled=False,
            **match.place._asdict(),
        )
    )


async def of_battles(connection: AsyncConnection, condition: ColumnElement[bool]) -> dict[int, Match]:
    """Return which of the battles that a condition on them selects are matches, by battle."""
    rows = await connection.execute(
        select(tournament_battles)
        .join(battles, battles.c.battle_id == tournament_battles.c.battle_id)
        .where(condition)
    )
    return {row.battle_id: Match(row.tournament_id, Place(row.of, row.slot), row.prompt_id) for row in rows}


async def note_failure(connection: AsyncConnection, battle_id: int, model_id: int) -> None:
    """Keep which model could not answer, where the battle is a match."""
    await connection.execute(
        update(tournament_battles)
        .where(tournament_battles.c.battle_id == battle_id)
        .values(failed_model_id=model_id)
    )


async def unsettled(connection: AsyncConnection, tournament_id: int) -> MatchBattle | None:
    """Return the battle under way, or whose end the tournament does not know of yet."""
    found = await _select(
        connection,
        tournament_battles.c.tournament_id == tournament_id,
        tournament_battles.c.settled.is_(False),
    )
    return found[0] if found else None


async def of_place(connection: AsyncConnection, tournament_id: int, place: Place) -> list[MatchBattle]:
    """Return all battles of a match, the oldest first."""
    return await _select(
        connection,
        tournament_battles.c.tournament_id == tournament_id,
        tournament_battles.c.of == place.of,
        tournament_battles.c.slot == place.slot,
    )


async def set_settled(connection: AsyncConnection, battle_id: int) -> None:
    await connection.execute(
        update(tournament_battles).where(tournament_battles.c.battle_id == battle_id).values(settled=True)
    )


async def _select(connection: AsyncConnection, *conditions: ColumnElement[bool]) -> list[MatchBattle]:
    rows = await connection.execute(
        select(tournament_battles).where(*conditions).order_by(tournament_battles.c.battle_id)
    )
    return [
        MatchBattle(
            row.battle_id,
            Match(row.tournament_id, Place(row.of, row.slot), row.prompt_id),
            row.failed_model_id,
        )
        for row in rows
    ]
