"""Answers that only one of the protocols has."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.backends.base import Generation
from tests.backends.fault_server import DONE, respond, stream
from tests.backends.protocols.dialects import ALL, line, sse
from tests.backends.protocols.example import HALF, WHOLE, Example, slowly

if TYPE_CHECKING:
    from collections.abc import Iterator


def chunk(reason: object = ..., **delta: object) -> bytes:
    named = {} if reason is ... else {"finish_reason": reason}
    return sse({"choices": [{"index": 0, "delta": delta, **named}]})


def part(text: str, **fields: object) -> bytes:
    return sse({"candidates": [{"content": {"parts": [{"text": text}], "role": "model"}, **fields}]})


def message(text: str, **fields: object) -> bytes:
    return line({"message": {"role": "assistant", "content": text}, **fields})


def openai() -> Iterator[Example]:
    def of(point: int, title: str, becomes: str, *pieces: bytes) -> Example:
        return Example(point, title, "openai", (stream(*pieces),), becomes)

    end = chunk("stop")
    for word in ("stop", "null", "FINISH_REASON_UNSPECIFIED", "length"):
        early = slowly(chunk(word, content="Blue "), chunk(None, content="light."), end + DONE)
        yield Example(1, f"{word!r} in the first chunk, text goes on", "openai", (early,), WHOLE)
    thought = slowly(chunk("stop", reasoning_content="Hm."), chunk(None, content="Blue light."), end + DONE)
    yield Example(1, "'stop' beside reasoning before any text", "openai", (thought,), WHOLE)
    yield of(
        1, "'stop' on an empty first chunk, then [DONE]", WHOLE, end, chunk(None, content="Blue light."), DONE
    )
    yield of(
        1, "'stop' beside every piece", WHOLE, chunk("stop", content="Blue "), chunk("stop", content="light.")
    )
    yield of(1, "'' beside every piece", WHOLE, chunk("", content="Blue "), chunk("", content="light."), end)
    yield of(2, "[DONE] after chunks that said null", "fails: broke_off", chunk(None, content=HALF), DONE)
    yield of(2, "[DONE] where no reason is ever named", WHOLE, chunk(content="Blue light."), DONE)
    choice = {"index": 0, "delta": {}, "error": {"code": 502, "message": "upstream died"}}
    yield of(
        2,
        "an error inside the choice",
        "fails: overloaded",
        chunk(content=HALF),
        sse({"choices": [choice]}),
        DONE,
    )
    yield of(
        15, "an error code as digits", "fails: rate_limited", sse({"error": {"message": "no", "code": "429"}})
    )
    yield of(3, "SGLang's reason as an object", f"cut off: {HALF}", chunk({"type": "length"}, content=HALF))
    yield of(3, "'eos'", WHOLE, chunk("eos", content="Blue light."))
    camel: dict[str, object] = {"index": 0, "delta": {}, "finish_reason": None, "finishReason": "stop"}
    yield of(
        4,
        "finishReason in place of finish_reason",
        WHOLE,
        chunk(content="Blue light."),
        sse({"choices": [camel]}),
    )
    inside = sse({"choices": [{"index": 0, "delta": {"finish_reason": "length"}}]})
    yield of(4, "finish_reason inside the delta", "cut off: Blue", chunk(content=HALF), inside, DONE)
    beside = sse({"choices": [], "finish_reason": "length"})
    yield of(4, "finish_reason beside the choices", "cut off: Blue", chunk(content=HALF), beside, DONE)
    for usage in ({"prompt_tokens": 1.5, "completion_tokens": "2"}, "none", [1], {"prompt_tokens": 10**30}):
        odd = sse({"choices": [], "usage": usage})
        yield of(5, f"usage {usage}", WHOLE, chunk(None, content="Blue light."), end, odd, DONE)
    yield of(5, "data: null", WHOLE, b"data: null\n\n", chunk(content="Blue light."), end)
    yield of(
        5,
        "reasoning as an object",
        WHOLE,
        chunk(reasoning={"text": "Hm."}),
        chunk("stop", content="Blue light."),
    )
    yield of(
        5,
        "logprobs of NaN",
        WHOLE,
        b'data: {"choices":[{"delta":{"content":"Blue light."},"logprobs":NaN,"finish_reason":"stop"}]}\n\n',
    )
    yield of(
        5,
        "numbers beyond 64 bits",
        WHOLE,
        b'data: {"created":' + b"9" * 5000 + b"}\n\n",
        chunk("stop", content="Blue light."),
    )
    yield of(
        5,
        "a broken document after the end",
        WHOLE,
        chunk("stop", content="Blue light."),
        b"data: {\n\n",
        DONE,
    )
    whole = {"index": 0, "message": {"content": "Blue light."}, "finish_reason": "stop"}
    yield of(
        5,
        "the whole message again at the end",
        WHOLE,
        chunk(content="Blue light."),
        sse({"choices": [whole]}),
    )
    yield of(
        5,
        "events that one newline ends",
        WHOLE,
        (chunk(content="Blue light.") + end).replace(b"\n\n", b"\n"),
        b"\n",
    )
    yield of(8, "delta.refusal", "refusal: I cannot.", chunk(refusal="I cannot."), end, DONE)
    yield of(
        8,
        "a part that is a refusal",
        "refusal: No.",
        chunk("stop", content=[{"type": "refusal", "refusal": "No."}]),
    )
    yield Example(15, "a JSON body", "openai", (respond(200, {"choices": [whole]}),), WHOLE)
    asked = Generation(max_output_tokens=9)
    for words in ("Use 'max_completion_tokens' instead of 'max_tokens'.", "Unknown parameter: max_tokens"):
        refused = (respond(400, {"error": {"message": words}}), stream(chunk("stop", content="Blue light.")))
        yield Example(10, words, "openai", refused, WHOLE, asked)
    said = sse({"error": {"message": "stream_options is not permitted", "code": 400}})
    yield Example(
        10,
        "refused inside a stream",
        "openai",
        (stream(said), stream(chunk("stop", content="Blue light."))),
        WHOLE,
    )


def anthropic() -> Iterator[Example]:
    dialect = ALL["anthropic"]
    stop = sse({"type": "message_stop"})

    def of(point: int, title: str, becomes: str, *pieces: bytes) -> Example:
        return Example(point, title, "anthropic", (stream(*pieces),), becomes)

    def delta(reason: object, usage: object) -> bytes:
        return sse({"type": "message_delta", "delta": {"stop_reason": reason}, "usage": usage})

    blue = dialect.text("Blue light.")
    yield of(5, "usage: null", WHOLE, blue, delta("end_turn", None), stop)
    yield of(
        5,
        "usage in the start: null",
        WHOLE,
        sse({"type": "message_start", "message": {"usage": None}}),
        blue,
        stop,
    )
    yield of(2, "message_stop after stop_reason: null", "fails: broke_off", blue, delta(None, None), stop)
    yield of(4, "no message_stop", WHOLE, blue, delta("end_turn", {}))
    yield of(2, "[DONE] where no reason is ever named", WHOLE, blue, DONE)
    for name in ("stopReason", "finish_reason"):
        renamed = sse({"type": "message_delta", "delta": {name: "end_turn"}})
        yield of(4, f"{name} in place of stop_reason", WHOLE, blue, renamed)
    last = sse({"type": "message_stop", "stop_reason": "max_tokens"})
    yield of(4, "stop_reason in message_stop", "cut off: Blue light.", blue, last)
    early = slowly(
        dialect.text("Blue ") + delta("end_turn", {}), dialect.text("light.") + delta("end_turn", {}) + stop
    )
    yield Example(1, "stop_reason in the midst", "anthropic", (early,), WHOLE)
    body = {
        "type": "message",
        "content": [{"type": "text", "text": "Blue light."}],
        "stop_reason": "end_turn",
    }
    yield Example(15, "a JSON body", "anthropic", (respond(200, body),), WHOLE)


def gemini() -> Iterator[Example]:
    def of(point: int, title: str, becomes: str, *pieces: bytes) -> Example:
        return Example(point, title, "gemini", (stream(*pieces),), becomes)

    each = slowly(part("Blue ", finishReason="STOP"), part("light.", finishReason="STOP"))
    yield Example(1, "STOP in each chunk", "gemini", (each,), WHOLE)
    unspecified = slowly(
        part("Blue ", finishReason="FINISH_REASON_UNSPECIFIED"), part("light.", finishReason="STOP")
    )
    yield Example(1, "FINISH_REASON_UNSPECIFIED", "gemini", (unspecified,), WHOLE)
    yield of(3, "OTHER", "fails: broke_off", part(HALF, finishReason="OTHER"))
    yield of(3, "MALFORMED_RESPONSE", "fails: broke_off", part(HALF, finishReason="MALFORMED_RESPONSE"))
    yield of(3, "SPII", "fails: filtered", part(HALF, finishReason="SPII"))
    nothing = sse(
        {"candidates": [{"content": {"parts": None}, "finishReason": "STOP"}], "usageMetadata": None}
    )
    yield of(5, "parts: null in the last chunk", WHOLE, part("Blue light."), nothing)
    yield of(
        2,
        "STOP in each chunk, then an error",
        "fails: overloaded",
        part(HALF, finishReason="STOP"),
        part(" is", finishReason="STOP"),
        sse({"error": {"code": 503, "message": "died"}}),
    )
    chunks = [
        {"candidates": [{"content": {"parts": [{"text": "Blue "}]}}]},
        {"candidates": [{"content": {"parts": [{"text": "light."}]}, "finishReason": "STOP"}]},
    ]
    yield Example(15, "a JSON array", "gemini", (respond(200, chunks),), WHOLE)


def ollama() -> Iterator[Example]:
    kind = "application/x-ndjson"

    def of(point: int, title: str, becomes: str, *pieces: bytes, content_type: str = kind) -> Example:
        return Example(point, title, "ollama", (stream(*pieces, content_type=content_type),), becomes)

    yield of(4, "done_reason without done", WHOLE, message("Blue light."), message("", done_reason="stop"))
    for name in ("doneReason", "finish_reason"):
        renamed = message("", **{name: "stop"})
        yield of(4, f"{name} in place of done_reason", WHOLE, message("Blue light."), renamed)
    yield of(
        3, "done_reason: load", "fails: broke_off", message(HALF), message("", done=True, done_reason="load")
    )
    yield of(
        5,
        "eval_count of another type",
        WHOLE,
        message("Blue light."),
        message("", done=True, eval_count="many"),
    )
    early = slowly(message("Blue ", done=True), message("light.", done=True), content_type=kind)
    yield Example(1, "done in each line", "ollama", (early,), WHOLE)
    yield of(
        15, "a JSON body", WHOLE, message("Blue light.", done=True).rstrip(), content_type="application/json"
    )
    yield of(
        15,
        "one line that is not done",
        "fails: broke_off",
        message(HALF, done=False),
        content_type="application/json",
    )
    lines = b"".join(b"data: " + each + b"\n" for each in (message("Blue light."), message("", done=True)))
    yield of(13, "lines as server-sent events", WHOLE, lines, content_type="text/event-stream")
