"""What the page does for who sees it for the first time."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.playground import Upload
from tests.browser.demo import expect, visit
from tests.browser.pictures import Reduced
from tests.browser.scripted import ScriptedBot
from tests.browser.shown import shown

if TYPE_CHECKING:
    from bot.playground.wire import JsonObject

PROMPT: JsonObject = {"type": 3, "name": "prompt", "description": "What to ask", "required": True}
BATTLE: JsonObject = {"name": "battle", "description": "Ask two models", "options": [PROMPT]}


async def test_three_prompts_are_offered_until_one_has_asked() -> None:
    async with shown() as started:
        bot = ScriptedBot(started.playground.world)
        bot.register(BATTLE)
        async with visit(started.page) as visitor:
            ideas = visitor.tab.locator(".idea")
            await expect(ideas).to_have_count(3)
            await ideas.first.click()
            await expect(ideas).to_have_count(0)
            await visitor.tab.reload()
            await visitor.tab.locator("#member").wait_for(state="attached")

            await expect(ideas).to_have_count(0)
    assert [option.value for option in bot.heard[0].options] == ["Why is the sky blue?"]


async def test_no_prompt_is_offered_where_no_battle_can_be_held() -> None:
    async with shown() as started:
        ScriptedBot(started.playground.world).register({"name": "other", "description": "-"})
        async with visit(started.page) as visitor:
            await visitor.entry.fill("/")
            await expect(visitor.tab.locator("#commands [role=option]")).to_have_count(1)

            await expect(visitor.tab.locator(".idea")).to_have_count(0)


async def test_what_is_called_as_one_types_comes_first() -> None:
    names = ("a-history", "history-of-all", "history", "other")
    async with shown() as started:
        bot = ScriptedBot(started.playground.world)
        for name in names:
            bot.register({"name": name, "description": "-"})
        async with visit(started.page) as visitor:
            await visitor.entry.fill("/history")
            await expect(visitor.tab.locator(".choice-head")).to_have_text(
                ["/history", "/history-of-all", "/a-history"]
            )
            await visitor.entry.press("Enter")

            await expect(visitor.tab.locator(".command-name")).to_have_text("/history")


async def test_a_link_to_a_message_leads_to_it() -> None:
    async with shown() as started, visit(started.page) as visitor:
        people, (here, there, *_) = started.playground.people, started.seeded.channels
        mika = started.seeded.members[0]
        first = people.say(mika, here, "The first of all")
        for number in range(40):
            people.say(mika, here, f"Line {number}")
        elsewhere = people.say(mika, there, "Elsewhere")
        place = f"https://discord.com/channels/{started.seeded.guild.id}"
        people.say(mika, here, f"{place}/{here.id}/{first.id} and {place}/{there.id}/{elsewhere.id}")
        links = visitor.messages.last.locator("a.chip")
        await expect(links).to_have_text(["#general › 💬", "#arena › 💬"])
        await links.first.click()
        target = visitor.tab.locator(f"#m-{first.id}")
        await expect(target).to_be_in_viewport()
        await expect(target).to_be_focused()
        await links.last.click()

        await expect(visitor.tab.locator(f"#m-{elsewhere.id}")).to_be_focused()
        await expect(visitor.tab.locator("#channel-name")).to_have_text("# arena")


async def test_what_one_says_oneself_comes_into_sight() -> None:
    async with shown() as started, visit(started.page) as visitor:
        for number in range(40):
            started.playground.people.say(
                started.seeded.members[0], started.seeded.channels[0], f"Line {number}"
            )
        await expect(visitor.messages).to_have_count(40)
        await visitor.tab.locator("#scroller").evaluate("element => { element.scrollTop = 0; }")
        await expect(visitor.messages.last).not_to_be_in_viewport()
        await visitor.entry.fill("Here I am")
        await visitor.entry.press("Enter")

        await expect(visitor.messages.last).to_contain_text("Here I am")
        await expect(visitor.messages.last).to_be_in_viewport()


async def test_a_picture_has_its_room_before_it_is_loaded() -> None:
    picture = Reduced(40, 30, [0, 0, 0], ["A" * 56] * 30).png()
    async with shown() as started, visit(started.page, errors=True) as visitor:
        await visitor.tab.route("**/attachments/**", lambda route: route.abort())
        ScriptedBot(started.playground.world).send(
            started.seeded.channels[0],
            {"content": "Look", "attachments": [{"id": "0", "filename": "board.png"}]},
            Upload(0, "board.png", "image/png", picture),
        )
        image = visitor.messages.last.locator("img")

        await expect(image).to_have_attribute("width", "40")
        await expect(image).to_have_attribute("height", "30")
