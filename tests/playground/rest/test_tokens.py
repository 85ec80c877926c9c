"""What an interaction's token may edit, and how often."""

from __future__ import annotations

from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, NamedTuple

import aiohttp
import msgspec
import pytest

from bot.playground import InteractionRecord, Message, Playground, World
from bot.playground.world.interactions.commands import CommandBody
from bot.playground.world.messages.bodies import MessageBody
from tests.playground.gateway.test_client import TOKEN
from tests.playground.rest.test_bodies import Refused
from tests.playground.rest.test_interactions import StillClock

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator

    from bot.playground import Channel, Member
    from bot.playground.wire import JsonObject

BUTTON = {"type": 2, "style": 1, "label": "A", "custom_id": "a"}
ROWS: JsonObject = {"content": "Press", "components": [{"type": 1, "components": [BUTTON]}]}


class Asked(NamedTuple):
    """A channel with a button in it, and what asks by the tokens of those who press it."""

    playground: Playground
    session: aiohttp.ClientSession
    channel: Channel
    alice: Member
    card: Message
    clock: StillClock

    @property
    def world(self) -> World:
        return self.playground.world

    def press(self) -> InteractionRecord:
        return self.playground.people.press(self.alice, self.card, "a")

    async def answer(self, record: InteractionRecord, kind: int, content: str | None = None) -> int:
        body = {"type": kind, "data": {} if content is None else {"content": content}}
        path = f"/interactions/{record.id}/{record.token}/callback"
        return await self.ask("POST", path, body)

    async def edit(self, record: InteractionRecord, which: str, content: str) -> int:
        path = f"/webhooks/{self.world.bot.id}/{record.token}/messages/{which}"
        return await self.ask("PATCH", path, {"content": content})

    async def ask(self, method: str, path: str, body: object) -> int:
        """Ask for something; returns the error code of the answer."""
        async with self.session.request(method, self.playground.api_url + path, json=body) as got:
            content = await got.read()
        return msgspec.json.decode(content, type=Refused).code if got.status >= 400 else 0


@asynccontextmanager
async def asking() -> AsyncGenerator[Asked]:
    clock = StillClock()
    async with (
        Playground(token=TOKEN, rate_limits=False, clock=clock) as playground,
        aiohttp.ClientSession() as session,
    ):
        world = playground.world
        guild = world.create_guild()
        channel, alice = world.create_channel(guild), world.create_member(guild, "alice")
        world.commands.put(None, CommandBody(name="ask", description="x"))
        card = world.messages.create(channel, world.bot, msgspec.convert(ROWS, MessageBody))
        yield Asked(playground, session, channel, alice, card, clock)


@pytest.mark.parametrize("by_token", [True, False])
@pytest.mark.parametrize(("strict", "code"), [(True, 30046), (False, 0)])
async def test_old_messages_take_few_edits_by_token_too(*, by_token: bool, strict: bool, code: int) -> None:
    async with asking() as here:
        here.world.strict.late_edits = strict
        here.clock.now += 3601
        codes: list[int] = []

        for number in range(4):
            pressed = here.press()
            if by_token:
                await here.answer(pressed, 6)
                codes.append(await here.edit(pressed, "@original", str(number)))
            else:
                codes.append(await here.answer(pressed, 7, str(number)))
        here.clock.now += 6
        later = await here.answer(here.press(), 7, "later")

        assert codes == [0, 0, 0, code]
        assert later == 0
        assert here.card.content == "later"


async def test_a_token_edits_what_it_made_and_the_message_that_was_pressed_as_its_original() -> None:
    async with asking() as here:
        other = here.world.messages.create(here.channel, here.world.bot, MessageBody(content="Other"))
        deferred, answered = here.press(), here.press()
        await here.answer(deferred, 6)
        await here.answer(answered, 4, "New")
        assert answered.message is not None

        codes = {
            "original": await here.edit(deferred, "@original", "a"),
            "by its id": await here.edit(deferred, str(here.card.id), "b"),
            "made": await here.edit(answered, str(answered.message.id), "c"),
            "pressed, but not the original": await here.edit(answered, str(here.card.id), "d"),
            "another": await here.edit(answered, str(other.id), "e"),
        }
        here.world.strict.tokens = False
        kind = await here.edit(deferred, str(here.card.id), "f")

        assert codes == {
            "original": 0,
            "by its id": 10008,
            "made": 0,
            "pressed, but not the original": 10008,
            "another": 10008,
        }
        assert kind == 0
        assert (here.card.content, answered.content) == ("f", "c")


async def test_a_token_of_a_guild_that_is_gone_finds_no_channel() -> None:
    async with asking() as here:
        pressed = here.press()

        here.world.delete_guild(here.world.guild(here.channel.guild_id))
        code = await here.answer(pressed, 4, "Late")

        assert code == 10003
