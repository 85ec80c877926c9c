"""A server where a moderator brings models that really answer over HTTP."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import discord

from bot.config import Config, Limits, Security
from bot.errors import ArenaError
from tests.backends.fault_server import Body, FaultServer, Handler, serve, stream
from tests.backends.protocols.dialects import OPENAI
from tests.behaviour.pages import decide, page_of, press
from tests.behaviour.place import KEYRING, SimulatedServer, answer_to, buttons_of, place, text_of
from tests.competitors import competitor

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Mapping, Sequence
    from pathlib import Path

    import simcord

    from bot.arena.models.keyring import Keyring
    from bot.arena.models.roster import Competitor

KEY = "sk-very-secret-0123456789"


@dataclass(slots=True)
class Office:
    """Two operator's models, a moderator, and a model server that she may reach."""

    here: SimulatedServer
    server: FaultServer
    mona: simcord.MemberActor
    draft: simcord.InteractionResult | None = None
    """The answer that shows the form's outcome; it is edited from step to step."""

    def filled(self, **changes: str) -> dict[str, str | list[str]]:
        """Return what is typed into the first form."""
        typed = {"name": "Aurora", "model": "aurora-9", "key": KEY, "base_url": self.server.url} | changes
        return {"provider": ["at-openai"], **typed}

    @property
    def said(self) -> str:
        assert self.draft
        return answer_to(self.draft)

    @property
    def buttons(self) -> list[str | None]:
        assert self.draft
        assert self.draft.response
        return buttons_of(self.draft.response.message)

    async def submit(self, command: str = "add", **changes: str) -> str:
        """Fill in the form of a command for the first time; returns what came of it."""
        if command == "edit":
            page = await page_of(self.mona, self.here.channel, changes.get("name", "Aurora"))
            shown = await press(self.mona, page, "Edit")
            self.draft = page
            await self.mona.submit_modal(shown, self.filled(**changes))
        else:
            shown = await self.mona.slash(self.here.channel, f"models {command}")
            self.draft = await self.mona.submit_modal(shown, self.filled(**changes))
        return await self.settled()

    async def correct(self, button: str, typed: Mapping[str, object]) -> str:
        """Open a form from the outcome of the last, and fill it in."""
        await self.mona.submit_modal(await self.press(button), dict(typed))
        return await self.settled()

    async def press(self, label: str) -> simcord.InteractionResult:
        assert self.draft
        assert self.draft.response
        return await self.mona.click(self.draft.response.message, label=label)

    async def choose(self, name: str) -> str:
        """Choose from the list of models that the last form led to."""
        assert self.draft
        assert self.draft.response
        message = self.draft.response.message
        select = _menu_of(message)
        value = next(option.value for option in select.options if option.label == name)
        await self.mona.select(message, [value], custom_id=select.custom_id)
        return await self.settled()

    @property
    def offered(self) -> list[str]:
        """What stands in the list of models."""
        assert self.draft
        assert self.draft.response
        return [option.label for option in _menu_of(self.draft.response.message).options]

    async def bring(self, **changes: str) -> None:
        assert "answers" in await self.submit(**changes)
        await self.press("Save")

    async def ask(self, command: str, **options: object) -> str:
        return answer_to(await self.mona.slash(self.here.channel, f"models {command}", **options))

    async def info(self, name: str) -> str:
        return answer_to(await self.mona.slash(self.here.channel, "model", name=name))

    async def decide(self, deed: str, name: str, typed: str = "") -> str:
        return await decide(self.mona, self.here.channel, deed, name, typed)

    async def test(self, name: str | None = None) -> simcord.InteractionResult:
        """Have one model, or all, asked a short question."""
        if name is None:
            shown = await self.mona.slash(self.here.channel, "models list")
            await press(self.mona, shown, "Test all")
        else:
            shown = await page_of(self.mona, self.here.channel, name)
            await press(self.mona, shown, "Test")
        return shown

    def saying(self, text: str) -> Handler:
        """Return what the model server answers when its model says so."""
        return stream(*OPENAI.whole(text))

    async def battle(self) -> None:
        """Hold a battle of models that really answer."""
        known = len(self.here.channel.history())
        await self.here.alice.slash(self.here.channel, "battle", prompt="Why?")
        async with asyncio.timeout(60):
            while "last reaction counts" not in text_of(self.here.channel.history()[known]):  # noqa: ASYNC110
                await asyncio.sleep(0)

    async def until(self, asked: simcord.InteractionResult, words: str) -> str:
        """Wait until an answer that is edited says so."""
        async with asyncio.timeout(60):
            while words not in answer_to(asked):  # noqa: ASYNC110 - as below
                await asyncio.sleep(0)
        return answer_to(asked)

    async def settled(self) -> str:
        async with asyncio.timeout(60):
            while "Asking" in self.said:  # noqa: ASYNC110 - the stand-in has no event for it
                await asyncio.sleep(0)
        return self.said


def _menu_of(message: discord.Message) -> discord.ui.Select[discord.ui.LayoutView]:
    items = discord.ui.LayoutView.from_message(message).walk_children()
    return next(item for item in items if isinstance(item, discord.ui.Select))


@asynccontextmanager
async def office(
    folder: Path,
    limits: Limits | None = None,
    keyring: Keyring = KEYRING,
    *,
    others: Sequence[Competitor] = (),
    models: Sequence[str] | None = None,
) -> AsyncGenerator[Office]:
    """`models` are those that the model server names; without them, it has no list."""
    named: Body | None = None if models is None else {"data": [{"id": each} for each in models]}
    # Simcord waits for every timer, and so for that of a connection that is kept.
    async with serve(keep_alive=False, models=named) as server:
        server.answer(stream(*OPENAI.whole("I am good at ", "poems.")))
        opened = (urlsplit(server.url).netloc,)
        config = Config(security=Security(allowed_private_hosts=opened), limits=limits or Limits())
        competitors = [competitor("Zephyrine"), competitor("Quillon"), *others]
        async with place(folder, competitors, config, keyring) as here:
            role = here.guild.create_role("Boss", permissions=discord.Permissions(manage_guild=True))
            mona = here.guild.add_member(here.env.create_user("mona"), roles=[role])
            yield Office(here, server, mona)
            causes = [getattr(error, "original", error) for error in here.env.errors]
            assert all(isinstance(cause, ArenaError) for cause in causes)
