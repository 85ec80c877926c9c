"""A model server as a process: `python -m tests.wire.model_server REPLY` prints its port and streams REPLY.

It speaks chat completions, one word a chunk, `--pace` seconds apart. Of an image it says how large it is.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import re
import socket
from base64 import b64decode

from aiohttp import web


class ModelServerOptions(argparse.Namespace):
    reply: str
    pace: float


OPTIONS = web.AppKey("OPTIONS", ModelServerOptions)


async def complete(request: web.Request) -> web.StreamResponse:
    seen = _images(await request.read())
    options = request.app[OPTIONS]
    response = web.StreamResponse(headers={"Content-Type": "text/event-stream"})
    await response.prepare(request)
    for word in [*seen, *options.reply.split(" ")]:
        await _send(response, {"choices": [{"index": 0, "delta": {"content": f"{word} "}}]})
        await asyncio.sleep(options.pace)
    await _send(response, {"choices": [{"index": 0, "delta": {}, "finish_reason": "stop"}]})
    usage = {"prompt_tokens": 7, "completion_tokens": len(options.reply.split(" "))}
    await _send(response, {"choices": [], "usage": usage})
    await response.write(b"data: [DONE]\n\n")
    return response


def _images(body: bytes) -> list[str]:
    """Describe the images of a conversation, such as "[image/png:97]" for one of 97 bytes."""
    found = re.findall(rb'"image_url":\{"url":"data:([a-z/]+);base64,([^"]+)"', body)
    return [f"[{kind.decode()}:{len(b64decode(data))}]" for kind, data in found]


async def _send(response: web.StreamResponse, chunk: dict[str, object]) -> None:
    await response.write(f"data: {json.dumps(chunk)}\n\n".encode())


async def serve(options: ModelServerOptions) -> None:
    app = web.Application(client_max_size=32 << 20)
    app[OPTIONS] = options
    app.router.add_post("/v1/chat/completions", complete)
    runner = web.AppRunner(app)
    await runner.setup()
    listener = socket.create_server(("127.0.0.1", 0))
    await web.SockSite(runner, listener).start()
    print(listener.getsockname()[1], flush=True)  # noqa: T201 - how the starter learns the port
    await asyncio.Event().wait()


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("reply")
    parser.add_argument("--pace", type=float, default=0.0)
    asyncio.run(serve(parser.parse_args(namespace=ModelServerOptions())))
