"""What is learned of a server, and what its trouble is called."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest
from structlog.testing import capture_logs

from bot.backends.base import Failure, Finished, Generation
from tests.backends.asking import KEY, answer_of, ask, backend, failure_of, limits
from tests.backends.fault_server import (
    DONE,
    FaultServer,
    delta,
    event,
    hang,
    respond,
    serve,
    stream,
    stream_as_told,
    text,
)
from tests.backends.protocols.dialects import ALL, GEMINI, OLLAMA, OPENAI, Dialect

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    import aiohttp

WHOLE = stream(text("Hi", "stop"), DONE)


def refused(words: str) -> dict[str, object]:
    return {"error": {"message": words}}


@pytest.mark.parametrize("dialect", ALL.values(), ids=ALL.keys())
async def test_a_refused_parameter_is_left_out_from_then_on_and_told_once(
    session: aiohttp.ClientSession, server: FaultServer, dialect: Dialect
) -> None:
    whole = stream(*dialect.whole("Hi"), content_type=dialect.content_type)
    server.answer(respond(400, dialect.refusal("temperature is not supported with this model")), whole)
    model = backend(session, server, protocol=dialect.wire, generation=Generation(temperature=0.5))

    with capture_logs() as logs:
        first, second = await ask(model), await ask(model)

    assert ["temperature" in str(body) for body in server.bodies] == [True, False, False]
    assert [log["changed"] for log in logs] == ["temperature is left out"]
    assert isinstance(first[-1], Finished)
    assert isinstance(second[-1], Finished)
    assert first[-1].left_out == second[-1].left_out == ("temperature",)


@pytest.mark.parametrize("dialect", ALL.values(), ids=ALL.keys())
async def test_where_no_system_role_is_known_its_words_go_before_the_first_message(
    session: aiohttp.ClientSession, server: FaultServer, dialect: Dialect
) -> None:
    whole = stream(*dialect.whole("Hi"), content_type=dialect.content_type)
    server.answer(respond(400, dialect.refusal("System role not supported")), whole)
    model = backend(session, server, protocol=dialect.wire, generation=Generation("Be brief."))

    await ask(model)

    assert "Be brief.\\n\\nWhy is the sky blue?" in repr(server.bodies[1])
    assert repr(server.bodies[1]).count("Be brief.") == 1


async def test_a_sampling_parameter_of_the_operator_s_own_is_left_out_too(
    session: aiohttp.ClientSession, server: FaultServer
) -> None:
    server.answer(respond(400, refused("Unsupported parameter: 'top_p'")), WHOLE)

    await ask(backend(session, server, extra_body={"top_p": 0.9, "user": "arena"}))

    assert [sorted({"top_p", "user"} & body.keys()) for body in server.bodies] == [
        ["top_p", "user"],
        ["user"],
    ]


@pytest.mark.parametrize(
    ("dialect", "extra", "left"),
    [
        (GEMINI, {"generationConfig": {"topP": 0.9, "topK": 3}}, "'generationConfig': {'topK': 3}"),
        (OLLAMA, {"options": {"top_p": 0.9, "top_k": 3}}, "'options': {'top_k': 3}"),
    ],
    ids=["gemini", "ollama"],
)
async def test_a_sampling_parameter_inside_an_object_is_left_out_too(
    session: aiohttp.ClientSession, server: FaultServer, dialect: Dialect, extra: dict[str, object], left: str
) -> None:
    whole = stream(*dialect.whole("Hi"), content_type=dialect.content_type)
    server.answer(respond(400, dialect.refusal("Invalid value at 'top_p'")), whole)

    await ask(backend(session, server, protocol=dialect.wire, extra_body=extra))

    assert left in repr(server.bodies[1])


@pytest.mark.parametrize(
    ("dialect", "name", "own"),
    [(GEMINI, "generationConfig", "maxOutputTokens"), (OLLAMA, "options", "num_predict")],
    ids=["gemini", "ollama"],
)
async def test_extras_in_an_object_of_the_bot_s_own_leave_its_other_fields(
    session: aiohttp.ClientSession, server: FaultServer, dialect: Dialect, name: str, own: str
) -> None:
    server.answer(stream(*dialect.whole("Blue."), content_type=dialect.content_type))
    extras = {name: {"temperature": 0.9, "seed": 7}}
    generation = Generation(None, 0.5, 99)
    await ask(backend(session, server, protocol=dialect.wire, extra_body=extras, generation=generation))

    assert server.bodies[0][name] == {own: 99, "temperature": 0.9, "seed": 7}


async def test_stream_options_refused_as_mistral_does_are_left_out(
    session: aiohttp.ClientSession, server: FaultServer
) -> None:
    detail = {
        "type": "extra_forbidden",
        "loc": ["body", "stream_options"],
        "msg": "Extra inputs are not permitted",
    }
    server.answer(respond(422, {"object": "error", "message": {"detail": [detail]}, "code": None}), WHOLE)

    await ask(backend(session, server))

    assert ["stream_options" in body for body in server.bodies] == [True, False]


@pytest.mark.parametrize(
    "words",
    [
        (
            "'max_tokens' or 'max_completion_tokens' is too large: 4096. This model's maximum context length"
            " is 4096 tokens and your request has 20 input tokens (4096 > 4096 - 20)."
        ),
        (
            "This model's maximum context length is 4096 tokens. However, you requested 4116 tokens (20 in"
            " the messages, 4096 in the completion). Please reduce the length of the messages or completion."
        ),
    ],
    ids=["vllm", "openai"],
)
@pytest.mark.parametrize(("prompt", "is_answered"), [("Why?", True), ("Why? " * 200, False)])
async def test_a_limit_that_leaves_no_room_in_the_context_is_left_out_but_for_no_long_prompt(
    session: aiohttp.ClientSession, server: FaultServer, words: str, prompt: str, *, is_answered: bool
) -> None:
    server.answer(respond(400, refused(words)), respond(400, refused(words)), WHOLE)
    model = backend(session, server, generation=Generation(max_output_tokens=4096))

    if is_answered:
        await ask(model, prompt)
        assert not {"max_tokens", "max_completion_tokens"} & server.bodies[-1].keys()
    else:
        assert (await failure_of(model, prompt)).failure is Failure.PROMPT_TOO_LONG
        assert len(server.bodies) == 1


async def test_what_cannot_be_left_out_is_refused_after_one_request(
    session: aiohttp.ClientSession, server: FaultServer
) -> None:
    server.answer(respond(400, refused("temperature is too warm")))

    assert (await failure_of(backend(session, server))).failure is Failure.BAD_ANSWER
    assert len(server.bodies) == 1


async def test_a_model_that_falls_silent_has_failed(
    session: aiohttp.ClientSession, server: FaultServer
) -> None:
    server.answer(stream(text("Hi"), then=hang))

    error = await failure_of(backend(session, server, within=limits(stall=0.2, total=60)))

    assert (error.failure, error.detail) == (Failure.TIMEOUT, "the stall limit of 0.2 s ran out")


async def test_reasoning_is_a_sign_of_life(session: aiohttp.ClientSession, server: FaultServer) -> None:
    async def thoughts() -> AsyncIterator[bytes]:
        for _ in range(6):
            yield delta({"reasoning_content": "hm"})
            await asyncio.sleep(0.2)
        yield text("Hi", "stop")

    server.answer(stream_as_told(thoughts))

    assert await answer_of(backend(session, server, within=limits(stall=0.8))) == "Hi"


async def test_comments_are_no_sign_of_life(session: aiohttp.ClientSession, server: FaultServer) -> None:
    async def comments() -> AsyncIterator[bytes]:
        yield text("Hi")
        while True:
            yield b": wait\n\n"
            await asyncio.sleep(0.05)

    server.answer(stream_as_told(comments))

    assert (await failure_of(backend(session, server, within=limits(stall=0.3)))).failure is Failure.TIMEOUT


@pytest.mark.parametrize(
    ("dialect", "models"),
    [
        (OPENAI, {"data": [{"id": "sky-8b"}, {"id": "sea-1b"}]}),
        (OLLAMA, {"models": [{"name": "sky-8b"}, {"name": "sea-1b"}]}),
        (GEMINI, {"models": [{"name": "models/sky-8b"}, {"name": "models/sea-1b"}]}),
    ],
    ids=["openai", "ollama", "gemini"],
)
async def test_an_unknown_model_is_told_with_those_that_the_server_has(
    session: aiohttp.ClientSession, dialect: Dialect, models: dict[str, object]
) -> None:
    async with serve(models=models) as server:
        server.answer(respond(400, dialect.refusal("model 'sky-7b' not found")))
        error = await failure_of(backend(session, server, protocol=dialect.wire))

    assert error.failure is Failure.NOT_FOUND
    assert error.detail == "HTTP 400: model 'sky-7b' not found; the server has sky-8b, sea-1b"


async def test_no_connection_is_used_twice(session: aiohttp.ClientSession, server: FaultServer) -> None:
    server.answer(WHOLE)
    model = backend(session, server)

    for _ in range(3):
        await ask(model)

    assert len(server.connections) == 3


async def test_a_short_dummy_key_tears_no_text_apart(
    session: aiohttp.ClientSession, server: FaultServer
) -> None:
    server.answer(respond(400, refused(f"an error at 1, not {KEY}")))
    model = backend(session, server, api_key="no", extra_headers={"X-A": "1", "X-B": KEY})

    assert (await failure_of(model)).detail == "HTTP 400: an error at 1, not ***"


@pytest.mark.parametrize(
    ("usage", "expected"),
    [
        ({"prompt_tokens": 0, "completion_tokens": 0}, (None, None)),
        ({"prompt_tokens": 7.0, "completion_tokens": 2.5}, (7, None)),
        ({"prompt_tokens": -1, "completion_tokens": 10**10}, (None, None)),
        ({"prompt_tokens": True, "completion_tokens": "2"}, (None, None)),
    ],
)
async def test_tokens_are_taken_only_where_they_are_sane(
    session: aiohttp.ClientSession, server: FaultServer, usage: object, expected: object
) -> None:
    server.answer(stream(text("Hi", "stop"), event({"choices": [], "usage": usage}), DONE))

    finished = (await ask(backend(session, server)))[-1]

    assert isinstance(finished, Finished)
    assert (finished.usage.input_tokens, finished.usage.output_tokens) == expected


async def test_what_a_cache_held_is_added_to_anthropic_s_tokens(
    session: aiohttp.ClientSession, server: FaultServer
) -> None:
    usage = {"input_tokens": 3, "cache_read_input_tokens": 40, "cache_creation_input_tokens": 500}
    start = event({"type": "message_start", "message": {"usage": usage}})
    dialect = ALL["anthropic"]
    end = event(
        {"type": "message_delta", "delta": {"stop_reason": "end_turn"}, "usage": {"output_tokens": 2}}
    )
    server.answer(stream(start, dialect.text("Hi"), end))

    finished = (await ask(backend(session, server, protocol=dialect.wire)))[-1]

    assert isinstance(finished, Finished)
    assert (finished.usage.input_tokens, finished.usage.output_tokens) == (543, 2)
