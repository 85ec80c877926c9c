"""Guilds and their models."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from sqlalchemy import Row, delete, exists, func, insert, select, update

from bot.domain.model import Model, ModelState
from bot.storage.battles import DECIDED, UNDECIDED
from bot.storage.dialects import insert_missing
from bot.storage.schema import battles, contestants, guilds, models, removed_models, tournament_models

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from bot.storage.connections.awaited import AsyncConnection


class ReplyTimings(NamedTuple):
    """Seconds and tokens that one reply of a model took; `None` where they are not known."""

    first_token_seconds: float | None
    total_seconds: float | None
    output_tokens: int | None


async def ensure(connection: AsyncConnection, guild_id: int, names: Collection[str], now: float) -> None:
    """See to it that the guild and its models have rows; those that have keep them."""
    await ensure_guild(connection, guild_id, now)
    rows = [{"guild_id": guild_id, "name": name, "created_at": now} for name in names]
    await insert_missing(connection, models, rows, ["guild_id", "name"])


async def ensure_guild(connection: AsyncConnection, guild_id: int, now: float) -> None:
    await insert_missing(connection, guilds, [{"guild_id": guild_id, "first_seen_at": now}], ["guild_id"])


async def of_guild(connection: AsyncConnection, guild_id: int) -> list[Model]:
    """Return every model that ever belonged to the guild, in the order in which they came."""
    rows = await connection.execute(
        select(models).where(models.c.guild_id == guild_id).order_by(models.c.model_id)
    )
    return [_model(row) for row in rows]


async def with_credentials(connection: AsyncConnection) -> list[Model]:
    """Return the models of all guilds that keep something sealed."""
    rows = await connection.execute(select(models).where(models.c.sealed.is_not(None)))
    return [_model(row) for row in rows]


async def names(connection: AsyncConnection, guild_id: int) -> dict[int, str]:
    """Return the public name of every model of the guild, by its id."""
    return {model.model_id: model.shown for model in await of_guild(connection, guild_id)}


async def add(connection: AsyncConnection, model: Model, now: float) -> int:
    """Insert a model; its id is given by the database and returned."""
    statement = insert(models).values(
        guild_id=model.guild_id,
        created_at=now,
        name=model.name,
        origin=model.origin,
        **_changeable(model),
    )
    return (await connection.scalars(statement.returning(models.c.model_id))).one()


async def save(connection: AsyncConnection, model: Model) -> None:
    await connection.execute(
        update(models)
        .where(models.c.model_id == model.model_id)
        .values(name=model.name, **_changeable(model))
    )


async def remove(connection: AsyncConnection, model_id: int) -> None:
    """Delete a model, whose id no other will have."""
    gone = select(models.c.model_id, models.c.guild_id).where(models.c.model_id == model_id)
    await connection.execute(insert(removed_models).from_select(["model_id", "guild_id"], gone))
    await connection.execute(delete(models).where(models.c.model_id == model_id))


async def since_undecided(
    connection: AsyncConnection, guild_id: int
) -> tuple[float | None, dict[str, float]]:
    """Return when the oldest undecided battle of the guild was opened, and elsewhere those of each model.

    The models elsewhere are the operator's, by their names: they are the same in all guilds.
    """
    is_here = battles.c.guild_id == guild_id
    undecided = battles.c.state.in_(UNDECIDED)
    here = await connection.scalar(select(func.min(battles.c.opened_at)).where(is_here, undecided))
    rows = await connection.execute(
        select(models.c.name, func.min(battles.c.opened_at).label("opened_at"))
        .join(contestants, contestants.c.model_id == models.c.model_id)
        .join(battles, battles.c.battle_id == contestants.c.battle_id)
        .where(~is_here, undecided, models.c.settings.is_(None))
        .group_by(models.c.name)
    )
    return here, {row.name: row.opened_at for row in rows}


async def has_fought(connection: AsyncConnection, model_id: int) -> bool:
    """Tell whether a model was in a battle, or is to be in a tournament."""
    battled = exists().where(contestants.c.model_id == model_id)
    entered = exists().where(tournament_models.c.model_id == model_id)
    return bool(await connection.scalar(select(battled | entered)))


async def has_history(connection: AsyncConnection, model_id: int) -> bool:
    """Tell whether everyone may know that a model fought: it was in a decided battle."""
    decided = select(battles.c.battle_id).where(battles.c.state.in_(DECIDED))
    mine = contestants.c.model_id == model_id
    return bool(await connection.scalar(select(exists().where(mine, contestants.c.battle_id.in_(decided)))))


async def reply_timings(connection: AsyncConnection, model_id: int, most: int) -> Sequence[ReplyTimings]:
    """Return what the model's latest replies in decided battles took, `most` of them at most."""
    rows = await connection.execute(
        select(contestants.c.first_token_seconds, contestants.c.total_seconds, contestants.c.output_tokens)
        .join(battles, battles.c.battle_id == contestants.c.battle_id)
        .where(
            contestants.c.model_id == model_id,
            contestants.c.total_seconds.is_not(None),
            battles.c.state.in_(DECIDED),
        )
        .order_by(contestants.c.battle_id.desc())
        .limit(most)
    )
    return [ReplyTimings(*row) for row in rows]


async def guild_ids(connection: AsyncConnection) -> list[int]:
    return list(await connection.scalars(select(guilds.c.guild_id).order_by("guild_id")))


def _changeable(model: Model) -> dict[str, str | None]:
    return {
        "state": model.state,
        "code_name": model.code_name,
        "settings": model.settings,
        "sealed": model.sealed,
        "family": model.family,
    }


def _model(row: Row[tuple[object, ...]]) -> Model:
    return Model(
        model_id=row.model_id,
        guild_id=row.guild_id,
        name=row.name,
        state=ModelState(row.state),
        code_name=row.code_name,
        settings=row.settings,
        sealed=row.sealed,
        family=row.family,
        origin=row.origin,
    )
