"""Drawings of models: each battle's, and the sums of those that are decided.

A battle is counted in the transaction that decides it, never before: sums that moved with an open battle
would tell who is in it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec
from sqlalchemy import delete, insert, select, update

from bot.domain.battle import BattleState, VoidReason
from bot.domain.draws import Drawing, Draws, ServerDraws, added_by
from bot.domain.vote import Tally, Vote
from bot.storage.dialects import accumulate
from bot.storage.schema import battles, contestants, draws, guild_draws, model_draws, models

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

    from sqlalchemy import Row

    from bot.domain.battle import Battle
    from bot.storage.connections.awaited import AsyncConnection

MODEL_SUMS = tuple(column.name for column in model_draws.c if not column.primary_key)
SERVER_COUNTS = tuple(
    column.name for column in guild_draws.c if not column.primary_key and column.name != "since"
)

_COUNTED_COLUMNS = (
    battles.c.guild_id,
    battles.c.opened_at,
    battles.c.state,
    battles.c.voided,
    *(battles.c[f"votes_{vote}"] for vote in Vote),
)

CHANCES = msgspec.json.Decoder(dict[int, int])
IDS = msgspec.json.Decoder(frozenset[int])


async def add(connection: AsyncConnection, battle_id: int, drawing: Drawing) -> None:
    """Keep how the models of a battle were drawn."""
    await connection.execute(
        insert(draws).values(
            battle_id=battle_id,
            model_a=drawing.a,
            model_b=drawing.b,
            chances=None if drawing.chances is None else _json(drawing.chances),
        )
    )


async def amend(connection: AsyncConnection, battle_id: int, drawing: Drawing) -> None:
    """Keep who failed meanwhile, and who stepped in."""
    if not (drawing.failed or drawing.stepped_in):
        return
    await connection.execute(
        update(draws)
        .where(draws.c.battle_id == battle_id)
        .values(failed=_json(sorted(drawing.failed)), stepped_in=_json(sorted(drawing.stepped_in)))
    )


async def add_failure(connection: AsyncConnection, battle_id: int, model_id: int) -> None:
    """Keep that a model failed in a later turn."""
    failed = await connection.scalar(select(draws.c.failed).where(draws.c.battle_id == battle_id))
    if failed is not None:
        await connection.execute(
            update(draws)
            .where(draws.c.battle_id == battle_id)
            .values(failed=_json(sorted(IDS.decode(failed) | {model_id})))
        )


async def count(connection: AsyncConnection, battle_id: int) -> None:
    """Add a battle to the sums, now that it is decided; a pair that was not drawn adds no draw."""
    row = (
        await connection.execute(
            select(*_COUNTED_COLUMNS, draws)
            .join(draws, draws.c.battle_id == battles.c.battle_id, isouter=True)
            .where(battles.c.battle_id == battle_id)
        )
    ).one()
    drawing = drawing_of(row)
    called_off = row.state == BattleState.VOIDED and row.voided != VoidReason.MODERATOR
    tally = Tally(row.votes_a, row.votes_b, row.votes_tie, row.votes_both_bad)
    counts = counts_of(drawing, tally, called_off=called_off)
    await _count(connection, row.guild_id, row.opened_at, drawing, counts, known=None)


async def count_closed(
    connection: AsyncConnection, battle: Battle, drawing: Drawing | None, known: Collection[int]
) -> None:
    """Do the same for a battle that was just closed; `known` are the models of its server."""
    counts = counts_of(drawing, battle.tally, called_off=False)
    await _count(connection, battle.guild_id, battle.opened_at, drawing, counts, known)


async def _count(
    connection: AsyncConnection,
    guild_id: int,
    opened_at: float,
    drawing: Drawing | None,
    counts: Mapping[str, int],
    known: Collection[int] | None,
) -> None:
    if drawing:
        await add_to_models(connection, guild_id, added_by(drawing), known)
    since = opened_at if drawing and drawing.chances is not None else None
    await add_to_server(connection, guild_id, counts, since)


async def count_ruling(connection: AsyncConnection, guild_id: int, battle_id: int, sign: int) -> None:
    """Count a battle among those that moderators took out (1), or no longer (-1)."""
    fought = await connection.scalars(
        select(contestants.c.model_id).where(contestants.c.battle_id == battle_id)
    )
    await add_to_models(connection, guild_id, {model: Draws(taken_out=sign) for model in fought})
    await add_to_server(connection, guild_id, {"taken_out": sign})


async def count_new_tallies(
    connection: AsyncConnection, guild_id: int, changes: Iterable[tuple[Tally, Tally, int]]
) -> None:
    """Count who won, of so many decided battles each, by the tally after and no longer by the one before."""
    won: dict[str, int] = {"wins_a": 0, "wins_b": 0}
    for before, after, number in changes:
        lost, new = _wins(before), _wins(after)
        for name in won:
            won[name] += number * (new[name] - lost[name])
    if any(won.values()):
        await add_to_server(connection, guild_id, won)


async def of_battles(connection: AsyncConnection, ids: Sequence[int]) -> dict[int, Drawing]:
    """Return how the models of these battles were found, of those that were drawn."""
    rows = await connection.execute(select(draws).where(draws.c.battle_id.in_(ids)))
    return {row.battle_id: drawing for row in rows if (drawing := drawing_of(row))}


async def of_models(connection: AsyncConnection, guild_id: int) -> dict[int, Draws]:
    """Return the sums of each model that was ever drawn, or could have been."""
    rows = await connection.execute(select(model_draws).where(model_draws.c.guild_id == guild_id))
    return {row.model_id: Draws(*(getattr(row, name) for name in MODEL_SUMS)) for row in rows}


async def of_server(connection: AsyncConnection, guild_id: int) -> ServerDraws:
    rows = await connection.execute(select(guild_draws).where(guild_draws.c.guild_id == guild_id))
    row = rows.one_or_none()
    if row is None:
        return ServerDraws()
    return ServerDraws(row.since, **{name: getattr(row, name) for name in SERVER_COUNTS})


async def has_been_drawn(connection: AsyncConnection, model_id: int) -> bool:
    """Tell whether a model was asked anything in a decided battle, be it that another took its place."""
    sums = model_draws.c
    found = await connection.scalar(
        select(sums.model_id).where(sums.model_id == model_id, sums.seats + sums.stepped_in + sums.failed > 0)
    )
    return found is not None


async def forget(connection: AsyncConnection, model_id: int) -> None:
    """Drop what was promised to a model that was never drawn and is removed."""
    await connection.execute(delete(model_draws).where(model_draws.c.model_id == model_id))


async def add_to_models(
    connection: AsyncConnection,
    guild_id: int,
    added: Mapping[int, Draws],
    known: Collection[int] | None = None,
) -> None:
    if known is None:
        of_guild = select(models.c.model_id).where(models.c.guild_id == guild_id)
        known = (await connection.scalars(of_guild)).all()
    rows = [
        {"guild_id": guild_id, "model_id": model, **dict(zip(MODEL_SUMS, added[model].values(), strict=True))}
        for model in known
        if model in added
    ]
    await accumulate(connection, model_draws, rows)


async def add_to_server(
    connection: AsyncConnection, guild_id: int, counts: Mapping[str, int], since: float | None = None
) -> None:
    row = {"guild_id": guild_id, "since": since, **dict.fromkeys(SERVER_COUNTS, 0), **counts}
    await accumulate(connection, guild_draws, [row], least="since")


def counts_of(drawing: Drawing | None, tally: Tally, *, called_off: bool) -> dict[str, int]:
    """Return what a decided battle adds to its server's sums."""
    if drawing is None:
        return {"called_off": int(called_off)}
    return {
        "drawn": int(drawing.chances is not None),
        "battles": 1,
        "first_on_a": int(drawing.a < drawing.b),
        "called_off": int(called_off),
        **_wins(Tally() if called_off else tally),
    }


def _wins(tally: Tally) -> dict[str, int]:
    winner = tally.winner
    return {"wins_a": int(winner is Vote.A), "wins_b": int(winner is Vote.B)}


def drawing_of(row: Row[tuple[object, ...]]) -> Drawing | None:
    """Return how a battle's models were found; `None` where they were not drawn."""
    if row.model_a is None:
        return None
    return Drawing(
        row.model_a,
        row.model_b,
        None if row.chances is None else CHANCES.decode(row.chances),
        IDS.decode(row.failed),
        IDS.decode(row.stepped_in),
    )


def _json(value: Collection[int]) -> str:
    return msgspec.json.encode(value).decode()
