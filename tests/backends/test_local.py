"""Local models, with the demo's real one where it can be had."""

from __future__ import annotations

import asyncio
import os
import shutil
import signal
import statistics
import subprocess
import sys
import time
from contextlib import aclosing, asynccontextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from bot.backends.base import (
    BackendError,
    Event,
    Failure,
    Finished,
    FinishReason,
    Generation,
    Message,
    TextPiece,
)
from bot.backends.exchange import Clock
from bot.backends.local import LocalBackend, Sampling
from bot.backends.local_engine import LocalEngine, LocalEngines, open_engines
from bot.backends.local_process import Tuning
from bot.backends.network import Limits
from bot.errors import StartupError
from bot.weights import Phase, WeightsUnavailable, cache_folder, demo_weights

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator

LIMITS = Limits(connect_seconds=5, first_token_seconds=60, total_seconds=90, max_reply_chars=40_000)
STORY = "Tell me a very long story about a lighthouse."
LONG_PROMPT = "The lighthouse keeper counts the waves. " * 250
# A program that is told to stop in the middle of a reply, and lets it end.
PROGRAM = """
import asyncio, signal, sys
from pathlib import Path
from bot.backends.base import Generation, Message
from bot.backends.local import LocalBackend
from bot.backends.local_engine import open_engines
from bot.backends.network import Limits

async def main():
    async with open_engines() as engines:
        backend = LocalBackend(engines.at(Path(sys.argv[1])), limits=Limits(5, 60, 90, 40_000),
                               generation=Generation(max_output_tokens=60))
        stopping = asyncio.Event()
        asyncio.get_running_loop().add_signal_handler(signal.SIGINT, stopping.set)
        replying = backend.reply((Message("user", "Tell me a very long story."),))
        await anext(replying)
        print("replying", flush=True)
        await stopping.wait()
        async for _ in replying:
            pass

asyncio.run(main())
"""


def _ignore(_phase: Phase, _done: int, _total: int) -> None:
    pass


@pytest.fixture(scope="session")
def cached_gguf() -> Path:
    if find_spec("xllamacpp") is None:
        pytest.skip("xllamacpp is not installed: pip install -e '.[demo]'")
    try:
        return asyncio.run(demo_weights(cache_folder(), _ignore))
    except WeightsUnavailable as exc:
        pytest.skip(f"the demo's model cannot be had: {exc}")


@pytest.fixture
def gguf(cached_gguf: Path, tmp_path: Path) -> Path:
    """Give the model a path that no other test's processes have."""
    path = tmp_path / "model.gguf"
    path.symlink_to(cached_gguf)
    return path


@pytest.fixture
async def engines() -> AsyncGenerator[LocalEngines, None]:
    async with open_engines() as opened:
        yield opened


def model(
    engine: LocalEngine,
    *,
    words: int | None = 40,
    within: Limits = LIMITS,
    system_prompt: str | None = None,
    sampling: Sampling | None = None,
) -> LocalBackend:
    generation = Generation(system_prompt, temperature=0.0, max_output_tokens=words)
    return LocalBackend(engine, limits=within, generation=generation, sampling=sampling)


async def ask(backend: LocalBackend, prompt: str = STORY) -> list[Event]:
    return [event async for event in backend.reply((Message("user", prompt),))]


def text_of(events: list[Event]) -> str:
    return "".join(event.text for event in events if isinstance(event, TextPiece))


async def failure_of(backend: LocalBackend, prompt: str = STORY) -> BackendError:
    with pytest.raises(BackendError) as caught:
        await ask(backend, prompt)
    return caught.value


def processes_with(path: Path) -> list[int]:
    """Find the processes that were started for a file."""
    processes = Path("/proc")
    if not processes.exists():
        pytest.skip("this system does not list its processes in /proc")
    return [
        int(command.parent.name)
        for command in processes.glob("[0-9]*/cmdline")
        if str(path).encode() in read_if_there(command)
    ]


def read_if_there(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError:
        return b""


@asynccontextmanager
async def measured_gaps() -> AsyncGenerator[list[float], None]:
    """Collect for how long the event loop was held, in seconds, as seen every millisecond."""
    gaps: list[float] = []

    async def tick() -> None:
        while True:
            before = time.perf_counter()
            await asyncio.sleep(0.001)
            gaps.append(time.perf_counter() - before - 0.001)

    ticking = asyncio.create_task(tick())
    try:
        yield gaps
    finally:
        ticking.cancel()


async def test_a_reply_comes_in_pieces_and_is_counted(engines: LocalEngines, gguf: Path) -> None:
    *pieces, last = await ask(model(engines.at(gguf)))

    assert len(pieces) > 20
    assert isinstance(last, Finished)
    assert last.reason is FinishReason.LENGTH
    assert last.usage.output_tokens == 40
    assert 10 < (last.usage.input_tokens or 0) < 60


async def test_a_reply_that_ends_by_itself_says_so(engines: LocalEngines, gguf: Path) -> None:
    last = (await ask(model(engines.at(gguf), words=300), "Say hello."))[-1]

    assert isinstance(last, Finished)
    assert last.reason is FinishReason.STOP


async def test_models_with_different_prompts_share_one_process(engines: LocalEngines, gguf: Path) -> None:
    pirate = model(engines.at(gguf), system_prompt="You are a pirate. Answer as a pirate.")
    teacher = model(engines.at(gguf), system_prompt="You are a teacher.", sampling=Sampling(0.9, 1.2, 7))

    said, taught = await asyncio.gather(ask(pirate, "What is tea?"), ask(teacher, "What is tea?"))

    assert text_of(said) != text_of(taught)
    assert len(processes_with(gguf)) == 1


async def test_two_files_answer_at_the_same_time(engines: LocalEngines, gguf: Path) -> None:
    other = gguf.with_name("other.gguf")
    other.symlink_to(gguf)

    replies = await asyncio.gather(ask(model(engines.at(gguf))), ask(model(engines.at(other))))

    assert all(len(reply) > 20 for reply in replies)
    assert processes_with(gguf) != processes_with(other)


async def test_more_replies_than_places_wait_for_one(engines: LocalEngines, gguf: Path) -> None:
    backend = model(engines.at(gguf, Tuning(parallel=1)), words=5)

    replies = await asyncio.gather(*(ask(backend) for _ in range(4)))

    assert all(isinstance(reply[-1], Finished) for reply in replies)


async def test_the_event_loop_is_not_held_while_a_model_loads_and_replies(
    engines: LocalEngines, gguf: Path
) -> None:
    async with measured_gaps() as gaps:
        await ask(model(engines.at(gguf), words=60))

    assert len(gaps) > 200
    assert statistics.quantiles(gaps, n=100)[-1] <= 0.020
    # One long hold, as of a load in this process (400 ms), hides above the hundredth part.
    assert max(gaps) < 0.200


@pytest.mark.parametrize("prompt", [STORY, LONG_PROMPT], ids=["writing", "reading the prompt"])
async def test_a_reply_is_given_up_within_100_ms(engines: LocalEngines, gguf: Path, prompt: str) -> None:
    engine = engines.at(gguf, Tuning(parallel=1))
    process = await engine.process()
    waits: list[float] = []
    for attempt in range(5):
        clock = Clock.start(LIMITS)
        # Not the same beginning, which would be remembered.
        reply = model(engine, words=None).reply((Message("user", f"{attempt} {prompt}"),))
        first = asyncio.ensure_future(anext(reply))
        await asyncio.wait({first}, timeout=0.5)

        begun = time.perf_counter()
        first.cancel()
        await asyncio.gather(first, return_exceptions=True)
        await reply.aclose()
        closed = time.perf_counter() - begun
        async with process.ask(b"{}", clock):
            waits.append(time.perf_counter() - begun)

        assert closed < 0.1
    assert statistics.median(waits) < 0.1


async def test_a_prompt_beyond_the_context_is_refused(engines: LocalEngines, gguf: Path) -> None:
    backend = model(engines.at(gguf, Tuning(context_tokens=512)))

    failure = await failure_of(backend, LONG_PROMPT)

    assert failure.failure is Failure.TOO_LONG
    assert "context holds 512" in failure.detail
    assert text_of(await ask(backend))


async def test_a_request_that_llama_refuses_is_told_in_its_words(engines: LocalEngines, gguf: Path) -> None:
    # Nonsense, as a stand-in for whatever llama.cpp may come to refuse.
    nonsense = Sampling(top_p="high")  # pyright: ignore[reportArgumentType]
    failure = await failure_of(model(engines.at(gguf), sampling=nonsense))

    assert failure.failure in (Failure.BAD_ANSWER, Failure.OVERLOADED)
    assert "error in the answer" in failure.detail


async def test_a_reply_longer_than_allowed_is_refused(engines: LocalEngines, gguf: Path) -> None:
    short = Limits(5, 60, 90, max_reply_chars=50)

    assert (await failure_of(model(engines.at(gguf), within=short))).failure is Failure.TOO_LONG


@pytest.mark.parametrize(
    ("limits", "named"),
    [
        (Limits(5, first_token_seconds=0.3, total_seconds=90, max_reply_chars=40_000), "first token"),
        (Limits(5, first_token_seconds=60, total_seconds=0.3, max_reply_chars=40_000), "total"),
    ],
    ids=["first token", "total"],
)
async def test_a_slow_reply_is_given_up(
    engines: LocalEngines, gguf: Path, limits: Limits, named: str
) -> None:
    await engines.at(gguf).process()

    failure = await failure_of(model(engines.at(gguf), within=limits), LONG_PROMPT)

    assert failure.failure is Failure.TIMEOUT
    assert named in failure.detail


async def test_loading_counts_and_goes_on_when_nobody_waits(engines: LocalEngines, gguf: Path) -> None:
    hasty = Limits(5, 60, total_seconds=0.05, max_reply_chars=40_000)

    assert (await failure_of(model(engines.at(gguf), within=hasty))).failure is Failure.TIMEOUT

    assert text_of(await ask(model(engines.at(gguf))))
    assert len(processes_with(gguf)) == 1


async def test_a_file_that_is_cut_short_is_refused(
    engines: LocalEngines, cached_gguf: Path, tmp_path: Path
) -> None:
    cut = tmp_path / "cut.gguf"
    with cached_gguf.open("rb") as whole:
        cut.write_bytes(whole.read(30_000_000))

    failure = await failure_of(model(engines.at(cut)))

    assert failure.failure is Failure.BAD_ANSWER
    assert "corrupted or incomplete" in failure.detail
    shutil.copyfile(cached_gguf, cut)
    assert text_of(await ask(model(engines.at(cut))))


async def test_a_process_that_dies_fails_its_replies_and_is_started_again(
    engines: LocalEngines, gguf: Path
) -> None:
    backend = model(engines.at(gguf), words=None)
    async with aclosing(backend.reply((Message("user", STORY),))) as reply:
        await anext(reply)
        os.kill(processes_with(gguf)[0], signal.SIGKILL)

        with pytest.raises(BackendError, match="process ended: status -9") as caught:
            async for _ in reply:
                pass

    assert caught.value.failure is Failure.UNREACHABLE
    assert text_of(await ask(model(engines.at(gguf))))


@pytest.mark.parametrize("seconds", [0.1, 1.5], ids=["loading", "writing"])
async def test_closing_ends_everything_at_once(gguf: Path, seconds: float) -> None:
    async with open_engines() as engines:
        replying = asyncio.ensure_future(ask(model(engines.at(gguf), words=None)))
        await asyncio.wait({replying}, timeout=seconds)
        begun = time.perf_counter()

    assert time.perf_counter() - begun < 2
    assert processes_with(gguf) == []
    with pytest.raises(BackendError):
        await replying
    with pytest.raises(BackendError, match="being closed"):
        await ask(model(engines.at(gguf)))


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGKILL])
def test_a_program_that_is_stopped_leaves_no_process(gguf: Path, number: signal.Signals) -> None:
    with subprocess.Popen(  # noqa: S603 - our own words
        [sys.executable, "-c", PROGRAM, str(gguf)], stdout=subprocess.PIPE, start_new_session=True
    ) as program:
        assert program.stdout
        assert program.stdout.readline() == b"replying\n"
        workers = [pid for pid in processes_with(gguf) if pid != program.pid]

        # As the terminal does it; a hard end strikes the program alone.
        (os.kill if number is signal.SIGKILL else os.killpg)(program.pid, number)

        assert program.wait(timeout=5) == (0 if number is signal.SIGINT else -number)
        # The pipe's other end is the worker's, if it still lives.
        program.stdout.read()
    assert workers
    assert eventually_gone(workers)


def eventually_gone(pids: list[int]) -> bool:
    deadline = time.monotonic() + 5
    while time.monotonic() < deadline:
        if not any(Path(f"/proc/{pid}").exists() for pid in pids):
            return True
    return False


@pytest.mark.parametrize("place", ["missing.gguf", "."], ids=["missing", "a folder"])
async def test_a_file_that_cannot_be_read_is_not_found(tmp_path: Path, place: str) -> None:
    failure = await failure_of(model(LocalEngine(tmp_path / place, Tuning())))

    assert failure.failure is Failure.NOT_FOUND
    assert str(tmp_path / place) in failure.detail


async def test_a_file_that_is_no_gguf_is_refused(tmp_path: Path) -> None:
    (tmp_path / "readme.gguf").write_text("Not Found")

    failure = await failure_of(model(LocalEngine(tmp_path / "readme.gguf", Tuning())))

    assert failure.failure is Failure.BAD_ANSWER
    assert failure.detail.endswith("is not a GGUF file")


def test_the_missing_extra_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setitem(sys.modules, "xllamacpp", None)

    with pytest.raises(StartupError, match=r"pip install 'arena-bot\[demo\]'"):
        LocalEngines().at(tmp_path / "model.gguf")
