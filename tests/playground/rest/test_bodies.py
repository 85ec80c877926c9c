"""What a body may hold: Discord's limits on messages, callbacks and commands."""

from __future__ import annotations

from typing import TYPE_CHECKING

import aiohttp
import discord
import msgspec
import pytest
from discord import ui

from bot.playground import Playground
from bot.playground.world.interactions.commands import CommandBody, Option
from tests.playground.gateway.test_client import TOKEN, Buttons, TinyBot, pointed_at
from tests.playground.rest.test_messages import room

if TYPE_CHECKING:
    from collections.abc import Callable

HEADERS = {"Authorization": f"Bot {TOKEN}"}
V2 = 1 << 15


class Refused(msgspec.Struct):
    """An answer that says no."""

    code: int


def text(length: int) -> dict[str, object]:
    return {"type": 10, "content": "x" * length}


def button(**fields: object) -> dict[str, object]:
    return {"type": 2, "style": 1, "label": "x", "custom_id": "x"} | fields


def row(*inside: object) -> dict[str, object]:
    return {"type": 1, "components": inside}


def select(**fields: object) -> dict[str, object]:
    options = [{"label": "x", "value": "x"}]
    return row({"type": 3, "custom_id": "x", "options": options} | fields)


def section(*inside: object, accessory: object) -> dict[str, object]:
    return {"type": 9, "components": inside, "accessory": accessory}


def field(name: int, value: int) -> dict[str, object]:
    return {"name": "x" * name, "value": "x" * value}


FINE: list[dict[str, object]] = [
    {"content": "x" * 2000},
    {"embeds": [{"title": "x" * 256, "description": "x" * 4096, "fields": [field(256, 1024)]}]},
    {"embeds": [{"fields": [field(1, 1)] * 25}]},
    {"embeds": [{"description": "x"}] * 10},
    {"components": [row(*(button(custom_id=f"{n}-{m}") for m in range(5))) for n in range(5)]},
    {"components": [row(button(label="x" * 80, custom_id="x" * 100))]},
    {"components": [select(options=[{"label": f"{n}", "value": f"{n}"} for n in range(25)])]},
    {"flags": V2, "components": [text(4000)]},
    {"flags": V2, "components": [text(1)] * 40},
    {"flags": V2, "components": [section(text(1), accessory=button())]},
]
FIELD = {"type": 18, "label": "x", "component": {"type": 4, "custom_id": "x", "style": 1}}
CHOICE: dict[str, object] = {"name": "x", "value": "x"}
EMPTY: list[dict[str, object]] = [{}, {"content": ""}, {"content": " \n "}]
TOO_MUCH: list[dict[str, object]] = [
    {"content": "x" * 2001},
    {"content": 5},
    {"embeds": [{"title": "x" * 257}]},
    {"embeds": [{"description": "x" * 4097}]},
    {"embeds": [{"footer": {"text": "x" * 2049}}]},
    {"embeds": [{"author": {"name": "x" * 257}}]},
    {"embeds": [{"fields": [field(1, 1)] * 26}]},
    {"embeds": [{"fields": [field(257, 1)]}]},
    {"embeds": [{"fields": [field(1, 1025)]}]},
    {"embeds": [{"fields": [field(1, 0)]}]},
    {"embeds": [{"description": "x" * 3500}, {"description": "x" * 3500}]},
    {"embeds": [{"description": "x"}] * 11},
    {"components": [text(1)]},
    {"components": [row()]},
    {"components": [row(*(button(custom_id=str(n)) for n in range(6)))]},
    {"components": [row(button(custom_id=str(n))) for n in range(6)]},
    {"components": [row(button(), button())]},
    {"components": [row(button(label="x" * 81))]},
    {"components": [row(button(custom_id="x" * 101))]},
    {"components": [row(button(label=None))]},
    {"components": [row(button(style=5))]},
    {"components": [select(options=[])]},
    {"components": [select(options=[{"label": f"{n}", "value": f"{n}"} for n in range(26)])]},
    {"components": [select(options=[{"label": "x" * 101, "value": "x"}])]},
    {"components": [select(options=[{"label": "x", "value": "x"}] * 2)]},
    {"components": [select(placeholder="x" * 151)]},
    {"flags": V2, "components": [text(4001)]},
    {"flags": V2, "components": [text(2001), text(2000)]},
    {"flags": V2, "components": [text(0)]},
    {"flags": V2, "components": [text(1)] * 41},
    {"flags": V2, "components": [text(1)], "content": "x"},
    {"flags": V2, "components": [text(1)], "embeds": [{"title": "x"}]},
    {"flags": V2, "components": [button()]},
    {"flags": V2, "components": [section(button(), accessory=button(custom_id="y"))]},
    {"flags": V2, "components": [section(text(1), accessory=text(1))]},
    {"flags": V2, "components": [section(*[text(1)] * 4, accessory=button())]},
    {"flags": V2, "components": [{"type": 17, "components": [{"type": 17, "components": []}]}]},
    {"flags": V2, "components": [{"type": 12, "items": [{"media": {"url": "https://x.org"}}] * 11}]},
    {"flags": V2, "components": [{"type": 13, "file": {"url": "attachment://none.txt"}}]},
    {"content": "x", "message_reference": {"message_id": "1"}},
]


async def said_of(body: object) -> tuple[int, int]:
    """Send a body to a channel; returns the status and the error code of the answer."""
    async with (
        Playground(token=TOKEN, rate_limits=False) as playground,
        aiohttp.ClientSession(headers=HEADERS) as session,
    ):
        channel = playground.world.create_channel(playground.world.create_guild())
        async with session.post(f"{playground.api_url}/channels/{channel.id}/messages", json=body) as got:
            content = await got.read()
            assert got.headers["Content-Type"] == "application/json"
    return got.status, 0 if got.status == 200 else msgspec.json.decode(content, type=Refused).code


@pytest.mark.parametrize("body", FINE)
async def test_a_body_within_the_limits_is_taken(body: object) -> None:
    assert await said_of(body) == (200, 0)


@pytest.mark.parametrize("body", EMPTY)
async def test_an_empty_message_is_refused(body: object) -> None:
    assert await said_of(body) == (400, 50006)


@pytest.mark.parametrize("body", TOO_MUCH)
async def test_a_body_that_discord_would_not_take_is_refused(body: object) -> None:
    assert await said_of(body) == (400, 50035)


def _many_displays() -> ui.LayoutView:
    view = ui.LayoutView()
    container = ui.Container[ui.LayoutView]()
    for _ in range(4):
        container.add_item(ui.TextDisplay[ui.LayoutView]("x" * 1001))
    return view.add_item(container)


def _twins() -> ui.LayoutView:
    view = ui.LayoutView()
    buttons = [ui.Button[ui.LayoutView](label="x", custom_id="same") for _ in range(2)]
    return view.add_item(ui.ActionRow(*buttons))


def _wide_label() -> ui.LayoutView:
    view = ui.LayoutView()
    return view.add_item(ui.ActionRow(ui.Button[ui.LayoutView](label="x" * 81)))


@pytest.mark.parametrize(
    ("make", "place"),
    [
        (_many_displays, "COMPONENT_DISPLAYABLE_TEXT_SIZE_EXCEEDED"),
        (_twins, "COMPONENT_CUSTOM_ID_DUPLICATED"),
        (_wide_label, "BASE_TYPE_MAX_LENGTH"),
    ],
)
async def test_a_layout_over_the_limits_is_refused(make: Callable[[], ui.LayoutView], place: str) -> None:
    async with room() as here:
        with pytest.raises(discord.HTTPException) as refused:
            await here.seen.send(view=make())

        answer = list(here.playground.requests)[-1].response
        assert refused.value.code == 50035
        assert place.encode() in answer


async def test_a_layout_takes_no_content_beside_it() -> None:
    async with room() as here:
        sent = await here.seen.send("Old style")

        with pytest.raises(discord.HTTPException) as refused:
            await sent.edit(view=Buttons("New style"))
        edited = await sent.edit(content=None, view=Buttons("New style"))

        assert refused.value.code == 50035
        assert here.channel.messages[edited.id].text.startswith("New style")


CALLBACKS: list[tuple[str, dict[str, object], int]] = [
    ("command", {"type": 4, "data": {"content": "x" * 2001}}, 50035),
    ("command", {"type": 4, "data": {}}, 50006),
    ("command", {"type": 7, "data": {"content": "x"}}, 50035),
    ("command", {"type": 8, "data": {"choices": []}}, 50035),
    ("command", {"type": 9, "data": {"custom_id": "x", "title": "x" * 46, "components": [FIELD]}}, 50035),
    ("command", {"type": 9, "data": {"custom_id": "x" * 101, "title": "x", "components": [FIELD]}}, 50035),
    ("command", {"type": 9, "data": {"custom_id": "x", "title": "x", "components": []}}, 50035),
    ("command", {"type": 9, "data": {"custom_id": "x", "title": "x", "components": [FIELD] * 6}}, 50035),
    ("typing", {"type": 8, "data": {"choices": [CHOICE] * 26}}, 50035),
    ("typing", {"type": 8, "data": {"choices": [CHOICE | {"name": "x" * 101}]}}, 50035),
    ("typing", {"type": 4, "data": {"content": "x"}}, 50035),
    ("command", {"type": 9, "data": {"custom_id": "x", "title": "x" * 45, "components": [FIELD]}}, 0),
    ("typing", {"type": 8, "data": {"choices": [CHOICE] * 25}}, 0),
]


@pytest.mark.parametrize(("kind", "body", "code"), CALLBACKS)
async def test_an_interaction_is_answered_within_the_limits(kind: str, body: object, code: int) -> None:
    async with Playground(token=TOKEN) as playground, aiohttp.ClientSession() as session:
        world, people = playground.world, playground.people
        guild = world.create_guild()
        channel, alice = world.create_channel(guild), world.create_member(guild, "alice")
        option = Option(type=3, name="text", description="x", autocomplete=True)
        world.commands.put(None, CommandBody(name="find", description="x", options=[option]))
        if kind == "command":
            asked = people.slash(alice, channel, "find")
        else:
            asked = people.autocomplete(alice, channel, "find", "text")
        url = f"{playground.api_url}/interactions/{asked.id}/{asked.token}/callback"
        async with session.post(url, json=body) as got:
            found = 0 if got.status == 204 else msgspec.json.decode(await got.read(), type=Refused).code

    assert found == code
    assert (asked.callback is None) == bool(code)


async def test_content_is_trimmed() -> None:
    async with room() as here:
        sent = await here.seen.send("  Hello \n")

        assert sent.content == "Hello"


async def test_a_reply_shows_what_it_answers() -> None:
    async with room() as here:
        first = await here.seen.send("First")
        second = await here.seen.send("Second", reference=first)
        fetched = await here.seen.fetch_message(second.id)
        await first.delete()
        late = await here.seen.send("Third", reference=first.to_reference(fail_if_not_exists=False))
        orphan = await here.seen.fetch_message(second.id)

        assert fetched.type is discord.MessageType.reply
        assert fetched.reference is not None
        assert isinstance(fetched.reference.resolved, discord.Message)
        assert fetched.reference.resolved.content == "First"
        assert orphan.reference is not None
        assert isinstance(orphan.reference.resolved, discord.DeletedReferencedMessage)
        assert late.reference is None


async def test_commands_over_the_limits_are_refused() -> None:
    async with Playground(token=TOKEN, rate_limits=False) as playground, pointed_at(playground):
        async with TinyBot(discord.Intents(guilds=True)) as bot:
            await bot.login(TOKEN)
            app_id = playground.world.bot.id
            with pytest.raises(discord.HTTPException) as refused:
                await bot.http.bulk_upsert_global_commands(
                    app_id,
                    [
                        {"type": 1, "name": "Battle", "description": "x" * 101, "options": []},
                        {"type": 1, "name": "ok", "description": "fine", "options": []},
                    ],
                )

        assert "In 0.name: Command name is invalid" in refused.value.text
        assert "In 0.description: Must be between 1 and 100 in length." in refused.value.text
        assert len(playground.world.commands.registered(None)) == 6
