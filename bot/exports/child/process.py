"""The bot's end of a process that writes one export; see `bot.exports.child.worker`."""

from __future__ import annotations

import asyncio
import os
import sys
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, TypeVar

import msgspec
import structlog

from bot.errors import ArenaError, StorageError
from bot.exports.child.job import Answer, DatabaseTrouble, FileTrouble, RefusedExport, WrittenFile
from bot.i18n import N_

if TYPE_CHECKING:
    from asyncio.subprocess import Process
    from collections.abc import AsyncGenerator

    from bot.exports.child.job import ExportJob

_log: structlog.stdlib.BoundLogger = structlog.get_logger(__name__)

WORKER = "bot.exports.child.worker"
_DETAIL_CHARS = 2000
_INHERITED = ("PATH", "HOME", "TZ", "LANG", "TMPDIR", "TEMP", "TMP", "SYSTEMROOT", "LD_LIBRARY_PATH")
"""Not the token, nor the keys: a process that needs none has none."""

NOT_WRITTEN = N_("The file could not be written: {reason}. The operator of this bot can mend that.")

Stream = TypeVar("Stream", asyncio.StreamReader, asyncio.StreamWriter)


class ChildEndedError(Exception):
    """The process ended without an answer."""


async def write(job: ExportJob) -> WrittenFile:
    """Have a process of its own write the file; it has ended when this returns, raises or is cancelled.

    Raises `ArenaError` where the export is refused or the file cannot be written, and `StorageError`.
    """
    async with _running() as process:
        answer = await _asked(process, job)
    match answer:
        case WrittenFile():
            return answer
        case RefusedExport():
            raise ArenaError(answer.template, **answer.values)
        case DatabaseTrouble():
            raise StorageError(answer.reason)
        case FileTrouble():
            _log.error("an export could not be written", reason=answer.reason)
            raise ArenaError(NOT_WRITTEN, reason=answer.reason)


@asynccontextmanager
async def _running() -> AsyncGenerator[Process]:
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-P",
        "-m",
        WORKER,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
        env=_environment(),
    )
    try:
        yield process
    finally:
        if process.returncode is None:
            process.kill()
        _pipe(process.stdin).close()
        await process.wait()


async def _asked(process: Process, job: ExportJob) -> Answer:
    """Send the job; the pipe stays open, because its end would end the process."""
    pipe = _pipe(process.stdin)
    pipe.write(msgspec.json.encode(job) + b"\n")
    said, complaints = await asyncio.gather(_pipe(process.stdout).read(), _pipe(process.stderr).read())
    status = await process.wait()
    if not said:
        detail = complaints.decode(errors="replace")[-_DETAIL_CHARS:]
        raise ChildEndedError(f"status {status}: {detail or 'no word'}")
    return msgspec.json.decode(said, type=Answer)


def _environment() -> dict[str, str]:
    """Return what the process is given: the same modules as this one, and no secrets."""
    kept = {
        name: value
        for name, value in os.environ.items()
        if name in _INHERITED or name.startswith(("LC_", "PYTHON"))
    }
    return kept | {"PYTHONPATH": os.pathsep.join(filter(None, sys.path))}


def _pipe(stream: Stream | None) -> Stream:
    if stream is None:
        raise RuntimeError("the process was started without this pipe")
    return stream
