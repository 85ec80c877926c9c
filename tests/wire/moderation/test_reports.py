"""A reply that is reported and hidden, with the real process over the wire."""

from __future__ import annotations

from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.playground.world.permissions import Permission
from tests.wire.scenes import RunningBot, connected_bot, scene

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator
    from pathlib import Path

    from bot.playground import Channel, InteractionRecord, Member, Message

REPORT, HIDE, SHOW = "arena:report:1:a", "arena:hide:1:a", "arena:show:1:a"
HIDDEN = "A moderator hid this reply."


@dataclass(slots=True)
class ReportingGuild:
    """A scene with a moderator and a log channel."""

    arena: RunningBot
    mona: Member
    log: Channel

    async def report(self, member: Member, card: Message, reason: str) -> str:
        people = self.arena.playground.people
        read = await people.press(member, card, "arena:compare:1").finished()
        assert read.message
        form = await people.press(member, read.message, REPORT).finished()
        sent = await self.arena.fill_in(form, {"reason": reason})
        return (await sent.finished()).content

    async def rule(self, notice: Message, deed: str) -> InteractionRecord:
        return await self.arena.playground.people.press(self.mona, notice, deed).finished()

    @property
    def notices(self) -> list[Message]:
        messages = self.arena.playground.world.messages.every
        return [each for each in messages if each.channel_id == self.log.id and "🚩" in each.text]


@asynccontextmanager
async def court(folder: Path) -> AsyncGenerator[ReportingGuild]:
    async with scene(folder) as arena:
        world = arena.playground.world
        granted = Permission.MANAGE_GUILD | Permission.MANAGE_MESSAGES
        mona = arena.member_with(granted, "mona")
        yield ReportingGuild(arena, mona, world.create_channel(arena.guild, "log"))


async def test_a_report_is_posted_and_the_reply_hidden_on_the_card_also_by_a_later_process(
    tmp_path: Path,
) -> None:
    async with court(tmp_path) as there:
        arena, people = there.arena, there.arena.playground.people
        async with connected_bot(arena):
            shown = await people.slash(there.mona, arena.channel, "settings show").finished()
            assert shown.message
            await arena.use(there.mona, shown.message, "arena:settings", ["records"])
            menu = "arena:set:records:log_channel_id"
            await arena.use(there.mona, shown.message, menu, [str(there.log.id)])
            card = await arena.battle()
            await arena.until(card, "Vote with the reactions below")
            thanks = [await there.report(member, card, "Rude") for member in arena.members[1:]]
            (notice,) = there.notices
            reported = notice.text
            await there.rule(notice, HIDE)
            await arena.until(card, HIDDEN)
            await arena.until(notice, "Hidden by")
        async with connected_bot(arena):
            people.press(arena.members[0], card, "arena:close:1")
            await arena.until(card, "No votes")
            revealed = card.text
            await there.rule(notice, SHOW)
            await arena.playground.world.until(lambda: HIDDEN not in card.text)

        assert set(thanks) == {"Thank you. The moderators have been told."}
        assert "Reply A: 2 reports" in reported
        assert f"/{arena.guild.id}/{arena.channel.id}/{card.id}" in reported
        assert not any(name in reported for name in ("Northern Light", "Quiet Harbour"))
        assert HIDDEN in revealed
        assert arena.installation.rows("select count(*) from report_notices") == [(1,)]
