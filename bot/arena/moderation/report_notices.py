"""Where moderators learn of reports: one message in the log channel for each reported reply."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from dataclasses import replace
from enum import Enum, auto
from typing import TYPE_CHECKING, Protocol

import structlog

from bot.arena.keyed_locks import Queues
from bot.arena.moderation.reports import load
from bot.arena.settings import guild_settings
from bot.domain.report import Notice
from bot.errors import MessageGoneError, MessageRefusedError, MessageUnavailableError
from bot.storage import reports

if TYPE_CHECKING:
    from bot.domain.report import Reply, ReportedReply
    from bot.storage.database import Database

_log: structlog.stdlib.BoundLogger = structlog.get_logger(__name__)


class NoticeOutcome(Enum):
    """Whether the log channel tells of all reports of a reply, and why not."""

    EVERYTHING = auto()
    NO_CHANNEL = auto()
    NOT_POSTED = auto()


class ModLog(Protocol):
    """A server's messages; `cogs` implement it for Discord.

    Both methods raise `MessageGoneError` and `MessageUnavailableError`, as those of a `BattleCard` do.
    """

    async def post(self, channel_id: int, reported: ReportedReply) -> int:
        """Return the id of the new message."""
        ...

    async def edit(self, notice: Notice, reported: ReportedReply) -> None: ...


class ReportNotices:
    def __init__(self, database: Database) -> None:
        self._database = database
        self._drawing: Queues[Reply] = Queues()
        self._waiting: dict[Reply, asyncio.Task[NoticeOutcome]] = {}

    async def renew(self, guild_id: int, reply: Reply, board: ModLog) -> NoticeOutcome:
        """Let the log channel tell of a reply as it is now.

        Whoever comes while somebody waits for Discord shares one request with all who wait.
        """
        task = self._waiting.get(reply)
        if task is None:
            task = asyncio.create_task(self._renew(guild_id, reply, board), name=f"notice {reply}")
            self._waiting[reply] = task
        return await asyncio.shield(task)

    async def _renew(self, guild_id: int, reply: Reply, board: ModLog) -> NoticeOutcome:
        async with self._drawing.of(reply):
            del self._waiting[reply]  # whoever comes from now on may know more than is drawn now
            return await self._show(guild_id, reply, board)

    async def _show(self, guild_id: int, reply: Reply, board: ModLog) -> NoticeOutcome:
        async with self._database.read() as connection:
            channel_id = (await guild_settings.read(connection, guild_id)).log_channel_id
            notice = await reports.notice(connection, reply)
            reported = await load(connection, guild_id, reply)
        if not reported.reports:
            return NoticeOutcome.EVERYTHING
        try:
            shown = await _place(board, notice, channel_id, reported)
        except (MessageGoneError, MessageUnavailableError, MessageRefusedError) as exc:
            _log.warning("a report could not be posted", guild=guild_id, channel=channel_id, error=str(exc))
            return NoticeOutcome.NOT_POSTED
        if shown is None:
            return NoticeOutcome.NO_CHANNEL
        async with self._database.write() as connection:
            await reports.set_notice(connection, reply, shown)
        return NoticeOutcome.EVERYTHING


async def _place(
    board: ModLog, notice: Notice | None, channel_id: int | None, reported: ReportedReply
) -> Notice | None:
    """Edit the message that there is, or post one; returns nothing where there is no channel for it."""
    count = len(reported.reports)
    # A channel that is the log no more still learns of a ruling, but new reports go to the one that is.
    if notice and (notice.channel_id == channel_id or notice.reports == count):
        with suppress(MessageGoneError):  # somebody deleted it
            await board.edit(notice, reported)
            return replace(notice, reports=count)
    if channel_id is None:
        return None
    return Notice(channel_id, await board.post(channel_id, reported), count)
