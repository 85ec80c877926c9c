"""Servers that others wrote: npm's aimock for all four protocols, llama.cpp's own for two of them."""

from __future__ import annotations

import asyncio
import shutil
import subprocess
import sys
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

import msgspec
import pytest

from bot.arena.models.probe import IMAGE, probe
from bot.backends.base import (
    BackendError,
    ChatMessage,
    Event,
    Failure,
    Finished,
    Generation,
    TextPiece,
)
from bot.backends.http.sessions import open_session
from bot.domain.battle import FinishReason
from tests.backends.asking import answer_of, backend, failure_of, limits
from tests.backends.protocols.dialects import ALL, ANTHROPIC, GEMINI, OLLAMA, OPENAI, Dialect

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator
    from pathlib import Path

    import aiohttp

AIMOCK = "@copilotkit/aimock@1.43.0"
INSTALL_SECONDS = 120
ANSWER = "Blue light is scattered most, 空は青い。"
ROOTS = {OPENAI: "/v1", ANTHROPIC: "", GEMINI: "", OLLAMA: ""}
FIXTURES = [
    {"match": {"userMessage": "sky"}, "response": {"content": ANSWER}},
    {"match": {"userMessage": "think"}, "response": {"content": "Blue.", "reasoning": "Let me think."}},
    {"match": {"userMessage": "refuse"}, "response": {"error": {"message": "bad key"}, "status": 401}},
    {"match": {"userMessage": "pause"}, "response": {"error": {"message": "slow down"}, "status": 429}},
    {"match": {"userMessage": "busy"}, "response": {"error": {"message": "busy"}, "status": 529}},
    {"match": {"userMessage": "unknown"}, "response": {"error": {"message": "no model"}, "status": 404}},
]
LLAMA = """
import sys, xllamacpp
params = xllamacpp.CommonParams()
params.model.path, params.n_ctx, params.n_parallel = sys.argv[1], 1024, 1
params.cpuparams.n_threads = params.cpuparams_batch.n_threads = 1
params.api_keys = [sys.argv[2]]
server = xllamacpp.Server(params)
print(server.listening_address, flush=True)
sys.stdin.read()
"""
KEY = "sk-very-secret-0123456789"
LONG = limits(first_token=60, total=90, max_reply_chars=40_000)


@pytest.fixture(scope="module")
def aimock(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Install the program into a folder of this run."""
    npm = shutil.which("npm")
    if npm is None:
        pytest.skip("no npm here: it would bring aimock, which plays the four protocols")
    folder = tmp_path_factory.mktemp("aimock")
    installed = subprocess.run(  # noqa: S603 - our own words
        [npm, "install", "--prefix", str(folder), "--no-audit", "--no-fund", AIMOCK],
        capture_output=True,
        timeout=INSTALL_SECONDS,
        check=False,
    )
    if installed.returncode:
        pytest.skip(f"npm could not bring aimock: {installed.stderr.decode()[-200:]}")
    (folder / "fixtures.json").write_bytes(msgspec.json.encode({"fixtures": FIXTURES}))
    return folder


@asynccontextmanager
async def mocking(folder: Path, *options: str) -> AsyncGenerator[str]:
    process = await asyncio.create_subprocess_exec(
        *(str(folder / "node_modules" / ".bin" / "llmock"), "-p", "0", "-c", "4"),
        *("-f", str(folder / "fixtures.json"), *options),
        stdout=asyncio.subprocess.PIPE,
    )
    try:
        assert process.stdout
        async with asyncio.timeout(60):
            while b"listening on " not in (line := await process.stdout.readline()):
                assert line
        yield line.decode().rpartition("listening on ")[2].strip()
    finally:
        process.terminate()
        await process.communicate()


async def say(session: aiohttp.ClientSession, url: str, dialect: Dialect, prompt: str) -> list[Event]:
    model = backend(session, url + ROOTS[dialect], protocol=dialect.wire)
    return [event async for event in model.reply((ChatMessage("user", prompt),))]


@pytest.mark.parametrize("dialect", ALL.values(), ids=ALL.keys())
async def test_aimock_is_understood(session: aiohttp.ClientSession, aimock: Path, dialect: Dialect) -> None:
    async with mocking(aimock) as url:
        *pieces, last = await say(session, url, dialect, "sky")
        thought = await say(session, url, dialect, "think")

    assert "".join(piece.text for piece in pieces if isinstance(piece, TextPiece)) == ANSWER
    assert isinstance(last, Finished)
    assert last.reason is FinishReason.STOP
    assert "".join(piece.text for piece in thought if isinstance(piece, TextPiece)) == "Blue."


@pytest.mark.parametrize("dialect", ALL.values(), ids=ALL.keys())
async def test_aimock_finds_the_words_beside_an_image(
    session: aiohttp.ClientSession, aimock: Path, dialect: Dialect
) -> None:
    async with mocking(aimock) as url:
        model = backend(session, url + ROOTS[dialect], protocol=dialect.wire)
        asked = model.reply((ChatMessage("user", "What of the sky?", IMAGE),))
        answer = "".join([event.text async for event in asked if isinstance(event, TextPiece)])

    assert answer == ANSWER


@pytest.mark.parametrize("dialect", ALL.values(), ids=ALL.keys())
async def test_what_aimock_refuses_has_its_failure(
    session: aiohttp.ClientSession, aimock: Path, dialect: Dialect
) -> None:
    expected = {
        "refuse": Failure.AUTH,
        "pause": Failure.RATE_LIMITED,
        "busy": Failure.OVERLOADED,
        "unknown": Failure.NOT_FOUND,
    }
    async with mocking(aimock) as url:
        model = backend(session, url + ROOTS[dialect], protocol=dialect.wire)
        found = {prompt: await failure_of(model, prompt) for prompt in expected}

    assert {prompt: error.failure for prompt, error in found.items()} == expected
    assert found["pause"].retry_after == 1.0


@pytest.mark.parametrize(
    ("chaos", "failures"),
    [
        ("--chaos-drop", {Failure.OVERLOADED}),
        ("--chaos-malformed", {Failure.BAD_ANSWER}),
        ("--chaos-disconnect", {Failure.UNREACHABLE, Failure.BAD_ANSWER}),
        ("--chaos-ratelimit", {Failure.RATE_LIMITED}),
    ],
)
@pytest.mark.parametrize("dialect", ALL.values(), ids=ALL.keys())
async def test_aimock_s_chaos_has_its_failures(
    session: aiohttp.ClientSession, aimock: Path, dialect: Dialect, chaos: str, failures: set[Failure]
) -> None:
    async with mocking(aimock, chaos, "1") as url:
        model = backend(session, url + ROOTS[dialect], protocol=dialect.wire)

        assert (await failure_of(model)).failure in failures


@asynccontextmanager
async def llama(weights: Path) -> AsyncGenerator[str]:
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-c", LLAMA, str(weights), KEY),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
    )
    try:
        assert process.stdout
        async with asyncio.timeout(60):
            while not (line := await process.stdout.readline()).startswith(b"http"):
                assert line
        yield line.decode().strip()
    finally:
        process.kill()
        await process.communicate()


@pytest.mark.parametrize("dialect", [OPENAI, ANTHROPIC], ids=["openai", "anthropic"])
async def test_llama_cpp_s_own_server_is_understood(
    session: aiohttp.ClientSession, cached_gguf: Path, dialect: Dialect
) -> None:
    brief = Generation("Answer in one sentence.", 0.0, 30)
    async with llama(cached_gguf) as url:
        there = url + ROOTS[dialect]
        wrong = backend(session, there, protocol=dialect.wire, within=LONG, api_key="sk-wrong")
        refused = await failure_of(wrong)
        # Afresh, because this server hangs up on whom it refused.
        async with open_session() as another:
            model = backend(another, there, protocol=dialect.wire, within=LONG, generation=brief)
            answer = await answer_of(model)

    assert refused.failure is Failure.AUTH
    assert len(answer) > 10


@pytest.mark.parametrize("dialect", [OPENAI, ANTHROPIC], ids=["openai", "anthropic"])
async def test_llama_cpp_finds_the_image_and_says_that_its_model_cannot_see(
    session: aiohttp.ClientSession, cached_gguf: Path, dialect: Dialect
) -> None:
    async with llama(cached_gguf) as url:
        model = backend(session, url + ROOTS[dialect], protocol=dialect.wire, within=LONG)
        with pytest.raises(BackendError, match="image input is not supported") as raised:
            await probe(model, image_bytes=0)

    assert raised.value.failure is Failure.NO_IMAGES
