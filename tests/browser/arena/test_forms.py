"""Forms and menus that a bot may have, ours or another."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.browser.demo import PHONE, expect, visit
from tests.browser.scripted import ADD_A_MODEL, Given, Heard, ScriptedBot
from tests.browser.shown import shown

if TYPE_CHECKING:
    from bot.playground.wire import JsonObject


def said(_heard: Heard) -> tuple[int, JsonObject]:
    return 4, {"content": "Heard."}


@pytest.mark.parametrize("size", [(1280, 800), PHONE])
async def test_a_form_with_labels_is_filled_in_and_sent(size: tuple[int, int]) -> None:
    async with shown() as started:
        bot = ScriptedBot(started.playground.world)
        bot.ask_with(ADD_A_MODEL)
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


async def test_a_form_takes_files_members_and_choices() -> None:
    rounds = [{"label": "One", "value": "1", "description": "A single round"}, {"label": "Two", "value": "2"}]
    fields: list[tuple[str, JsonObject]] = [
        ("Weights", {"type": 19, "custom_id": "weights", "max_values": 2}),
        ("Owner", {"type": 5, "custom_id": "owner"}),
        ("Rounds", {"type": 21, "custom_id": "rounds", "options": rounds}),
        ("Topics", {"type": 22, "custom_id": "topics", "options": rounds, "min_values": 2, "max_values": 2}),
        ("Public", {"type": 23, "custom_id": "public", "default": True}),
    ]
    labels = [{"type": 18, "label": label, "component": field} for label, field in fields]
    async with shown() as started:
        bot = ScriptedBot(started.playground.world)
        bot.ask_with({"custom_id": "add", "title": "Add", "components": labels})
        async with visit(started.page) as visitor:
            await visitor.run("add")
            form = visitor.tab.get_by_role("dialog", name="Add")
            await form.get_by_label("Weights").set_input_files(
                [
                    {"name": "a.gguf", "mimeType": "", "buffer": b"GGUF"},
                    {"name": "b.txt", "mimeType": "text/plain", "buffer": b"b"},
                ]
            )
            await form.get_by_label("Owner").select_option("Yuki")
            await form.get_by_role("group", name="Rounds").get_by_label("Two").check()
            topics = form.get_by_role("group", name="Topics")
            await topics.get_by_label("One").check()
            await form.get_by_label("Public").uncheck()
            await form.get_by_role("button", name="Submit").click()
            await expect(topics.get_by_label("One")).to_have_js_property(
                "validationMessage", "Choose at least 2."
            )
            await topics.get_by_label("Two").check()
            await form.get_by_role("button", name="Submit").click()
            await expect(visitor.messages.last).to_contain_text("Added.")

    weights, owner, round_, chosen, public = (each.component or Given() for each in bot.heard[-1].components)
    resolved = bot.heard[-1].resolved
    yuki = str(started.seeded.members[2].id)
    assert [resolved["attachments"][key]["filename"] for key in weights.values] == ["a.gguf", "b.txt"]
    assert (owner.values, resolved["users"][yuki]["username"]) == ([yuki], "Yuki")
    assert (round_.value, chosen.values, public.value) == ("2", ["1", "2"], False)


async def test_a_form_that_is_refused_stays_open_with_what_was_written() -> None:
    async with shown() as started:
        bot = ScriptedBot(started.playground.world)
        bot.ask_with(ADD_A_MODEL)
        async with visit(started.page, errors=True) as visitor:
            await visitor.run("add")
            form = visitor.tab.get_by_role("dialog", name="Add a model")
            await form.get_by_label("Name").fill("Aurora")
            await form.get_by_label("Protocol").select_option("Local")
            await visitor.tab.context.set_offline(offline=True)
            await started.page.disconnect()
            await form.get_by_role("button", name="Submit").click()

            await expect(form.get_by_role("alert")).to_contain_text("not answering")
            await expect(form.get_by_label("Name")).to_have_value("Aurora")


async def test_several_values_of_a_select_are_sent_when_they_are_complete() -> None:
    choices = [{"label": label, "value": label.lower()} for label in ("Easy", "Hard", "Odd")]
    levels: JsonObject = {
        "type": 3,
        "custom_id": "levels",
        "placeholder": "Levels",
        "options": choices,
        "min_values": 2,
        "max_values": 3,
    }
    async with shown() as started:
        bot = ScriptedBot(started.playground.world, said)
        row: JsonObject = {"type": 1, "components": [levels]}
        message = bot.send(started.seeded.channels[0], {"content": "Choose", "components": [row]})
        async with visit(started.page) as visitor:
            done = visitor.tab.get_by_role("button", name="Done")
            await expect(done).to_be_disabled()
            await visitor.tab.get_by_label("Levels").select_option(["Easy", "Odd"])
            started.playground.people.react(started.seeded.members[2], message, "👍")
            await expect(visitor.tab.locator(".reaction")).to_have_count(1)
            await done.click()
            await expect(visitor.messages.last).to_contain_text("Heard.")

    assert bot.heard[0].values == ["easy", "odd"]


@pytest.mark.parametrize(
    ("kind", "chosen", "group"),
    [(5, "Yuki", "users"), (6, "@Moderator", "roles"), (7, "@Newcomer", "roles"), (8, "#arena", "channels")],
)
async def test_a_select_offers_members_roles_and_channels(kind: int, chosen: str, group: str) -> None:
    menu: JsonObject = {"type": kind, "custom_id": "who", "placeholder": "Who"}
    async with shown() as started:
        bot = ScriptedBot(started.playground.world, said)
        bot.send(
            started.seeded.channels[0], {"content": "?", "components": [{"type": 1, "components": [menu]}]}
        )
        async with visit(started.page) as visitor:
            await visitor.tab.get_by_label("Who").select_option(chosen)
            await expect(visitor.messages.last).to_contain_text("Heard.")

    assert list(bot.heard[0].resolved[group]) == bot.heard[0].values


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
