"""Tournaments with their entrants and the results of their matches."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import func, insert, select, update

from bot.domain.battle import Place
from bot.domain.tournament import Entrant, MatchOutcome, MatchResult, Tournament
from bot.storage import tournament_prompts
from bot.storage.dialects import insert_missing
from bot.storage.schema import models, tournament_battles, tournament_matches, tournament_models, tournaments

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from sqlalchemy import Row

    from bot.storage.connections.awaited import AsyncConnection


@dataclass(frozen=True, slots=True)
class NewTournament:
    """A tournament to be started; `model_ids` are in the order of their seeds."""

    guild_id: int
    channel_id: int
    parent_id: int | None
    locale: str
    is_rated: bool
    voting_seconds: int
    model_ids: tuple[int, ...]
    started_at: float


async def add(connection: AsyncConnection, new: NewTournament) -> int | None:
    """Insert a tournament that runs from now on; `None` where one runs in the channel already."""
    if await running_in(connection, new.channel_id) is not None:
        return None
    statement = insert(tournaments).values(
        guild_id=new.guild_id,
        channel_id=new.channel_id,
        parent_id=new.parent_id,
        running_in=new.channel_id,
        locale=new.locale,
        is_rated=new.is_rated,
        voting_seconds=new.voting_seconds,
        started_at=new.started_at,
        called_after=0,
    )
    tournament_id = (await connection.scalars(statement.returning(tournaments.c.tournament_id))).one()
    await connection.execute(
        insert(tournament_models),
        [
            {"tournament_id": tournament_id, "seed": seed, "model_id": model_id}
            for seed, model_id in enumerate(new.model_ids, 1)
        ],
    )
    return tournament_id


async def running_in(connection: AsyncConnection, channel_id: int) -> int | None:
    """Return the tournament that runs in a channel."""
    return await connection.scalar(
        select(tournaments.c.tournament_id).where(tournaments.c.running_in == channel_id)
    )


async def latest_in(connection: AsyncConnection, guild_id: int, channel_id: int) -> int | None:
    """Return the last tournament of a channel, be it over or not."""
    return await connection.scalar(
        select(func.max(tournaments.c.tournament_id)).where(
            tournaments.c.guild_id == guild_id, tournaments.c.channel_id == channel_id
        )
    )


async def running(connection: AsyncConnection) -> Sequence[int]:
    """Return the tournaments of all servers that are not over."""
    found = await connection.scalars(
        select(tournaments.c.tournament_id)
        .where(tournaments.c.running_in.is_not(None))
        .order_by(tournaments.c.tournament_id)
    )
    return found.all()


async def get(connection: AsyncConnection, tournament_id: int) -> Tournament:
    row = (
        await connection.execute(select(tournaments).where(tournaments.c.tournament_id == tournament_id))
    ).one()
    decided = await _results(connection, tournament_id)
    return Tournament(
        tournament_id=tournament_id,
        guild_id=row.guild_id,
        channel_id=row.channel_id,
        parent_id=row.parent_id,
        locale=row.locale,
        is_rated=row.is_rated,
        voting_seconds=row.voting_seconds,
        is_running=row.running_in is not None,
        entrants=await _entrants(connection, tournament_id),
        results={result.place: result for result, _ in decided},
        unannounced=tuple(result for result, announced in decided if not announced),
        battles=await _battles(connection, tournament_id),
        waiting=await tournament_prompts.count(connection, tournament_id),
        called_after=row.called_after,
    )


async def add_result(
    connection: AsyncConnection, tournament_id: int, result: MatchResult, now: float
) -> None:
    """Keep how a match ended, unless that is known already."""
    row = {
        "tournament_id": tournament_id,
        **result.place._asdict(),
        "winner": result.winner,
        "outcome": result.outcome,
        "votes_won": result.votes_won,
        "votes_lost": result.votes_lost,
        "decided_at": now,
        "announced": False,
    }
    await insert_missing(connection, tournament_matches, [row], ["tournament_id", "of", "slot"])


async def set_announced(
    connection: AsyncConnection, tournament_id: int, results: Iterable[MatchResult]
) -> None:
    for result in results:
        await connection.execute(
            update(tournament_matches)
            .where(
                tournament_matches.c.tournament_id == tournament_id,
                tournament_matches.c.of == result.place.of,
                tournament_matches.c.slot == result.place.slot,
            )
            .values(announced=True)
        )


async def set_called(connection: AsyncConnection, tournament_id: int, battles: int) -> None:
    """Record that it asked for prompts when it had so many battles."""
    await connection.execute(
        update(tournaments).where(tournaments.c.tournament_id == tournament_id).values(called_after=battles)
    )


async def end(connection: AsyncConnection, tournament_id: int, now: float) -> bool:
    """Let a tournament be over, with its queue; `False` where it was already."""
    done = await connection.execute(
        update(tournaments)
        .where(tournaments.c.tournament_id == tournament_id, tournaments.c.running_in.is_not(None))
        .values(running_in=None, ended_at=now)
    )
    await tournament_prompts.clear(connection, tournament_id)
    return done.rowcount == 1


async def _entrants(connection: AsyncConnection, tournament_id: int) -> tuple[Entrant, ...]:
    rows = await connection.execute(
        select(
            tournament_models.c.seed,
            tournament_models.c.model_id,
            func.coalesce(models.c.code_name, models.c.name),
        )
        .join(models, models.c.model_id == tournament_models.c.model_id)
        .where(tournament_models.c.tournament_id == tournament_id)
        .order_by(tournament_models.c.seed)
    )
    return tuple(Entrant(*row) for row in rows)


async def _results(connection: AsyncConnection, tournament_id: int) -> list[tuple[MatchResult, bool]]:
    """Return the decided matches in the order in which they were, and whether the channel was told."""
    rows = await connection.execute(
        select(tournament_matches)
        .where(tournament_matches.c.tournament_id == tournament_id)
        .order_by(tournament_matches.c.decided_at, tournament_matches.c.of.desc(), tournament_matches.c.slot)
    )
    return [(_result(row), row.announced) for row in rows]


def _result(row: Row[tuple[object, ...]]) -> MatchResult:
    place = Place(row.of, row.slot)
    return MatchResult(place, row.winner, MatchOutcome(row.outcome), row.votes_won, row.votes_lost)


async def _battles(connection: AsyncConnection, tournament_id: int) -> int:
    found = tournament_battles.c.tournament_id == tournament_id
    return await connection.scalar(select(func.count()).where(found)) or 0
