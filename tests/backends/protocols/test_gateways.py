"""What stands before model servers, where it is installed: nginx, HAProxy and Caddy; and what many run in."""

from __future__ import annotations

import asyncio
import os
import shutil
import socket
from contextlib import aclosing, asynccontextmanager, closing
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest
import uvicorn

from bot.backends.base import ChatMessage, Event, Failure, Finished, Usage
from tests.backends.asking import QUESTION, answer_of, ask, backend, failure_of, limits, text_of
from tests.backends.fault_server import (
    DONE,
    FaultServer,
    hang_up,
    respond,
    stream,
    stream_as_told,
    text,
)
from tests.backends.protocols.dialects import OPENAI

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, AsyncIterable, Awaitable, Callable, MutableMapping
    from pathlib import Path
    from typing import Any

    import aiohttp

WORDS = [f"word{number} " for number in range(500)]


@dataclass(frozen=True, slots=True)
class GatewayProgram:
    """A program with its command and its configuration, as short as its documentation has it.

    `{folder}` is one of its own, `{port}` where it listens, and `{upstream}` the host and port of the server
    behind it.
    """

    program: str
    options: tuple[str, ...]
    configuration: str


NGINX = GatewayProgram(
    "nginx",
    ("-p", "{folder}", "-e", "{folder}/errors", "-c", "{folder}/configuration"),
    """
    daemon off; pid {folder}/pid;
    events {{ }}
    http {{
      access_log off; client_body_temp_path {folder}/bodies; proxy_temp_path {folder}/proxied;
      fastcgi_temp_path {folder}/f; uwsgi_temp_path {folder}/u; scgi_temp_path {folder}/s;
      server {{ listen 127.0.0.1:{port}; location / {{ proxy_pass http://{upstream}; }} }}
    }}
    """,
)
# One request at a time: the others are queued.
HAPROXY = GatewayProgram(
    "haproxy",
    ("-f", "{folder}/configuration"),
    """
defaults
  mode http
  timeout connect 5s
  timeout client 60s
  timeout server 60s
listen models
  bind 127.0.0.1:{port}
  server one {upstream} maxconn 1
""",
)
CADDY = GatewayProgram(
    "caddy",
    ("run", "--adapter", "caddyfile", "--config", "{folder}/configuration"),
    """
{{
  admin off
  auto_https off
}}
http://127.0.0.1:{port} {{
  encode gzip
  reverse_proxy {upstream}
}}
""",
)
GATEWAYS = [NGINX, HAPROXY, CADDY]
each_gateway = pytest.mark.parametrize("gateway", GATEWAYS, ids=[each.program for each in GATEWAYS])


def free_port() -> int:
    with closing(socket.create_server(("127.0.0.1", 0))) as listener:
        return int(listener.getsockname()[1])


@asynccontextmanager
async def before(server: FaultServer, gateway: GatewayProgram, folder: Path) -> AsyncGenerator[str]:
    """Run a gateway before the server; yields the base URL."""
    # Distributions keep servers where only administrators look for programs.
    program = shutil.which(gateway.program, path=f"{os.environ['PATH']}:/usr/sbin")
    if program is None:
        pytest.skip(f"{gateway.program} is not installed here")
    port = free_port()
    values = {"folder": str(folder), "port": port, "upstream": server.url.split("/")[2]}
    (folder / "configuration").write_text(gateway.configuration.format(**values))
    process = await asyncio.create_subprocess_exec(
        program,
        *(option.format(**values) for option in gateway.options),
        env=os.environ | {"HOME": str(folder)},
        stderr=asyncio.subprocess.DEVNULL,
    )
    try:
        await until_it_listens(port, process)
        yield f"http://127.0.0.1:{port}/v1"
    finally:
        process.terminate()
        await process.wait()


async def until_it_listens(port: int, process: asyncio.subprocess.Process) -> None:
    async with asyncio.timeout(60):
        while True:
            try:
                _, writer = await asyncio.open_connection("127.0.0.1", port)
            except ConnectionRefusedError:
                assert process.returncode is None
                await asyncio.sleep(0.02)
            else:
                writer.close()
                return


@each_gateway
async def test_a_reply_comes_whole_through_a_gateway(
    session: aiohttp.ClientSession, server: FaultServer, gateway: GatewayProgram, tmp_path: Path
) -> None:
    server.answer(stream(*OPENAI.whole(*WORDS)))
    async with before(server, gateway, tmp_path) as url:
        events = await ask(backend(session, url, within=limits(max_reply_chars=10_000)))

    last = events[-1]
    assert text_of(events) == "".join(WORDS)
    assert isinstance(last, Finished)
    assert last.usage == Usage(7, 2)


@each_gateway
async def test_what_goes_wrong_behind_a_gateway_has_its_failure(
    session: aiohttp.ClientSession, server: FaultServer, gateway: GatewayProgram, tmp_path: Path
) -> None:
    found: dict[str, Failure] = {}
    async with before(server, gateway, tmp_path) as url:
        model = backend(session, url)
        for name, handler in {
            "key": respond(401, {"error": {"message": "no such key"}}),
            "cut": stream(text("Half a "), then=hang_up),
            "hung up": hang_up,
        }.items():
            server.answer(handler)
            found[name] = (await failure_of(model)).failure

    assert found == {"key": Failure.AUTH, "cut": Failure.BROKE_OFF, "hung up": Failure.OVERLOADED}


@each_gateway
async def test_more_replies_than_a_gateway_lets_through_are_all_had(
    session: aiohttp.ClientSession, server: FaultServer, gateway: GatewayProgram, tmp_path: Path
) -> None:
    server.answer(stream(text("Because.", "stop"), DONE))
    async with before(server, gateway, tmp_path) as url:
        model = backend(session, url, max_concurrent=24)
        answers = await asyncio.gather(*(answer_of(model) for _ in range(24)))

    assert answers == ["Because."] * 24


@each_gateway
async def test_a_reply_that_is_given_up_ends_behind_a_gateway_too(
    session: aiohttp.ClientSession, server: FaultServer, gateway: GatewayProgram, tmp_path: Path
) -> None:
    server.answer(stream_as_told(endless))
    async with before(server, gateway, tmp_path) as url:
        model = backend(session, url, within=limits(max_reply_chars=100_000))
        async with aclosing(model.reply(QUESTION)) as events:
            await anext(events)
        async with asyncio.timeout(60):
            await server.gone.wait()


async def endless() -> AsyncIterable[bytes]:
    """Write on: HAProxy notices that nobody listens when there is something to pass on."""
    while True:
        yield text("word ")
        await asyncio.sleep(0)


async def test_a_request_too_large_for_nginx_says_that_the_prompt_is_too_long(
    session: aiohttp.ClientSession, server: FaultServer, tmp_path: Path
) -> None:
    async with before(server, NGINX, tmp_path) as url:
        model = backend(session, url)

        assert (await failure_of(model, "x" * (1 << 20))).failure is Failure.PROMPT_TOO_LONG


@pytest.mark.parametrize("gateway", [HAPROXY, CADDY], ids=["haproxy", "caddy"])
async def test_words_come_through_a_gateway_as_they_are_written(
    session: aiohttp.ClientSession, server: FaultServer, gateway: GatewayProgram, tmp_path: Path
) -> None:
    """Not by nginx, which collects them, nor by Caddy, if it may compress them."""
    first_came = asyncio.Event()

    async def in_step() -> AsyncIterable[bytes]:
        yield text("The sky scatters blue light, and more so than red. ")
        await first_came.wait()
        yield text("So it is blue.", "stop") + DONE

    server.answer(stream_as_told(in_step))
    async with before(server, gateway, tmp_path) as url, asyncio.timeout(60):
        model = backend(session, url, within=limits(60, 60, 60))
        said: list[Event] = []
        async for event in model.reply(QUESTION):
            said.append(event)
            first_came.set()

    assert text_of(said).endswith("So it is blue.")


async def application(
    scope: MutableMapping[str, Any],
    receive: Callable[[], Awaitable[MutableMapping[str, Any]]],
    send: Callable[[MutableMapping[str, Any]], Awaitable[None]],
) -> None:
    """Answer as the prompt wants it, or fail as programs do that were written in an hour."""
    if scope["type"] != "http":
        raise NotImplementedError
    prompt = (await receive())["body"]
    if b"Fail at once" in prompt:
        raise RuntimeError("at once")
    headers = [(b"content-type", b"text/event-stream")]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": text("Be"), "more_body": True})
    if b"Fail later" in prompt:
        raise RuntimeError("later")
    await send({"type": "http.response.body", "body": text("cause.", "stop") + DONE})


@asynccontextmanager
async def in_uvicorn() -> AsyncGenerator[str]:
    running = uvicorn.Server(uvicorn.Config(application, log_level="critical", lifespan="off"))
    listener = socket.create_server(("127.0.0.1", 0))
    serving = asyncio.create_task(running.serve(sockets=[listener]))
    try:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}/v1"
    finally:
        running.should_exit = True
        await serving


async def test_a_program_that_fails_in_uvicorn_fails_one_reply_and_no_other(
    session: aiohttp.ClientSession,
) -> None:
    async with in_uvicorn() as url:
        model = backend(session, url, max_concurrent=1)
        asked = ["Fail at once", "Why?", "Why?", "Fail later", "Why?", "Fail at once", "Why?"]
        became: list[str] = []
        for prompt in asked:
            if prompt == "Why?":
                became.append(text_of([each async for each in model.reply((ChatMessage("user", prompt),))]))
            else:
                became.append((await failure_of(model, prompt)).failure.value)

    assert became == [
        *("overloaded", "Because.", "Because."),
        *("broke_off", "Because.", "overloaded", "Because."),
    ]
