"""`arena-bot demo` as a newcomer starts it: one process, spoken to through its page alone."""

from __future__ import annotations

import asyncio
import os
import pty
import re
import signal
import sys
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

import aiohttp
import msgspec

from tests.cli.test_main import arena_bot
from tests.wire.model_server import ServerConduct, model_server
from tests.wire.processes import ROOT

if TYPE_CHECKING:
    from asyncio.subprocess import Process
    from collections.abc import AsyncGenerator
    from pathlib import Path

SECONDS = 40
ADDRESS = re.compile(r"http://127\.0\.0\.1:\d+/\?key=[\w-]{20,}")


class Named(msgspec.Struct):
    id: str
    name: str


class ShownGuild(Named):
    channels: list[Named]
    members: list[Named]
    commands: list[msgspec.Raw]


class ShownReaction(msgspec.Struct):
    emoji: str
    users: list[str]


class Shown(msgspec.Struct):
    """A message on the page; `components` is left as it came."""

    id: str
    components: msgspec.Raw
    reactions: list[ShownReaction]

    @property
    def text(self) -> str:
        return bytes(self.components).decode()


class Said(msgspec.Struct):
    """Whatever the page is told."""

    type: str
    guilds: list[ShownGuild] = []
    message: Shown | None = None
    messages: list[Shown] = []
    text: str = ""


@dataclass
class Visit:
    """A browser without a screen."""

    socket: aiohttp.ClientWebSocketResponse
    place: ShownGuild
    messages: dict[str, Shown]

    async def ask(self, what: str, **fields: object) -> None:
        await self.socket.send_str(msgspec.json.encode({"ask": what, **fields}).decode())

    async def act_as(self, name: str) -> None:
        member = next(each for each in self.place.members if each.name == name)
        await self.ask("look", member=member.id, channel=self.place.channels[0].id)
        await self.hear("history")

    async def hear(self, kind: str) -> Said:
        while True:
            said = msgspec.json.decode(await self.socket.receive_str(), type=Said)
            assert said.type != "failed", said.text
            for message in [*said.messages, *([said.message] if said.message else [])]:
                self.messages[message.id] = message
            if said.type == kind:
                return said

    async def until(self, *words: str) -> Shown:
        """Wait for a message that holds all of these words."""
        async with asyncio.timeout(SECONDS):
            while True:
                for message in self.messages.values():
                    if all(word in message.text for word in words):
                        return message
                await self.hear("message")


@asynccontextmanager
async def visit(url: str) -> AsyncGenerator[Visit]:
    async with aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True)) as session:
        async with session.get(url) as page:
            assert page.status == 200
        origin = url.partition("/?")[0]
        async with session.ws_connect(f"{origin}/live", origin=origin) as socket:
            said = msgspec.json.decode(await socket.receive_str(), type=Said)
            yield Visit(socket, said.guilds[0], {})


@asynccontextmanager
async def demo(*arguments: str) -> AsyncGenerator[tuple[str, Process]]:
    """Start it; yields the page's address and the process, which is stopped as with Ctrl-C."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "bot", "demo", *arguments),
        cwd=ROOT,
        env=os.environ | {"DISPLAY": "", "WAYLAND_DISPLAY": ""},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    assert process.stdout
    try:
        async with asyncio.timeout(SECONDS):
            while not (found := ADDRESS.search((await process.stdout.readline()).decode())):
                assert process.returncode is None
        yield found[0], process
    finally:
        if process.returncode is None:
            process.send_signal(signal.SIGINT)
        _, errors = await asyncio.wait_for(process.communicate(), SECONDS)
    assert process.returncode == 0
    assert errors == b""


async def battle(visitor: Visit) -> None:
    """Ask, vote as three members, close as the moderator."""
    await visitor.act_as("Alex")
    await visitor.ask("run", path="battle", options={"prompt": "Why is the sky blue?"})
    ballot = await visitor.until("Your last reaction counts")
    for name, emoji in (("Alex", "🅰️"), ("Yuki", "🅰️"), ("Sam", "🅱️")):
        await visitor.act_as(name)
        await visitor.ask("react", message=ballot.id, emoji=emoji, on=True)
    await visitor.act_as("Mika")
    close = re.search(r'"custom_id":"([^"]*close[^"]*)"', ballot.text)
    assert close
    await visitor.ask("press", message=ballot.id, custom_id=close[1])
    await visitor.until("wins", "(3 votes)", "sky")


async def test_a_battle_is_fought_and_what_was_said_is_there_after_a_restart(tmp_path: Path) -> None:
    options = ("--toys", "--data", str(tmp_path / "kept"))
    async with demo(*options) as (url, _), visit(url) as visitor:
        await battle(visitor)
    async with demo(*options) as (url, _), visit(url) as visitor:
        await visitor.act_as("Nova")
        old = await visitor.until("wins", "(3 votes)", "sky")
        await visitor.ask("run", path="leaderboard")
        board = await visitor.until("2 battles, 6 votes")

    assert "Toy " in old.text
    assert "Toy " in board.text
    assert (tmp_path / "kept" / "secret.key").stat().st_mode & 0o077 == 0


async def test_two_demos_do_not_share_a_folder(tmp_path: Path) -> None:
    async with demo("--toys", "--data", str(tmp_path)):
        status, _, errors = await arena_bot(tmp_path, "demo", "--toys", "--data", str(tmp_path))

    assert status == 2
    assert errors == f"arena-bot: --data {tmp_path}: another demo is using this folder\n"


async def test_before_a_screen_the_browser_is_opened(tmp_path: Path) -> None:
    opened, browser = tmp_path / "opened", tmp_path / "browser"
    os.mkfifo(opened)
    browser.write_text(f'#!/bin/sh\necho "$1" > {opened}\n')
    browser.chmod(0o700)
    terminal, its_end = pty.openpty()
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "bot", "demo", "--toys"),
        cwd=ROOT,
        env=os.environ | {"DISPLAY": ":0", "BROWSER": str(browser)},
        stdout=its_end,
    )
    os.close(its_end)
    url = await asyncio.wait_for(asyncio.to_thread(opened.read_text), SECONDS)
    said = os.read(terminal, 4096).decode()
    process.send_signal(signal.SIGINT)

    assert await asyncio.wait_for(process.wait(), SECONDS) == 0
    assert ADDRESS.fullmatch(url.strip())
    assert url.strip() in said
    os.close(terminal)


async def test_what_cannot_be_kept_or_opened_is_one_line(tmp_path: Path) -> None:
    (tmp_path / "world.json").write_text("{")
    wrong = {
        ("--data", str(tmp_path)): "world.json",
        ("--data", str(tmp_path / "world.json")): "File exists",
        ("--host", "192.0.2.1"): "cannot listen there",
        ("--config", str(tmp_path / "none.toml")): "no such file",
    }
    for arguments, reason in wrong.items():
        toys = () if "--config" in arguments else ("--toys",)
        status, _, errors = await arena_bot(tmp_path, "demo", *toys, *arguments)

        assert status == 2
        assert errors.count("\n") == 1
        assert reason in errors
    assert (tmp_path / "world.json").read_text() == "{"


async def test_the_visitors_own_models_are_asked_nothing_before_the_visitor_asks(tmp_path: Path) -> None:
    file, conduct = tmp_path / "config.toml", ServerConduct()
    async with model_server("Short.", conduct=conduct) as address:
        file.write_text(
            "".join(
                f'[[models]]\nname = "{name}"\nprotocol = "openai"\nbase_url = "{address}"\nmodel = "m"\n'
                for name in ("one", "two")
            )
        )
        async with demo("--config", str(file)) as (url, _), visit(url) as visitor:
            await visitor.act_as("Mika")
            await visitor.ask("run", path="leaderboard")
            await visitor.until("No votes yet")
            asked_of_itself, opened = conduct.asked, len(visitor.messages)
            await visitor.act_as("Alex")
            await visitor.ask("run", path="battle", options={"prompt": "Why is the sky blue?"})
            await visitor.until("Your last reaction counts")

    assert (asked_of_itself, opened) == (0, 1)
    assert conduct.asked == 2
