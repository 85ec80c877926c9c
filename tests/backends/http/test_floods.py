"""Servers that send more than anybody reads, in one go: others get their turn, and the limits are kept."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from dataclasses import dataclass
from itertools import repeat
from typing import TYPE_CHECKING

import pytest

from bot.backends.base import Failure
from tests.backends.asking import answer_of, ask, backend, failure_of, limits
from tests.backends.fault_server import DONE, event, respond, stream, stream_lazily, text

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Iterable

    import aiohttp

    from tests.backends.fault_server import FaultServer

PATIENT = limits(first_token=60, stall=60, total=60)
"""A machine that is busy takes its time for so much."""

EMPTY: dict[str, object] = {}
PART = 1 << 12
MANY = 1 << 18


@dataclass(slots=True)
class Turns:
    """How often somebody else had their turn."""

    taken: int = 0


@asynccontextmanager
async def others() -> AsyncGenerator[Turns]:
    turns = Turns()

    async def take() -> None:
        while True:
            await asyncio.sleep(0)
            turns.taken += 1

    taking = asyncio.create_task(take())
    try:
        yield turns
    finally:
        taking.cancel()


@pytest.mark.parametrize(
    "piece",
    [b"\n", b":\n", b"data:\n\n", b"data: {}\n\n", b"data: ok\n\n"],
    ids=["blanks", "comments", "empty events", "empty objects", "keep-alives"],
)
async def test_what_comes_in_one_go_is_worked_through_in_parts(
    session: aiohttp.ClientSession, server: FaultServer, piece: bytes
) -> None:
    flood = piece * (MANY // len(piece))
    server.answer(stream(flood, text("Here.", "stop"), DONE))
    model = backend(session, server, within=limits(total=60, first_token=60, max_reply_chars=100_000))

    async with others() as turns:
        said = await answer_of(model)

    assert said == "Here."
    assert turns.taken > len(flood) // PART


async def test_the_objects_of_one_event_are_worked_through_in_parts(
    session: aiohttp.ClientSession, server: FaultServer
) -> None:
    server.answer(stream(event([EMPTY] * 40_000), text("Here.", "stop"), DONE))

    async with others() as turns:
        assert await answer_of(backend(session, server, within=PATIENT)) == "Here."

    assert turns.taken > 400


async def test_the_objects_of_all_events_are_counted(
    session: aiohttp.ClientSession, server: FaultServer
) -> None:
    server.answer(stream(*[event([EMPTY] * 40_000)] * 3, text("Here.", "stop"), DONE))

    error = await failure_of(backend(session, server, within=PATIENT))

    assert (error.failure, error.detail) == (Failure.TOO_LONG, "an answer of more than 110000 pieces")


@pytest.mark.parametrize(
    "document",
    [
        {"choices": [EMPTY] * 3000},
        {"choices": [{"delta": {"content": ["a"] * 3000}}]},
        {"choices": [{"delta": {"content": [{"text": "a"}] * 60_000}}]},
        [EMPTY] * 60_000,
    ],
    ids=["choices", "texts", "parts", "objects"],
)
async def test_an_object_of_more_values_than_any_reply_has_is_not_worked_through(
    session: aiohttp.ClientSession, server: FaultServer, document: object
) -> None:
    server.answer(stream(event(document)))

    error = await failure_of(backend(session, server, within=PATIENT))

    assert error.failure is Failure.BAD_ANSWER
    assert "a piece of the answer with more than" in error.detail


async def test_how_likely_each_token_was_is_no_reason_to_refuse_a_reply(
    session: aiohttp.ClientSession, server: FaultServer
) -> None:
    tokens = [{"token": "a", "logprob": -0.1, "bytes": [97]} for _ in range(2000)]
    choice = {"message": {"content": "Here."}, "finish_reason": "stop", "logprobs": {"content": tokens}}
    server.answer(respond(200, {"choices": [choice]}))

    assert await answer_of(backend(session, server, within=PATIENT)) == "Here."


async def test_a_long_row_of_signs_is_no_keep_alive_and_is_refused_at_once(
    session: aiohttp.ClientSession, server: FaultServer
) -> None:
    server.answer(stream(b"data: " + b"-" * 500_000 + b"x\n\n"))

    assert (await failure_of(backend(session, server, within=PATIENT))).failure is Failure.BAD_ANSWER


async def test_who_only_keeps_the_connection_busy_has_fallen_silent(
    session: aiohttp.ClientSession, server: FaultServer
) -> None:
    def pieces() -> Iterable[bytes]:
        yield text("Here")
        yield from repeat(b":\n" * 1000)

    server.answer(stream_lazily(pieces))

    error = await failure_of(backend(session, server, within=limits(stall=0.3, total=3)))

    assert (error.failure, error.detail) == (Failure.TIMEOUT, "the stall limit of 0.3 s ran out")


async def test_a_reply_whose_end_was_said_does_not_wait_for_what_says_nothing(
    session: aiohttp.ClientSession, server: FaultServer
) -> None:
    def pieces() -> Iterable[bytes]:
        yield text("Here.", "stop")
        yield from repeat(event(EMPTY))

    server.answer(stream_lazily(pieces))
    loop = asyncio.get_running_loop()
    begun = loop.time()
    within = limits(first_token=60, total=60, max_reply_chars=10**6)
    events = await ask(backend(session, server, within=within))

    assert len(events) == 2
    assert loop.time() - begun < 30
