"""Moderators' rulings: a battle is taken out of the ratings, or brought back."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from bot.arena.audit_log import record
from bot.arena.battles.closing import contribution
from bot.domain.audit import AuditAction, AuditEntry, Change
from bot.domain.battle import Battle, BattleState, VoidReason
from bot.domain.pair_sums import FIRST_SEASON, PairSums
from bot.errors import ArenaError
from bot.i18n import N_
from bot.storage import battle_categories, battles, draws, history, pairs, rulings, voters

if TYPE_CHECKING:
    from collections.abc import Callable

    from bot.domain.audit import Actor
    from bot.storage.database import Connection, Database
    from bot.storage.history import Headline

OFFERED = 200


class Ruling(NamedTuple):
    """The battle as it is now, and the record of what was done to it."""

    battle: Battle
    entry: AuditEntry


class Rulings:
    def __init__(self, database: Database, clock: Callable[[], float]) -> None:
        self._database = database
        self._clock = clock

    async def void(self, actor: Actor, battle_id: int, reason: str) -> Ruling:
        """Take a closed battle out of the ratings; it is kept and marked."""
        async with self._database.write() as connection:
            battle = await _found(connection, actor, battle_id)
            if not await rulings.take_out(connection, battle_id, reason):
                raise ArenaError(N_("This battle was called off already, so it does not count."))
            await self._count(connection, battle, sign=-1)
            return await self._ruled(connection, actor, AuditAction.VOIDED, battle_id, reason)

    async def unvoid(self, actor: Actor, battle_id: int) -> Ruling:
        """Bring back what `void` took out."""
        async with self._database.write() as connection:
            battle = await _found(connection, actor, battle_id)
            if battle.state is BattleState.VOIDED and battle.voided is not VoidReason.MODERATOR:
                raise ArenaError(
                    N_(
                        "This battle was never decided, so it cannot count. Please ask its prompt anew with"
                        " /battle."
                    )
                )
            if not await rulings.bring_back(connection, battle_id):
                raise ArenaError(
                    N_(
                        "This battle was not taken out of the ratings, so there is nothing to undo. To take"
                        " it out: /void"
                    )
                )
            await self._count(connection, battle, sign=1)
            return await self._ruled(connection, actor, AuditAction.UNVOIDED, battle_id, None)

    async def at(self, guild_id: int, message_id: int) -> int | None:
        """Return which battle's card a message is."""
        async with self._database.read() as connection:
            return await battles.of_message(connection, guild_id, message_id)

    async def latest(self, guild_id: int, *, voided: bool) -> list[Headline]:
        """Return the latest battles that can be voided, or brought back, the newest first."""
        async with self._database.read() as connection:
            return await history.latest(connection, guild_id, voided=voided, most=OFFERED)

    async def _count(self, connection: Connection, battle: Battle, *, sign: int) -> None:
        categories = await battle_categories.of_battle(connection, battle.battle_id)
        changes = contribution(battle, categories)
        if sign < 0:
            changes = {key: PairSums() - sums for key, sums in changes.items()}
        await pairs.add(connection, battle.guild_id, changes)
        await voters.add_battle(connection, battle.battle_id, sign)
        await draws.count_ruling(connection, battle.guild_id, battle.battle_id, -sign)

    async def _ruled(
        self, connection: Connection, actor: Actor, action: AuditAction, battle_id: int, reason: str | None
    ) -> Ruling:
        changes = [Change("battle", None, str(battle_id))]
        if reason is not None:
            changes.append(Change("reason", None, reason))
        entry = await record(connection, actor, action, self._clock(), *changes)
        return Ruling(await _found(connection, actor, battle_id), entry)


async def _found(connection: Connection, actor: Actor, battle_id: int) -> Battle:
    battle = await battles.get(connection, actor.guild_id, battle_id)
    if battle is None or battle.season < FIRST_SEASON:
        raise ArenaError(
            N_("There is no such battle on this server. Please choose one of those that are offered.")
        )
    if not battle.state.is_final:
        raise ArenaError(N_("This battle is not over yet. Please close its vote first, or wait for its end."))
    return battle
