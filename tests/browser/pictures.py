"""The pictures of the README: `python -m tests.pictures` takes them anew."""

from __future__ import annotations

import argparse
import asyncio
import base64
import struct
import tempfile
import zlib
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from bot.playground.page.crowd import JAPANESE_NAMES, NAMES
from tests.browser.demo import EMOJI, Visitor, chromium, demo, expect, visit

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Sequence

    from playwright.async_api import Page as Tab

    from tests.browser.shown import Demo

ROOT = Path(__file__).parents[2]
FAST = 60_000
PALETTE = Path(__file__).with_name("palette.js").read_text(encoding="utf-8")
ENGLISH = (
    (
        "Sunlight holds every colour. Air molecules bounce **blue** light around far more than red, "
        "so blue reaches your eyes from all over the sky.\n"
        "> At sunset the light travels further, and the blue is gone before it arrives."
    ),
    (
        "**Rayleigh scattering** is why.\n- blue light has the *shorter* wavelength\n"
        "- air scatters it about ten times as much as red\n"
        "```python\ndef scattered(wavelength):\n    return 1 / wavelength ** 4  # shorter means more\n```"
    ),
)
JAPANESE = (
    (
        "太陽の光にはすべての色が含まれています。空気の分子は青い光をよく散らすので、空のどこを見ても青く見えます。\n"
        "> 夕方は光が長い距離を進むため、青が届く前に失われます。"
    ),
    "**レイリー散乱**のためです。\n- 青い光は波長が短い\n- 空気は赤い光の約10倍も青い光を散らす",
)


class Reduced(msgspec.Struct):
    """A picture of few colours: red, green and blue of each, and in each row a byte for each pixel."""

    width: int
    height: int
    colours: list[int]
    rows: list[str]

    def png(self) -> bytes:
        header = struct.pack(">IIBBBBB", self.width, self.height, 8, 3, 0, 0, 0)
        lines = b"".join(b"\0" + base64.b64decode(row) for row in self.rows)
        chunks = (
            (b"IHDR", header),
            (b"PLTE", bytes(self.colours)),
            (b"IDAT", zlib.compress(lines, 9)),
            (b"IEND", b""),
        )
        return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(*each) for each in chunks)


def _chunk(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))


class Album:
    """A folder of pictures, which a page of its own makes small."""

    def __init__(self, folder: Path, factory: Tab) -> None:
        self._folder = folder
        self._workshop = factory

    async def take(self, visitor: Visitor, name: str) -> None:
        await visitor.tab.mouse.move(0, 0)
        taken = await visitor.tab.screenshot(animations="disabled", caret="hide")
        address = f"data:image/png;base64,{base64.b64encode(taken).decode()}"
        reduced = msgspec.convert(await self._workshop.evaluate(PALETTE, address), Reduced)
        (self._folder / f"{name}.png").write_bytes(reduced.png())


@asynccontextmanager
async def arena(replies: tuple[str, str], language: str, pace: float) -> AsyncGenerator[Demo]:
    with tempfile.TemporaryDirectory() as folder:
        async with demo(Path(folder), replies, language=language, pace=pace) as started:
            yield started


async def take_english(album: Album) -> None:
    async with (
        arena(ENGLISH, "en", 0.08) as started,
        visit(started.page, theme="dark") as dark,
        visit(started.page) as light,
    ):
        await dark.run("battle", "Why is the sky blue?")
        await vote(dark, started)
        await album.take(dark, "ballot-dark")
        await light.act_as("Mika")
        await light.card.get_by_role("button", name="Close (asker)").click()
        await expect(light.card).to_contain_text("rating", timeout=FAST)
        await from_its_top(light)
        await album.take(light, "reveal-light")


async def take_japanese(album: Album) -> None:
    async with (
        arena(JAPANESE, "ja", 0) as started,
        visit(started.page, theme="dark") as dark,
        visit(started.page) as light,
    ):
        await light.run("battle", "空はなぜ青いのですか？")
        await vote(light, started, JAPANESE_NAMES)
        await album.take(light, "ballot-ja-light")
        await dark.act_as("美香")
        await dark.card.get_by_role("button", name="締め切る（質問した人）").click()
        await expect(dark.card).to_contain_text("レーティング", timeout=FAST)
        await from_its_top(dark)
        await album.take(dark, "reveal-ja-dark")


async def from_its_top(visitor: Visitor) -> None:
    """Show the card from its verdict on."""
    await visitor.card.evaluate("card => card.scrollIntoView({ block: 'start' })")


async def vote(visitor: Visitor, started: Demo, names: Sequence[str] = NAMES) -> None:
    """Vote as a member, and as twenty others."""
    await visitor.until_open()
    await visitor.vote(EMOJI["b"])
    world, guild = started.playground.world, started.seeded.guild
    ballot = next(iter(started.seeded.channels[0].messages.values()))
    for number, emoji in enumerate([EMOJI["a"]] * 8 + [EMOJI["b"]] * 9 + ["👎"] * 3):
        world.people.react(world.create_member(guild, names[number]), ballot, emoji)
    await expect(visitor.reaction(EMOJI["b"]).locator(".count")).to_have_text("11")


async def take_all(folder: Path) -> None:
    browser = await chromium.started()
    album = Album(folder, await browser.new_page())
    try:
        for take in (take_english, take_japanese):
            await take(album)
    finally:
        await chromium.close()


def main() -> None:
    """Take all pictures, into the folder that is named."""
    parser = argparse.ArgumentParser(prog="python -m tests.pictures", description=__doc__)
    parser.add_argument("folder", type=Path, nargs="?", default=ROOT / "docs" / "images")
    given: Path = parser.parse_args().folder
    given.mkdir(parents=True, exist_ok=True)
    asyncio.run(take_all(given))
