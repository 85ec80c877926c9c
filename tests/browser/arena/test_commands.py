"""Commands that a bot may have, ours or another: their options, and what comes of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.browser.demo import expect, visit
from tests.browser.scripted import Heard, ScriptedBot
from tests.browser.shown import shown

if TYPE_CHECKING:
    from playwright.async_api import Locator

    from bot.playground.wire import JsonObject

STRING, INTEGER, BOOLEAN, USER, ATTACHMENT = 3, 4, 5, 6, 11
MESSAGE, THINKING, CHOICES = 4, 5, 8
ENTER_THREE_TIMES = """(it) => {
    const press = { key: "Enter", bubbles: true, cancelable: true };
    for (let n = 0; n < 3; n += 1) it.dispatchEvent(new KeyboardEvent("keydown", press));
}"""


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
            await expect(visitor.messages.last).to_contain_text("Alex used /models group add")
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


async def test_a_command_is_offered_only_to_those_who_may_use_it() -> None:
    async with shown() as started:
        bot = ScriptedBot(started.playground.world, said)
        bot.register(
            {"name": "models", "description": "All", "default_member_permissions": None},
            {"name": "clear", "description": "Staff", "default_member_permissions": str(1 << 13)},
        )
        async with visit(started.page) as visitor:
            offered = visitor.tab.locator("#commands [role=option]")
            await visitor.entry.fill("/")
            await expect(offered).to_have_count(1)
            await visitor.act_as("Mika")
            await visitor.entry.fill("/c")

            await expect(offered).to_have_text(["/clearStaff"])


async def test_pressing_enter_twice_runs_a_command_once() -> None:
    async with shown() as started:
        bot = ScriptedBot(started.playground.world, said)
        bot.register(
            {"name": "once", "description": "Once", "options": [option(STRING, "text", required=True)]}
        )
        async with visit(started.page) as visitor:
            await visitor.entry.fill("/once hello")
            await visitor.tab.locator(".option textarea").evaluate(ENTER_THREE_TIMES)
            await expect(visitor.messages.last).to_contain_text("Heard.")
            await expect(visitor.entry).to_be_focused()

    assert len(bot.heard) == 1


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
