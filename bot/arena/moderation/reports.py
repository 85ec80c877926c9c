"""Reports of replies, and what moderators do about them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.arena.audit_log import record
from bot.arena.moderation.rulings import Ruling
from bot.domain.audit import AuditAction, Change
from bot.domain.battle import BattleState
from bot.domain.report import Hiding, Reply, Report, ReportedReply
from bot.errors import ArenaError, Moment
from bot.i18n import N_
from bot.storage import battles, hidden_replies, reports

if TYPE_CHECKING:
    from collections.abc import Callable

    from bot.domain.audit import Actor
    from bot.domain.battle import Battle
    from bot.storage.database import Connection, Database

MOST_IN_AN_HOUR = 10
"""Reports of one member in one server."""

HOUR_SECONDS = 3600.0


class Reports:
    def __init__(self, database: Database, clock: Callable[[], float]) -> None:
        self._database = database
        self._clock = clock

    async def check(self, guild_id: int, reply: Reply, user_id: int) -> None:
        """Refuse where this member cannot report this reply."""
        async with self._database.read() as connection:
            await self._check(connection, guild_id, reply, user_id)

    async def file(self, guild_id: int, reply: Reply, user_id: int, reason: str) -> None:
        """Keep a member's report; the reason may be empty."""
        report = Report(user_id, reason.strip() or None, self._clock())
        async with self._database.write() as connection:
            await self._check(connection, guild_id, reply, user_id)
            await reports.add(connection, reply, report)

    async def count(self, guild_id: int) -> int:
        """Count the server's reported replies."""
        async with self._database.read() as connection:
            return await reports.count(connection, guild_id)

    async def latest(self, guild_id: int, number: int) -> ReportedReply | None:
        """Return the reply that was reported last (0), or the one before that (1), and so on."""
        async with self._database.read() as connection:
            for reply in await reports.latest(connection, guild_id, offset=number, most=1):
                return await load(connection, guild_id, reply)
        return None

    async def hide(self, actor: Actor, reply: Reply) -> Ruling:
        """Hide all that a side said and will say; the vote goes on and counts as before."""
        hiding = Hiding(actor.user_id, self._clock())
        async with self._database.write() as connection:
            await _battle(connection, actor.guild_id, reply)
            if not await hidden_replies.hide(connection, reply, hiding):
                raise ArenaError(N_("This reply is hidden already."))
            return await _ruled(connection, actor, AuditAction.REPLY_HIDDEN, reply, hiding.at)

    async def show(self, actor: Actor, reply: Reply) -> Ruling:
        """Undo `hide`."""
        async with self._database.write() as connection:
            await _battle(connection, actor.guild_id, reply)
            if not await hidden_replies.show(connection, reply):
                raise ArenaError(N_("This reply is not hidden."))
            return await _ruled(connection, actor, AuditAction.REPLY_SHOWN, reply, self._clock())

    async def _check(self, connection: Connection, guild_id: int, reply: Reply, user_id: int) -> None:
        battle = await _battle(connection, guild_id, reply)
        if battle.state is not BattleState.VOTING and not battle.is_revealed:
            raise ArenaError(
                N_("This reply is not shown any more. To report it all the same, please tell a moderator.")
            )
        if reply.side in battle.hidden:
            raise ArenaError(N_("A moderator has hidden this reply already."))
        if await reports.is_by(connection, reply, user_id):
            raise ArenaError(N_("You have reported this reply already. Moderators find it in /reports."))
        since = self._clock() - HOUR_SECONDS
        made = await reports.made_since(connection, guild_id, user_id, since)
        if len(made) >= MOST_IN_AN_HOUR:
            raise ArenaError(
                N_("You have made {count} reports in the last hour. You can report again {when}."),
                count=len(made),
                when=Moment(made[-MOST_IN_AN_HOUR] + HOUR_SECONDS),
            )


async def load(connection: Connection, guild_id: int, reply: Reply) -> ReportedReply:
    """Return a reply with its reports, of which there may be none."""
    return ReportedReply(
        await _battle(connection, guild_id, reply),
        reply.side,
        tuple(await reports.of_reply(connection, reply)),
        await hidden_replies.of_reply(connection, reply),
    )


async def _battle(connection: Connection, guild_id: int, reply: Reply) -> Battle:
    battle = await battles.get(connection, guild_id, reply.battle_id)
    if battle is None:
        raise ArenaError(N_("This battle is not known here any more. /history lists those that are."))
    return battle


async def _ruled(
    connection: Connection, actor: Actor, action: AuditAction, reply: Reply, at: float
) -> Ruling:
    changes = [Change("battle", None, str(reply.battle_id)), Change("side", None, reply.side.upper())]
    entry = await record(connection, actor, action, at, *changes)
    return Ruling(await _battle(connection, actor.guild_id, reply), entry)
