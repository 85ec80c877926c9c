"""Members whose votes are in the pairs' sums, with how many votes that are, by category and season.

They change in the transactions that change those sums. All who were forgotten are one, as on a board.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from sqlalchemy import Integer, and_, bindparam, case, delete, exists, func, literal, or_, select, union_all

from bot.domain.days import DAY_SECONDS
from bot.domain.pair_sums import OVERALL
from bot.domain.vote import LOWEST_NOBODY
from bot.storage.dialects import accumulate, accumulate_selected, without_index
from bot.storage.schema import battle_categories, battles, voters, votes
from bot.storage.votes import COUNTING, HELD_HERE, RATED

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from sqlalchemy import ColumnElement, Select

    from bot.domain.pair_sums import Scope
    from bot.storage.connections.awaited import AsyncConnection

NOBODY = -1
"""All who were forgotten."""

_FORGOTTEN = votes.c.user_id.between(LOWEST_NOBODY, -1)
_MEMBER = case((_FORGOTTEN, NOBODY), else_=votes.c.user_id).label("member")


class VoterKey(NamedTuple):
    category: str
    season: int
    user_id: int


class WrongVotes(NamedTuple):
    """A member of whom another number of votes is stored than there are."""

    key: VoterKey
    stored: int
    counted: int


async def count(connection: AsyncConnection, guild_id: int, scope: Scope) -> int:
    """Count the members whose votes are in the sums of a scope."""
    conditions = [voters.c.guild_id == guild_id, voters.c.category == scope.category]
    if scope.season is not None:
        conditions.append(voters.c.season == scope.season)
    whose = select(voters.c.user_id).where(*conditions).distinct().subquery()
    found = select(func.count()).select_from(whose)
    if scope.since_day is not None:
        found = found.where(_voted_since(guild_id, scope, scope.since_day, whose.c.user_id))
    return await connection.scalar(found) or 0


def _voted_since(guild_id: int, scope: Scope, day: int, user_id: ColumnElement[int]) -> ColumnElement[bool]:
    """Look for one vote of each member, not before the first of the battles that were closed since then."""
    since = day * DAY_SECONDS
    first = select(func.min(battles.c.battle_id)).where(
        battles.c.guild_id == guild_id, HELD_HERE, battles.c.closed_at >= since
    )
    conditions = [HELD_HERE, *RATED, *COUNTING]
    if scope.season is not None:
        conditions.append(battles.c.season == scope.season)
    if scope.category != OVERALL:
        conditions.append(
            exists().where(
                battle_categories.c.battle_id == battles.c.battle_id,
                battle_categories.c.category == scope.category,
            )
        )
    own = exists().where(
        votes.c.user_id == user_id,
        votes.c.battle_id >= first.scalar_subquery(),
        battles.c.battle_id == votes.c.battle_id,
        battles.c.closed_at >= since,
        without_index(battles.c.guild_id) == guild_id,
        *conditions,
    )
    # Each of their votes has a number of its own, so these are looked for from the battles.
    nobodys = exists().where(
        battles.c.guild_id == guild_id,
        battles.c.closed_at >= since,
        votes.c.battle_id == battles.c.battle_id,
        _FORGOTTEN,
        *conditions,
    )
    return case((user_id == NOBODY, nobodys), else_=own)


_OF_BATTLE = battles.c.battle_id == bindparam("battle")
_IN_CATEGORIES = union_all(
    select(literal(OVERALL).label("category")),
    select(battle_categories.c.category).where(battle_categories.c.battle_id == bindparam("battle")),
).subquery()
_ADDED = (
    select(
        battles.c.guild_id,
        _IN_CATEGORIES.c.category,
        battles.c.season,
        _MEMBER,
        func.count() * bindparam("sign", type_=Integer),
    )
    .select_from(battles)
    .join(votes, votes.c.battle_id == battles.c.battle_id)
    .join(_IN_CATEGORIES, literal(value=True))
    .where(_OF_BATTLE, battles.c.unrated.is_(None), *COUNTING)
    .group_by(battles.c.guild_id, _IN_CATEGORIES.c.category, battles.c.season, "member")
)


async def add_battle(connection: AsyncConnection, battle_id: int, sign: int = 1) -> None:
    """Count the votes on a battle (1), or no longer (-1): nothing where it is not rated."""
    await accumulate_selected(connection, voters, _ADDED, {"battle": battle_id, "sign": sign})
    if sign < 0:
        season = select(battles.c.season).where(_OF_BATTLE).scalar_subquery()
        guild = select(battles.c.guild_id).where(_OF_BATTLE).scalar_subquery()
        members = select(_MEMBER).where(votes.c.battle_id == bindparam("battle"))
        emptied = and_(voters.c.votes == 0, voters.c.season == season, voters.c.user_id.in_(members))
        await connection.execute(
            delete(voters).where(voters.c.guild_id == guild, emptied), {"battle": battle_id}
        )


async def add(connection: AsyncConnection, guild_id: int, added: Mapping[VoterKey, int]) -> None:
    rows = [{"guild_id": guild_id, **key._asdict(), "votes": number} for key, number in added.items()]
    await accumulate(connection, voters, rows)


async def move_season(connection: AsyncConnection, guild_id: int, source: int, target: int) -> None:
    """Add the votes of one season to those of another."""
    c = voters.c
    gone = (c.guild_id == guild_id, c.season == source)
    moved = select(c.guild_id, c.category, literal(target), c.user_id, c.votes).where(*gone)
    await accumulate_selected(connection, voters, moved)
    await connection.execute(delete(voters).where(*gone))


async def forget(connection: AsyncConnection, guild_id: int, user_id: int) -> None:
    """Count the votes of a member, all of which forget whose they were, as nobody's."""
    c = voters.c
    gone = (c.guild_id == guild_id, c.user_id == user_id)
    nobodys = select(c.guild_id, c.category, c.season, literal(NOBODY), c.votes).where(*gone)
    await accumulate_selected(connection, voters, nobodys)
    await connection.execute(delete(voters).where(*gone))


async def recount(connection: AsyncConnection, guild_id: int, members: Collection[int] | None = None) -> None:
    """Count the votes of these members anew; `None`: of all."""
    gone = [voters.c.guild_id == guild_id]
    if members is not None:
        gone.append(voters.c.user_id.in_(members))
    await connection.execute(delete(voters).where(*gone))
    for counted in _counted(guild_id, members):
        await accumulate_selected(connection, voters, counted)


async def differences(connection: AsyncConnection, guild_id: int) -> list[WrongVotes]:
    """Compare what is stored with a recount, all in one statement."""
    c = voters.c
    stored = select(
        c.category, c.season, c.user_id.label("member"), c.votes.label("stored"), literal(0).label("counted")
    )
    recounts = (each.subquery() for each in _counted(guild_id, None))
    both = union_all(
        stored.where(c.guild_id == guild_id),
        *(
            select(each.c.category, each.c.season, each.c.member, literal(0), each.c.votes)
            for each in recounts
        ),
    ).subquery()
    sums = (func.sum(both.c.stored), func.sum(both.c.counted))
    group = [both.c[name] for name in ("category", "season", "member")]
    rows = await connection.execute(
        select(*group, sums[0].label("stored"), sums[1].label("counted"))
        .group_by(*group)
        .having(sums[0] != sums[1])
        .order_by(*group)
    )
    return [
        WrongVotes(VoterKey(row.category, row.season, row.member), row.stored, row.counted) for row in rows
    ]


def _counted(guild_id: int, members: Collection[int] | None) -> tuple[Select[*tuple[Any, ...]], ...]:
    """Return what counts the votes overall, and what does by category."""
    guild, season, number = battles.c.guild_id, battles.c.season, func.count().label("votes")
    whose: list[ColumnElement[bool]] = [guild == guild_id]
    if members is not None:
        # The member's votes are where the search begins.
        is_one = votes.c.user_id.in_(members)
        whose = [without_index(guild) == guild_id, or_(is_one, _FORGOTTEN) if NOBODY in members else is_one]

    def counted(category: ColumnElement[str], *group: ColumnElement[str]) -> Select[*tuple[Any, ...]]:
        return (
            select(guild, category.label("category"), season, _MEMBER, number)
            .select_from(battles)
            .join(votes, votes.c.battle_id == battles.c.battle_id)
            .where(*whose, *RATED, *COUNTING)
            .group_by(guild, *group, season, "member")
        )

    joined, one = battle_categories.c.battle_id == battles.c.battle_id, battle_categories.c.category
    return counted(literal(OVERALL)), counted(one, one).join(battle_categories, joined)
