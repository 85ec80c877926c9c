"""Recounts of the sums of drawings, for the check that no battle was lost or counted twice."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from sqlalchemy import delete, insert, select

from bot.domain.battle import VoidReason
from bot.domain.draws import Draws, ServerDraws, added_by
from bot.storage.battles import DECIDED
from bot.storage.draws import (
    DECIDED_COLUMNS,
    MODEL_SUMS,
    SERVER_COUNTS,
    counts_of,
    drawing_of,
    of_models,
    of_server,
)
from bot.storage.schema import battles, contestants, draws, guild_draws, model_draws, models

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bot.storage.connections.awaited import AsyncConnection


@dataclass(frozen=True, slots=True)
class DrawSums:
    """The sums of a guild's drawings; models without any are left out."""

    models: Mapping[int, Draws]
    server: ServerDraws


async def stored(connection: AsyncConnection, guild_id: int) -> DrawSums:
    by_model = await of_models(connection, guild_id)
    return DrawSums(_some(by_model), await of_server(connection, guild_id))


async def counted(connection: AsyncConnection, guild_id: int) -> DrawSums:
    """Return the sums as the guild's decided battles make them."""
    by_model = await _taken_out(connection, guild_id)
    server = dict.fromkeys(SERVER_COUNTS, 0)
    begun: list[float] = []
    rows = await connection.execute(
        select(*DECIDED_COLUMNS, draws)
        .join(draws, draws.c.battle_id == battles.c.battle_id, isouter=True)
        .where(battles.c.guild_id == guild_id, battles.c.state.in_(DECIDED))
    )
    for row in rows:
        drawing = drawing_of(row)
        if drawing and drawing.chances is not None:
            begun.append(row.opened_at)
        for model, sums in (added_by(drawing) if drawing else {}).items():
            by_model[model] += sums
        for name, number in counts_of(row, drawing).items():
            server[name] += number
        server["taken_out"] += row.voided == VoidReason.MODERATOR
    known = set(await connection.scalars(select(models.c.model_id).where(models.c.guild_id == guild_id)))
    left = {model: sums for model, sums in by_model.items() if model in known}
    return DrawSums(_some(left), ServerDraws(min(begun, default=None), **server))


async def put_in_place(connection: AsyncConnection, guild_id: int, sums: DrawSums) -> None:
    """Keep these sums in place of all that are kept."""
    for table in (model_draws, guild_draws):
        await connection.execute(delete(table).where(table.c.guild_id == guild_id))
    rows = [
        {"guild_id": guild_id, "model_id": model, **dict(zip(MODEL_SUMS, each.values(), strict=True))}
        for model, each in sums.models.items()
    ]
    if rows:
        await connection.execute(insert(model_draws), rows)
    server = {name: getattr(sums.server, name) for name in ("since", *SERVER_COUNTS)}
    await connection.execute(insert(guild_draws).values(guild_id=guild_id, **server))


async def _taken_out(connection: AsyncConnection, guild_id: int) -> defaultdict[int, Draws]:
    found: defaultdict[int, Draws] = defaultdict(Draws)
    rows = await connection.scalars(
        select(contestants.c.model_id)
        .join(battles, battles.c.battle_id == contestants.c.battle_id)
        .where(battles.c.guild_id == guild_id, battles.c.voided == VoidReason.MODERATOR)
    )
    for model in rows:
        found[model] = replace(found[model], taken_out=found[model].taken_out + 1)
    return found


def _some(by_model: Mapping[int, Draws]) -> dict[int, Draws]:
    return {model: sums for model, sums in by_model.items() if sums != Draws()}
