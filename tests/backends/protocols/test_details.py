"""What is particular to one protocol."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import pytest

from bot.backends.base import Failure
from bot.backends.http.endpoint import Service
from bot.backends.protocols.anthropic import DEFAULT_MAX_TOKENS
from bot.backends.protocols.complaints import in_answer
from tests.backends.asking import KEY, answer_of, backend, failure_of
from tests.backends.fault_server import FaultServer, respond, stream
from tests.backends.protocols.dialects import ANTHROPIC, GEMINI, OLLAMA, OPENAI, Dialect, sse

if TYPE_CHECKING:
    import aiohttp


@pytest.mark.parametrize("dialect", [OPENAI, ANTHROPIC, GEMINI], ids=["openai", "anthropic", "gemini"])
async def test_a_reply_that_the_provider_s_filter_stopped_is_filtered(
    session: aiohttp.ClientSession, server: FaultServer, dialect: Dialect
) -> None:
    whole = dialect.whole("Blue", reason=dialect.filtered)
    server.answer(stream(*whole, content_type=dialect.content_type))

    failure = await failure_of(backend(session, server, protocol=dialect.wire))

    assert failure.failure is Failure.FILTERED


async def test_anthropic_is_told_a_limit_and_its_version(
    session: aiohttp.ClientSession, server: FaultServer
) -> None:
    server.answer(stream(*ANTHROPIC.whole("Blue.")))
    await answer_of(backend(session, server, protocol=ANTHROPIC.wire))

    assert server.bodies[0]["max_tokens"] == DEFAULT_MAX_TOKENS
    assert server.headers[0]["anthropic-version"] == "2023-06-01"
    assert server.headers[0]["x-api-key"] == KEY
    assert "Authorization" not in server.headers[0]


async def test_what_anthropic_may_come_to_add_is_passed_over(
    session: aiohttp.ClientSession, server: FaultServer
) -> None:
    news = [
        sse({"type": "content_block_start", "content_block": {"type": "redacted_thinking", "data": "x"}}),
        sse({"type": "content_block_delta", "delta": {"type": "signature_delta", "signature": "Eq"}}),
        sse({"type": "content_block_delta", "delta": {"type": "input_json_delta", "partial_json": "{"}}),
        sse({"type": "something_new", "message": "of which nobody knows"}),
    ]
    server.answer(stream(*news, *ANTHROPIC.whole("Blue.")))

    assert await answer_of(backend(session, server, protocol=ANTHROPIC.wire)) == "Blue."


async def test_gemini_s_key_stands_in_a_header_alone(
    session: aiohttp.ClientSession, server: FaultServer
) -> None:
    server.answer(stream(*GEMINI.whole("Blue.")))
    await answer_of(backend(session, server, protocol=GEMINI.wire))

    assert server.headers[0]["x-goog-api-key"] == KEY
    assert server.paths == ["/v1/v1beta/models/sky-7b:streamGenerateContent"]


@pytest.mark.parametrize(
    ("model", "path"),
    [
        ("models/gemini-pro", "/v1beta/models/gemini-pro:streamGenerateContent"),
        ("../../secret?key=1", "/v1beta/models/..%2F..%2Fsecret%3Fkey%3D1:streamGenerateContent"),
    ],
)
def test_a_model_s_id_stays_inside_its_part_of_gemini_s_address(model: str, path: str) -> None:
    wire = GEMINI.wire(Service("https://gemini.example/v1beta/", model))

    assert wire.url == f"https://gemini.example{path}?alt=sse"


async def test_gemini_s_wrong_key_is_told_from_a_bad_request(
    session: aiohttp.ClientSession, server: FaultServer
) -> None:
    body = {
        "error": {
            "code": 400,
            "message": "API key not valid.",
            "status": "INVALID_ARGUMENT",
            "details": [{"reason": "API_KEY_INVALID", "domain": "googleapis.com"}],
        }
    }
    server.answer(respond(400, body), respond(400, {"error": {"code": 400, "message": "no"}}))
    model = backend(session, server, protocol=GEMINI.wire)

    assert (await failure_of(model)).failure is Failure.AUTH
    assert (await failure_of(model)).failure is Failure.BAD_ANSWER


async def test_gemini_s_delay_is_read_from_the_details(
    session: aiohttp.ClientSession, server: FaultServer
) -> None:
    details = [{"@type": "type.googleapis.com/google.rpc.RetryInfo", "retryDelay": "39.5s"}]
    body = {"error": {"code": 429, "message": "quota", "status": "RESOURCE_EXHAUSTED", "details": details}}
    server.answer(respond(429, body))
    failure = await failure_of(backend(session, server, protocol=GEMINI.wire))

    assert (failure.failure, failure.retry_after) == (Failure.RATE_LIMITED, 39.5)


async def test_a_prompt_that_gemini_blocks_is_filtered(
    session: aiohttp.ClientSession, server: FaultServer
) -> None:
    server.answer(stream(sse({"promptFeedback": {"blockReason": "SAFETY"}})))

    assert (await failure_of(backend(session, server, protocol=GEMINI.wire))).failure is Failure.FILTERED


async def test_ollama_that_does_not_have_a_model_is_not_asked_to_pull_it(
    session: aiohttp.ClientSession, server: FaultServer
) -> None:
    server.answer(respond(404, {"error": "model 'sky-7b' not found"}))
    failure = await failure_of(backend(session, server, protocol=OLLAMA.wire))

    assert failure.failure is Failure.NOT_FOUND
    assert server.paths == ["/v1/api/chat"]


async def test_ollama_s_last_line_may_lack_its_newline(
    session: aiohttp.ClientSession, server: FaultServer
) -> None:
    whole = b"".join(OLLAMA.whole("Blue."))
    server.answer(stream(whole.rstrip(b"\n"), content_type=OLLAMA.content_type))

    assert await answer_of(backend(session, server, protocol=OLLAMA.wire)) == "Blue."


@pytest.mark.parametrize(
    ("dialect", "base_url", "url"),
    [
        (ANTHROPIC, "https://a.example", "https://a.example/v1/messages"),
        (ANTHROPIC, "https://a.example/v1/", "https://a.example/v1/messages"),
        (OLLAMA, "http://a.example:11434", "http://a.example:11434/api/chat"),
        (OLLAMA, "http://a.example:11434/api", "http://a.example:11434/api/chat"),
        (OPENAI, "https://a.example/v1/", "https://a.example/v1/chat/completions"),
    ],
)
def test_the_version_in_a_base_url_is_optional(dialect: Dialect, base_url: str, url: str) -> None:
    assert dialect.wire(Service(base_url, "m")).url == url


@pytest.mark.parametrize(
    ("headers", "body", "problem"),
    [
        ({"Host": "elsewhere"}, {}, "Host is set by the bot itself"),
        ({"content-length": "1"}, {}, "content-length is set by the bot itself"),
        ({"X-A": "1\r\nX-B: 2"}, {}, "the value of X-A must be printable ASCII"),
        ({"X A": "1"}, {}, "no name of a header"),
        ({}, {"stream": False}, "stream is set by the bot itself"),
        ({}, {"messages": []}, "messages is set by the bot itself"),
    ],
)
def test_extras_that_would_break_a_request_are_refused(
    headers: dict[str, str], body: dict[str, object], problem: str
) -> None:
    with pytest.raises(ValueError, match=problem):
        Service("https://a.example", "m", extra_headers=headers, extra_body=body)


def test_a_service_prints_none_of_its_headers() -> None:
    assert "secret" not in repr(Service("https://a.example", "m", extra_headers={"X-Key": "secret"}))


async def test_a_header_s_value_is_in_no_error(session: aiohttp.ClientSession, server: FaultServer) -> None:
    server.answer(respond(400, {"error": {"message": "bad token team-secret-1"}}))
    model = backend(session, server, extra_headers={"X-Team": "team-secret-1"})

    assert (await failure_of(model)).detail == "HTTP 400: bad token ***"


def test_a_piece_of_a_reply_is_searched_for_errors_in_a_few_steps() -> None:
    calls = 0

    def count(_frame: object, event: str, _argument: object) -> None:
        nonlocal calls
        calls += event == "call"

    chunk = {"id": "1", "choices": [{"index": 0, "delta": {"content": "Hi"}, "finish_reason": None}]}
    before = sys.getprofile()
    sys.setprofile(count)
    try:
        found = in_answer(chunk, "message", Failure.BAD_ANSWER)
    finally:
        sys.setprofile(before)

    assert found is None
    assert 0 < calls < 100
