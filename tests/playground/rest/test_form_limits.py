"""The limits that are met only in production: selects, galleries, nonces, completions, white space."""

from __future__ import annotations

from typing import TYPE_CHECKING

import aiohttp
import msgspec
import pytest

from bot.playground import Playground
from bot.playground.world.interactions.commands import CommandBody, Option
from tests.playground.gateway.test_client import TOKEN
from tests.playground.rest.test_bodies import FIELD, HEADERS, V2, Refused, button, field, row, select, text
from tests.playground.rest.test_interactions import StillClock

if TYPE_CHECKING:
    from bot.playground.wire import JsonObject

PICTURE: JsonObject = {"url": "https://example.org/a.png"}
TWO: list[JsonObject] = [{"label": "x", "value": "x"}, {"label": "y", "value": "y"}]
CHOSEN: list[JsonObject] = [each | {"default": True} for each in TWO]
ALICE: JsonObject = {"id": "123456789012345678", "type": "user"}


def people(**fields: object) -> JsonObject:
    return row({"type": 5, "custom_id": "x"} | fields)


def gallery(**fields: object) -> JsonObject:
    return {"type": 12, "items": [{"media": PICTURE} | fields]}


def old(*components: JsonObject) -> JsonObject:
    return {"components": components}


def new(*components: JsonObject) -> JsonObject:
    return {"flags": V2, "components": components}


FINE: dict[str, JsonObject] = {
    "select of none to all": old(select(options=TWO, min_values=0, max_values=2)),
    "select with defaults": old(select(options=CHOSEN, max_values=2)),
    "people of none to all": old(people(min_values=0, max_values=25)),
    "people with a default": old(people(default_values=[ALICE])),
    "gallery described": new(gallery(description="x" * 1024)),
    "link": old(row({"type": 2, "style": 5, "label": "x", "url": "https://x.org/" + "x" * 498})),
    "nonce": {"content": "x", "nonce": "x" * 25},
    "number for a nonce": {"content": "x", "nonce": 2**62},
    "text that is unseen": new({"type": 10, "content": "\N{ZERO WIDTH SPACE}"}),
    "embed of a picture": {"embeds": [{"description": " ", "image": PICTURE}]},
}
LIMITS: dict[str, JsonObject] = {
    "min below none": old(select(options=TWO, min_values=-1)),
    "min above the default max": old(select(options=TWO, min_values=2)),
    "max below one": old(people(max_values=0)),
    "max above 25": old(people(max_values=26)),
    "max above the options": old(select(options=TWO, max_values=3)),
    "more defaults than max": old(select(options=CHOSEN)),
    "fewer default people than min": old(people(default_values=[ALICE], min_values=2, max_values=3)),
    "gallery item described too long": new(gallery(description="x" * 1025)),
    "gallery item described by nothing": new(gallery(description="")),
    "gallery item of nothing": new(gallery(media={"url": ""})),
    "gallery item far away": new(gallery(media={"url": "https://x.org/" + "x" * 2048})),
    "link too long": old(row({"type": 2, "style": 5, "label": "x", "url": "https://x.org/" + "x" * 499})),
    "container of nothing": new({"type": 17, "components": []}),
    "nonce too long": {"content": "x", "nonce": "x" * 26},
}
WHITE: dict[str, JsonObject] = {
    "text display": new({"type": 10, "content": " \n\N{IDEOGRAPHIC SPACE}"}),
    "text display in a container": new({"type": 17, "components": [text(1), {"type": 10, "content": " "}]}),
    "button": old(row(button(label=" "))),
    "option": old(select(options=[{"label": " ", "value": "x"}])),
    "field's name": {"embeds": [{"fields": [field(1, 1) | {"name": " "}]}]},
    "field's value": {"embeds": [{"fields": [field(1, 1) | {"value": "\n"}]}]},
}


async def said_of(body: object, *, limits: bool = True, white_space: bool = True) -> int:
    """Send a body to a channel; returns the error code of the answer."""
    async with (
        Playground(token=TOKEN, rate_limits=False) as playground,
        aiohttp.ClientSession(headers=HEADERS) as session,
    ):
        playground.world.strict.limits, playground.world.strict.white_space = limits, white_space
        channel = playground.world.create_channel(playground.world.create_guild())
        async with session.post(f"{playground.api_url}/channels/{channel.id}/messages", json=body) as got:
            content = await got.read()
    return 0 if got.status == 200 else msgspec.json.decode(content, type=Refused).code


@pytest.mark.parametrize("name", FINE)
async def test_what_is_within_the_limits_is_taken(name: str) -> None:
    assert await said_of(FINE[name]) == 0


@pytest.mark.parametrize("name", LIMITS)
async def test_what_is_over_the_limits_is_refused(name: str) -> None:
    assert await said_of(LIMITS[name]) == 50035


@pytest.mark.parametrize("name", WHITE)
async def test_a_text_of_white_space_is_no_text(name: str) -> None:
    assert await said_of(WHITE[name]) == 50035


async def test_a_message_of_nothing_but_white_space_is_empty() -> None:
    assert await said_of({"content": "\N{IDEOGRAPHIC SPACE}"}) == 50006
    assert await said_of({"embeds": [{"description": " ", "title": "\n"}]}) == 50006


async def test_both_can_be_switched_off() -> None:
    assert await said_of(LIMITS["max above the options"], limits=False) == 0
    assert await said_of(WHITE["text display"], white_space=False) == 0


@pytest.mark.parametrize(
    ("kind", "value", "code"),
    [
        (3, "x" * 100, 0),
        (3, "x" * 101, 50035),
        (3, "", 50035),
        (3, 5, 50035),
        (4, 2**53 - 1, 0),
        (4, 2**53, 50035),
        (4, "5", 50035),
        (10, 0.5, 0),
        (10, 5, 0),
        (10, "x", 50035),
    ],
    ids=str,
)
async def test_a_completion_fits_the_option_that_it_is_for(kind: int, value: object, code: int) -> None:
    assert await said_of_completion({"name": "x", "value": value}, kind) == code


async def test_a_completion_has_a_name_that_is_seen() -> None:
    assert await said_of_completion({"name": " ", "value": "x"}) == 50035


async def said_of_completion(choice: JsonObject, kind: int = 3) -> int:
    """Offer a choice for an option of a subcommand; returns the error code of the answer."""
    option = Option(type=kind, name="value", description="x", autocomplete=True)
    command = Option(type=1, name="in", description="x", options=[option])
    async with Playground(token=TOKEN) as playground:
        asked = complete(playground, CommandBody(name="find", description="x", options=[command]))
        return await said_of_callback(playground, asked, {"type": 8, "data": {"choices": [choice]}})


def complete(playground: Playground, command: CommandBody) -> str:
    world = playground.world
    guild = world.create_guild()
    channel, alice = world.create_channel(guild), world.create_member(guild, "alice")
    world.commands.put(None, command)
    asked = playground.people.autocomplete(alice, channel, "find in", "value", value="x")
    return f"{asked.id}/{asked.token}"


async def said_of_callback(playground: Playground, asked: str, body: JsonObject) -> int:
    url = f"{playground.api_url}/interactions/{asked}/callback"
    async with aiohttp.ClientSession() as session, session.post(url, json=body) as got:
        content = await got.read()
    return 0 if got.status == 204 else msgspec.json.decode(content, type=Refused).code


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"min_values": 0}, 50035),
        ({"min_values": 0, "required": False}, 0),
        ({"max_values": 2}, 50035),
        ({"min_values": 1}, 0),
    ],
    ids=str,
)
async def test_a_select_in_a_form_keeps_to_the_limits(fields: JsonObject, code: int) -> None:
    menu = {"type": 3, "custom_id": "x", "options": [{"label": "x", "value": "x"}]} | fields
    form = {"custom_id": "x", "title": "x", "components": [FIELD | {"component": menu}]}
    async with Playground(token=TOKEN) as playground:
        world = playground.world
        guild = world.create_guild()
        world.commands.put(None, CommandBody(name="ask", description="x"))
        asked = playground.people.slash(
            world.create_member(guild, "alice"), world.create_channel(guild), "ask"
        )

        said = await said_of_callback(playground, f"{asked.id}/{asked.token}", {"type": 9, "data": form})

    assert said == code


async def test_an_enforced_nonce_makes_one_message_within_a_few_minutes() -> None:
    clock = StillClock()
    async with (
        Playground(token=TOKEN, rate_limits=False, clock=clock) as playground,
        aiohttp.ClientSession(headers=HEADERS) as session,
    ):
        channel = playground.world.create_channel(playground.world.create_guild())
        url = f"{playground.api_url}/channels/{channel.id}/messages"
        for body in (
            {"content": "a", "nonce": "n", "enforce_nonce": True},
            {"content": "b", "nonce": "n", "enforce_nonce": True},
            {"content": "c", "nonce": "n"},
            {"content": "d", "nonce": "o", "enforce_nonce": True},
        ):
            assert (await session.post(url, json=body)).status == 200
        clock.now += 181
        await session.post(url, json={"content": "e", "nonce": "n", "enforce_nonce": True})

        assert [message.content for message in channel.messages.values()] == ["a", "c", "d", "e"]
