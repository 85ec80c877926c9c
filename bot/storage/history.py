"""History of a guild: closed battles that were held there, and among them also what moderators took out."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from sqlalchemy import case, func, select

from bot.domain.battle import BattleState, PastBattle, Side, VoidReason
from bot.domain.vote import Tally
from bot.storage.dialects import without_index
from bot.storage.schema import battles, contestants, models
from bot.storage.votes import HELD_HERE

if TYPE_CHECKING:
    from sqlalchemy import ColumnElement, Row

    from bot.storage.connections.awaited import AsyncConnection

PROMPT_BEGINNING = 400
"""Characters; lists show less, and the rest need not be read."""

_SHOWN = ("battle_id", "channel_id", "message_id", "closed_at", "state", "unrated", "void_note", "image_kind")
_COUNTS = ("votes_a", "votes_b", "votes_tie", "votes_both_bad")

HEADLINE = 80
"""Characters of a prompt."""


async def past(
    connection: AsyncConnection,
    guild_id: int,
    *,
    asker_id: int | None = None,
    model_id: int | None = None,
    offset: int = 0,
    most: int,
) -> list[PastBattle]:
    """Return battles of one asker or any, with one model or any, the newest first.

    The order is that of opening, which each index that can serve here already has, so that no page sorts a
    whole history: ids grow as battles are opened.
    """
    is_of_all = asker_id is None and model_id is None
    a, b = contestants.alias(), contestants.alias()
    model_a, model_b = models.alias(), models.alias()
    beginning = func.substr(battles.c.prompt, 1, PROMPT_BEGINNING)
    rows = await connection.execute(
        select(
            *(battles.c[name] for name in (*_SHOWN, *_COUNTS)),
            case((battles.c.texts_removed_at.is_(None), beginning)).label("beginning"),
            func.coalesce(model_a.c.code_name, model_a.c.name).label("shown_a"),
            func.coalesce(model_b.c.code_name, model_b.c.name).label("shown_b"),
        )
        .select_from(battles)
        .join(a, (a.c.battle_id == battles.c.battle_id) & (a.c.side == Side.A))
        .join(b, (b.c.battle_id == battles.c.battle_id) & (b.c.side == Side.B))
        .join(model_a, model_a.c.model_id == a.c.model_id)
        .join(model_b, model_b.c.model_id == b.c.model_id)
        .where(*_wanted(guild_id, asker_id, model_id))
        .order_by(*([battles.c.opened_at.desc()] if is_of_all else []), battles.c.battle_id.desc())
        .offset(offset)
        .limit(most)
    )
    return [_past_battle(row) for row in rows]


def _wanted(guild_id: int, asker_id: int | None, model_id: int | None) -> list[ColumnElement[bool]]:
    decided = (battles.c.state == BattleState.CLOSED) | (battles.c.voided == VoidReason.MODERATOR)
    is_model_s = asker_id is None and model_id is not None
    guild = without_index(battles.c.guild_id) if is_model_s else battles.c.guild_id
    conditions = [guild == guild_id, HELD_HERE, decided]
    if asker_id is not None:
        conditions.append(battles.c.asker_id == asker_id)
    if model_id is not None:
        fought = select(contestants.c.battle_id).where(contestants.c.model_id == model_id)
        conditions.append(battles.c.battle_id.in_(fought))
    return conditions


def _past_battle(row: Row[tuple[object, ...]]) -> PastBattle:
    return PastBattle(
        battle_id=row.battle_id,
        channel_id=row.channel_id,
        message_id=row.message_id,
        prompt=row.beginning,
        closed_at=row.closed_at,
        model_a=row.shown_a,
        model_b=row.shown_b,
        tally=Tally(row.votes_a, row.votes_b, row.votes_tie, row.votes_both_bad),
        is_rated=row.unrated is None,
        is_voided=row.state == BattleState.VOIDED,
        void_note=row.void_note,
        has_image=row.image_kind is not None,
    )


class Headline(NamedTuple):
    """A battle in one line: its models by their public names, and how the prompt begins.

    It is `None` where the texts were deleted.
    """

    battle_id: int
    a: str
    b: str
    prompt: str | None


async def latest(connection: AsyncConnection, guild_id: int, *, voided: bool, most: int) -> list[Headline]:
    """Return the latest closed battles, or those that a moderator took out, the newest first."""
    a, b = contestants.alias(), contestants.alias()
    one, other = models.alias(), models.alias()
    wanted = battles.c.voided == VoidReason.MODERATOR if voided else battles.c.state == BattleState.CLOSED
    rows = await connection.execute(
        select(
            battles.c.battle_id,
            func.coalesce(one.c.code_name, one.c.name),
            func.coalesce(other.c.code_name, other.c.name),
            case((battles.c.texts_removed_at.is_(None), func.substr(battles.c.prompt, 1, HEADLINE))),
        )
        .join(a, (a.c.battle_id == battles.c.battle_id) & (a.c.side == Side.A))
        .join(b, (b.c.battle_id == battles.c.battle_id) & (b.c.side == Side.B))
        .join(one, one.c.model_id == a.c.model_id)
        .join(other, other.c.model_id == b.c.model_id)
        .where(battles.c.guild_id == guild_id, HELD_HERE, wanted)
        .order_by(battles.c.battle_id.desc())
        .limit(most)
    )
    return [Headline(*row) for row in rows]
