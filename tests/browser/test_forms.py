"""Commands, forms and menus that a bot may have, ours or another."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.browser.demo import PHONE, expect, visit
from tests.browser.scripted import Given, Heard, ScriptedBot
from tests.browser.shown import shown

if TYPE_CHECKING:
    from playwright.async_api import Locator

    from bot.playground.wire import JsonObject

STRING, INTEGER, BOOLEAN, USER, ATTACHMENT = 3, 4, 5, 6, 11
MESSAGE, THINKING, CHOICES, MODAL = 4, 5, 8, 9


def option(kind: int, name: str, **more: object) -> JsonObject:
    return {"type": kind, "name": name, "description": f"About {name}", **more}


def said(_heard: Heard) -> tuple[int, JsonObject]:
    return MESSAGE, {"content": "Heard."}


async def test_the_options_of_a_subcommand_are_typed_and_checked() -> None:
    size = option(INTEGER, "size", required=True, min_value=2, max_value=9)
    kind = option(STRING, "kind", choices=[{"name": "Round one", "value": "round"}])
    more = [option(BOOLEAN, "loud"), option(USER, "whom"), option(ATTACHMENT, "file")]
    command: JsonObject = {
        "name": "models",
        "description": "Models",
        "options": [option(2, "group", options=[option(1, "add", options=[size, kind, *more])])],
    }
    async with shown() as started:
        bot = ScriptedBot(started.playground.world, said)
        bot.register(command)
        async with visit(started.page) as visitor:
            tab = visitor.tab

            def field(name: str) -> Locator:
                return tab.locator(".option", has_text=name).locator("select")

            await visitor.entry.fill("/models")
            await expect(tab.locator("#commands")).to_contain_text("/models group add")
            await visitor.entry.press("Enter")
            await expect(tab.locator(".option")).to_contain_text("size required")
            await tab.locator(".command .send").click()
            await expect(tab.locator(".problem")).to_contain_text("“size” is needed.")
            await tab.get_by_label("size").fill("12")
            await tab.keyboard.press("Enter")
            await expect(tab.locator(".problem")).to_contain_text("“size” takes 2 to 9.")
            await tab.get_by_label("size").fill("7")
            for name in ("kind", "loud", "whom", "file"):
                await tab.get_by_role("button", name=f"Add {name}", exact=True).click()
            await field("kind").select_option("Round one")
            await field("loud").select_option("True")
            await field("whom").select_option("Yuki")
            await tab.locator("input[type=file]").set_input_files(
                {"name": "notes.txt", "mimeType": "text/plain", "buffer": b"hello"}
            )
            await tab.locator(".command .send").click()
            await expect(visitor.messages.last).to_contain_text("Heard.")
            await expect(visitor.messages.last).to_contain_text("Alex used /models")
        uploads = [each.content for each in started.playground.world.attachments.values()]

    yuki = next(each for each in started.seeded.members if each.user.name == "Yuki")
    add = bot.heard[0].options[0].options[0]
    given = [each.value for each in add.options]
    assert add.name == "add"
    assert given[:4] == [7, "round", True, str(yuki.id)]
    assert uploads == [b"hello"]


async def test_an_option_is_completed_by_the_bot() -> None:
    def answer(heard: Heard) -> tuple[int, JsonObject]:
        typed = heard.options[0]
        if not typed.focused:
            return MESSAGE, {"content": "Heard."}
        names = [name for name in ("Aurora", "Autumn", "Basalt") if name.startswith(str(typed.value))]
        return CHOICES, {"choices": [{"name": name, "value": f"id-{name}"} for name in names]}

    async with shown() as started:
        bot = ScriptedBot(started.playground.world, answer)
        name = option(STRING, "name", required=True, autocomplete=True)
        bot.register({"name": "show", "description": "Show a model", "options": [name]})
        async with visit(started.page) as visitor:
            await visitor.entry.fill("/show ")
            offered = visitor.tab.locator("#suggestions-name [role=option]")
            await expect(offered).to_have_count(3)
            await visitor.tab.keyboard.type("Au")
            await expect(offered).to_have_count(2)
            await visitor.tab.keyboard.press("ArrowDown")
            await visitor.tab.keyboard.press("Enter")
            await expect(visitor.tab.get_by_label("name")).to_have_value("Autumn")
            await visitor.tab.keyboard.press("Enter")
            await expect(visitor.messages.last).to_contain_text("Heard.")

    assert bot.heard[-1].options[0].value == "id-Autumn"


@pytest.mark.parametrize("size", [(1280, 800), PHONE])
async def test_a_form_with_labels_is_filled_in_and_sent(size: tuple[int, int]) -> None:
    choices = [{"label": "OpenAI", "value": "openai"}, {"label": "Local", "value": "local"}]
    modal: JsonObject = {
        "custom_id": "add",
        "title": "Add a model",
        "components": [
            {
                "type": 18,
                "label": "Name",
                "description": "As members will see it",
                "component": {"type": 4, "style": 1, "custom_id": "name", "max_length": 20},
            },
            {
                "type": 18,
                "label": "Protocol",
                "component": {"type": 3, "custom_id": "protocol", "options": choices},
            },
            {"type": 10, "content": "Keys are **encrypted**."},
        ],
    }

    def answer(heard: Heard) -> tuple[int, JsonObject]:
        return (MESSAGE, {"content": "Added."}) if heard.components else (MODAL, modal)

    async with shown() as started:
        bot = ScriptedBot(started.playground.world, answer)
        bot.register({"name": "add", "description": "Add"})
        async with visit(started.page, size=size) as visitor:
            await visitor.run("add")
            form = visitor.tab.get_by_role("dialog", name="Add a model")
            await expect(form.get_by_label("Name")).to_be_focused()
            await expect(form).to_contain_text("As members will see it")
            await form.get_by_label("Name").fill("Aurora")
            await form.get_by_label("Protocol").select_option("Local")
            await form.get_by_role("button", name="Submit").click()
            await expect(visitor.messages.last).to_contain_text("Added.")
            await expect(form).to_have_count(0)

    name, protocol, _text = (each.component or Given() for each in bot.heard[-1].components)
    assert (name.value, protocol.values) == ("Aurora", ["local"])


async def test_a_select_and_buttons_reach_the_bot() -> None:
    choices = [{"label": label, "value": label.lower()} for label in ("Easy", "Hard")]
    menu: JsonObject = {"type": 3, "custom_id": "level", "placeholder": "Level", "options": choices}
    off: JsonObject = {"type": 2, "style": 4, "label": "Off", "custom_id": "off", "disabled": True}
    rows: list[JsonObject] = [
        {"type": 1, "components": [menu]},
        {
            "type": 1,
            "components": [off, {"type": 2, "style": 5, "label": "Docs", "url": "https://a.example"}],
        },
    ]
    async with shown() as started:
        bot = ScriptedBot(started.playground.world, said)
        bot.send(started.seeded.channels[0], {"content": "Choose", "components": rows})
        async with visit(started.page) as visitor:
            await visitor.tab.get_by_label("Level").select_option("Hard")
            await expect(visitor.messages.last).to_contain_text("Heard.")
            await expect(visitor.tab.get_by_role("button", name="Off")).to_be_disabled()
            link = visitor.tab.get_by_role("link", name="Docs")
            await expect(link).to_have_attribute("rel", "noopener noreferrer nofollow")

    assert bot.heard[0].values == ["hard"]


async def test_a_message_command_is_in_the_message_s_menu() -> None:
    async with shown() as started:
        bot = ScriptedBot(started.playground.world, said)
        bot.register({"name": "Use as prompt", "type": 3})
        people, channel = started.playground.people, started.seeded.channels[0]
        message = people.say(started.seeded.members[2], channel, "Why?")
        async with visit(started.page) as visitor:
            await visitor.messages.first.hover()
            await visitor.messages.first.get_by_role("button", name="More").click()
            await visitor.tab.get_by_role("menuitem", name="Use as prompt").click()
            await expect(visitor.messages.last).to_contain_text("Heard.")

    assert bot.heard[0].target_id == str(message.id)


async def test_a_bot_that_does_not_answer_is_said_to_be_silent() -> None:
    async with shown() as started:
        ScriptedBot(started.playground.world).register({"name": "mute", "description": "Nothing"})
        async with visit(started.page) as visitor:
            await visitor.run("mute")

            await expect(visitor.tab.locator(".toast")).to_contain_text("did not respond", timeout=8000)


async def test_a_deferred_answer_is_shown_as_thinking() -> None:
    def answer(_heard: Heard) -> tuple[int, JsonObject]:
        return THINKING, {"flags": 64}

    async with shown() as started:
        ScriptedBot(started.playground.world, answer).register({"name": "slow", "description": "Slow"})
        async with visit(started.page) as visitor:
            await visitor.run("slow")

            await expect(visitor.tab.locator(".ephemeral")).to_contain_text("Arena is thinking …")
