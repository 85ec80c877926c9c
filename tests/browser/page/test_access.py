"""That all can use the page: contrast, names for what one can operate, and what is read out."""

from __future__ import annotations

from contextlib import asynccontextmanager
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec
import pytest

from bot.playground import Upload
from tests.browser.demo import DESKTOP, PHONE, expect, visit
from tests.browser.scripted import ADD_A_MODEL, ScriptedBot
from tests.browser.shown import shown

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator

    from bot.playground.wire import JsonObject
    from tests.browser.demo import Visitor
    from tests.browser.shown import Demo

V2, EPHEMERAL = 1 << 15, 1 << 6
MARKDOWN = (
    "# Head\ntext **b** `code` [link](https://a.example) https://b.example ||spoiler|| @everyone\n-# small\n"
    "> quote\n```python\nclass A:\n    @b\n    def f(self): return len('x') + 1  # why\n```\n"
    "```diff\n- old\n+ new\n```\n<t:1700000000:R>"
)
CONTROLS = frozenset(
    {"button", "checkbox", "combobox", "link", "listbox", "menuitem", "option", "radio", "textbox", "dialog"}
)
NOTE_WHAT_IS_READ_OUT = """() => {
    const heard = [];
    const note = () => heard.push(announcer.textContent);
    new MutationObserver(note).observe(announcer, { childList: true });
    return heard;
}"""
AXE = (resources.files("axe_playwright_python") / "axe.min.js").read_text(encoding="utf-8")
TOO_FAINT = Path(__file__).with_name("contrast.js").read_text(encoding="utf-8")


class Element(msgspec.Struct):
    html: str


class Objection(msgspec.Struct):
    """A rule of axe-core, and what breaks it."""

    id: str
    nodes: list[Element]


class Objections(msgspec.Struct):
    violations: list[Objection]


class Name(msgspec.Struct):
    value: str | bool | int | float = ""


class Node(msgspec.Struct):
    """A node of the accessibility tree."""

    ignored: bool
    role: Name = msgspec.field(default_factory=Name)
    name: Name = msgspec.field(default_factory=Name)


class Tree(msgspec.Struct):
    nodes: list[Node]


def everything(bot: ScriptedBot, started: Demo) -> None:
    """Fill the channel with one of each thing that a message can hold."""
    channel, people = started.seeded.channels[0], started.playground.people
    buttons: list[JsonObject] = [
        {"type": 2, "style": style, "label": f"Style {style}", "custom_id": f"b{style}"}
        for style in range(1, 5)
    ]
    buttons.append({"type": 2, "style": 5, "label": "Docs", "url": "https://a.example"})
    menu: JsonObject = {"type": 3, "custom_id": "m", "options": [{"label": "Easy", "value": "e"}]}
    accessory = buttons[0] | {"custom_id": "c"}
    inside: list[JsonObject] = [
        {"type": 10, "content": MARKDOWN},
        {"type": 14},
        {"type": 9, "components": [{"type": 10, "content": "s"}], "accessory": accessory},
        {"type": 13, "file": {"url": "attachment://a.csv"}},
    ]
    rows = [{"type": 1, "components": buttons}, {"type": 1, "components": [menu]}]
    box: JsonObject = {"type": 17, "accent_color": 0x3B82F6, "components": inside}
    bot.send(channel, {"flags": V2, "components": [box, *rows]}, Upload(0, "a.csv", "text/csv", b"a,b"))
    field: JsonObject = {"name": "Name", "value": MARKDOWN, "inline": True}
    embed = {"title": "T", "description": MARKDOWN, "footer": {"text": "foot"}, "fields": [field]}
    bot.send(channel, {"embeds": [embed]})
    said = people.say(started.seeded.members[1], channel, MARKDOWN + f" <@{started.seeded.members[0].id}>")
    for member in started.seeded.members[1:3]:
        people.react(member, said, "👍")
    people.react(started.seeded.members[2], said, "🎉")
    bot.send(channel, {"content": "Indeed", "message_reference": {"message_id": str(said.id)}})


@asynccontextmanager
async def full_page(
    *, size: tuple[int, int], theme: str, language: str = "en"
) -> AsyncGenerator[tuple[Visitor, Demo]]:
    async with shown(language=language, notices={"en": "A note.", "ja": "お知らせ"}) as started:
        bot = ScriptedBot(
            started.playground.world, lambda _heard: (4, {"content": "Psst", "flags": EPHEMERAL})
        )
        everything(bot, started)
        needed: JsonObject = {"type": 3, "name": "a", "description": "About", "required": True}
        bot.register({"name": "show", "description": "Show", "options": [needed]})
        async with visit(started.page, size=size, theme=theme) as visitor:
            await expect(visitor.messages).to_have_count(4)
            yield visitor, started


async def states(visitor: Visitor) -> AsyncGenerator[str]:
    """Walk through what can be open, and name it."""
    tab = visitor.tab
    yield "messages"
    await tab.get_by_role("button", name="Style 1").last.click()
    await expect(tab.locator(".ephemeral")).to_be_visible()
    yield "ephemeral"
    await tab.locator(".message-tools .icon-button").last.evaluate("(it) => it.click()")
    await expect(tab.get_by_role("menu")).to_be_visible()
    yield "menu"
    await tab.keyboard.press("Escape")
    await visitor.entry.fill("/")
    await expect(tab.locator("#commands [role=option]")).to_have_count(1)
    yield "commands"
    await visitor.entry.press("Enter")
    await tab.locator(".command .send").click()
    await expect(tab.locator(".command .problem")).to_be_visible()
    yield "options"
    await tab.locator("#open-panel").click()
    await expect(tab.locator("#panel .lines").last).to_contain_text("INTERACTION_CREATE")
    for part in await tab.locator("#panel summary").all():
        await part.click()
    yield "engine room"


@pytest.mark.parametrize("size", [DESKTOP, PHONE])
@pytest.mark.parametrize("theme", ["light", "dark"])
async def test_every_text_stands_out_from_its_ground(theme: str, size: tuple[int, int]) -> None:
    found: dict[str, list[str]] = {}
    async with full_page(size=size, theme=theme) as (visitor, _started):
        async for state in states(visitor):
            found[state] = await visitor.tab.evaluate(TOO_FAINT)

    assert not any(found.values()), found


@pytest.mark.parametrize("language", ["en", "ja"])
@pytest.mark.parametrize("theme", ["light", "dark"])
async def test_axe_objects_to_nothing(theme: str, language: str) -> None:
    found: dict[str, list[str]] = {}
    size = DESKTOP if theme == "light" else PHONE
    async with full_page(size=size, theme=theme, language=language) as (visitor, _started):
        async for state in states(visitor):
            found[state] = await objections(visitor)

    assert not any(found.values()), found


async def objections(visitor: Visitor) -> list[str]:
    """Return the rules of axe-core that the page breaks, each with the elements."""
    await visitor.tab.evaluate(AXE)
    said = msgspec.convert(await visitor.tab.evaluate("axe.run()"), Objections)
    return [f"{each.id}: {[node.html for node in each.nodes]}" for each in said.violations]


@pytest.mark.parametrize("theme", ["light", "dark"])
async def test_a_form_stands_out_from_its_ground(theme: str) -> None:
    async with shown() as started:
        ScriptedBot(started.playground.world).ask_with(ADD_A_MODEL)
        async with visit(started.page, theme=theme) as visitor:
            await visitor.run("add")
            await expect(visitor.tab.get_by_role("dialog")).to_be_visible()
            faint = await visitor.tab.evaluate(TOO_FAINT)
            objected = await objections(visitor)

    assert faint == []
    assert objected == []


@pytest.mark.parametrize("language", ["en", "ja"])
async def test_everything_one_can_operate_has_a_name(language: str) -> None:
    nameless: list[str] = []
    roles: set[str] = set()
    async with full_page(size=DESKTOP, theme="light", language=language) as (visitor, _started):
        session = await visitor.tab.context.new_cdp_session(visitor.tab)
        async for state in states(visitor):
            tree = msgspec.convert(await session.send("Accessibility.getFullAXTree"), Tree)  # pyright: ignore[reportUnknownMemberType] - a bare dict
            for node in tree.nodes:
                if node.role.value in CONTROLS and not node.ignored:
                    roles.add(str(node.role.value))
                    if not str(node.name.value).strip():
                        nameless.append(f"{state}: {node.role.value}")

    assert nameless == []
    assert {"button", "combobox", "link", "menuitem", "option", "textbox"} <= roles


async def test_the_page_has_one_heading_and_its_landmarks() -> None:
    async with shown() as started, visit(started.page) as visitor:
        await expect(visitor.tab.get_by_role("heading", level=1)).to_have_text("# general")
        find = visitor.tab.get_by_role
        for landmark in (
            find("navigation", name="Servers"),
            find("navigation", name="Channels"),
            find("log", name="Messages"),
            find("complementary", name="Members"),
            find("region", name="Write a message"),
            find("main"),
        ):
            await expect(landmark).to_have_count(1)


async def test_new_messages_and_what_becomes_of_them_are_read_out() -> None:
    async with shown() as started, visit(started.page) as visitor:
        bot, channel = ScriptedBot(started.playground.world), started.seeded.channels[0]
        aloud = visitor.tab.locator("#announcer")
        heard = await visitor.tab.evaluate_handle(NOTE_WHAT_IS_READ_OUT)
        message = bot.send(channel, {"content": "Both models are writing …"})
        await expect(aloud).to_have_text("Arena wrote: Both models are writing …")
        for text in ("One", "One two", "One two three"):
            bot.edit(message, {"content": text})
            await expect(visitor.messages.last).to_contain_text(text)
        await expect(aloud).to_have_text("Arena changed a message: One two three (edited)")
        started.playground.people.react(started.seeded.members[2], message, "👍")
        await expect(visitor.tab.locator(".reaction")).to_have_count(1)
        other = bot.send(channel, {"content": "Next"})
        await expect(visitor.messages).to_have_count(2)
        bot.edit(other, {"content": "Next one"})
        await expect(aloud).to_have_text("Arena changed a message: Next one (edited)")

        assert await heard.json_value() == [
            "Arena wrote: Both models are writing …",
            "Arena changed a message: One two three (edited)",
            "Arena wrote: Next",
            "Arena changed a message: Next one (edited)",
        ]


@pytest.mark.parametrize("language", ["en", "ja"])
@pytest.mark.parametrize("size", [DESKTOP, (760, 800), PHONE, (320, 568)])
async def test_nothing_is_wider_than_the_window(size: tuple[int, int], language: str) -> None:
    long = "W" * 300 + " " + "長い" * 200 + " https://a.example/" + "x" * 300 + "\n# " + "H" * 200
    found: dict[str, list[str]] = {}
    async with full_page(size=size, theme="light", language=language) as (visitor, started):
        world, guild = started.playground.world, started.seeded.guild
        talker = world.create_member(guild, "Maximilian-Alexander-von-und-zu-" + "x" * 40)
        world.create_channel(guild, "a-channel-with-a-name-that-is-as-long-as-can-be-" + "y" * 40)
        said = world.people.say(talker, started.seeded.channels[0], long)
        for emoji in "👍🎉🔥👀🙏😮😢🤔💯✅❌⭐🚀🐛☕🍣🌸🏆":
            world.people.react(talker, said, emoji)
        await expect(visitor.messages).to_have_count(4)
        async for state in states(visitor):
            found[state] = await visitor.too_wide()

    assert not any(found.values()), found
