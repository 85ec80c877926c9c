"""Figures of a period of time, counted by the database: nothing here grows with the number of battles."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from sqlalchemy import Double, cast, func, select

from bot.domain.battle import BattleState
from bot.storage.schema import battle_categories, battles, contestants, votes
from bot.storage.votes import COUNTING, HELD_HERE

if TYPE_CHECKING:
    from sqlalchemy import ColumnElement

    from bot.storage.connections.awaited import AsyncConnection

_A, _B, _TIE, _BOTH_BAD = (
    battles.c.votes_a,
    battles.c.votes_b,
    battles.c.votes_tie,
    battles.c.votes_both_bad,
)
_VOTES = _A + _B + _TIE + _BOTH_BAD


class Period(NamedTuple):
    """A guild's time from `since` until before `until`, in Unix seconds."""

    guild_id: int
    since: float
    until: float


class RecapFigures(NamedTuple):
    """Numbers of decided battles, of votes on them, of members who voted and of models that met.

    Members who wanted to be forgotten are not counted: nothing tells them apart.
    """

    battles: int = 0
    votes: int = 0
    voters: int = 0
    models: int = 0


async def figures(connection: AsyncConnection, period: Period) -> RecapFigures:
    held = _decided(period)
    totals = (
        await connection.execute(
            select(func.count(), func.coalesce(func.sum(_VOTES), 0)).select_from(battles).where(*held)
        )
    ).one()
    voters = await connection.scalar(
        select(func.count(votes.c.user_id.distinct()))
        .join(battles, battles.c.battle_id == votes.c.battle_id)
        .where(*held, *COUNTING, votes.c.user_id >= 0)
    )
    fought = await connection.scalar(
        select(func.count(contestants.c.model_id.distinct()))
        .join(battles, battles.c.battle_id == contestants.c.battle_id)
        .where(*held)
    )
    return RecapFigures(totals[0], totals[1], voters or 0, fought or 0)


async def categories(connection: AsyncConnection, period: Period, most: int) -> list[tuple[str, int]]:
    """Return the categories with most battles, and how many those are."""
    number = func.count()
    rows = await connection.execute(
        select(battle_categories.c.category, number)
        .join(battles, battles.c.battle_id == battle_categories.c.battle_id)
        .where(*_decided(period))
        .group_by(battle_categories.c.category)
        .order_by(number.desc(), battle_categories.c.category)
        .limit(most)
    )
    return [(row[0], row[1]) for row in rows]


async def locale(connection: AsyncConnection, period: Period) -> str | None:
    """Return the language of most battles, of two with as many the one spoken last."""
    return await connection.scalar(
        select(battles.c.locale)
        .where(*_decided(period))
        .group_by(battles.c.locale)
        .order_by(func.count().desc(), func.max(battles.c.battle_id).desc())
        .limit(1)
    )


async def closest(connection: AsyncConnection, period: Period) -> int | None:
    """Return the rated battle whose votes were most balanced between the sides, of those the one with most.

    Both-bad says nothing of how close the sides were; at least two other votes are needed.
    """
    weighed = _A + _B + _TIE
    return await connection.scalar(
        select(battles.c.battle_id)
        .where(*_decided(period), battles.c.unrated.is_(None), weighed > 1)
        .order_by(cast(func.abs(_A - _B), Double) / weighed, weighed.desc(), _TIE, battles.c.battle_id.desc())
        .limit(1)
    )


async def most_argued(connection: AsyncConnection, period: Period) -> int | None:
    """Return the battle with most votes, at least two, of those the one that split them most evenly."""
    concentration = _A * _A + _B * _B + _TIE * _TIE + _BOTH_BAD * _BOTH_BAD
    return await connection.scalar(
        select(battles.c.battle_id)
        .where(*_decided(period), _VOTES > 1)
        .order_by(_VOTES.desc(), concentration, battles.c.battle_id.desc())
        .limit(1)
    )


def _decided(period: Period) -> tuple[ColumnElement[bool], ...]:
    return (
        battles.c.guild_id == period.guild_id,
        HELD_HERE,
        battles.c.closed_at >= period.since,
        battles.c.closed_at < period.until,
        battles.c.state == BattleState.CLOSED,
    )
