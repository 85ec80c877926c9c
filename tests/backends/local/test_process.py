"""The processes that run local models: shared, started again, and never left behind."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
import time
from contextlib import aclosing
from pathlib import Path

import pytest

from bot.backends.base import BackendError, ChatMessage, Failure
from bot.backends.http.sessions import HttpLimits
from bot.backends.local.backend import Sampling
from bot.backends.local.engine import LocalEngines, open_engines
from tests.backends.local.local_model import STORY, ask, failure_of, model, processes_with, text_of

# A program that is told to stop in the middle of a reply, and lets it end.
PROGRAM = """
import asyncio, signal, sys
from pathlib import Path
from bot.backends.base import ChatMessage, Generation
from bot.backends.local.backend import LocalBackend
from bot.backends.local.engine import open_engines
from bot.backends.http.sessions import HttpLimits

async def main():
    async with open_engines() as engines:
        backend = LocalBackend(engines.at(Path(sys.argv[1])), limits=HttpLimits(5, 60, 90, 40_000),
                               generation=Generation(max_output_tokens=60))
        stopping = asyncio.Event()
        asyncio.get_running_loop().add_signal_handler(signal.SIGINT, stopping.set)
        replying = backend.reply((ChatMessage("user", "Tell me a very long story."),))
        await anext(replying)
        print("replying", flush=True)
        await stopping.wait()
        async for _ in replying:
            pass

asyncio.run(main())
"""


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


async def test_loading_counts_and_goes_on_when_nobody_waits(engines: LocalEngines, gguf: Path) -> None:
    hasty = HttpLimits(5, 60, total_seconds=0.05, max_reply_chars=40_000)

    assert (await failure_of(model(engines.at(gguf), within=hasty))).failure is Failure.TIMEOUT

    assert text_of(await ask(model(engines.at(gguf))))
    assert len(processes_with(gguf)) == 1


async def test_a_process_that_dies_fails_its_replies_and_is_started_again(
    engines: LocalEngines, gguf: Path
) -> None:
    backend = model(engines.at(gguf), words=None)
    async with aclosing(backend.reply((ChatMessage("user", STORY),))) as reply:
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

        assert program.wait(timeout=60) == (0 if number is signal.SIGINT else -number)
        # The pipe's other end is the worker's, if it still lives.
        program.stdout.read()
    assert workers
    assert eventually_gone(workers)


def eventually_gone(pids: list[int]) -> bool:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        if not any(Path(f"/proc/{pid}").exists() for pid in pids):
            return True
    return False
