"""The bare loop beside which bench.latency puts the bot: the same streams and edits, and nothing else.

A process: for each line of JSON on its standard input it answers an interaction, reads both models, edits
the card as often as the bot would, and prints a line. No Discord library, no storage, no checks.
"""

from __future__ import annotations

import asyncio
import sys

import aiohttp
import msgspec
import uvloop

PACE_SECONDS = 1.0
"""Between two edits, as in `Pauses.between_edits`."""

CLOSE_BUTTON = {
    "type": 1,
    "components": [{"type": 2, "style": 2, "label": "Close voting", "custom_id": "arena:close:0"}],
}


class Job(msgspec.Struct):
    """One battle: where to answer and to edit, and the models' addresses."""

    callback: str
    card: str
    models: list[str]


class BareDelta(msgspec.Struct):
    content: str = ""


class BareChoice(msgspec.Struct):
    delta: BareDelta


class BareChunk(msgspec.Struct):
    choices: list[BareChoice]


class BareBattle:
    """One run of a job."""

    def __init__(self, session: aiohttp.ClientSession, job: Job) -> None:
        self._session = session
        self._job = job
        self._texts = [""] * len(job.models)
        self._begun = asyncio.Event()
        self._finished = asyncio.Event()

    async def run(self) -> None:
        answer = {"type": 5}  # the card follows, as the bot's does
        async with self._session.post(self._job.callback, json=answer) as response:
            response.raise_for_status()
        await self._edit(self._card())
        narrator = asyncio.create_task(self._narrate())
        await asyncio.gather(*(self._read(number) for number in range(len(self._texts))))
        self._finished.set()
        await narrator
        await self._edit(self._card(CLOSE_BUTTON))

    async def _read(self, number: int) -> None:
        body = {"model": "m", "stream": True, "messages": [{"role": "user", "content": "Why?"}]}
        url = f"{self._job.models[number]}/chat/completions"
        async with self._session.post(url, json=body) as response:
            async for line in response.content:
                if line.startswith(b"data: {"):
                    for choice in msgspec.json.decode(line[6:], type=BareChunk).choices:
                        self._texts[number] += choice.delta.content
                if all(self._texts):
                    self._begun.set()

    async def _narrate(self) -> None:
        await self._begun.wait()
        while not self._finished.is_set():
            await self._edit(self._card())
            await asyncio.wait([asyncio.ensure_future(self._finished.wait())], timeout=PACE_SECONDS)

    async def _edit(self, card: object) -> None:
        async with self._session.patch(self._job.card, json=card) as response:
            response.raise_for_status()

    def _card(self, *more: object) -> dict[str, object]:
        shown = min(map(len, self._texts))
        texts = ["### Prompt", *(text[:shown] or "…" for text in self._texts), "-# Footer"]
        return {
            "flags": 1 << 15,
            "components": [*({"type": 10, "content": text} for text in texts), *more],
            "allowed_mentions": {"parse": list[str]()},
        }


async def main() -> None:
    async with aiohttp.ClientSession() as session:
        while line := await asyncio.to_thread(sys.stdin.readline):
            await BareBattle(session, msgspec.json.decode(line, type=Job)).run()
            print("done", flush=True)


if __name__ == "__main__":
    uvloop.run(main())
