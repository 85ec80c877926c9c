"""Members whose votes moderators take out of the ratings, and bring back: kept, marked, and exact."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from bot.arena.audit_log import record
from bot.domain.audit import AuditAction, Change
from bot.domain.pair_sums import PairSums, sums_of
from bot.domain.vote import Exclusion, with_vote, without
from bot.errors import ArenaError
from bot.i18n import N_
from bot.storage import draws, exclusions, models, pairs, voters

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from bot.domain.audit import Actor, AuditEntry
    from bot.domain.pair_sums import Key
    from bot.storage.database import Connection, Database
    from bot.storage.exclusions import ExcludedVote

    Changes = dict[Key, PairSums]


class Exclusions:
    def __init__(self, database: Database, clock: Callable[[], float]) -> None:
        self._database = database
        self._clock = clock

    async def exclude(self, actor: Actor, user_id: int, reason: str) -> AuditEntry:
        """Let no vote of a member count, neither those cast so far nor those to come."""
        exclusion = Exclusion(user_id, self._clock(), actor.user_id, reason)
        async with self._database.write() as connection:
            await models.ensure_guild(connection, actor.guild_id, self._clock())
            if await exclusions.is_excluded(connection, actor.guild_id, user_id):
                raise ArenaError(
                    N_("The votes of this member are excluded already. To let them count: /votes include")
                )
            await exclusions.add(connection, actor.guild_id, exclusion)
            moved = await _move(connection, actor.guild_id, user_id, excluded=True)
            changes = (*_described(user_id, moved), Change("reason", None, reason))
            return await record(connection, actor, AuditAction.EXCLUDED, self._clock(), *changes)

    async def include(self, actor: Actor, user_id: int) -> AuditEntry:
        """Let the votes count that `exclude` took out, and those that were cast since."""
        async with self._database.write() as connection:
            if not await exclusions.is_excluded(connection, actor.guild_id, user_id):
                raise ArenaError(
                    N_(
                        "The votes of this member are not excluded. /votes audit lists the members whose"
                        " votes are."
                    )
                )
            await exclusions.remove(connection, actor.guild_id, user_id)
            moved = await _move(connection, actor.guild_id, user_id, excluded=False)
            changes = _described(user_id, moved)
            return await record(connection, actor, AuditAction.INCLUDED, self._clock(), *changes)

    async def of(self, guild_id: int) -> list[Exclusion]:
        """Return who is excluded, the latest first."""
        async with self._database.read() as connection:
            return await exclusions.of_guild(connection, guild_id)


def _described(user_id: int, votes: int) -> tuple[Change, ...]:
    return Change("member", None, str(user_id)), Change("votes", None, str(votes))


async def _move(connection: Connection, guild_id: int, user_id: int, *, excluded: bool) -> int:
    """Take a member's votes out of sums and tallies, or bring them back; returns how many there are."""
    changes: Changes = {}
    async for batch in exclusions.rated_votes(connection, guild_id, user_id, excluded=not excluded):
        # In a thread, because many votes take many milliseconds.
        await asyncio.to_thread(_add_up, batch, changes, excluded=excluded)
    await pairs.add(connection, guild_id, changes)
    drawn = await exclusions.drawn_outcomes(connection, guild_id, user_id, excluded=not excluded)
    change = without if excluded else with_vote
    await draws.count_new_tallies(
        connection, guild_id, [(each.tally, change(each.tally, each.vote), each.battles) for each in drawn]
    )
    marked = await exclusions.mark_votes(connection, guild_id, user_id, excluded=excluded)
    await voters.recount(connection, guild_id, [user_id])
    return marked


def _add_up(batch: Iterable[ExcludedVote], changes: Changes, *, excluded: bool) -> None:
    """Add what becomes of each battle's sums; they are not linear in its votes."""
    nothing = PairSums()
    change = without if excluded else with_vote
    for vote, result, categories in batch:
        before = sums_of(result, categories)
        after = sums_of(result._replace(tally=change(result.tally, vote)), categories)
        for key in before.keys() | after.keys():
            changed = after.get(key, nothing) - before.get(key, nothing)
            changes[key] = changes.get(key, nothing) + changed
