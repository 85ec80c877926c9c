"""Local models, with the demo's real one where it can be had."""

from __future__ import annotations

import asyncio
import shutil
import sys
from contextlib import aclosing
from typing import TYPE_CHECKING

import pytest

from bot.backends.base import ChatMessage, Failure, Finished, TextPiece
from bot.backends.http.sessions import HttpLimits
from bot.backends.local.backend import Sampling
from bot.backends.local.engine import LocalEngine, LocalEngines
from bot.backends.local.process import Tuning
from bot.domain.battle import FinishReason
from bot.errors import StartupError
from tests.backends.local.local_model import LONG_PROMPT, STORY, ask, failure_of, model, text_of

if TYPE_CHECKING:
    from pathlib import Path


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


async def test_more_replies_than_places_wait_for_one(engines: LocalEngines, gguf: Path) -> None:
    backend = model(engines.at(gguf, Tuning(parallel=1)), words=5)

    replies = await asyncio.gather(*(ask(backend) for _ in range(4)))

    assert all(isinstance(reply[-1], Finished) for reply in replies)


async def test_a_prompt_beyond_the_context_is_refused(engines: LocalEngines, gguf: Path) -> None:
    backend = model(engines.at(gguf, Tuning(context_tokens=512)))

    failure = await failure_of(backend, LONG_PROMPT)

    assert failure.failure is Failure.PROMPT_TOO_LONG
    assert "context holds 512" in failure.detail
    assert text_of(await ask(backend))


async def test_a_request_that_llama_refuses_is_told_in_its_words(engines: LocalEngines, gguf: Path) -> None:
    # Nonsense, as a stand-in for whatever llama.cpp may come to refuse.
    nonsense = Sampling(top_p="high")  # pyright: ignore[reportArgumentType]
    failure = await failure_of(model(engines.at(gguf), sampling=nonsense))

    assert failure.failure in (Failure.BAD_ANSWER, Failure.OVERLOADED)
    assert "error in the answer" in failure.detail


async def test_a_reply_longer_than_allowed_is_refused(engines: LocalEngines, gguf: Path) -> None:
    short = HttpLimits(5, 60, 90, max_reply_chars=50)

    assert (await failure_of(model(engines.at(gguf), within=short))).failure is Failure.TOO_LONG


@pytest.mark.parametrize(
    ("limits", "named"),
    [
        (HttpLimits(5, first_token_seconds=0.3, total_seconds=90, max_reply_chars=40_000), "first token"),
        (HttpLimits(5, first_token_seconds=60, total_seconds=0.3, max_reply_chars=40_000), "total"),
    ],
    ids=["first token", "total"],
)
async def test_a_slow_reply_is_given_up(
    engines: LocalEngines, gguf: Path, limits: HttpLimits, named: str
) -> None:
    await engines.at(gguf).process()

    failure = await failure_of(model(engines.at(gguf), within=limits), LONG_PROMPT)

    assert failure.failure is Failure.TIMEOUT
    assert named in failure.detail


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


async def test_a_reply_that_is_given_up_frees_its_place(engines: LocalEngines, gguf: Path) -> None:
    engine = engines.at(gguf, Tuning(parallel=1))
    # It would write for far longer than the next one may wait.
    async with aclosing(model(engine, words=None).reply((ChatMessage("user", STORY),))) as endless:
        await anext(endless)
    hasty = HttpLimits(5, first_token_seconds=5, total_seconds=10, max_reply_chars=40_000)

    assert text_of(await ask(model(engine, words=5, within=hasty)))


async def test_the_first_reply_of_a_model_whose_template_opens_no_reasoning_is_certain(
    engines: LocalEngines, gguf: Path
) -> None:
    *pieces, _ = await ask(model(engines.at(gguf), words=10))

    assert all(isinstance(piece, TextPiece) and piece.is_certain for piece in pieces)


async def test_nothing_of_the_first_reply_is_certain_where_the_template_opens_a_reasoning(
    engines: LocalEngines, cached_gguf: Path, tmp_path: Path
) -> None:
    thinking = tmp_path / "thinking.gguf"
    shutil.copyfile(cached_gguf, thinking)
    with thinking.open("r+b") as file:
        head = file.read(4 << 20)
        asked, named = b"<|im_start|>assistant\n' }}", b"You are a helpful AI assistant named"
        assert (head.count(asked), head.count(named)) == (1, 1)
        # As long as before: the file says how long it is.
        head = head.replace(asked, b"<|im_start|>assistant\n<think>' }}").replace(named, named[7:])
        file.seek(0)
        file.write(head)

    pieces = [
        each for each in await ask(model(engines.at(thinking), words=10)) if isinstance(each, TextPiece)
    ]

    assert not any(piece.is_certain for piece in pieces[:-1])
