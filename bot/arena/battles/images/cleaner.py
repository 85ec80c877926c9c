"""Images of members, written anew without their metadata in a process that lives for one image."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import Timer
from typing import TYPE_CHECKING

import msgspec
import structlog

from bot.arena.battles.images.file_types import check_content
from bot.domain.image import Image, ImageKind
from bot.errors import ArenaError
from bot.i18n import N_

if TYPE_CHECKING:
    from collections.abc import Generator

MOST_PIXELS = 8000
"""Of a side; Anthropic refuses more."""

MOST_PIXELS_IN_ALL = 40_000_000
"""A decoder takes four bytes for each, and twice that where it has to turn the image."""

SECONDS = 20.0
_CPU_SECONDS = 30
_HEAD_BYTES = 200
_WORKER = Path(__file__).with_name("worker.py")
_PASSED_ON = ("HOME", "LD_LIBRARY_PATH", "PATH", "PYTHONHOME", "PYTHONPATH", "SYSTEMROOT", "TEMP")
"""What Python may need to start, and no secret of the bot."""

_log: structlog.stdlib.BoundLogger = structlog.get_logger(__name__)


class CleanedHead(msgspec.Struct, frozen=True):
    """What the worker says of an image; without a kind it did not open it, because of its size."""

    width: int
    height: int
    kind: ImageKind | None = None


class ImageCleaner:
    """Reads one image at a time, because each may take hundreds of megabytes, and keeps no process."""

    def __init__(self, seconds: float = SECONDS) -> None:
        self._seconds = seconds
        self._readers = ThreadPoolExecutor(1, thread_name_prefix="images")
        self._process: subprocess.Popen[bytes] | None = None
        self._is_closed = False

    async def clean(self, content: bytes, most_bytes: int) -> Image:
        """Return the image that a file holds; raises `ArenaError` where models cannot be shown it."""
        check_content(content, most_bytes)
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._readers, self._read, content, most_bytes)

    def close(self) -> None:
        self._is_closed = True
        self._readers.shutdown(wait=False, cancel_futures=True)
        if process := self._process:
            process.kill()

    def _read(self, content: bytes, most_bytes: int) -> Image:
        bounds = (most_bytes, MOST_PIXELS, MOST_PIXELS_IN_ALL, _CPU_SECONDS)
        try:
            with self._worker(*map(str, bounds)) as process:
                written = _exchange(process, content, _HEAD_BYTES + most_bytes)
        except OSError as exc:
            _log.warning("an image could not be read", reason=str(exc))
            raise _broke_down() from exc
        if process.returncode < 0:
            _log.warning("an image could not be read", signal=-process.returncode)
            raise _broke_down()
        if process.returncode:
            raise ArenaError(N_("This image is damaged or incomplete. Please attach it anew."))
        return _image_of(written)

    @contextmanager
    def _worker(self, *arguments: str) -> Generator[subprocess.Popen[bytes]]:
        """Run the program, and end it when its time is over."""
        with subprocess.Popen(  # noqa: S603 - our own program
            # Without -P, Python would look for its own modules among ours first.
            [sys.executable, "-P", str(_WORKER), *arguments],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={name: os.environ[name] for name in _PASSED_ON if name in os.environ},
        ) as process:
            self._process = process
            if self._is_closed:  # it was, while the process began
                process.kill()
            end = Timer(self._seconds, process.kill)
            end.start()
            try:
                yield process
                process.wait()
            finally:
                end.cancel()
                process.kill()
                self._process = None


def _exchange(process: subprocess.Popen[bytes], content: bytes, most: int) -> bytes:
    """Hand the file over and take what comes back, where that is not too much."""
    if process.stdin is None or process.stdout is None:
        raise RuntimeError("the process was started without its pipes")
    with suppress(BrokenPipeError):  # it ended before: its status says why
        process.stdin.write(content)
        process.stdin.close()
    written = process.stdout.read(most + 1)
    if len(written) > most:
        process.kill()
    return written


def _image_of(written: bytes) -> Image:
    line, _, content = written.partition(b"\n")
    head = msgspec.json.decode(line, type=CleanedHead)
    if head.kind is None:
        raise ArenaError(
            N_(
                "An image may be {most} pixels wide and high at most, and have {millions} million pixels."
                " This one is {width} × {height}."
            ),
            most=MOST_PIXELS,
            millions=MOST_PIXELS_IN_ALL // 1_000_000,
            width=head.width,
            height=head.height,
        )
    return Image(head.kind, head.width, head.height, content)


def _broke_down() -> ArenaError:
    return ArenaError(
        N_("This image takes too long to read, or cannot be read at all. Please attach a smaller one.")
    )
