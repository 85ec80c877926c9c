"""A world in a file, so that it outlives the process.

The file is JSON, a line for each message and each guild. What only lives in the process is not in it:
interactions and gateway sessions, and so neither ephemeral messages nor those that were still "thinking":
nothing could ever answer them.
"""

from __future__ import annotations

import asyncio
import os
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import TYPE_CHECKING

import msgspec

from bot.playground.errors import SnapshotError
from bot.playground.wire import encode
from bot.playground.world.interactions.commands import Command
from bot.playground.world.model import Guild, Message, User
from bot.playground.world.world import World

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

FORMAT = 1
"""Changes with the model, unless the change is a new field that has a default."""

SLICE_SECONDS = 0.005
"""For how long serialising may hold the event loop."""


class SnapshotHead(msgspec.Struct):
    """The first line of every format."""

    format: int


class End(msgspec.Struct, kw_only=True):
    """The last line: a file without it was cut off."""

    base_url: str
    last_id: int
    bot_id: int
    operator_id: int
    users: list[User]
    commands: list[Command]


class SnapshotLine(msgspec.Struct, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    """Any line but the first: one of these.

    Members and messages repeat their users, who are one object each again once the world is restored.
    """

    message: Message | None = None
    guild: Guild | None = None
    end: End | None = None


_decoder = msgspec.json.Decoder(SnapshotLine)


def dump(world: World) -> bytes:
    return b"".join(_lines(world))


def save(world: World, path: Path) -> None:
    """Write the world in place of the file. Raises SnapshotError."""
    _write(path, list(_lines(world)))


async def keep(world: World, path: Path, *, pause: float = 5.0) -> None:
    """Save now, after changes with at least `pause` seconds between, and once more when cancelled.

    Raises SnapshotError.
    """
    try:
        # Leaving the context waits for a write that is under way, so that the last one comes last.
        with ThreadPoolExecutor(1, "snapshot") as writer:
            saved: list[bytes] = []
            while True:
                revision = world.revision
                lines = await _gather(world)
                if lines != saved:
                    await asyncio.get_running_loop().run_in_executor(writer, _write, path, lines)
                    saved = lines
                await asyncio.sleep(pause)
                await _changed(world, revision)
    except asyncio.CancelledError:
        save(world, path)
        raise


def load(path: Path, *, clock: Callable[[], float] = time.time) -> World | None:
    """Read a saved world, or None where there is no file yet. Raises SnapshotError."""
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        return None
    except OSError as exc:
        raise SnapshotError(path, f"cannot be read ({exc.strerror})") from exc
    head, *lines = content.splitlines() or [b""]
    try:
        found = msgspec.json.decode(head, type=SnapshotHead).format
        if found != FORMAT:
            raise SnapshotError(path, f"has format {found}, and this version reads format {FORMAT}")
        *kept, last = [_decoder.decode(line) for line in lines] or [SnapshotLine()]
        if last.end is None:
            raise SnapshotError(path, "is damaged: its end is missing")
        return _restored(kept, last.end, World(clock=clock))
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as exc:
        raise SnapshotError(path, f"is damaged, or no saved world ({exc})") from exc
    except KeyError as exc:
        raise SnapshotError(path, f"is damaged: it speaks of user {exc}, who is not in it") from exc


def _lines(world: World) -> Iterator[bytes]:
    """Serialise the world piece by piece.

    It may change between two pieces. Therefore what refers to a thing comes before that thing: users only
    ever become more, and a message whose channel went in the meantime is left out when it is read.
    """
    yield _line(SnapshotHead(FORMAT))
    for message in world.messages.every:
        if not (message.ephemeral or message.loading):
            yield _line(SnapshotLine(message=message))
    for guild in list(world.guilds.values()):
        channels = {each.id: replace(each, messages={}) for each in guild.channels.values()}
        yield _line(SnapshotLine(guild=replace(guild, channels=channels)))
    end = End(
        base_url=world.base_url,
        last_id=world.snowflakes.last,
        bot_id=world.bot.id,
        operator_id=world.operator.id,
        users=list(world.users.values()),
        commands=world.commands.every,
    )
    yield _line(SnapshotLine(end=end))


def _line(value: msgspec.Struct) -> bytes:
    return encode(value) + b"\n"


async def _gather(world: World) -> list[bytes]:
    lines: list[bytes] = []
    started = time.perf_counter()
    for line in _lines(world):
        lines.append(line)
        if time.perf_counter() - started > SLICE_SECONDS:
            await asyncio.sleep(0)
            started = time.perf_counter()
    return lines


async def _changed(world: World, since: int) -> None:
    await world.until(lambda: world.revision != since, timeout=None)


def _restored(kept: Sequence[SnapshotLine], end: End, world: World) -> World:
    world.base_url = end.base_url
    world.snowflakes.last = end.last_id
    world.users = {user.id: user for user in end.users}
    world.bot, world.operator = world.users[end.bot_id], world.users[end.operator_id]
    world.commands.restore(end.commands)
    for guild in [line.guild for line in kept if line.guild]:
        _settle(guild, world)
    for message in [line.message for line in kept if line.message]:
        message.author = world.users[message.author.id]
        world.messages.restore(message)
    return world


def _settle(guild: Guild, world: World) -> None:
    world.guilds[guild.id] = guild
    world.channels |= guild.channels
    for member in guild.members.values():
        member.user = world.users[member.user.id]


def _write(path: Path, lines: Sequence[bytes]) -> None:
    partial = path.with_name(f"{path.name}.partial")
    try:
        with partial.open("wb") as file:
            file.writelines(lines)
            file.flush()
            os.fsync(file.fileno())
        partial.replace(path)
    except OSError as exc:
        raise SnapshotError(path, f"cannot be written ({exc.strerror})") from exc
