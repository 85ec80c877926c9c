"""Every protocol gives the same events and the same failures, whatever its server does."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import TYPE_CHECKING

import pytest

from bot.backends.base import ChatMessage, Failure, Finished, Generation, TextPiece, Usage
from bot.domain.battle import FinishReason
from tests.backends.asking import KEY, answer_of, ask, backend, failure_of, limits
from tests.backends.fault_server import (
    FaultServer,
    hang,
    hang_up,
    respond,
    stream,
    stream_as_told,
    stream_lazily,
)
from tests.backends.protocols.dialects import ALL, GEMINI, Dialect

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator

    import aiohttp

    from bot.backends.http.backend import HttpBackend
    from bot.backends.http.sessions import HttpLimits

pytestmark = pytest.mark.parametrize("dialect", ALL.values(), ids=ALL.keys())
_NO_ANSWER = (Failure.BAD_ANSWER, Failure.BROKE_OFF)
HASTY = limits(connect=1, first_token=0.3, total=0.6)


def asked(
    session: aiohttp.ClientSession, server: FaultServer, dialect: Dialect, within: HttpLimits | None = None
) -> HttpBackend:
    return backend(session, server, protocol=dialect.wire, within=within)


async def test_text_comes_in_pieces_and_ends_with_what_was_counted(
    session: aiohttp.ClientSession, server: FaultServer, dialect: Dialect
) -> None:
    server.answer(stream(*dialect.whole("Blue ", "light."), content_type=dialect.content_type))
    *pieces, last = await ask(asked(session, server, dialect))

    assert "".join(piece.text for piece in pieces if isinstance(piece, TextPiece)) == "Blue light."
    assert last == Finished(FinishReason.STOP, Usage(7, 2))
    assert server.paths == [dialect.path]


async def test_reasoning_never_reaches_the_reply(
    session: aiohttp.ClientSession, server: FaultServer, dialect: Dialect
) -> None:
    pieces = [dialect.thought("Let me think."), *dialect.whole("<think>Hm", "m.</think>", "Blue.")]
    server.answer(stream(*pieces, content_type=dialect.content_type))

    assert await answer_of(asked(session, server, dialect)) == "Blue."


async def test_nothing_of_a_first_reply_is_certain_before_a_server_sent_reasoning_apart(
    session: aiohttp.ClientSession, server: FaultServer, dialect: Dialect
) -> None:
    server.answer(stream(*dialect.whole("Blue ", "light."), content_type=dialect.content_type))
    apart = [dialect.thought("Hm."), *dialect.whole("Blue.")]

    first = await ask(asked(session, server, dialect))
    server.answer(stream(*apart, content_type=dialect.content_type))
    second = await ask(asked(session, server, dialect))

    assert next(piece.is_certain for piece in first if isinstance(piece, TextPiece)) is False
    assert [piece.is_certain for piece in second if isinstance(piece, TextPiece)] == [True]


async def test_a_reply_of_reasoning_alone_is_empty(
    session: aiohttp.ClientSession, server: FaultServer, dialect: Dialect
) -> None:
    server.answer(stream(dialect.thought("Hm."), dialect.end(""), content_type=dialect.content_type))

    assert (await failure_of(asked(session, server, dialect))).failure is Failure.EMPTY


async def test_a_reply_at_its_length_limit_says_so(
    session: aiohttp.ClientSession, server: FaultServer, dialect: Dialect
) -> None:
    server.answer(stream(*dialect.whole("Blue", reason=dialect.length), content_type=dialect.content_type))
    *_, last = await ask(asked(session, server, dialect))

    assert isinstance(last, Finished)
    assert last.reason is FinishReason.LENGTH


async def test_an_error_after_text_fails_the_reply(
    session: aiohttp.ClientSession, server: FaultServer, dialect: Dialect
) -> None:
    server.answer(
        stream(dialect.text("Blue"), dialect.error(f"busy {KEY}"), content_type=dialect.content_type)
    )
    failure = await failure_of(asked(session, server, dialect))

    assert failure.failure is Failure.OVERLOADED
    assert "busy ***" in failure.detail


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        (401, Failure.AUTH),
        (403, Failure.AUTH),
        (404, Failure.NOT_FOUND),
        (429, Failure.RATE_LIMITED),
        (500, Failure.OVERLOADED),
        (529, Failure.OVERLOADED),
    ],
)
async def test_each_status_has_its_failure_and_its_text(
    session: aiohttp.ClientSession, server: FaultServer, dialect: Dialect, status: int, expected: Failure
) -> None:
    server.answer(respond(status, dialect.refusal("no such thing")))
    failure = await failure_of(asked(session, server, dialect))

    assert failure.failure is expected
    assert failure.detail == f"HTTP {status}: no such thing"


@pytest.mark.parametrize("written", ["17", "date"])
async def test_both_forms_of_retry_after_are_understood(
    session: aiohttp.ClientSession, server: FaultServer, dialect: Dialect, written: str
) -> None:
    date = format_datetime(datetime.now(UTC) + timedelta(seconds=17), usegmt=True)
    headers = {"Retry-After": date if written == "date" else written}
    server.answer(respond(429, dialect.refusal("later"), headers))

    assert (await failure_of(asked(session, server, dialect))).retry_after == pytest.approx(17, abs=5)


@pytest.mark.parametrize("place", ["http://127.0.0.1:1/", "http://169.254.169.254/latest/meta-data"])
async def test_a_redirect_is_not_followed(
    session: aiohttp.ClientSession, server: FaultServer, dialect: Dialect, place: str
) -> None:
    server.answer(respond(307, b"", {"Location": place}))
    failure = await failure_of(asked(session, server, dialect))

    assert (failure.failure, failure.detail) == (
        Failure.BAD_ANSWER,
        f"HTTP 307: redirect to {place} refused",
    )


async def test_a_server_that_hangs_before_its_headers_is_given_up(
    session: aiohttp.ClientSession, server: FaultServer, dialect: Dialect
) -> None:
    server.answer(hang)

    assert (await failure_of(asked(session, server, dialect, HASTY))).failure is Failure.TIMEOUT


async def test_a_server_that_hangs_in_the_middle_is_given_up(
    session: aiohttp.ClientSession, server: FaultServer, dialect: Dialect
) -> None:
    server.answer(stream(dialect.text("Blue"), then=hang, content_type=dialect.content_type))

    assert (await failure_of(asked(session, server, dialect, HASTY))).failure is Failure.TIMEOUT


async def test_a_server_that_drips_is_given_up(
    session: aiohttp.ClientSession, server: FaultServer, dialect: Dialect
) -> None:
    """A byte at a time, far more of them than the time allows."""
    whole = b"".join(dialect.whole("Blue " * 1000))

    async def drops() -> AsyncIterator[bytes]:
        for each in whole:
            await asyncio.sleep(0.05)
            yield bytes([each])

    server.answer(stream_as_told(drops, dialect.content_type))

    assert (await failure_of(asked(session, server, dialect, HASTY))).failure is Failure.TIMEOUT


async def test_a_connection_that_breaks_in_the_middle_fails_the_reply(
    session: aiohttp.ClientSession, server: FaultServer, dialect: Dialect
) -> None:
    server.answer(stream(dialect.text("Blue"), then=hang_up, content_type=dialect.content_type))

    assert (await failure_of(asked(session, server, dialect))).failure is Failure.BROKE_OFF


async def test_an_answer_that_ends_too_early_is_no_answer(
    session: aiohttp.ClientSession, server: FaultServer, dialect: Dialect
) -> None:
    server.answer(stream(dialect.text("Blue"), content_type=dialect.content_type))
    failure = await failure_of(asked(session, server, dialect))

    assert (failure.failure, failure.detail) == (Failure.BROKE_OFF, "the stream was cut")


async def test_a_character_cut_in_two_is_put_together(
    session: aiohttp.ClientSession, server: FaultServer, dialect: Dialect
) -> None:
    whole = b"".join(dialect.whole("空は青い。"))
    pieces = [whole[at : at + 1] for at in range(len(whole))]
    server.answer(stream(*pieces, content_type=dialect.content_type))

    assert await answer_of(asked(session, server, dialect)) == "空は青い。"


async def test_half_a_character_at_the_end_is_no_answer(
    session: aiohttp.ClientSession, server: FaultServer, dialect: Dialect
) -> None:
    cut = dialect.text("空").partition("空".encode())[0] + "空".encode()[:2]
    server.answer(stream(cut, content_type=dialect.content_type))

    assert (await failure_of(asked(session, server, dialect))).failure in _NO_ANSWER


async def test_a_line_without_end_is_given_up_early(
    session: aiohttp.ClientSession, server: FaultServer, dialect: Dialect
) -> None:
    """100 MB in one line."""
    sent: list[int] = []

    def endless() -> Iterator[bytes]:
        for number in range(100):
            sent.append(number)
            yield (b'data: {"' if number == 0 else b"") + b"x" * 1_000_000

    server.answer(stream_lazily(endless, dialect.content_type))
    failure = await failure_of(asked(session, server, dialect))

    assert failure.failure is Failure.BAD_ANSWER
    assert len(sent) < 60


async def test_a_reply_longer_than_allowed_is_given_up(
    session: aiohttp.ClientSession, server: FaultServer, dialect: Dialect
) -> None:
    server.answer(stream(*dialect.whole("x" * 600, "y" * 600), content_type=dialect.content_type))

    assert (await failure_of(asked(session, server, dialect))).failure is Failure.TOO_LONG


async def test_what_is_no_json_is_no_answer(
    session: aiohttp.ClientSession, server: FaultServer, dialect: Dialect
) -> None:
    broken = dialect.text("Blue").replace(b"}", b"", 1)
    server.answer(stream(broken, dialect.end(""), content_type=dialect.content_type))

    assert (await failure_of(asked(session, server, dialect))).failure is Failure.BAD_ANSWER


async def test_another_content_type_is_no_answer(
    session: aiohttp.ClientSession, server: FaultServer, dialect: Dialect
) -> None:
    server.answer(stream(b"<html>", content_type="text/html"))
    failure = await failure_of(asked(session, server, dialect))

    assert failure.failure is Failure.BAD_ANSWER
    assert "text/html" in failure.detail


async def test_a_port_where_nobody_listens_is_unreachable(
    session: aiohttp.ClientSession, unused_tcp_port: int, dialect: Dialect
) -> None:
    there = f"http://127.0.0.1:{unused_tcp_port}"

    assert (await failure_of(backend(session, there, protocol=dialect.wire))).failure is Failure.UNREACHABLE


async def test_the_key_is_sent_in_the_protocol_s_way_and_extras_with_it(
    session: aiohttp.ClientSession, server: FaultServer, dialect: Dialect
) -> None:
    server.answer(stream(*dialect.whole("Blue."), content_type=dialect.content_type))
    model = backend(
        session,
        server,
        protocol=dialect.wire,
        extra_headers={"X-Team": "arena"},
        extra_body={"seed": 7},
        generation=Generation("Be brief.", 0.5, 99),
    )
    await ask(model)
    body, headers = server.bodies[0], server.headers[0]

    assert KEY in str(list(headers.values()))
    assert KEY not in server.paths[0]
    assert headers["X-Team"] == "arena"
    assert body["seed"] == 7
    assert "Be brief." in str(body)
    assert "99" in str(body)
    assert "0.5" in str(body)


async def test_a_conversation_keeps_its_turns(
    session: aiohttp.ClientSession, server: FaultServer, dialect: Dialect
) -> None:
    server.answer(stream(*dialect.whole("Blue."), content_type=dialect.content_type))
    turns = (ChatMessage("user", "One?"), ChatMessage("assistant", "Two."), ChatMessage("user", "Three?"))
    async for _ in asked(session, server, dialect).reply(turns):
        pass
    sent = str(server.bodies[0])

    assert sent.index("One?") < sent.index("Two.") < sent.index("Three?")
    assert ("'model'" if dialect is GEMINI else "assistant") in sent
