"""All that the stand-in can send is sent here, and `conftest.py` holds it against Discord's description.

It does so with whatever is sent in the other tests of this folder, too.
"""

from __future__ import annotations

import asyncio
import re
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, NamedTuple

import aiohttp
import msgspec
import pytest

from bot.playground import Channel, Guild, Member, Permission, Playground, Upload
from bot.playground.world.interactions.commands import CommandBody, Option
from bot.playground.world.messages.bodies import MessageBody
from bot.playground.world.model import COMPONENTS_V2
from tests.playground.gateway.test_client import TOKEN
from tests.wire.contract import EVENTS, Contract, load_contract

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator

PARAMETER = re.compile(r"\{(\w+)\}")
FIGHT = {"name": "fight", "description": "Fight"}
PICTURE = {"url": "https://example.org/a.png"}
TEXT = {"type": 10, "content": "x"}
BUTTON = {"type": 2, "style": 1, "label": "A", "custom_id": "a", "emoji": {"id": None, "name": "👍"}}
OPTION = {"label": "A", "value": "a", "description": None, "emoji": {"id": None, "name": "👍"}}
CARD = [
    {"type": 17, "components": [TEXT, {"type": 9, "components": [TEXT], "accessory": BUTTON}, {"type": 14}]},
    {"type": 9, "components": [TEXT], "accessory": {"type": 11, "media": PICTURE}},
    {"type": 12, "items": [{"media": PICTURE}]},
    {"type": 1, "components": [{"type": 5, "custom_id": "who", "placeholder": None}]},
    {"type": 1, "components": [{"type": 3, "custom_id": "what", "options": [OPTION]}]},
]
EMBED = {"title": "T", "description": None, "image": PICTURE, "fields": [{"name": "a", "value": "b"}]}


class Made(msgspec.Struct):
    """What was made, by its id."""

    id: str = ""


class ContractGuild(NamedTuple):
    """A guild whose bot may do everything, and what asks in the bot's name."""

    playground: Playground
    session: aiohttp.ClientSession
    guild: Guild
    channel: Channel
    alice: Member

    async def ask(self, method: str, path: str, body: object = None) -> str:
        """Ask for what must be granted; returns the id of what was made, if anything was."""
        async with self.session.request(method, f"{self.playground.api_url}{path}", json=body) as answer:
            content = await answer.read()
            assert answer.status < 300, content
        return msgspec.json.decode(content, type=Made).id if content[:1] == b"{" else ""


@asynccontextmanager
async def place() -> AsyncGenerator[ContractGuild]:
    headers = {"Authorization": f"Bot {TOKEN}"}
    async with (
        Playground(token=TOKEN, rate_limits=False) as playground,
        aiohttp.ClientSession(headers=headers) as session,
    ):
        guild = playground.world.create_guild(bot_permissions=Permission.ADMINISTRATOR)
        channel = playground.world.create_channel(guild)
        yield ContractGuild(
            playground, session, guild, channel, playground.world.create_member(guild, "alice")
        )


@pytest.fixture(scope="module")
def contract() -> Contract:
    return load_contract()


def test_a_wrong_body_is_found(contract: Contract) -> None:
    errors = contract.request_errors("POST", "/channels/{channel_id}/messages", b'{"content": 5}')

    assert errors


def test_a_wrong_event_is_found(contract: Contract) -> None:
    wrong = contract.event_errors("GUILD_ROLE_CREATE", b'{"guild_id": "1", "role": {"id": "2"}}')
    unknown = contract.event_errors("TEAPOT_CREATE", b"{}")

    assert len(wrong) > 5
    assert unknown


async def _visit_places(here: ContractGuild) -> None:
    guild = f"/guilds/{here.guild.id}"
    for path in ("/gateway", "/gateway/bot", "/applications/@me", "/oauth2/applications/@me"):
        await here.ask("GET", path)
    for path in ("/users/@me", f"/users/{here.alice.id}", f"/channels/{here.channel.id}"):
        await here.ask("GET", path)
    for path in ("?with_counts=true", "/channels", "/roles", "/members?limit=9", f"/members/{here.alice.id}"):
        await here.ask("GET", guild + path)
    await here.ask("POST", f"/channels/{here.channel.id}/typing")


async def _visit_threads(here: ContractGuild) -> None:
    thread = here.playground.world.create_thread(here.channel, "Talk", owner=here.alice, private=True)
    path = f"/channels/{thread.id}"
    await here.ask("PUT", f"{path}/thread-members/@me")
    await here.ask("GET", path)
    await here.ask("PATCH", path, {"archived": True, "locked": True})
    await here.ask("PATCH", path, {"archived": False, "auto_archive_duration": 60, "name": "Talked"})
    await here.ask("DELETE", f"{path}/thread-members/@me")


async def _visit_commands(here: ContractGuild) -> None:
    application = f"/applications/{here.playground.world.bot.id}"
    for commands in (f"{application}/commands", f"{application}/guilds/{here.guild.id}/commands"):
        made = await here.ask("POST", commands, FIGHT)
        await here.ask("PATCH", f"{commands}/{made}", {"description": "Fight on"})
        await here.ask("GET", f"{commands}/{made}")
        await here.ask("DELETE", f"{commands}/{made}")
        await here.ask("PUT", commands, [FIGHT])
        await here.ask("GET", commands)


async def _visit_messages(here: ContractGuild) -> None:
    messages = f"/channels/{here.channel.id}/messages"
    card = await here.ask("POST", messages, {"flags": COMPONENTS_V2, "components": CARD})
    sent = await here.ask("POST", messages, {"embeds": [EMBED], "nonce": "n"})
    reactions = f"{messages}/{card}/reactions"
    for path in ("/👍/@me", "/👎/@me", "/🤝/@me"):
        await here.ask("PUT", reactions + path)
    here.playground.people.react(here.alice, int(card), "👍")
    await here.ask("GET", f"{reactions}/👍")
    await here.ask("GET", messages)
    for path in ("/👎/@me", f"/👍/{here.alice.id}", "/🤝", ""):
        await here.ask("DELETE", reactions + path)
    await here.ask(
        "PATCH", f"{messages}/{sent}", {"content": "x", "components": [{"type": 1, "components": [BUTTON]}]}
    )
    await here.ask("GET", f"{messages}/{sent}")
    await here.ask("POST", f"{messages}/{sent}/threads", {"name": "Talk"})
    third = await here.ask("POST", messages, {"content": "x", "message_reference": {"message_id": sent}})
    await here.ask("DELETE", f"{messages}/{sent}")
    await here.ask("POST", f"{messages}/bulk-delete", {"messages": [card, third]})


async def _visit_interactions(here: ContractGuild) -> None:
    for kind in (4, 5):
        asked = here.playground.people.slash(here.alice, here.channel, "fight")
        callback = {"type": kind, "data": {"content": "x", "flags": 64 if kind == 4 else 0}}
        path = f"/interactions/{asked.id}/{asked.token}/callback"
        await here.ask("POST", f"{path}?with_response=true", callback)
        webhook = f"/webhooks/{here.playground.world.bot.id}/{asked.token}"
        await here.ask("GET", f"{webhook}/messages/@original")
        await here.ask("PATCH", f"{webhook}/messages/@original", {"content": "y"})
        followup = await here.ask("POST", webhook, {"content": "z"})
        await here.ask("GET", f"{webhook}/messages/{followup}")
        await here.ask("PATCH", f"{webhook}/messages/{followup}", {"embeds": [EMBED]})
        await here.ask("DELETE", f"{webhook}/messages/{followup}")
        await here.ask("DELETE", f"{webhook}/messages/@original")


async def test_every_route_grants_what_the_description_says() -> None:
    async with place() as here:
        await _visit_places(here)
        await _visit_threads(here)
        await _visit_commands(here)
        await _visit_messages(here)
        await _visit_interactions(here)
        await here.ask("DELETE", f"/users/@me/guilds/{here.guild.id}")

        visited = {(record.method, record.template) for record in here.playground.requests}

    assert visited == {(route.method, route.template) for route in here.playground.routes}


@pytest.mark.parametrize("token", [TOKEN, "of-another-bot"])
@pytest.mark.parametrize("key", ["1", "no-id"])
async def test_every_route_refuses_as_the_description_says(token: str, key: str) -> None:
    async with place() as here:
        headers = {"Authorization": f"Bot {token}"}
        for route in here.playground.routes:
            url = here.playground.api_url + PARAMETER.sub(key, route.template)
            body = None if route.method == "GET" else dict[str, str]()
            async with here.session.request(route.method, url, json=body, headers=headers) as answer:
                assert answer.status < 500
        statuses = here.playground.requests.by_status

    assert len(here.playground.requests) == len(here.playground.routes)
    assert statuses[401] + statuses[404] + statuses[400] > len(here.playground.routes) - 10


async def _greet(here: ContractGuild, gateway: aiohttp.ClientWebSocketResponse) -> None:
    everything = (1 << 26) - 1
    await gateway.send_json({"op": 2, "d": {"token": TOKEN, "intents": everything, "properties": {}}})
    await gateway.send_json({"op": 8, "d": {"guild_id": str(here.guild.id), "query": "", "limit": 0}})
    await here.playground.ready()


def _change_places(here: ContractGuild) -> None:
    world = here.playground.world
    other = world.create_guild("Other")
    world.set_community(other, community=True)
    role = world.create_role(here.guild, "judge")
    world.set_role_permissions(role, Permission.MANAGE_MESSAGES)
    world.set_member_roles(here.alice, [role])
    world.create_emoji(here.guild, "llama")
    bob = world.create_member(here.guild, "bob")
    world.remove_member(bob)
    world.set_overwrite(here.channel, role, deny=Permission.EMBED_LINKS)
    thread = world.create_thread(here.channel, "Talk", owner=here.alice)
    for member in (world.bot_in(here.guild.id), world.create_member(here.guild, "carol")):
        world.threads.add(thread, member)
        world.threads.remove(thread, member)
    world.lock_thread(thread)
    world.archive_thread(thread)
    world.delete_channel(thread)
    world.delete_channel(world.create_channel(here.guild, "gone"))
    world.delete_guild(other)


def _change_messages(here: ContractGuild) -> None:
    world, people = here.playground.world, here.playground.people
    emoji = next(iter(here.guild.emojis.values()), None) or world.create_emoji(here.guild, "scales")
    said = [people.say(here.alice, here.channel, f"<@{world.bot.id}> {number}") for number in range(3)]
    for name in ("👍", f"{emoji.name}:{emoji.id}"):
        people.react(here.alice, said[0], name)
        people.react(here.alice, said[1], name, burst=True)
    people.unreact(here.alice, said[0], "👍")
    world.reactions.clear_emoji(said[1], emoji)
    world.reactions.clear(said[1])
    world.messages.edit(said[0], MessageBody(content="edited"), [Upload(0, "a.txt", "text/plain", b"a")])
    world.messages.delete(said[0])
    world.messages.delete_many(said[1:])


def _interact(here: ContractGuild) -> None:
    world, people = here.playground.world, here.playground.people
    kinds = {"user": 6, "channel": 7, "thread": 7, "role": 8, "anyone": 9, "file": 11}
    options = [Option(type=kind, name=name, description="x") for name, kind in kinds.items()]
    options.append(Option(type=3, name="text", description="x", autocomplete=True))
    world.commands.put(None, CommandBody(name="all", description="x", options=options))
    world.commands.put(here.guild.id, CommandBody(name="Quote", type=3))
    people.slash(
        here.alice,
        here.channel,
        "all",
        user=here.alice,
        channel=here.channel,
        thread=world.create_thread(here.channel, "Talk"),
        role=here.guild.roles[here.guild.id],
        anyone=here.alice.user,
        file=Upload(0, "a.txt", "text/plain", b"a"),
    )
    people.autocomplete(here.alice, here.channel, "all", "text", text="a")
    people.use_on_message(here.alice, here.channel, "Quote", people.say(here.alice, here.channel, "Hi"))
    body = msgspec.convert({"flags": COMPONENTS_V2, "components": CARD}, MessageBody)
    card = world.messages.create(here.channel, world.bot, body)
    people.press(here.alice, card, "a")
    people.select(here.alice, card, "who", [str(here.alice.id)])


class DispatchFrame(msgspec.Struct):
    """A frame of the gateway, as far as it is looked at."""

    t: str | None
    s: int | None = None
    d: msgspec.Raw = msgspec.Raw(b"null")


async def test_every_event_is_sent_as_the_description_says() -> None:
    heard: set[str | None] = set()
    async with place() as here, asyncio.timeout(60):
        async with here.session.ws_connect(here.playground.gateway_url) as gateway:
            await _greet(here, gateway)
            for change in (_change_places, _change_messages, _interact):
                change(here)
            frame = DispatchFrame(None)
            while frame.t != "INTERACTION_CREATE":
                frame = msgspec.json.decode(await gateway.receive_str(), type=DispatchFrame)
                heard.add(frame.t)
            await gateway.close(code=4000)
        (session,) = here.playground.gateway.sessions
        async with here.session.ws_connect(here.playground.gateway_url) as gateway:
            known = {"token": TOKEN, "session_id": session, "seq": frame.s}
            await gateway.send_json({"op": 6, "d": known})
            while "RESUMED" not in heard:
                heard.add(msgspec.json.decode(await gateway.receive_str(), type=DispatchFrame).t)

    assert heard - {None} == EVENTS.keys()
