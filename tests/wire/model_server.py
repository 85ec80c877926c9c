"""A model server that speaks chat completions, a word a chunk. Of an image it says how large it is."""

from __future__ import annotations

import asyncio
import json
import math
import re
import socket
from base64 import b64decode
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from aiohttp import web

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator


TOO_LONG = {
    "error": {
        "code": "context_length_exceeded",
        "message": "This model's maximum context length is 128 tokens.",
    }
}


@dataclass(slots=True)
class ServerConduct:
    """How a model server ends its replies, and what it sees of those who ask."""

    finish: str = "stop"
    field: str = "content"
    """Where in a chunk the model's words stand: `refusal` where it declines."""
    most_bytes: int = 32 << 20
    """A longer request does not fit into the model's context."""
    quotes: bool = False
    """It refuses each request in words that quote it."""
    models: tuple[str, ...] = ()
    """What it names where it is asked for its list; without any, it has none."""
    asked: int = 0
    thought: str = ""
    """What it writes before each reply, and ends as its chat template began it, with a marker alone."""
    hangs: bool = False
    """It begins a reply and says no more."""
    breaks: bool = False
    """It writes a whole reply, and then fails instead of ending it."""
    left: int = 0
    """Clients that went away in the middle of a reply."""
    words: int = 0
    """What it wrote, to whomever."""


@asynccontextmanager
async def model_server(
    reply: str, pace: float = 0.0, conduct: ServerConduct | None = None
) -> AsyncGenerator[str]:
    """Answer whoever asks, with `pace` seconds between two words; yields the base URL."""
    conduct = conduct or ServerConduct()

    async def complete(request: web.Request) -> web.StreamResponse:
        body = await request.read()
        conduct.asked += 1
        if len(body) > conduct.most_bytes:
            return web.json_response(TOO_LONG, status=400)
        if conduct.quotes:
            quoted = json.loads(body)["messages"][-1]["content"]
            return web.json_response({"error": {"message": f"No answer to '{quoted}' here"}}, status=400)
        seen = _images(body)
        try:
            return await write(request, seen)
        except (asyncio.CancelledError, ConnectionError):
            conduct.left += 1
            raise

    async def write(request: web.Request, seen: list[str]) -> web.StreamResponse:
        response = web.StreamResponse(headers={"Content-Type": "text/event-stream"})
        await response.prepare(request)
        thought = [*conduct.thought.split(" "), "</think>"] if conduct.thought else []
        for word in [*thought, *seen, *reply.split(" ")]:
            await _send(response, {"choices": [{"index": 0, "delta": {conduct.field: f"{word} "}}]})
            conduct.words += 1
            await asyncio.sleep(math.inf if conduct.hangs else pace)
        if conduct.breaks:
            await _send(response, {"error": {"message": "out of memory"}})
            return response
        await _send(response, {"choices": [{"index": 0, "delta": {}, "finish_reason": conduct.finish}]})
        usage = {"prompt_tokens": 7, "completion_tokens": len(reply.split(" "))}
        await _send(response, {"choices": [], "usage": usage})
        await response.write(b"data: [DONE]\n\n")
        return response

    async def name_models(_: web.Request) -> web.StreamResponse:
        return web.json_response({"data": [{"id": each} for each in conduct.models]})

    app = web.Application(client_max_size=32 << 20)
    if conduct.models:
        app.router.add_get("/v1/models", name_models)
    app.router.add_post("/v1/chat/completions", complete)
    runner = web.AppRunner(app, handler_cancellation=True, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    listener = socket.create_server(("127.0.0.1", 0))
    try:
        await web.SockSite(runner, listener).start()
        yield f"http://127.0.0.1:{listener.getsockname()[1]}/v1"
    finally:
        await runner.cleanup()


def _images(body: bytes) -> list[str]:
    """Describe the images of a conversation, such as "[image/png:97]" for one of 97 bytes."""
    found = re.findall(rb'"image_url":\{"url":"data:([a-z/]+);base64,([^"]+)"', body)
    return [f"[{kind.decode()}:{len(b64decode(data))}]" for kind, data in found]


async def _send(response: web.StreamResponse, chunk: dict[str, object]) -> None:
    await response.write(f"data: {json.dumps(chunk)}\n\n".encode())
