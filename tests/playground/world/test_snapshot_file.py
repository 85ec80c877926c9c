"""The file that a world is kept in: when it is written, and what is refused."""

from __future__ import annotations

import asyncio
import signal
import sys
from typing import TYPE_CHECKING

import pytest

from bot.playground import SnapshotError, World
from bot.playground.world import snapshot
from bot.playground.world.messages.bodies import MessageBody
from tests.playground.world.worlds import rich_world
from tests.wire.processes import ROOT

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


def test_there_is_no_world_before_the_first_save(tmp_path: Path) -> None:
    assert snapshot.load(tmp_path / "world.json") is None


def _without_alice(content: bytes) -> bytes:
    *lines, last = content.splitlines()
    user = b'"name":"alice","bot":false},'
    before, _, after = last.partition(user)
    return b"\n".join([*lines, before[: before.rindex(b"{")] + after])


DAMAGE: dict[str, Callable[[bytes], bytes]] = {
    "empty": lambda _: b"",
    "half": lambda content: content[: len(content) // 2],
    "a line too few": lambda content: content[: content.rindex(b"\n", 0, -1) + 1],
    "zeros": lambda content: bytes(len(content)),
    "not UTF-8": lambda content: content.replace("一".encode(), b"\xff\xfe"),
    "another file": lambda _: b'{"name": "arena-bot"}',
    "another file with lines": lambda _: b"[discord]\napi_url = 'x'\n",
    "a picture": lambda _: b"\x89PNG\r\n\x1a\n" + bytes(100),
    "only a head": lambda _: b'{"format": 1}\n',
    "a wrong type": lambda content: content.replace(b'"roles":{', b'"roles":{"x":1,', 1),
    "too deep": lambda content: content[:-2] + b',"x":' + b"[" * 100_000,
    "a lost user": _without_alice,
    "written twice": lambda content: content + content,
}


@pytest.mark.parametrize("damage", DAMAGE.values(), ids=DAMAGE.keys())
def test_a_damaged_file_is_refused_and_left_alone(tmp_path: Path, damage: Callable[[bytes], bytes]) -> None:
    path = tmp_path / "world.json"
    snapshot.save(rich_world(), path)
    damaged = damage(path.read_bytes())
    path.write_bytes(damaged)

    with pytest.raises(SnapshotError, match="damaged") as refused:
        snapshot.load(path)

    assert refused.value.path == path
    assert path.read_bytes() == damaged


def test_a_file_that_is_cut_off_anywhere_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "world.json"
    snapshot.save(rich_world(), path)
    whole = path.read_bytes()

    for length in range(0, len(whole) - 1, 61):
        path.write_bytes(whole[:length])
        with pytest.raises(SnapshotError, match="damaged"):
            snapshot.load(path)


def test_a_file_of_another_version_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "world.json"
    path.write_bytes(b'{"format": 2}\n{"planets": []}')

    with pytest.raises(SnapshotError, match="has format 2, and this version reads format 1"):
        snapshot.load(path)


def test_a_file_that_cannot_be_read_is_not_taken_for_a_new_world(tmp_path: Path) -> None:
    with pytest.raises(SnapshotError, match="cannot be read"):
        snapshot.load(tmp_path)


def test_a_failed_write_leaves_the_last_good_file(tmp_path: Path) -> None:
    path = tmp_path / "world.json"
    world = rich_world()
    snapshot.save(world, path)
    good = path.read_bytes()
    (tmp_path / "world.json.partial").mkdir()

    world.create_user("bob")
    with pytest.raises(SnapshotError, match="cannot be written"):
        snapshot.save(world, path)

    assert path.read_bytes() == good


KILLED_WHILE_SAVING = """
import os, signal, sys
from pathlib import Path
from bot.playground.world import snapshot
path = Path(sys.argv[1])
world = snapshot.load(path)
world.create_user("bob")
os.fsync = lambda _: os.kill(os.getpid(), signal.SIGKILL)
snapshot.save(world, path)
"""


async def test_a_process_killed_in_the_middle_of_a_save_leaves_the_last_good_file(tmp_path: Path) -> None:
    path = tmp_path / "world.json"
    snapshot.save(rich_world(), path)
    good = path.read_bytes()

    killed = await asyncio.create_subprocess_exec(
        *(sys.executable, "-c", KILLED_WHILE_SAVING, str(path)), cwd=ROOT
    )
    status = await killed.wait()
    again = snapshot.load(path)

    assert status == -signal.SIGKILL
    assert (tmp_path / "world.json.partial").exists()
    assert path.read_bytes() == good
    assert again is not None
    snapshot.save(again, path)
    assert _names(tmp_path) == ["world.json"]


def _names(folder: Path) -> list[str]:
    return sorted(each.name for each in folder.iterdir())


def _holds(path: Path, world: World) -> bool:
    return path.exists() and path.read_bytes() == snapshot.dump(world)


async def saved(path: Path, world: World) -> None:
    async with asyncio.timeout(5):
        while not _holds(path, world):  # noqa: ASYNC110 - a file tells nobody that it was written
            await asyncio.sleep(0)


async def existing(path: Path) -> int:
    """Wait for a file; returns how many turns of the event loop that took."""
    turns = 0
    while not path.exists():  # noqa: ASYNC240 - nothing else is to run here
        turns += 1
        await asyncio.sleep(0)
    return turns


async def end(keeping: asyncio.Task[None]) -> None:
    keeping.cancel()
    with pytest.raises(asyncio.CancelledError):
        await keeping


async def test_a_kept_world_is_saved_at_once_and_after_each_change(tmp_path: Path) -> None:
    path = tmp_path / "world.json"
    world = rich_world()
    keeping = asyncio.create_task(snapshot.keep(world, path, pause=0))

    await saved(path, world)
    for name in ("Third", "Fourth"):
        world.create_guild(name)
        await saved(path, world)

    await end(keeping)


async def test_a_kept_world_is_saved_once_more_at_the_end(tmp_path: Path) -> None:
    path = tmp_path / "world.json"
    world = rich_world()
    keeping = asyncio.create_task(snapshot.keep(world, path, pause=3600))
    await saved(path, world)

    world.create_guild("Last")
    await end(keeping)

    assert path.read_bytes() == snapshot.dump(world)


async def test_what_changes_nothing_is_not_written_again(tmp_path: Path) -> None:
    path = tmp_path / "world.json"
    world = rich_world()
    keeping = asyncio.create_task(snapshot.keep(world, path, pause=0))
    await saved(path, world)
    first = path.stat().st_ino

    for _ in range(5):
        world.touch()
        await asyncio.sleep(0.01)

    assert path.stat().st_ino == first
    await end(keeping)


async def test_a_world_that_cannot_be_kept_says_so(tmp_path: Path) -> None:
    with pytest.raises(SnapshotError, match="cannot be written"):
        await snapshot.keep(rich_world(), tmp_path / "nowhere" / "world.json")


async def test_a_large_world_is_saved_a_little_at_a_time(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(snapshot, "SLICE_SECONDS", 0.0)  # however fast the machine is
    path = tmp_path / "world.json"
    world = rich_world()
    channel = next(each for each in world.channels.values() if not each.is_thread)
    for _ in range(2000):
        world.messages.create(channel, world.bot, MessageBody(content="x" * 2000))
    keeping = asyncio.create_task(snapshot.keep(world, path, pause=3600))

    turns = await existing(path)

    assert turns > 1000
    await end(keeping)


async def test_a_world_that_changes_while_it_is_saved_can_be_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(snapshot, "SLICE_SECONDS", 0.0)
    path = tmp_path / "world.json"
    world = rich_world()
    guild, other = world.guilds.values()
    channel = next(each for each in world.channels.values() if not each.is_thread)
    keeping = asyncio.create_task(snapshot.keep(world, path, pause=3600))
    await asyncio.sleep(0)
    await asyncio.sleep(0)

    bob = world.create_member(guild, "bob")
    for message in list(channel.messages.values()):
        world.people.react(bob, message, "👍")
    world.delete_channel(channel)
    world.delete_guild(other)
    await existing(path)
    again = snapshot.load(path)

    assert again is not None
    assert again.guilds.keys() == {guild.id}
    assert again.channels == {}
    assert again.messages.every == []
    assert again.users.keys() == world.users.keys()
    await end(keeping)
