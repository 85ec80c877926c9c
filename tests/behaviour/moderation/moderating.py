"""A server whose members report replies, and whose moderators have a log channel."""

from __future__ import annotations

from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from simcord.backend.models import Overwrite
from simcord.enums import OverwriteType

from tests.behaviour.pages import change_settings
from tests.behaviour.place import answer_to, buttons_of, moderator, place, text_of
from tests.competitors import competitor

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Iterable
    from pathlib import Path

    import discord
    import simcord

    from bot.arena.models.roster import Competitor
    from tests.behaviour.place import SimulatedServer

PAIR = ("Zephyrine", "Quillon")
RUDE, FINE = "Rude words from a model.", "Kind words."
HIDDEN = "A moderator hid this reply. Votes count as usual."
NOBODY_ELSE = "Only members with Manage Messages can do that. Anyone can report a reply with 🚩."


def rude_pair() -> list[Competitor]:
    """Return two models that say the same, so that it does not matter who is drawn for which side."""
    return [competitor(name, RUDE) for name in PAIR]


@dataclass(frozen=True, slots=True)
class ReportingServer:
    here: SimulatedServer
    mona: simcord.MemberActor
    """She has Manage Messages."""
    log: simcord.ChannelHandle

    async def report(
        self,
        member: simcord.MemberActor,
        side: str = "a",
        reason: str = "",
        card: discord.Message | None = None,
    ) -> str:
        """Let a member report a reply on a card; returns what they are told."""
        return answer_to(await self.send(member, side, reason, card))

    async def send(
        self,
        member: simcord.MemberActor,
        side: str = "a",
        reason: str = "",
        card: discord.Message | None = None,
    ) -> simcord.InteractionResult:
        """Let a member fill in the form under what they read, if need be from the card, and send it."""
        read = card or await self.read(member)
        pressed = await member.click(read, custom_id=f"arena:report:1:{side}")
        sent = await member.submit_modal(pressed, {"reason": reason})
        await self.here.env.settle()
        return sent

    async def read(self, member: simcord.MemberActor) -> discord.Message:
        """Let a member compare the replies of the card; returns what they see."""
        opened = await member.click(self.here.card, custom_id=_compare(self.here.card))
        assert opened.response
        return opened.response.message

    @property
    def notices(self) -> list[discord.Message]:
        """The messages of the log channel that tell of reports."""
        return [message for message in self.log.history() if buttons_of(message)]

    @property
    def notice(self) -> str:
        (message,) = self.notices
        return text_of(message)

    async def rule(
        self, deed: str, side: str = "a", member: simcord.MemberActor | None = None
    ) -> simcord.InteractionResult:
        """Press a button of the only notice."""
        (message,) = self.notices
        pressed = await (member or self.mona).click(message, custom_id=f"arena:{deed}:1:{side}")
        await self.here.env.settle()
        return pressed

    def deny(self, channel: simcord.ChannelHandle, user_id: int, permissions: discord.Permissions) -> None:
        """Take permissions from a member in one channel."""
        overwrite = Overwrite(user_id, OverwriteType.MEMBER, deny=permissions.value)
        self.here.env.backend.set_overwrite(channel.id, overwrite)


def _compare(card: discord.Message) -> str:
    """Return the id of the card's button, which tells what the card hides."""
    return next(str(each) for each in buttons_of(card) if str(each).startswith("arena:compare:"))


@asynccontextmanager
async def court(
    folder: Path, competitors: Iterable[Competitor] | None = None, *, with_log: bool = True
) -> AsyncGenerator[ReportingServer]:
    async with place(folder, competitors or rude_pair()) as here:
        court = ReportingServer(here, moderator(here), here.guild.create_text_channel("log"))
        if with_log:
            await change_settings(here, log_channel_id=court.log.id)
        yield court
