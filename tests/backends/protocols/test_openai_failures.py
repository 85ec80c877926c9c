"""Every way in which a server lets us down has its failure."""

from __future__ import annotations

import asyncio
import socket
import time
import zlib
from contextlib import aclosing, suppress
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import TYPE_CHECKING

import pytest

from bot.backends.base import BackendError, Failure, Waiting
from tests.backends.asking import KEY, QUESTION, ask, backend, failure_of, limits, text_of
from tests.backends.fault_server import (
    DONE,
    FaultServer,
    Handler,
    delta,
    event,
    hang,
    hang_up,
    respond,
    stream,
    stream_as_told,
    stream_lazily,
    talk_nonsense,
    text,
)

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Iterator

    import aiohttp

    from bot.backends.base import Event


def _error(message: str = "no", **fields: object) -> dict[str, object]:
    return {"error": {"message": message, **fields}}


@pytest.mark.parametrize(
    ("status", "body", "failure"),
    [
        (401, _error(code="invalid_api_key"), Failure.AUTH),
        (402, _error(code=402), Failure.AUTH),
        (403, _error(), Failure.AUTH),
        (404, {"error": "model 'sky-7b' not found"}, Failure.NOT_FOUND),
        (400, _error(code="model_not_found"), Failure.NOT_FOUND),
        (400, _error(code="content_policy_violation"), Failure.FILTERED),
        (400, {"object": "error", "message": "no", "code": 400}, Failure.BAD_ANSWER),
        (422, {"detail": [{"loc": ["body"]}]}, Failure.BAD_ANSWER),
        (418, b"\xff\xfe", Failure.BAD_ANSWER),
        (429, _error(), Failure.RATE_LIMITED),
        (500, b"<html>", Failure.OVERLOADED),
        (503, b"", Failure.OVERLOADED),
        (529, _error(), Failure.OVERLOADED),
    ],
)
async def test_a_status_has_its_failure(
    session: aiohttp.ClientSession, server: FaultServer, status: int, body: object, failure: Failure
) -> None:
    server.answer(respond(status, body))

    error = await failure_of(backend(session, server))

    assert error.failure is failure
    assert error.detail.startswith(f"HTTP {status}: ")


@pytest.mark.parametrize(
    "body",
    [_error("no such model"), {"error": "no such model"}, {"message": "no such model"}, b"no such model\n"],
    ids=["OpenAI", "Ollama", "older vLLM", "no JSON"],
)
async def test_what_the_server_says_is_told(
    session: aiohttp.ClientSession, server: FaultServer, body: object
) -> None:
    server.answer(respond(404, body))

    assert (await failure_of(backend(session, server))).detail == "HTTP 404: no such model"


@pytest.mark.parametrize("status", [429, 503])
async def test_retry_after_in_seconds_is_passed_on(
    session: aiohttp.ClientSession, server: FaultServer, status: int
) -> None:
    server.answer(respond(status, _error(), {"Retry-After": "17"}))

    assert (await failure_of(backend(session, server))).retry_after == 17


async def test_retry_after_as_a_date_is_passed_on(
    session: aiohttp.ClientSession, server: FaultServer
) -> None:
    date = format_datetime(datetime.now(UTC) + timedelta(seconds=60), usegmt=True)
    server.answer(respond(429, _error(), {"Retry-After": date}))

    retry_after = (await failure_of(backend(session, server))).retry_after

    assert retry_after == pytest.approx(60, abs=5)


async def test_a_redirect_is_refused_and_the_key_stays_here(
    session: aiohttp.ClientSession, server: FaultServer
) -> None:
    server.answer(respond(307, b"", {"Location": "/elsewhere"}))

    error = await failure_of(backend(session, server))

    assert (error.failure, error.detail) == (
        Failure.BAD_ANSWER,
        "HTTP 307: redirect to /elsewhere refused",
    )
    assert server.paths == ["/v1/chat/completions"]


async def test_an_error_text_is_one_bounded_line_without_the_key(
    session: aiohttp.ClientSession, server: FaultServer
) -> None:
    hidden = KEY[:5] + "\0" + KEY[5:]
    server.answer(respond(401, _error(f"bad\n\x1b[31m key {KEY} {hidden} " + "x" * 254 + KEY + "y" * 500)))

    detail = (await failure_of(backend(session, server))).detail

    assert detail.startswith("HTTP 401: bad [31m key *** *** xxx")
    assert len(detail) <= 310
    assert KEY[:8] not in detail


async def test_an_error_whose_body_never_ends_is_still_told(
    session: aiohttp.ClientSession, server: FaultServer
) -> None:
    server.answer(stream(b"busy", then=hang, status=503))

    assert (
        await failure_of(backend(session, server, within=limits(total=0.3)))
    ).failure is Failure.OVERLOADED


@pytest.mark.parametrize(
    ("document", "failure"),
    [
        (_error(code=502), Failure.OVERLOADED),
        (_error(code=429), Failure.RATE_LIMITED),
        (_error(code="rate_limit_exceeded"), Failure.RATE_LIMITED),
        (_error(type="overloaded_error"), Failure.OVERLOADED),
        (_error(code="429"), Failure.RATE_LIMITED),
        ({"choices": [{"delta": None, "finish_reason": "error"}]}, Failure.BROKE_OFF),
        ({"choices": [{"delta": None, "finish_reason": "content_filter"}]}, Failure.FILTERED),
    ],
)
@pytest.mark.parametrize("before", [(), (text("Hi"),)])
async def test_an_error_inside_a_stream_has_its_failure(
    session: aiohttp.ClientSession,
    server: FaultServer,
    before: tuple[bytes, ...],
    document: object,
    failure: Failure,
) -> None:
    server.answer(stream(*before, event(document), DONE))

    assert (await failure_of(backend(session, server))).failure is failure


@pytest.mark.parametrize("document", [_error(f"key {KEY}"), {"error": "out of memory"}])
async def test_an_error_of_no_known_kind_after_text_broke_the_reply_off(
    session: aiohttp.ClientSession, server: FaultServer, document: object
) -> None:
    server.answer(stream(text("Hi"), event(document), DONE), stream(event(document), DONE))
    model = backend(session, server)

    assert (await failure_of(model)).failure is Failure.BROKE_OFF
    assert (await failure_of(model)).failure is Failure.BAD_ANSWER


@pytest.mark.parametrize(
    "handler",
    [
        pytest.param(stream(text("Hi")), id="ends early"),
        pytest.param(stream(text("Hi"), then=hang_up), id="reset"),
        pytest.param(
            stream(text("Hi"), b'data: {"choices":[{"delta":{"content":"\xe3\x81'), id="cut in a character"
        ),
        pytest.param(stream(), id="no events"),
        pytest.param(stream(text("Hi"), DONE), id="done without the reason that was awaited"),
    ],
)
async def test_an_answer_that_stops_in_the_middle_broke_off(
    session: aiohttp.ClientSession, server: FaultServer, handler: Handler
) -> None:
    server.answer(handler)

    assert (await failure_of(backend(session, server))).failure is Failure.BROKE_OFF


@pytest.mark.parametrize(
    "handler",
    [
        pytest.param(
            stream(b'data: {"choices":[{"delta":{"content":"\xe3\x81"}}]}\n\n', DONE), id="not UTF-8"
        ),
        pytest.param(stream(b"data: {nonsense}\n\n", DONE), id="not JSON"),
        pytest.param(stream(text("Hi", "stop"), DONE, content_type="text/html"), id="wrong content type"),
        pytest.param(stream(b"not gzip", encoding="gzip"), id="not gzip"),
        pytest.param(respond(200, b"{"), id="half a body"),
        pytest.param(respond(200, b'"\xff"'), id="body not UTF-8"),
        pytest.param(talk_nonsense, id="not HTTP"),
    ],
)
async def test_a_senseless_answer_is_a_bad_one(
    session: aiohttp.ClientSession, server: FaultServer, handler: Handler
) -> None:
    server.answer(handler)

    assert (await failure_of(backend(session, server))).failure is Failure.BAD_ANSWER


async def test_a_cut_stream_is_told_as_such(session: aiohttp.ClientSession, server: FaultServer) -> None:
    server.answer(stream(text("Hi")))

    assert (await failure_of(backend(session, server))).detail == "the stream was cut"


@pytest.mark.parametrize(
    "handler",
    [
        pytest.param(stream(text("", "stop"), DONE), id="nothing"),
        pytest.param(stream(text("\n "), DONE), id="blank"),
        pytest.param(stream(text("<think>hm"), text("", "length"), DONE), id="unclosed"),
        pytest.param(stream(delta({"reasoning_content": "hm"}), DONE), id="only reasoning"),
        pytest.param(respond(200, {"choices": []}), id="no choice"),
        pytest.param(stream(event({"choices": 7}), DONE), id="not a chunk"),
    ],
)
async def test_a_reply_without_text_is_empty(
    session: aiohttp.ClientSession, server: FaultServer, handler: Handler
) -> None:
    server.answer(handler)

    assert (await failure_of(backend(session, server))).failure is Failure.EMPTY


async def test_a_reply_that_goes_on_too_long_is_stopped_at_once(
    session: aiohttp.ClientSession, server: FaultServer
) -> None:
    server.answer(stream(text("x" * 600), text("x" * 401), then=hang))

    assert (await failure_of(backend(session, server))).failure is Failure.TOO_LONG


async def test_a_reply_of_just_the_limit_is_accepted(
    session: aiohttp.ClientSession, server: FaultServer
) -> None:
    server.answer(stream(text("x" * 600), text("x" * 400, "stop"), DONE))

    assert await ask(backend(session, server))


def _endless_line() -> Iterator[bytes]:
    yield b"data: "
    for _ in range(100):
        yield b"x" * (1 << 20)


def _endless_comments() -> Iterator[bytes]:
    for _ in range(100):
        yield (b":" + b"x" * 1022 + b"\n") * 1024


def _compressed(pieces: Iterator[bytes]) -> Iterator[bytes]:
    compressor = zlib.compressobj(9, wbits=31)
    for piece in pieces:
        yield compressor.compress(piece)
    yield compressor.flush()


@pytest.mark.parametrize(
    ("pieces", "failure"), [(_endless_line, Failure.BAD_ANSWER), (_endless_comments, Failure.TOO_LONG)]
)
async def test_a_hundred_megabytes_are_not_swallowed(
    session: aiohttp.ClientSession,
    server: FaultServer,
    pieces: Callable[[], Iterator[bytes]],
    failure: Failure,
) -> None:
    server.answer(stream_lazily(pieces))

    assert (await failure_of(backend(session, server))).failure is failure


async def test_a_compressed_answer_is_refused_unread(
    session: aiohttp.ClientSession, server: FaultServer
) -> None:
    server.answer(stream_lazily(lambda: _compressed(_endless_line()), encoding="gzip"))

    error = await failure_of(backend(session, server))

    assert server.headers[0]["Accept-Encoding"] == "identity"
    assert (error.failure, error.detail) == (
        Failure.BAD_ANSWER,
        "the answer is compressed, which nobody asked for",
    )


async def test_a_body_of_a_hundred_megabytes_is_refused(
    session: aiohttp.ClientSession, server: FaultServer
) -> None:
    server.answer(stream_lazily(_endless_line, content_type="application/json"))

    assert (await failure_of(backend(session, server))).failure is Failure.BAD_ANSWER


async def test_nobody_listening_is_unreachable(session: aiohttp.ClientSession, unused_tcp_port: int) -> None:
    error = await failure_of(backend(session, f"http://127.0.0.1:{unused_tcp_port}/v1"))

    assert error.failure is Failure.UNREACHABLE


@pytest.mark.parametrize("url", ["http://no-such-host.invalid/v1", "nonsense"])
async def test_an_address_that_leads_nowhere_is_unreachable(session: aiohttp.ClientSession, url: str) -> None:
    assert (await failure_of(backend(session, url))).failure is Failure.UNREACHABLE


async def test_a_server_without_tls_is_unreachable_over_https(
    session: aiohttp.ClientSession, server: FaultServer
) -> None:
    url = server.url.replace("http:", "https:")

    assert (await failure_of(backend(session, url))).failure is Failure.UNREACHABLE


async def test_a_connection_broken_off_before_the_answer_is_unreachable(
    session: aiohttp.ClientSession, server: FaultServer
) -> None:
    server.answer(hang_up)

    assert (await failure_of(backend(session, server))).failure is Failure.UNREACHABLE


async def test_a_connection_that_is_never_made_is_unreachable(session: aiohttp.ClientSession) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        # It listens and never speaks TLS.
        url = f"https://127.0.0.1:{listener.getsockname()[1]}/v1"
        error = await failure_of(backend(session, url, within=limits(connect=0.05)))

    assert (error.failure, error.detail) == (
        Failure.UNREACHABLE,
        "no connection within 0.05 s; https or http?",
    )


async def _comments_for_ever() -> AsyncIterator[bytes]:
    while True:
        yield b": wait\n\n"
        await asyncio.sleep(0.01)


@pytest.mark.parametrize(
    "handler",
    [hang, stream(then=hang), stream_as_told(_comments_for_ever)],
    ids=["no headers", "no body", "comments"],
)
async def test_no_token_in_time_is_told_as_such(
    session: aiohttp.ClientSession, server: FaultServer, handler: Handler
) -> None:
    server.answer(handler)

    error = await failure_of(backend(session, server, within=limits(first_token=0.05)))

    assert (error.failure, error.detail) == (Failure.TIMEOUT, "the first token limit of 0.05 s ran out")


async def _drip() -> AsyncIterator[bytes]:
    while True:
        yield delta({"reasoning": "hm"})
        await asyncio.sleep(0.01)


@pytest.mark.parametrize(
    "handler", [stream(text("Hi"), then=hang), stream_as_told(_drip)], ids=["hangs", "drips"]
)
async def test_a_reply_that_begins_and_never_ends_runs_into_the_total(
    session: aiohttp.ClientSession, server: FaultServer, handler: Handler
) -> None:
    server.answer(handler)

    error = await failure_of(backend(session, server, within=limits(first_token=0.2, total=0.4)))

    assert (error.failure, error.detail) == (Failure.TIMEOUT, "the total limit of 0.4 s ran out")


async def test_waiting_for_a_place_counts_to_no_limit_of_the_reply(
    session: aiohttp.ClientSession, server: FaultServer
) -> None:
    server.answer(stream(text("Hi"), then=hang))
    model = backend(session, server, within=limits(first_token=0.2, total=0.3), max_concurrent=1)
    begun = time.monotonic()

    errors = await asyncio.gather(failure_of(model), failure_of(model), failure_of(model))

    assert [error.detail for error in errors] == ["the total limit of 0.3 s ran out"] * 3
    assert time.monotonic() - begun > 3 * 0.3


async def test_who_waits_too_long_for_a_place_is_told_so_and_the_model_is_not_asked(
    session: aiohttp.ClientSession, server: FaultServer
) -> None:
    server.answer(stream(text("Hi"), then=hang))
    model = backend(session, server, within=limits(queue=0.1), max_concurrent=1)
    async with aclosing(model.reply(QUESTION)) as asked:
        await anext(asked)

        error = await failure_of(model)

    assert (error.failure, error.detail) == (Failure.CROWDED, "no place became free in 0.1 s")
    assert len(server.bodies) == 1


async def test_who_waits_is_told_their_place_until_they_are_asked(
    session: aiohttp.ClientSession, server: FaultServer
) -> None:
    server.answer(stream(text("Hi", "stop")))
    model = backend(session, server, max_concurrent=1)

    replies = await asyncio.gather(*(ask(model) for _ in range(3)))

    waits = [[event.place for event in events if isinstance(event, Waiting)] for events in replies]
    assert waits == [[], [1, 0], [2, 1, 0]]


async def test_words_that_come_in_one_read_with_the_failure_are_heard_before_it(
    session: aiohttp.ClientSession, server: FaultServer
) -> None:
    server.answer(stream(text("Half an answer") + event(_error("died"))))
    heard: list[Event] = []

    with suppress(BackendError):
        async with aclosing(backend(session, server).reply(QUESTION)) as events:
            async for piece in events:
                heard.append(piece)  # noqa: PERF401 - what came before the failure is the point

    assert text_of(heard) == "Half an answer"
