"""What a well-meaning server may send, and how it is asked."""

from __future__ import annotations

import asyncio
from contextlib import aclosing
from typing import TYPE_CHECKING

import pytest

from bot.backends.base import (
    BackendError,
    ChatMessage,
    Failure,
    Finished,
    Generation,
    TextPiece,
    Usage,
)
from bot.backends.http.deadlines import END_SECONDS
from bot.domain.battle import FinishReason
from tests.backends.asking import KEY, QUESTION, answer_of, ask, backend, limits
from tests.backends.fault_server import (
    DONE,
    FaultServer,
    delta,
    event,
    hang,
    respond,
    stream,
    stream_as_told,
    text,
)

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    import aiohttp

_USAGE = event({"choices": [], "usage": {"prompt_tokens": 5, "completion_tokens": 2}})
_WHOLE = stream(text("Hi"), text("", "stop"), DONE)


async def test_a_reply_ends_with_its_reason_and_usage(
    session: aiohttp.ClientSession, server: FaultServer
) -> None:
    server.answer(
        stream(delta({"role": "assistant"}), text("Be"), text(None), text("cause", "length"), _USAGE, DONE)
    )

    *pieces, finished = await ask(backend(session, server))

    assert "".join([piece.text for piece in pieces if isinstance(piece, TextPiece)]) == "Because"
    assert finished == Finished(FinishReason.LENGTH, Usage(5, 2))


async def test_pieces_are_passed_on_as_they_come(session: aiohttp.ClientSession, server: FaultServer) -> None:
    passed_on = asyncio.Event()

    async def pieces() -> AsyncIterator[bytes]:
        yield text("first")
        await passed_on.wait()
        yield text("second", "stop")

    server.answer(stream_as_told(pieces))

    async with aclosing(backend(session, server).reply(QUESTION)) as reply:
        first = await anext(reply)
        passed_on.set()
        second = await anext(reply)

    assert (first, second) == (TextPiece("first"), TextPiece("second"))


async def test_the_request_says_what_was_configured(
    session: aiohttp.ClientSession, server: FaultServer
) -> None:
    server.answer(_WHOLE)
    generation = Generation("Be brief.", temperature=0.0, max_output_tokens=9)
    conversation = (ChatMessage("user", "a"), ChatMessage("assistant", "b"), ChatMessage("user", "c"))

    _ = [event async for event in backend(session, server, generation=generation).reply(conversation)]

    assert server.paths == ["/v1/chat/completions"]
    assert server.headers[0]["Authorization"] == f"Bearer {KEY}"
    assert server.bodies == [
        {
            "model": "sky-7b",
            "messages": [
                {"role": "system", "content": "Be brief."},
                {"role": "user", "content": "a"},
                {"role": "assistant", "content": "b"},
                {"role": "user", "content": "c"},
            ],
            "stream": True,
            "stream_options": {"include_usage": True},
            "temperature": 0.0,
            "max_tokens": 9,
        }
    ]


async def test_without_a_key_no_authorization_is_sent(
    session: aiohttp.ClientSession, server: FaultServer
) -> None:
    server.answer(_WHOLE)

    await ask(backend(session, server, api_key=None))

    assert "Authorization" not in server.headers[0]


async def test_reasoning_is_not_shown(session: aiohttp.ClientSession, server: FaultServer) -> None:
    thoughts = [delta({"reasoning_content": "hm"}), delta({"reasoning": "hm", "content": ""})]
    parts = [{"type": "thinking", "text": "hm"}, {"type": "text", "text": "Ye"}]
    server.answer(
        stream(*thoughts, text("<thi"), text("nk>hm</think>\n"), delta({"content": parts}), text("s", "stop"))
    )

    assert await answer_of(backend(session, server)) == "Yes"


async def test_text_that_only_looked_like_reasoning_is_shown(
    session: aiohttp.ClientSession, server: FaultServer
) -> None:
    server.answer(stream(text("<thi", "stop"), DONE))

    assert await answer_of(backend(session, server)) == "<thi"


async def test_only_the_first_choice_counts(session: aiohttp.ClientSession, server: FaultServer) -> None:
    other = {"index": 1, "delta": {"content": "No"}, "finish_reason": "content_filter"}
    first = {"index": 0, "delta": {"content": "Yes"}, "finish_reason": "stop"}
    server.answer(stream(event({"choices": [other, first]}), DONE))

    assert await answer_of(backend(session, server)) == "Yes"


async def test_comments_and_empty_events_are_passed_over(
    session: aiohttp.ClientSession, server: FaultServer
) -> None:
    server.answer(
        stream(b": OPENROUTER PROCESSING\n\n", b"data:\n\n", text("Hi", "stop"), DONE, b"data: {\n\n")
    )

    assert await answer_of(backend(session, server)) == "Hi"


@pytest.mark.parametrize("last", [(text("!", "stop"),), (text("!", "tool_calls"), DONE)])
async def test_a_finish_reason_makes_a_reply_whole(
    session: aiohttp.ClientSession, server: FaultServer, last: tuple[bytes, ...]
) -> None:
    server.answer(stream(text("Hi"), *last))

    assert (await ask(backend(session, server)))[-1] == Finished(FinishReason.STOP, Usage())


async def test_done_makes_a_reply_whole_where_no_reason_is_ever_named(
    session: aiohttp.ClientSession, server: FaultServer
) -> None:
    server.answer(stream(event({"choices": [{"delta": {"content": "Hi"}}]}), DONE))

    assert (await ask(backend(session, server)))[-1] == Finished(FinishReason.STOP, Usage())


async def test_a_server_that_forgets_to_hang_up_spoils_nothing(
    session: aiohttp.ClientSession, server: FaultServer
) -> None:
    server.answer(stream(text("Hi", "stop"), then=hang))
    model = backend(session, server, within=limits(total=60, stall=0.5))

    async with asyncio.timeout(30):
        assert await answer_of(model) == "Hi"


async def test_a_server_that_forgets_to_hang_up_is_waited_for_once(
    session: aiohttp.ClientSession, server: FaultServer
) -> None:
    loop = asyncio.get_running_loop()
    server.answer(stream(text("Hi", "stop"), then=hang))
    model = backend(session, server, within=limits(total=60, stall=2 * END_SECONDS))
    seconds: list[float] = []
    for _ in range(2):
        begun = loop.time()
        await ask(model)
        seconds.append(loop.time() - begun)

    assert seconds[0] >= 2 * END_SECONDS > seconds[1] >= END_SECONDS


async def test_an_answer_that_is_no_stream_is_accepted(
    session: aiohttp.ClientSession, server: FaultServer
) -> None:
    message = {"role": "assistant", "content": "<think>hm</think>Hi", "reasoning_content": None}
    choice = {"index": 0, "message": message, "finish_reason": "stop"}
    server.answer(respond(200, {"choices": [choice], "usage": {"prompt_tokens": 5, "completion_tokens": 2}}))

    events = await ask(backend(session, server))

    assert events == [TextPiece("Hi"), Finished(FinishReason.STOP, Usage(5, 2))]


async def test_stream_options_are_left_out_where_they_are_not_known(
    session: aiohttp.ClientSession, server: FaultServer
) -> None:
    server.answer(respond(400, {"error": {"message": "Unknown parameter: stream_options"}}), _WHOLE)
    model = backend(session, server)

    answers = [await answer_of(model), await answer_of(model)]

    assert answers == ["Hi", "Hi"]
    assert ["stream_options" in body for body in server.bodies] == [True, False, False]


async def test_the_newer_name_of_max_tokens_is_used_where_it_is_asked_for(
    session: aiohttp.ClientSession, server: FaultServer
) -> None:
    complaint = "'max_tokens' is not supported with this model. Use 'max_completion_tokens' instead."
    server.answer(respond(400, {"error": {"message": complaint}}), _WHOLE)

    await ask(backend(session, server, generation=Generation(max_output_tokens=9)))

    assert ("max_tokens" in server.bodies[1], server.bodies[1]["max_completion_tokens"]) == (False, 9)


async def test_closing_the_reply_gives_the_connection_up(
    session: aiohttp.ClientSession, server: FaultServer
) -> None:
    server.answer(stream(text("Hi"), then=hang))
    model = backend(session, server, max_concurrent=1)
    reply = model.reply(QUESTION)
    await anext(reply)

    await reply.aclose()

    await asyncio.wait_for(server.gone.wait(), 2)
    server.answer(_WHOLE)
    assert await answer_of(model) == "Hi"


async def test_no_more_replies_run_at_once_than_allowed(
    session: aiohttp.ClientSession, server: FaultServer
) -> None:
    full, go_on = asyncio.Event(), asyncio.Event()

    async def pieces() -> AsyncIterator[bytes]:
        if server.running == 2:
            full.set()
        await go_on.wait()
        yield text("Hi", "stop")

    server.answer(stream_as_told(pieces))
    model = backend(session, server, max_concurrent=2)

    async with asyncio.TaskGroup() as group:
        tasks = [group.create_task(answer_of(model)) for _ in range(5)]
        await asyncio.wait_for(full.wait(), 2)
        go_on.set()

    assert [task.result() for task in tasks] == ["Hi"] * 5
    assert server.most_running == 2


async def test_a_slow_reader_is_not_cancelled_by_the_limits(
    session: aiohttp.ClientSession, server: FaultServer
) -> None:
    server.answer(stream(text("Hi"), then=hang))
    reply = backend(session, server, within=limits(total=0.1)).reply(QUESTION)

    async with aclosing(reply):
        await anext(reply)
        # The reader's own time, longer than every limit of the reply.
        await asyncio.sleep(0.2)
        with pytest.raises(BackendError) as caught:
            await anext(reply)

    assert caught.value.failure is Failure.TIMEOUT
