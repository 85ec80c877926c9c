"""The bot's end of a process that holds one GGUF file; see `bot.backends.local.worker`."""

from __future__ import annotations

import asyncio
import sys
from collections import deque
from contextlib import asynccontextmanager
from dataclasses import dataclass
from itertools import count
from typing import TYPE_CHECKING, TypeVar

import msgspec

from bot.backends.base import BackendError, Failure
from bot.backends.local import worker
from bot.backends.places import Places

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Callable
    from pathlib import Path

    from bot.backends.http.deadlines import ReplyDeadlines
    from bot.backends.places import PlaceRequest

_MAX_LINE_BYTES = 1 << 24
_CLOSE_SECONDS = 2.0
_COMPLAINTS_KEPT = 20
_DETAIL_CHARS = 300
_READY = b"ready "
_REFUSAL = "error loading model: "

Stream = TypeVar("Stream", asyncio.StreamReader, asyncio.StreamWriter)


@dataclass(frozen=True, slots=True)
class Tuning:
    """How a file is run.

    One thread is right where other things run on the machine as well: llama.cpp's threads wait for
    each other busily, and two that share two cores with anything else were a quarter as fast as one.
    """

    threads: int = 1
    context_tokens: int = 4096
    """For each reply: prompt and answer together."""
    parallel: int = 2
    """Replies at a time; more wait."""


class Chunks:
    """The JSON chunks of one reply as they come."""

    def __init__(self, queue: asyncio.Queue[bytes | None], process: ModelProcess) -> None:
        self._queue = queue
        self._process = process

    async def read(self, clock: ReplyDeadlines) -> bytes:
        """Return the next chunk; an empty one at the end."""
        try:
            async with clock.timeout():
                chunk = await self._queue.get()
        except TimeoutError as exc:
            raise clock.expired() from exc
        if chunk is None:
            raise self._process.ended()
        return chunk


class ModelProcess:
    """A running process, which may still be loading its file."""

    def __init__(self, process: asyncio.subprocess.Process, tuning: Tuning) -> None:
        self.is_alive = True
        self.templated_question = ""
        """How its chat template writes one, up to where the answer begins, once the file is loaded."""
        self._process = process
        # Done once the file is loaded, or with the reason why it cannot be.
        self._loaded: asyncio.Future[str | None] = asyncio.get_running_loop().create_future()
        self.places = Places(tuning.parallel)
        self._numbers = count(1)
        self._replies: dict[bytes, asyncio.Queue[bytes | None]] = {}
        self._frees: dict[bytes, Callable[[], None]] = {}
        self._complaints: deque[str] = deque(maxlen=_COMPLAINTS_KEPT)
        self._complaining = asyncio.create_task(self._complain(), name="local complaints")
        self._listening = asyncio.create_task(self._listen(), name="local replies")

    @classmethod
    async def start(cls, path: Path, tuning: Tuning) -> ModelProcess:
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            # Or Python would look for its own modules among the backends first.
            "-P",
            worker.__file__,
            str(path),
            *map(str, (tuning.threads, tuning.context_tokens, tuning.parallel)),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
            limit=_MAX_LINE_BYTES,
        )
        return cls(process, tuning)

    async def load(self) -> None:
        """Wait until the file is loaded, which goes on where the caller gives up."""
        if (reason := await asyncio.shield(self._loaded)) is not None:
            raise BackendError(Failure.BAD_ANSWER, f"llama.cpp cannot load the model: {reason}")

    @asynccontextmanager
    async def ask(self, request: bytes, turn: PlaceRequest) -> AsyncGenerator[Chunks]:
        """Leaving the context gives the reply up at once; its place is free once the process let go of it."""
        if not self.is_alive:
            raise self.ended()
        number = b"%d" % next(self._numbers)
        self._frees[number] = turn.hand_on()
        queue = self._replies[number] = asyncio.Queue[bytes | None]()
        self._send(number, request)
        try:
            yield Chunks(queue, self)
        finally:
            if number in self._replies:
                self._send(number)

    def ended(self) -> BackendError:
        return BackendError(Failure.UNREACHABLE, f"the model's process ended: {self._reason()}")

    async def close(self) -> None:
        """End the process, by force where it does not end by itself, as one that is loading."""
        _pipe(self._process.stdin).close()
        try:
            async with asyncio.timeout(_CLOSE_SECONDS):
                await self._process.wait()
        except TimeoutError:
            self._process.kill()
        await asyncio.gather(self._process.wait(), self._listening)

    def _send(self, *words: bytes) -> None:
        _pipe(self._process.stdin).write(b" ".join(words) + b"\n")

    async def _listen(self) -> None:
        lines = _pipe(self._process.stdout)
        first = await lines.readline()
        if first.startswith(_READY):
            self.templated_question = msgspec.json.decode(first.removeprefix(_READY), type=str)
            self._loaded.set_result(None)
        async for line in lines:
            number, _, chunk = line.rstrip(b"\n").partition(b" ")
            self._replies[number].put_nowait(chunk)
            if not chunk:
                self._free(number)
        self.is_alive = False
        await asyncio.gather(self._process.wait(), self._complaining)
        if not self._loaded.done():
            self._loaded.set_result(self._reason())
        for number in tuple(self._replies):
            self._replies[number].put_nowait(None)
            self._free(number)

    def _free(self, number: bytes) -> None:
        del self._replies[number]
        self._frees.pop(number)()

    async def _complain(self) -> None:
        async for line in _pipe(self._process.stderr):
            self._complaints.append(line.decode(errors="replace").strip())

    def _reason(self) -> str:
        """Quote llama.cpp where it refused the file, or tell how the process went, and its last words."""
        for complaint in self._complaints:
            if _REFUSAL in complaint:
                return complaint.partition(_REFUSAL)[2]
        return (
            f"status {self._process.returncode}, {' '.join(self._complaints)[-_DETAIL_CHARS:] or 'no word'}"
        )


def _pipe(stream: Stream | None) -> Stream:
    if stream is None:
        raise RuntimeError("the process was started without this pipe")
    return stream
