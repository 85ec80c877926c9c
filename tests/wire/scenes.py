"""The real bot with two models in a channel of the stand-in."""

from __future__ import annotations

from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.playground import Playground
from bot.playground.world.messages.components import walk
from tests.forked import BotStart
from tests.wire.model_server import ServerConduct, model_server
from tests.wire.processes import NO_PAUSES, TOKEN, Installation

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Mapping, Sequence
    from pathlib import Path

    from bot.domain.pauses import Pauses
    from bot.playground import Channel, Guild, InteractionRecord, Member, Message
    from bot.playground.world.interactions.resolved import GivenValue
    from bot.playground.world.messages.bodies import Upload
    from bot.playground.world.permissions import Permission
    from tests.forked import ForkedProcess


@dataclass(slots=True)
class RunningBot:
    playground: Playground
    installation: Installation
    servers: list[ServerConduct]
    """Those of the models, in the order of their names in `MODELS`."""
    guild: Guild
    channel: Channel
    members: list[Member]

    def member_with(self, permissions: Permission, name: str) -> Member:
        """Have somebody join who has these by a role."""
        world = self.playground.world
        role = world.create_role(self.guild, "Moderators", permissions)
        return world.create_member(self.guild, name, roles=[role])

    async def battle(self, prompt: str = "Why?", **options: Upload) -> Message:
        """Have the first member ask; returns the card as soon as it is posted."""
        asked = self.playground.people.slash(
            self.members[0], self.channel, "battle", prompt=prompt, **options
        )
        await asked.finished()
        assert asked.message is not None
        return asked.message

    async def fill_in(self, opened: InteractionRecord, values: Mapping[str, GivenValue]) -> InteractionRecord:
        """Submit a form, and again where the bot passed it over.

        It learns that its form is open from the answer of the request, which we need not be slower than.
        """
        for _ in range(5):
            sent = self.playground.people.submit_modal(opened.member, opened, values)
            with suppress(TimeoutError):
                return await sent.finished(timeout=4)
        raise AssertionError("The bot does not take the form.")

    async def use(
        self, member: Member, message: Message, custom_id: str, values: Sequence[str] | None = None
    ) -> InteractionRecord:
        """Press or choose what comes to stand under a message."""
        people = self.playground.people
        await self.playground.world.until(
            lambda: any(each.custom_id == custom_id for each in walk(message.components))
        )
        if values is None:
            return await people.press(member, message, custom_id).finished()
        return await people.select(member, message, custom_id, values).finished()

    async def press_in_answer(
        self, member: Member, channel: Channel, command: str, *custom_ids: str
    ) -> Message:
        """Run a command and press buttons of its answer, one after the other."""
        asked = await self.playground.people.slash(member, channel, command).finished()
        assert asked.message
        for custom_id in custom_ids:
            await self.use(member, asked.message, custom_id)
        return asked.message

    async def until(self, message: Message, text: str) -> None:
        await self.playground.world.until(lambda: text in message.text)


MODELS = {"Northern Light": "One.", "Quiet Harbour": "Two.", "Far Shore": "Three.", "Old Mill": "Four."}


@asynccontextmanager
async def scene(
    folder: Path,
    reply: str = "Short.",
    voting_seconds: int = 600,
    *,
    models: int = 2,
    sees: bool = False,
) -> AsyncGenerator[RunningBot]:
    """`sees` says whether the models accept images."""
    async with Playground(token=TOKEN, rate_limits=False) as playground, AsyncExitStack() as servers:
        conducts = {name: ServerConduct() for name in list(MODELS)[:models]}
        addresses = {
            name: await servers.enter_async_context(
                model_server(f"{reply} {MODELS[name]}", pace=0.01, conduct=conduct)
            )
            for name, conduct in conducts.items()
        }
        installation = Installation.make(folder, playground, addresses, voting_seconds)
        if sees:
            installation.edit('protocol = "openai"', 'protocol = "openai"\naccepts_images = true')
        guild = playground.world.create_guild("Arena")
        channel = playground.world.create_channel(guild, "general")
        members = [playground.world.create_member(guild, f"member{number}") for number in range(3)]
        yield RunningBot(playground, installation, list(conducts.values()), guild, channel, members)


@asynccontextmanager
async def connected_bot(
    scene: RunningBot, pauses: Pauses = NO_PAUSES, start: type[BotStart] = BotStart
) -> AsyncGenerator[ForkedProcess]:
    """Run the bot until the block ends; yields once it has what an earlier process left in hand."""
    installation = scene.installation
    left = installation.taken_up() + installation.open_battles()
    async with installation.bot(pauses, start) as process:
        await scene.playground.ready()
        await installation.until_true(lambda: installation.taken_up() == left)
        yield process
