"""`arena-bot demo`: a stand-in for Discord, a page to see it, and the unchanged bot on it."""

from __future__ import annotations

import asyncio
import ipaddress
import logging
import os
import secrets
import sys
import tempfile
import time
import webbrowser
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from random import SystemRandom
from typing import TYPE_CHECKING

import msgspec
from filelock import FileLock, Timeout

from bot import config, logs
from bot.app import run_arena, serve
from bot.arena.models.factory import open_factory
from bot.arena.models.keyring import Keyring, new_key
from bot.cli import demo_models
from bot.cli.demo_opening import hold_opening
from bot.cli.output import say
from bot.client import use_addresses
from bot.config import BattleDefaults, Config, Security
from bot.connection import connecting
from bot.errors import StartupError
from bot.i18n import N_, translations
from bot.playground import Playground, SnapshotError, World
from bot.playground.page import PlaygroundPage, seed_world
from bot.playground.world import snapshot
from bot.start import until_stopped
from bot.storage.database import open_database
from bot.storage.process_lock import process_lock

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Generator

    from bot.cli.demo_models import DemoModels
    from bot.playground.page import Seeded

LOOPBACK = ("localhost", "127.0.0.1", "[::1]")
READY_SECONDS = 30.0
OPENING_SECONDS = 8.0
"""A slow model is not waited for: its battle is then seen as it is written."""

REQUESTS_KEPT = 2_000
DATABASE = "arena.sqlite3"

OPEN = N_("Open this page: {url}")
WHAT_TO_DO = N_("Type /battle there, then vote as several members. Ctrl-C ends everything.")
KEPT = N_("Everything is kept in {folder}.")
NOT_KEPT = N_("Nothing is kept after the end; --data DIR would keep it.")
EXPOSED = N_(
    "Warning: others on the network can reach this page. Only someone who knows the whole address gets in."
)


@dataclass(frozen=True, slots=True)
class DemoOptions:
    """What the command line said."""

    host: str
    port: int
    language: str
    data: Path | None
    models: tuple[Path, Config] | None
    """A real config, whose models answer, and where it was read."""
    toys: bool


async def run(options: DemoOptions) -> None:
    """Show the arena until SIGTERM or SIGINT; what keeps it from starting is a `StartupError`."""
    token = secrets.token_urlsafe(32)
    keys = config.api_keys(options.models[1]) if options.models else []
    with _home(options.data) as folder, process_lock(folder / DATABASE, "demo"):
        keyring = _keyring(folder)
        logs.configure(as_json=False, secrets=[token, *keyring.keys, *keys], level="WARNING")
        # Which requests had to wait for a limit, the page shows.
        logging.getLogger("discord.http").setLevel(logging.ERROR)
        await until_stopped(_show(options, folder, keyring, token))


async def _show(options: DemoOptions, folder: Path, keyring: Keyring, token: str) -> None:
    # Who sits here may try the models of this machine; others who reach the page may not.
    opened = LOOPBACK if _is_loopback(options.host) else ()
    settings = Config(
        # One visitor plays all members here.
        battle=BattleDefaults(cooldown_seconds=0, member_battles_per_day=0, early_close_voters=0),
        security=Security(allowed_private_hosts=opened),
    )
    if options.models:
        settings = msgspec.structs.replace(settings, **_of_battles(options.models[1]))
    async with open_factory(settings, keyring) as factory:
        if options.models:
            found = demo_models.from_config(options.models[0], factory)
        elif options.toys:
            found = demo_models.from_toys(factory, options.language)
        else:
            found = await demo_models.from_small_model(factory, options.language)
        await _play(options, folder, token, found)


def _of_battles(given: Config) -> dict[str, object]:
    """Return the parts of a real config that the demo follows: not where Discord and the database are."""
    return {"battle": given.battle, "limits": given.limits, "models": given.models}


def _keyring(folder: Path) -> Keyring:
    """Take the operator's keys, or one that lives as long as the folder."""
    keyring = Keyring.from_environment()
    if keyring.can_seal:
        return keyring
    file = folder / "secret.key"
    if not file.exists():
        file.touch(mode=0o600)
        file.write_text(new_key(), encoding="ascii")
    return Keyring([file.read_text(encoding="ascii")])


async def _play(options: DemoOptions, folder: Path, token: str, found: DemoModels) -> None:
    file = folder / "world.json"
    world, seeded = _world(file, options.language)
    opening = None if options.models else seeded  # a real model is asked nothing that nobody asked for
    async with (
        Playground(token=token, world=world, requests_kept=REQUESTS_KEPT) as playground,
        _page(playground, options, found.notices) as page,
        open_database(folder / DATABASE) as database,
        run_arena(found.factory, database, found.competitors, time.time, SystemRandom()) as arena,
    ):
        use_addresses(playground.api_url, playground.gateway_url)
        try:
            async with asyncio.TaskGroup() as group:
                group.create_task(_open(playground, page, options, opening))
                if options.data:
                    group.create_task(snapshot.keep(world, file))
                async with connecting(token) as connection:
                    await serve(arena, connection)
        except* (StartupError, SnapshotError) as errors:
            raise StartupError(str(errors.exceptions[0])) from errors


async def _open(
    playground: Playground, page: PlaygroundPage, options: DemoOptions, opening: Seeded | None
) -> None:
    """Say where the page is, once there is something to see on it."""
    try:
        await playground.ready(timeout=READY_SECONDS)
    except TimeoutError as exc:
        raise StartupError(f"the bot has not connected within {READY_SECONDS:.0f} s") from exc
    async with asyncio.TaskGroup() as group:
        if opening:
            held = group.create_task(hold_opening(playground.world, opening, options.language))
            await asyncio.wait([held], timeout=OPENING_SECONDS)
        _say_where(page, options)
        if _has_desktop():
            await asyncio.to_thread(webbrowser.open, page.url)


def _say_where(page: PlaygroundPage, options: DemoOptions) -> None:
    _ = translations(options.language).gettext
    if not _is_loopback(options.host):
        say(_(EXPOSED))
    say(_(KEPT).format(folder=options.data) if options.data else _(NOT_KEPT))
    say(_(OPEN).format(url=page.url))
    say(_(WHAT_TO_DO))


def _world(file: Path, language: str) -> tuple[World, Seeded | None]:
    """Find the world as it was left, or a new one with those who live in it."""
    try:
        world = snapshot.load(file)
    except SnapshotError as exc:
        raise StartupError(str(exc)) from exc
    if world is not None:
        return world, None
    world = World()
    return world, seed_world(world, language=language)


@contextmanager
def _home(data: Path | None) -> Generator[Path]:
    """Give a folder for the state: the one asked for, kept and ours alone, or one that goes at the end."""
    if data is None:
        with tempfile.TemporaryDirectory(prefix="arena-bot-") as folder:
            yield Path(folder)
        return
    try:
        data.mkdir(parents=True, exist_ok=True)
        lock = FileLock(data / "lock")
        lock.acquire(blocking=False)
    except Timeout as exc:
        raise StartupError(f"--data {data}: another demo is using this folder") from exc
    except OSError as exc:
        raise StartupError(f"--data {data}: {exc.strerror}") from exc
    with lock:
        yield data


@asynccontextmanager
async def _page(
    playground: Playground, options: DemoOptions, notices: dict[str, str]
) -> AsyncGenerator[PlaygroundPage]:
    async with AsyncExitStack() as stack:
        page = PlaygroundPage(
            playground, host=options.host, port=options.port, language=options.language, notices=notices
        )
        try:
            await stack.enter_async_context(page)
        except OSError as exc:
            place = f"--host {options.host} --port {options.port}"
            raise StartupError(f"{place}: cannot listen there: {exc.strerror}") from exc
        yield page


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _has_desktop() -> bool:
    """Tell whether a person sits here before a screen on which a browser can be opened."""
    if not sys.stdout.isatty():
        return False
    return sys.platform in ("win32", "darwin") or not os.environ.keys().isdisjoint(
        {"DISPLAY", "WAYLAND_DISPLAY"}
    )
