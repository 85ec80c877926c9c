"""The page as a chat: who sees what, what a message can hold, and the engine room."""

from __future__ import annotations

import itertools
import time

import pytest

from bot.playground import Permission, Upload
from tests.browser.demo import DESKTOP, expect, visit
from tests.browser.scripted import ScriptedBot
from tests.browser.shown import shown

GIF = bytes.fromhex("47494638396101000100800000ffffff00000021f90401000000002c00000000010001000002024401003b")
V2 = 1 << 15


async def test_six_people_can_be_acted_as() -> None:
    async with shown() as started, visit(started.page) as visitor:
        offered = await visitor.tab.locator("#member option").all_inner_texts()

    assert offered == ["Mika · Moderator", "Alex", "Yuki", "Sam", "Nova · Newcomer", "Echo · BOT"]


async def test_what_one_says_others_read_and_moderators_delete() -> None:
    async with shown() as started, visit(started.page) as alex, visit(started.page) as mika:
        await mika.act_as("Mika")
        await alex.entry.fill("Hello **all**")
        await alex.entry.press("Enter")
        await expect(mika.messages.first.locator("strong")).to_have_text("all")
        await expect(alex.entry).to_have_value("")
        await mika.messages.first.hover()
        await mika.messages.first.get_by_role("button", name="More").click()
        await mika.tab.get_by_role("menuitem", name="Delete message").click()
        await expect(alex.messages).to_have_count(0)

        await expect(alex.tab.locator("#log")).to_contain_text("This is the beginning of #general.")


async def test_another_channel_is_marked_unread_until_it_is_opened() -> None:
    async with shown() as started, visit(started.page) as visitor:
        arena = visitor.tab.locator(".channel", has_text="arena")
        started.playground.people.say(started.seeded.members[2], started.seeded.channels[1], "Here!")
        await expect(arena).to_contain_class("unread")
        await arena.click()
        await expect(visitor.messages.first).to_contain_text("Here!")

        await expect(arena).not_to_contain_class("unread")


async def test_a_hidden_channel_and_a_refused_reaction() -> None:
    async with shown() as started:
        world, guild = started.playground.world, started.seeded.guild
        everyone = guild.roles[guild.id]
        staff = world.create_channel(guild, "staff")
        world.set_overwrite(staff, everyone, deny=Permission.VIEW_CHANNEL)
        world.set_overwrite(started.seeded.channels[0], everyone, deny=Permission.ADD_REACTIONS)
        started.playground.people.say(started.seeded.members[2], started.seeded.channels[0], "Hm")
        async with visit(started.page) as visitor:
            await expect(visitor.tab.locator("#channels")).not_to_contain_text("staff")
            await visitor.messages.first.hover()
            await visitor.messages.first.get_by_role("button", name="Add a reaction").click()
            await visitor.tab.get_by_role("menuitem", name="👍").click()

            await expect(visitor.tab.locator(".toast")).to_have_text("You are not allowed to do this here.")


async def test_a_reaction_tells_who_and_how_many() -> None:
    async with shown() as started, visit(started.page) as visitor:
        message = started.playground.people.say(started.seeded.members[2], started.seeded.channels[0], "Hm")
        await visitor.messages.first.hover()
        await visitor.messages.first.get_by_role("button", name="Add a reaction").click()
        await visitor.tab.keyboard.press("ArrowRight")
        await visitor.tab.keyboard.press("Enter")
        await expect(visitor.tab.locator(".reaction")).to_have_attribute("title", "🅱️: 1. Alex")
        started.playground.people.react(started.seeded.members[3], message, "🅱️")

        await expect(visitor.tab.locator(".reaction")).to_have_attribute("title", "🅱️: 2. Alex, Sam")


async def test_components_embeds_and_files_are_drawn() -> None:
    files = [Upload(0, "dot.gif", "image/gif", GIF), Upload(1, "data.csv", "text/csv", b"a,b\n" * 300)]
    gallery = {"type": 12, "items": [{"media": {"url": "attachment://dot.gif"}, "description": "A dot"}]}
    section = {
        "type": 9,
        "components": [{"type": 10, "content": "Text"}],
        "accessory": {"type": 2, "style": 3, "label": "Go", "custom_id": "go"},
    }
    inside = [section, {"type": 14}, gallery, {"type": 13, "file": {"url": "attachment://data.csv"}}]
    async with shown() as started:
        bot, channel = ScriptedBot(started.playground.world), started.seeded.channels[0]
        box = {"type": 17, "accent_color": 0xFF0000, "components": inside}
        bot.send(channel, {"flags": V2, "components": [box]}, *files)
        fields = [{"name": "n", "value": "**v**", "inline": True}]
        bot.send(channel, {"embeds": [{"title": "T", "description": "D", "color": 255, "fields": fields}]})
        async with visit(started.page) as visitor:
            container = visitor.tab.locator(".container")
            await expect(container).to_have_css("border-inline-start-color", "rgb(255, 0, 0)")
            await expect(container.get_by_role("button", name="Go")).to_be_visible()
            await expect(container.get_by_alt_text("A dot")).to_have_js_property("naturalWidth", 1)
            await expect(container.locator(".file")).to_contain_text("data.csv1.2 KB")
            await expect(container.locator(".file")).to_have_attribute("download", "data.csv")

            await expect(visitor.tab.locator(".embed .field strong")).to_have_text("v")


async def test_a_moment_counts_down() -> None:
    async with shown() as started, visit(started.page) as visitor:
        moment = int(time.time()) + 50
        bot = ScriptedBot(started.playground.world)
        bot.send(started.seeded.channels[0], {"content": f"<t:{moment}:R> <t:{moment}:T>"})
        relative = visitor.messages.first.locator("time.moment").first
        first = await relative.inner_text()

        await expect(relative).not_to_have_text(first)
        assert first.startswith("in ")


async def test_a_spoiler_shows_itself_when_it_is_asked_to() -> None:
    async with shown() as started, visit(started.page) as visitor:
        message = started.playground.people.say(
            started.seeded.members[2], started.seeded.channels[0], "||secret||"
        )
        hidden = visitor.tab.get_by_role("button", name="Spoiler: show it")
        await expect(visitor.tab.locator(".spoiler-text")).to_have_css("visibility", "hidden")
        await hidden.click()
        await expect(visitor.tab.locator(".spoiler-text")).to_have_css("visibility", "visible")
        started.playground.people.react(started.seeded.members[3], message, "👍")
        await expect(visitor.tab.locator(".reaction")).to_have_count(1)

        await expect(hidden).to_have_count(0)


async def test_the_language_that_was_chosen_outlives_a_reload() -> None:
    async with shown() as started, visit(started.page) as visitor:
        await visitor.tab.locator("#language").click()
        await visitor.tab.reload()

        await expect(visitor.tab.locator("html")).to_have_attribute("lang", "ja")
        await expect(visitor.entry).to_have_attribute(
            "placeholder", "#generalへメッセージを送信（/でコマンド）"
        )


async def test_an_answer_that_was_dismissed_does_not_come_back() -> None:
    numbers = itertools.count(1)
    async with shown() as started:
        bot = ScriptedBot(
            started.playground.world, lambda _heard: (4, {"content": f"Psst {next(numbers)}", "flags": 64})
        )
        bot.register({"name": "ask", "description": "Ask"})
        async with visit(started.page) as visitor:
            await visitor.run("ask")
            answer = visitor.tab.locator(".ephemeral")
            await expect(answer).to_contain_text("Psst 1")
            await answer.get_by_role("button", name="Dismiss").click()
            await expect(answer).to_have_count(0)
            await visitor.act_as("Yuki")
            await visitor.act_as("Alex")
            bot.edit(started.playground.world.messages.every[0], {"content": "Psst, again"})
            await visitor.run("ask")

            await expect(visitor.messages.last).to_contain_text("Psst 2")
            await expect(answer).to_have_count(1)


async def test_a_reply_of_another_server_is_marked_there() -> None:
    async with shown() as started, visit(started.page) as visitor:
        other = next(each for each in started.playground.world.guilds.values() if each.name == "闘技場")
        channel = next(iter(other.channels.values()))
        yuki = other.members[started.seeded.members[2].id]
        started.playground.people.say(yuki, channel, "こちらです")
        await visitor.tab.get_by_role("button", name="闘技場, unread messages").click()

        await expect(visitor.messages.first).to_contain_text("こちらです")
        await expect(visitor.tab.locator(".server.unread")).to_have_count(0)


@pytest.mark.parametrize(("kind", "name"), [("drop", "Drop the connection"), ("slow", "Answer everything")])
async def test_the_engine_room_makes_trouble_and_ends_it(kind: str, name: str) -> None:
    async with shown() as started, visit(started.page) as visitor:
        await visitor.tab.locator("#open-panel").click()
        panel = visitor.tab.locator("#panel")
        await expect(panel).to_contain_text("0 of 50 a second, now")
        await panel.get_by_role("button", name=name).click()
        await expect(visitor.tab.locator("#announcer")).to_contain_text(name)
        slow = started.playground.gateway.delay
        await panel.get_by_role("button", name="Back to normal").click()
        await expect(visitor.tab.locator("#announcer")).to_contain_text("Back to normal")

    assert (slow > 0) == (kind == "slow")
    assert started.playground.gateway.delay == 0


async def test_the_page_says_that_it_is_cut_off_and_comes_back() -> None:
    async with shown() as started, visit(started.page, errors=True) as visitor:
        await visitor.tab.context.set_offline(offline=True)
        await started.page.disconnect()
        await expect(visitor.tab.locator("#offline")).to_be_visible()
        started.playground.people.say(started.seeded.members[2], started.seeded.channels[0], "Meanwhile")
        await visitor.tab.context.set_offline(offline=False)
        await expect(visitor.tab.locator("#offline")).to_be_hidden(timeout=60_000)

        await expect(visitor.messages.first).to_contain_text("Meanwhile")


@pytest.mark.parametrize("theme", ["light", "dark"])
async def test_the_theme_follows_the_system_until_it_is_chosen(theme: str) -> None:
    dark = "() => getComputedStyle(document.body).backgroundColor !== 'rgb(255, 255, 255)'"
    async with shown() as started, visit(started.page, theme=theme, size=DESKTOP) as visitor:
        before = await visitor.tab.evaluate(dark)
        await visitor.tab.locator("#theme").click()
        await visitor.tab.reload()
        after = await visitor.tab.evaluate(dark)

    assert before == (theme == "dark")
    assert after != before
