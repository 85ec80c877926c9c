"""A process that writes one export: `python -m bot.exports.child.worker`.

The job comes by standard input, so that no other process can read its salt, and the answer leaves by standard
output. The end of the input is the end of the bot: then the process ends too, and leaves nothing.
"""

from __future__ import annotations

import asyncio
import os
import shutil
import sys
import threading
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from bot.errors import ArenaError, StartupError, StorageError
from bot.exports.child.job import DatabaseTrouble, ExportJob, FileTrouble, RefusedExport, WrittenFile
from bot.exports.formats import Format
from bot.exports.service import Exports, Order
from bot.storage.database import open_beside

if TYPE_CHECKING:
    from bot.exports.child.job import Answer

NICENESS = 5
"""The bot comes first where both want the processor."""


def main() -> None:
    os.umask(0o077)
    job = msgspec.json.decode(sys.stdin.buffer.readline(), type=ExportJob)
    threading.Thread(target=_end_with_the_bot, args=(Path(job.path).parent,), daemon=True).start()
    if sys.platform != "win32":
        os.nice(NICENESS)
    answer = asyncio.run(_answer(job))
    sys.stdout.buffer.write(msgspec.json.encode(answer) + b"\n")


def _end_with_the_bot(folder: Path) -> None:
    while os.read(sys.stdin.fileno(), 1):
        pass
    shutil.rmtree(folder, ignore_errors=True)
    os._exit(1)


async def _answer(job: ExportJob) -> Answer:
    try:
        return await _write(job)
    except ArenaError as exc:
        values = {name: value if isinstance(value, int) else str(value) for name, value in exc.values.items()}
        return RefusedExport(exc.template, values)
    except (StorageError, StartupError) as exc:
        return DatabaseTrouble(str(exc))
    except OSError as exc:
        return FileTrouble(exc.strerror or str(exc))


async def _write(job: ExportJob) -> WrittenFile:
    order = Order(job.guild_id, Format(job.format), job.salt)
    async with open_beside(Path(job.database)) as database:
        written = await Exports(database).write(
            order, Path(job.path), tell=lambda _: None, most_bytes=job.most_bytes
        )
    return WrittenFile(written.battles, written.rows)


if __name__ == "__main__":
    main()
