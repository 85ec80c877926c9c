"""What a streamed reply costs: `python -m bench.backends [--rounds N]`, our adapters beside the SDKs.

A server of 200 pieces a reply, a process of its own, is asked by each client in turn, a process of its own
as well: ten replies a round one after the other, then fifty a round at a time. Import time and memory are
those of a process that imports it and nothing else. Milliseconds of the clock and of the processor are per
reply. The official SDKs are measured where they are installed, which no extra does:
`pip install openai anthropic google-genai ollama`.
"""

from __future__ import annotations

import argparse
import asyncio
import importlib
import json
import subprocess
import sys
import time
from contextlib import aclosing
from importlib.util import find_spec
from typing import TYPE_CHECKING

from aiohttp import web

from bench.setup.table import print_setting, print_table
from tests.backends.protocols.dialects import ALL

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Awaitable, Callable

    Reply = Callable[[], Awaitable[int]]

PIECES = 200
ALONE = 10
AT_ONCE = 50
ROUNDS = 6
ROOTS = {"openai": "/v1", "anthropic": "", "gemini": "", "ollama": ""}
MODULES = {"openai": "openai", "anthropic": "anthropic", "gemini": "google.genai", "ollama": "ollama"}
PACKAGES = {"openai": "openai", "anthropic": "anthropic", "gemini": "google-genai", "ollama": "ollama"}
MARKS = {
    "openai": "/completions",
    "anthropic": "/messages",
    "gemini": "streamGenerateContent",
    "ollama": "/api/chat",
}
OURS = "bot.backends.http.backend, bot.backends.http.connections"
IMPORT = """
import json, resource, time
begun = time.perf_counter()
import {}
seconds = time.perf_counter() - begun
print(json.dumps([seconds, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024]))
"""
QUESTION = "Why is the sky blue?"


async def serve() -> None:
    """Answer every protocol at its path, each piece a write of its own."""
    pieces = {
        name: [*(dialect.text("word ") for _ in range(PIECES)), dialect.end("")]
        for name, dialect in ALL.items()
    }

    async def answer(request: web.Request) -> web.StreamResponse:
        await request.read()
        name = next(name for name, mark in MARKS.items() if mark in request.path)
        response = web.StreamResponse(headers={"Content-Type": ALL[name].content_type})
        await response.prepare(request)
        for piece in pieces[name]:
            await response.write(piece)
        return response

    app = web.Application()
    app.router.add_post("/{path:.*}", answer)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    print(runner.addresses[0][1], flush=True)
    await asyncio.Event().wait()


async def with_ours(protocol: str, url: str) -> AsyncGenerator[Reply, None]:
    from bot.backends.base import ChatMessage, Generation, Retraction, TextPiece  # noqa: PLC0415 - the import is measured
    from bot.backends.http.backend import HttpBackend  # noqa: PLC0415
    from bot.backends.http.connections import operators_connections  # noqa: PLC0415
    from bot.backends.http.endpoint import Service  # noqa: PLC0415
    from bot.backends.http.secret import Secret  # noqa: PLC0415
    from bot.backends.http.sessions import HttpLimits, open_session  # noqa: PLC0415

    async with open_session() as session:
        service = Service(url + ROOTS[protocol], "m", Secret("key"), max_concurrent=AT_ONCE)
        limits = HttpLimits(5, 30, 60, 10**6)
        wire, connections = ALL[protocol].wire, operators_connections()
        model = HttpBackend(session, service, limits, Generation(), wire, connections)

        async def reply() -> int:
            length = 0
            async with aclosing(model.reply((ChatMessage("user", QUESTION),))) as events:
                async for event in events:
                    if isinstance(event, TextPiece):
                        length += len(event.text)
                    elif isinstance(event, Retraction):
                        length = 0
            return length

        yield reply


async def with_sdk(protocol: str, url: str) -> AsyncGenerator[Reply, None]:
    sdk = importlib.import_module(MODULES[protocol])
    messages = [{"role": "user", "content": QUESTION}]

    async def openai() -> int:
        stream = await client.chat.completions.create(model="m", messages=messages, stream=True)
        return sum([len(each.choices[0].delta.content or "") async for each in stream if each.choices])

    async def anthropic() -> int:
        stream = await client.messages.create(model="m", max_tokens=999, messages=messages, stream=True)
        return sum([len(each.delta.text) async for each in stream if each.type == "content_block_delta"])

    async def gemini() -> int:
        stream = await client.aio.models.generate_content_stream(model="m", contents=QUESTION)
        return sum([len(each.text or "") async for each in stream])

    async def ollama() -> int:
        stream = await client.chat(model="m", messages=messages, stream=True)
        return sum([len(each.message.content or "") async for each in stream])

    match protocol:
        case "openai":
            client, reply = sdk.AsyncOpenAI(base_url=f"{url}/v1", api_key="key", max_retries=0), openai
        case "anthropic":
            client, reply = sdk.AsyncAnthropic(base_url=url, api_key="key", max_retries=0), anthropic
        case "gemini":
            client, reply = sdk.Client(api_key="key", http_options={"base_url": url}), gemini
        case _:
            client, reply = sdk.AsyncClient(host=url), ollama
    yield reply


async def measure(client: str, protocol: str, url: str, rounds: int) -> dict[str, float]:
    replies = with_ours(protocol, url) if client == "ours" else with_sdk(protocol, url)
    async with aclosing(replies) as made:
        reply = await anext(made)
        figures: dict[str, float] = {}
        expected = PIECES * len("word ")
        if (length := await reply()) != expected:
            raise RuntimeError(f"{client} {protocol}: {length} characters in place of {expected}")
        clock, cpu = time.perf_counter(), time.process_time()
        for _ in range(rounds * ALONE):
            await reply()
        figures["alone"] = (time.perf_counter() - clock) / (rounds * ALONE)
        figures["alone_cpu"] = (time.process_time() - cpu) / (rounds * ALONE)
        clock, cpu = time.perf_counter(), time.process_time()
        for _ in range(rounds):
            await asyncio.gather(*(reply() for _ in range(AT_ONCE)))
        figures["together"] = (time.perf_counter() - clock) / (rounds * AT_ONCE)
        figures["together_cpu"] = (time.process_time() - cpu) / (rounds * AT_ONCE)
    return figures


def main(rounds: int) -> None:
    print_setting(f"Streamed replies of {PIECES} pieces")
    with subprocess.Popen(
        [sys.executable, "-m", "bench.backends", "--serve"], stdout=subprocess.PIPE, text=True
    ) as server:
        try:
            assert server.stdout  # noqa: S101 - for the type checker
            url = f"http://127.0.0.1:{int(server.stdout.readline())}"
            rows = [_row(client, protocol, url, rounds) for protocol in MARKS for client in ("ours", "SDK")]
        finally:
            server.terminate()
    head = ("protocol", "client", "import ms", "MB", "1: ms", "CPU", f"{AT_ONCE}: ms", "CPU")
    print_table(head, rows)
    missing = [PACKAGES[protocol] for protocol in MARKS if not _is_installed(MODULES[protocol])]
    if missing:
        print(f"Not installed: pip install {' '.join(missing)}")


def _row(client: str, protocol: str, url: str, rounds: int) -> tuple[str, ...]:
    if client == "SDK" and not _is_installed(MODULES[protocol]):
        return (protocol, client, "not installed", *("" for _ in range(5)))
    done = subprocess.run(  # noqa: S603 - our own words
        [sys.executable, "-m", "bench.backends", "--client", client, protocol, url, "--rounds", str(rounds)],
        stdout=subprocess.PIPE,
        check=True,
    )
    found: dict[str, float] = json.loads(done.stdout)
    seconds, size = _imported(client, protocol)
    times = (found[each] for each in ("alone", "alone_cpu", "together", "together_cpu"))
    return (
        protocol,
        client,
        f"{1000 * seconds:.0f}",
        f"{size / 1e6:.0f}",
        *(f"{1000 * each:.1f}" for each in times),
    )


def _imported(client: str, protocol: str) -> list[float]:
    """Return what the import alone takes in a process of its own: seconds, and resident bytes after it."""
    ours = f"{OURS}, bot.backends.protocols.{protocol}"
    program = IMPORT.format(ours if client == "ours" else MODULES[protocol])
    done = subprocess.run([sys.executable, "-c", program], stdout=subprocess.PIPE, check=True)  # noqa: S603
    return json.loads(done.stdout)


def _is_installed(module: str) -> bool:
    try:
        return find_spec(module) is not None
    except ModuleNotFoundError:
        return False


if __name__ == "__main__":
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    parser.add_argument("--serve", action="store_true", help=argparse.SUPPRESS)
    parser.add_argument("--client", nargs=3, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.serve:
        asyncio.run(serve())
    elif given.client:
        client, protocol, url = given.client
        print(json.dumps(asyncio.run(measure(client, protocol, url, given.rounds))))
    else:
        main(given.rounds)
