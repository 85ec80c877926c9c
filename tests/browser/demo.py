"""The whole arena and a visitor's browser: the stand-in, its page, the real bot, two scripted models."""

from __future__ import annotations

import shutil
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

import pytest

from tests.browser.shown import Demo, shown
from tests.wire.model_server import model_server
from tests.wire.processes import Installation

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Mapping
    from pathlib import Path

    from playwright.async_api import Browser, Locator, Playwright
    from playwright.async_api import Page as Tab

    from bot.playground.page import PlaygroundPage

pytest.importorskip("playwright", reason="no Playwright here: `pip install playwright` brings it")

from playwright.async_api import ConsoleMessage, Error, async_playwright, expect

PATIENCE = 60_000
"""Milliseconds: on a busy machine even a page takes its time."""

expect.set_options(timeout=PATIENCE)

__all__ = ["DESKTOP", "EMOJI", "NAMES", "PHONE", "Chromium", "Visitor", "chromium", "demo", "expect", "visit"]

NAMES = ("Northern Light", "Quiet Harbour")
ARGUMENTS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
DESKTOP = (1280, 800)
PHONE = (360, 740)
EMOJI = {"a": "🅰️", "b": "🅱️", "tie": "🤝"}


NOTE_WHAT_THE_POLICY_STOPS = """
    window.stopped = [];
    addEventListener("securitypolicyviolation", (event) => stopped.push(event.violatedDirective));
"""
TOO_WIDE = """() => [...document.querySelectorAll("body *")]
    .filter((it) => it.checkVisibility() && !it.closest(".unseen, .skip, option, .joined .head"))
    .filter((it) => it.getBoundingClientRect().right > innerWidth + 1 || it.getBoundingClientRect().left < -1)
    .map((it) => `${it.tagName}.${it.getAttribute("class")}`)"""
PROGRAMS = ("chromium", "chromium-browser", "google-chrome")


def program() -> str:
    """Find Chromium, or skip the test that needs it."""
    found = next(filter(None, map(shutil.which, PROGRAMS)), None)
    if found is None:
        pytest.skip("no Chromium here: `apt-get install chromium fonts-noto-cjk` brings one")
    return found


class Chromium:
    """One browser for many visits, started by the first of them, since a start takes a second.

    So does a context with its processes: one that was left in order is emptied and lent again.
    """

    def __init__(self, *arguments: str) -> None:
        self._arguments = [*ARGUMENTS, *arguments]
        self._playwright: Playwright | None = None
        self._browser: Browser | None = None
        self._idle: list[Tab] = []

    async def started(self) -> Browser:
        if self._browser is None:
            self._playwright = await async_playwright().start()
            launch = self._playwright.chromium.launch
            self._browser = await launch(executable_path=program(), args=self._arguments)
        return self._browser

    async def close(self) -> None:
        if self._browser is not None:
            await self._browser.close()
        if self._playwright is not None:
            await self._playwright.stop()
        self._browser = self._playwright = None
        self._idle.clear()

    @asynccontextmanager
    async def tab(self, size: tuple[int, int], theme: str) -> AsyncGenerator[Tab]:
        """Lend the only tab of a context in which nothing is stored."""
        tab = self._idle.pop() if self._idle else await self._opened()
        try:
            width, height = size
            await tab.set_viewport_size({"width": width, "height": height})
            await tab.emulate_media(
                color_scheme="dark" if theme == "dark" else "light", reduced_motion="reduce"
            )
            yield tab
            await tab.unroute_all(behavior="wait")
            await tab.evaluate("localStorage.clear(), sessionStorage.clear()")
            await tab.context.clear_cookies()
            await tab.context.set_offline(offline=False)
            await tab.goto("about:blank")
        except BaseException:
            await tab.context.close()
            raise
        self._idle.append(tab)

    async def _opened(self) -> Tab:
        context = await (await self.started()).new_context()
        context.set_default_timeout(PATIENCE)
        await context.add_init_script(NOTE_WHAT_THE_POLICY_STOPS)
        return await context.new_page()


chromium = Chromium()
"""The one of all tests; conftest.py closes it at the end of the session."""


@asynccontextmanager
async def demo(
    folder: Path,
    replies: tuple[str, str] = ("It is scattered.", "It is the air."),
    *,
    names: tuple[str, str] = NAMES,
    language: str = "en",
    pace: float = 0.01,
    rule: str = "",
    rate_limits: bool = False,
) -> AsyncGenerator[Demo]:
    """Start everything, and wait until the bot has registered its commands."""
    async with (
        shown(language=language, rate_limits=rate_limits) as started,
        model_server(replies[0], pace) as first,
        model_server(replies[1], pace) as second,
    ):
        models: Mapping[str, str] = dict(zip(names, (first, second), strict=True))
        installation = Installation.make(folder, started.playground, models, voting_seconds=120)
        installation.edit("[battle]\n", f"[battle]\n{rule}\n")
        async with installation.bot():
            await started.playground.ready()
            yield started


class Visitor:
    """A person before the page."""

    def __init__(self, tab: Tab) -> None:
        self.tab = tab
        self.entry = tab.locator("#entry")
        self.messages = tab.locator(".message")
        self.cards = tab.locator(".message", has=tab.locator(".asked", has_text="/battle"))
        self.card = self.cards.last

    async def act_as(self, name: str) -> None:
        members = self.tab.locator("#member")
        value = await members.locator("option", has_text=name).get_attribute("value")
        await members.select_option(value)
        await expect(self.tab.locator(".member.you")).to_contain_text(name)

    async def battle(self, prompt: str = "Why is the sky blue?") -> None:
        """Ask through the composer, and wait until one can vote."""
        await self.ask(prompt)
        await self.until_open()

    async def until_open(self) -> None:
        """Wait until one can vote: the reactions alone are there from the beginning."""
        await expect(self.card.get_by_role("button", name="🔒")).to_be_visible()

    async def ask(self, prompt: str) -> None:
        """Ask through the composer, and wait until the card of this battle is there."""
        known = await self.cards.count()
        await self.run("battle", prompt)
        await expect(self.cards).to_have_count(known + 1)

    async def run(self, command: str, *values: str) -> None:
        await self.entry.fill(f"/{command}")
        await self.entry.press("Enter")
        if not values:
            await self.tab.locator(".command .send").click()
        for value in values:
            await self.tab.locator(".option textarea, .option input").first.fill(value)
            await self.tab.keyboard.press("Enter")

    def reaction(self, emoji: str) -> Locator:
        return self.card.locator(f'.reaction[data-emoji="{emoji}"]')

    async def vote(self, emoji: str) -> None:
        await self.reaction(emoji).click()
        await expect(self.reaction(emoji)).to_have_attribute("aria-pressed", "true")

    async def too_wide(self) -> list[str]:
        """List what reaches beyond the window, which does not scroll sideways."""
        return await self.tab.evaluate(TOO_WIDE)

    async def count(self, emoji: str) -> int:
        return int(await self.reaction(emoji).locator(".count").inner_text())


@asynccontextmanager
async def visit(
    page: PlaygroundPage | str,
    *,
    size: tuple[int, int] = DESKTOP,
    theme: str = "light",
    errors: bool = False,
    using: Chromium = chromium,
) -> AsyncGenerator[Visitor]:
    """Open the page (or an address) as a new visitor; without `errors`, one in the console fails the test."""
    trouble: list[str] = []

    def note(said: ConsoleMessage | Error) -> None:
        if isinstance(said, Error) or said.type == "error":
            trouble.append(str(said) if isinstance(said, Error) else said.text)

    async with using.tab(size, theme) as tab:
        tab.on("pageerror", note)
        tab.on("console", note)
        await tab.goto(page if isinstance(page, str) else page.url)
        await tab.locator("#member").wait_for(state="attached")
        yield Visitor(tab)
        tab.remove_listener("pageerror", note)
        tab.remove_listener("console", note)
    assert errors or not trouble, trouble
