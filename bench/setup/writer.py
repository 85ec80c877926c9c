"""A model as a process: `python -m bench.setup.writer WORDS PACE` writes a word each PACE seconds.

It serves chat completions. It prints its port, and then a line for each reply: when the first and the last
text of it were written, in nanoseconds of the monotonic clock, which Linux shares among all processes.
"""

from __future__ import annotations

import asyncio
import itertools
import sys
import time
from contextlib import suppress

import msgspec
from aiohttp import web

TEXT = ("blue", "light", "is", "scattered", "by", "small", "molecules", "far", "more", "than", "red", "light")


class WordServer:
    """Answers every request with the same words."""

    def __init__(self, words: int, pace: float) -> None:
        self._words = list(itertools.islice(itertools.cycle(TEXT), words))
        self._pace = pace

    async def complete(self, request: web.Request) -> web.StreamResponse:
        await request.read()
        response = web.StreamResponse(headers={"Content-Type": "text/event-stream"})
        await response.prepare(request)
        with suppress(ConnectionResetError):  # a benchmark that ends waits for no reply
            await self._write(response)
        return response

    async def _write(self, response: web.StreamResponse) -> None:
        times: list[int] = []
        for word in self._words:
            if times:
                await asyncio.sleep(self._pace)
            times.append(time.monotonic_ns())
            await response.write(_event({"choices": [{"index": 0, "delta": {"content": f"{word} "}}]}))
        usage = {"prompt_tokens": 7, "completion_tokens": len(self._words)}
        end = {"choices": [{"index": 0, "delta": {"content": ""}, "finish_reason": "stop"}], "usage": usage}
        await response.write(_event(end) + b"data: [DONE]\n\n")
        print(times[0], times[-1], flush=True)


def _event(data: object) -> bytes:
    return b"data: " + msgspec.json.encode(data) + b"\n\n"


async def serve(words: int, pace: float) -> None:
    app = web.Application()
    app.router.add_post("/v1/chat/completions", WordServer(words, pace).complete)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    print(runner.addresses[0][1], flush=True)
    await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(serve(int(sys.argv[1]), float(sys.argv[2])))
