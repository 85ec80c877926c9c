"""What a browser does when the page's server goes, comes back, or is another one."""

from __future__ import annotations

import asyncio

import aiohttp
import yarl

from bot.playground import Playground
from bot.playground.page import PlaygroundPage, seed_world
from tests.browser.demo import expect, visit
from tests.browser.shown import shown

LONG_ENOUGH = 60_000


async def test_the_page_comes_back_after_its_server_was_gone_for_a_while() -> None:
    async with Playground() as playground:
        seeded = seed_world(playground.world)
        first = PlaygroundPage(playground, key="same")
        async with first:
            port = yarl.URL(first.url).port or 0
            visiting = visit(first, errors=True)
            visitor = await visiting.__aenter__()
        offline = visitor.tab.locator("#offline")
        await expect(offline).to_have_text("The playground is not answering. Trying again …")
        playground.people.say(seeded.members[2], seeded.channels[0], "Meanwhile")
        # Its attempts come at longer and longer intervals, which must stay short.
        await visitor.tab.wait_for_timeout(5000)
        async with PlaygroundPage(playground, port=port, key="same"):
            await expect(offline).to_be_hidden(timeout=2500)
            await expect(visitor.messages.first).to_contain_text("Meanwhile")
            await visitor.entry.fill("Here again")
            await visitor.entry.press("Enter")
            await expect(visitor.messages.last).to_contain_text("Here again")
            await visiting.__aexit__(None, None, None)


async def test_another_server_in_the_same_place_is_told_from_one_that_is_gone() -> None:
    async with Playground() as playground:
        seed_world(playground.world)
        first = PlaygroundPage(playground)
        async with first:
            port = yarl.URL(first.url).port or 0
            visiting = visit(first, errors=True)
            visitor = await visiting.__aenter__()
        async with PlaygroundPage(playground, port=port) as second:
            offline = visitor.tab.locator("#offline")
            await expect(offline).to_contain_text("was started anew", timeout=LONG_ENOUGH)
            await visitor.tab.goto(second.url)
            await expect(offline).to_be_hidden()
            await visitor.tab.locator("#member").wait_for(state="attached")
            await visiting.__aexit__(None, None, None)


async def test_whoever_opens_the_page_without_the_key_is_told_why_not() -> None:
    async with shown() as started, visit(started.page, errors=True) as visitor:
        await visitor.tab.context.clear_cookies()
        await visitor.tab.goto(started.page.origin)

        await expect(visitor.tab.locator("body")).to_contain_text("with the address that arena-bot printed")


async def test_leaving_does_not_wait_for_a_browser_that_sleeps() -> None:
    jar = aiohttp.CookieJar(unsafe=True)
    async with shown() as started, aiohttp.ClientSession(cookie_jar=jar) as client:
        page = started.page
        await (await client.get(page.url)).read()
        async with client.ws_connect(f"{page.origin}/live", origin=page.origin, autoclose=False):
            async with asyncio.timeout(3):
                await page.disconnect()
