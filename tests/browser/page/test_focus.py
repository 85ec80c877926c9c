"""Where the focus goes, and what opens and closes."""

from __future__ import annotations

from tests.browser.demo import EMOJI, PHONE, expect, visit
from tests.browser.scripted import ScriptedBot
from tests.browser.shown import shown


async def test_the_focus_stays_in_the_sidebar_while_members_join_and_write() -> None:
    async with shown() as started, visit(started.page) as visitor:
        world, guild = started.playground.world, started.seeded.guild
        arena = visitor.tab.locator(".channel", has_text="arena")
        await arena.focus()
        started.playground.people.say(started.seeded.members[2], started.seeded.channels[1], "Here!")
        await expect(arena).to_contain_class("unread")
        await expect(arena).to_be_focused()
        members = visitor.tab.locator("#member")
        await members.focus()
        chooser = await members.element_handle()
        world.create_member(guild, "Newest")
        await expect(visitor.tab.locator("#members")).to_contain_text("Newest")

        await expect(members).to_be_focused()
        assert await visitor.tab.evaluate("(it) => it.isConnected", chooser)


async def test_a_message_that_changes_keeps_the_focus_within_it() -> None:
    async with shown() as started, visit(started.page) as visitor:
        bot = ScriptedBot(started.playground.world)
        text = "[one](https://a.example) [two](https://b.example) ||hidden||"
        message = bot.send(started.seeded.channels[0], {"content": text})
        await visitor.tab.get_by_role("link", name="two").focus()
        bot.edit(message, {"content": f"{text} and more"})
        await expect(visitor.messages.first).to_contain_text("and more")
        await expect(visitor.tab.get_by_role("link", name="two")).to_be_focused()
        bot.edit(message, {"content": "nothing left"})
        await expect(visitor.messages.first).to_contain_text("nothing left")

        await expect(visitor.messages.first.locator(":focus")).to_have_count(1)


async def test_a_menu_gives_the_focus_back_though_the_message_was_drawn_anew() -> None:
    async with shown() as started, visit(started.page) as visitor:
        message = started.playground.people.say(started.seeded.members[2], started.seeded.channels[0], "Hm")
        more = visitor.messages.first.get_by_role("button", name="More")
        await more.focus()
        await visitor.tab.keyboard.press("Enter")
        await expect(visitor.tab.get_by_role("menu")).to_be_visible()
        started.playground.people.react(started.seeded.members[3], message, "👍")
        await expect(visitor.tab.locator(".reaction")).to_have_count(1)
        await visitor.tab.keyboard.press("Escape")

        await expect(visitor.tab.get_by_role("menu")).to_have_count(0)
        await expect(more).to_be_focused()


async def test_who_reacted_is_listed_for_those_who_cannot_hover() -> None:
    async with shown() as started, visit(started.page, size=PHONE) as visitor:
        message = started.playground.people.say(started.seeded.members[2], started.seeded.channels[0], "Hm")
        for member in started.seeded.members[1:4]:
            started.playground.people.react(member, message, "👍")
        await expect(visitor.tab.locator(".reaction")).to_contain_text("3")
        await visitor.messages.first.hover()
        await visitor.messages.first.get_by_role("button", name="More").click()
        await visitor.tab.get_by_role("menuitem", name="Who reacted").click()
        dialog = visitor.tab.get_by_role("dialog", name="Who reacted")
        await expect(dialog).to_contain_text("Alex, Yuki, Sam")
        await visitor.tab.keyboard.press("Escape")

        await expect(dialog).to_have_count(0)


async def test_the_drawer_of_a_phone_opens_and_closes() -> None:
    async with shown() as started, visit(started.page, size=PHONE) as visitor:
        opener, sidebar = visitor.tab.locator("#open-sidebar"), visitor.tab.locator("#sidebar")
        await expect(opener).to_have_attribute("aria-expanded", "false")
        await opener.click()
        await expect(opener).to_have_attribute("aria-expanded", "true")
        await expect(visitor.tab.locator(".channel").first).to_be_focused()
        await visitor.tab.keyboard.press("Escape")
        await expect(sidebar).to_be_hidden()
        await expect(opener).to_be_focused()
        await opener.click()
        await visitor.tab.mouse.click(350, 400)

        await expect(sidebar).to_be_hidden()


async def test_the_button_of_the_members_says_whether_they_are_shown() -> None:
    async with shown() as started, visit(started.page) as visitor:
        opener, members = visitor.tab.locator("#open-members"), visitor.tab.locator("#members")
        await expect(opener).to_have_attribute("aria-expanded", "true")
        await opener.click()
        await expect(members).to_be_hidden()
        await expect(opener).to_have_attribute("aria-expanded", "false")
        await visitor.tab.set_viewport_size({"width": 900, "height": 800})

        await expect(members).to_be_visible()
        await expect(opener).to_have_attribute("aria-expanded", "true")


async def test_a_ballot_that_changes_keeps_the_focus() -> None:
    async with shown() as started, visit(started.page) as visitor:
        people, members = started.playground.people, started.seeded.members
        ballot = people.say(members[2], started.seeded.channels[0], "Vote")
        for emoji in EMOJI.values():
            people.react(members[3], ballot, emoji)
        second = visitor.tab.locator(f'.reaction[data-emoji="{EMOJI["b"]}"]')
        await second.focus()
        people.react(members[2], ballot, EMOJI["a"])
        await expect(visitor.tab.locator(".reaction").first).to_contain_text("2")

        await expect(second).to_be_focused()
