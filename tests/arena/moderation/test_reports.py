from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pytest

from bot.arena.moderation.report_notices import NoticeOutcome, ReportNotices
from bot.arena.moderation.reports import MOST_IN_AN_HOUR, Reports
from bot.arena.settings import guild_settings
from bot.arena.settings.guild_settings import GuildSettings
from bot.domain.battle import Side
from bot.domain.report import Notice, Reply
from bot.errors import ArenaError, MessageUnavailableError
from tests.arena.stored_battles import GUILD, OPENED, asked, begun

if TYPE_CHECKING:
    from bot.domain.report import ReportedReply
    from bot.storage.database import Database

LOG, BOB = 88, 101


@dataclass(slots=True)
class PlainModLog:
    """Records how many reports each message told of."""

    posted: list[int] = field(default_factory=list[int])
    edited: list[int] = field(default_factory=list[int])
    troubles: list[Exception] = field(default_factory=list[Exception])

    async def post(self, channel_id: int, reported: ReportedReply) -> int:
        await self._send()
        self.posted.append(len(reported.reports))
        return channel_id + 1

    async def edit(self, notice: Notice, reported: ReportedReply) -> None:
        await self._send()
        assert notice.message_id == LOG + 1
        self.edited.append(len(reported.reports))

    async def _send(self) -> None:
        for _ in range(100):  # Discord takes its time
            await asyncio.sleep(0)
        if self.troubles:
            raise self.troubles.pop(0)


class ReportClock:
    def __init__(self) -> None:
        self.passed = 0.0

    def __call__(self) -> float:
        return OPENED + self.passed


async def log_is_named(database: Database) -> None:
    async with database.write() as connection:
        await guild_settings.write(connection, GUILD, GuildSettings(log_channel_id=LOG))


async def test_a_flood_of_reports_takes_one_message_and_few_edits(database: Database) -> None:
    battle = await begun(database)
    await log_is_named(database)
    reports, report_notices, board = Reports(database, ReportClock()), ReportNotices(database), PlainModLog()
    reply = Reply(battle.battle_id, Side.A)

    async def report(user_id: int) -> NoticeOutcome:
        await reports.file(GUILD, reply, user_id, "")
        return await report_notices.renew(GUILD, reply, board)

    told = await asyncio.gather(*(report(user_id) for user_id in range(1, 51)))

    assert set(told) == {NoticeOutcome.EVERYTHING}
    assert len(board.posted) == 1
    assert board.edited[-1] == 50
    assert len(board.edited) <= 25


async def test_who_comes_while_others_wait_shares_their_request(database: Database) -> None:
    battle = await begun(database)
    await log_is_named(database)
    reports, report_notices, board = Reports(database, ReportClock()), ReportNotices(database), PlainModLog()
    reply = Reply(battle.battle_id, Side.A)
    for user_id in range(1, 51):
        await reports.file(GUILD, reply, user_id, "")
    await asyncio.gather(*(report_notices.renew(GUILD, reply, board) for _ in range(50)))

    assert (board.posted, board.edited) == ([50], [])


async def test_trouble_with_an_edit_posts_no_second_message(database: Database) -> None:
    battle = await begun(database)
    await log_is_named(database)
    reports, report_notices, board = Reports(database, ReportClock()), ReportNotices(database), PlainModLog()
    reply = Reply(battle.battle_id, Side.A)
    told: list[NoticeOutcome] = []
    for user_id, troubles in ((1, []), (2, [MessageUnavailableError("503")]), (3, [])):
        board.troubles.extend(troubles)
        await reports.file(GUILD, reply, user_id, "")
        told.append(await report_notices.renew(GUILD, reply, board))

    assert told == [NoticeOutcome.EVERYTHING, NoticeOutcome.NOT_POSTED, NoticeOutcome.EVERYTHING]
    assert (board.posted, board.edited) == ([1], [3])


async def test_a_member_can_make_so_many_reports_in_an_hour(database: Database) -> None:
    clock = ReportClock()
    reports = Reports(database, clock)
    replies = [Reply((await begun(database)).battle_id, Side.B) for _ in range(MOST_IN_AN_HOUR + 2)]
    for reply in replies[:MOST_IN_AN_HOUR]:
        await reports.file(GUILD, reply, BOB, "")
        clock.passed += 1.0

    with pytest.raises(ArenaError, match=f"You have made {MOST_IN_AN_HOUR} reports in the last hour"):
        await reports.check(GUILD, replies[-1], BOB)
    with pytest.raises(ArenaError, match="in the last hour"):
        await reports.file(GUILD, replies[-1], BOB, "")
    await reports.file(GUILD, replies[-1], BOB + 1, "")
    clock.passed = 3600.0
    await reports.file(GUILD, replies[-1], BOB, "")
    with pytest.raises(ArenaError, match="in the last hour"):
        await reports.check(GUILD, replies[-2], BOB)


async def test_a_reply_of_another_server_is_not_known(database: Database) -> None:
    battle = await begun(database)

    with pytest.raises(ArenaError, match="not known here"):
        await Reports(database, ReportClock()).check(GUILD + 1, Reply(battle.battle_id, Side.A), BOB)


async def test_a_reply_that_is_being_written_cannot_be_reported(database: Database) -> None:
    battle = await asked(database)

    with pytest.raises(ArenaError, match="not shown"):
        await Reports(database, ReportClock()).check(GUILD, Reply(battle.battle_id, Side.A), BOB)
