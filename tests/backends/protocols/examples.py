"""Answers as public bug reports of model servers show them, and their neighbours.

`test_examples.py` holds every one to what must become of it, `python -m bench.dialects` prints a table.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from bot.backends.base import Generation
from tests.backends.fault_server import DONE, hang_up, respond, stream, stream_as_told
from tests.backends.protocols import examples_of_one
from tests.backends.protocols.dialects import ALL, line, sse
from tests.backends.protocols.example import HALF, WHOLE, Example, slowly

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator

    from tests.backends.protocols.dialects import Dialect

BARE_ERRORS: tuple[dict[str, object], ...] = (
    {"detail": "engine died"},
    {"code": "InvalidState", "message": "engine died"},
    {"errors": [{"message": "engine died"}]},
    {"error_msg": "engine died", "error_code": 336100},
    {"base_resp": {"status_code": 1000, "status_msg": "engine died"}},
    {"success": False, "msg": "engine died"},
    {"ok": False, "description": "engine died"},
    {"event": "error", "data": "engine died"},
    {"type": "exception", "message": "engine died"},
    {"message": "An unexpected error occurred", "request_id": "1"},
    {"Error": {"Message": "engine died"}},
    {"failure": "engine died"},
    {"error": {}},
)
NO_IMAGES = (
    (500, "image input is not supported - hint: you may need to provide the mmproj"),
    (404, "No endpoints found that support image input"),
    (400, "Invalid content type. image_url is only supported by certain models."),
    (400, "a is not a multimodal model"),
    (400, "At most 0 image(s) may be provided in one request."),
    (400, "Model does not support images. Please use a model that does."),
    (500, "this model is missing data required for image input"),
    (422, "messages[0]: unknown variant `image_url`, expected `text`"),
)
"""As llama.cpp, OpenRouter, OpenAI, vLLM (two), LM Studio, Ollama and DeepSeek say it."""
SERVER_ERRORS = (
    {"title": "Internal Server Error", "status": 500},
    {"reason": "engine died", "status": "503"},
)
DEEP = b"[" * 100_000


def examples() -> Iterator[Example]:
    for name, dialect in ALL.items():
        yield from of_all(name, dialect)
    yield from examples_of_one.openai()
    yield from examples_of_one.anthropic()
    yield from examples_of_one.gemini()
    yield from examples_of_one.ollama()


def of_all(name: str, dialect: Dialect) -> Iterator[Example]:  # noqa: PLR0915 - a list
    kind = dialect.content_type

    def of(point: int, title: str, becomes: str, *pieces: bytes, content_type: str = kind) -> Example:
        return Example(point, title, name, (stream(*pieces, content_type=content_type),), becomes)

    def said(point: int, title: str, becomes: str, *pieces: str) -> Example:
        return of(point, title, becomes, *dialect.whole(*pieces))

    half = dialect.text(HALF)
    frame = line if name == "ollama" else sse
    fails = "fails: overloaded" if name == "ollama" else "fails: broke_off"
    for document in BARE_ERRORS:
        yield of(2, f"half, then {document}", fails, half, frame(document), DONE)
    for document in SERVER_ERRORS:
        yield of(2, f"half, then {document}", "fails: overloaded", half, frame(document), DONE)
    coded = {"object": "error", "message": "engine died", "code": 500}
    yield of(2, f"half, then {coded}", "fails: overloaded", half, frame(coded), DONE)
    if name != "ollama":
        worse = "fails: broke_off"
        yield of(2, "half, then a line error: {…}", worse, half, b'error: {"message": "died"}\n\n', DONE)
        yield of(
            2,
            "half, then event: error with detail",
            worse,
            half,
            b'event: error\ndata: {"detail": "died"}\n\n',
        )
        yield of(2, "half, then event: error in words", worse, half, b"event: error\ndata: died\n\n", DONE)
        yield of(2, "half, then JSON without data:", worse, half, b'{"error": {"message": "died"}}\n', DONE)
        yield of(2, "half, then an error in bare words", worse, half, b"data: upstream error\n\n", DONE)
        whole = b"".join(dialect.whole("Blue light."))
        yield of(4, "the last event without its blank line", WHOLE, whole.rstrip(b"\n"))
        yield of(13, "events as text/plain", WHOLE, whole, content_type="text/plain")
        yield of(13, "events as application/x-ndjson", WHOLE, whole, content_type="application/x-ndjson")
        yield of(13, "events as application/json", WHOLE, whole, content_type="application/json")
    whole = b"".join(dialect.whole("Blue light."))
    yield of(
        1,
        "an early end, and the usual one",
        WHOLE,
        dialect.end("").replace(DONE, b"").replace(sse({"type": "message_stop"}, "message_stop"), b""),
        *dialect.whole("Blue ", "light."),
    )
    yield of(2, "half, then the connection is over", "fails: broke_off", half)
    yield Example(
        2, "half, then a reset", name, (stream(half, then=hang_up, content_type=kind),), "fails: broke_off"
    )
    unended = dialect.end("").replace(DONE, b"").replace(sse({"type": "message_stop"}, "message_stop"), b"")
    yield Example(
        1,
        "an end beside the first words, a long pause, and more",
        name,
        (slowly(dialect.text("Blue ") + unended, *dialect.whole("light."), pause=4, content_type=kind),),
        WHOLE,
    )
    prefix = b"" if name == "ollama" else b"data: "
    yield of(
        5, "what is not UTF-8 after the end", f"whole: {HALF}", half + unended + prefix + b'{"a":"\xff"}\n\n'
    )
    yield of(5, "an error after the end", f"whole: {HALF}", half + unended, dialect.error("died"))
    yield Example(
        5,
        "a reset after the end",
        name,
        (stream(half, dialect.end("").replace(DONE, b""), then=hang_up, content_type=kind),),
        f"whole: {HALF}",
    )
    yield of(
        5,
        "nonsense after the end",
        f"whole: {HALF}",
        half,
        dialect.end("").replace(DONE, b""),
        frame("x")[:-3],
    )
    odd = map(frame, (None, 7, []))
    yield of(
        5,
        "null, a number and a list between",
        WHOLE,
        dialect.text("Blue "),
        *odd,
        *dialect.whole("light."),
    )
    yield of(3, "a reason that nobody knows", f"unknown end: {HALF}", half, dialect.end("moon_phase"))
    yield of(
        3,
        "insufficient_system_resource",
        "fails: overloaded",
        half,
        dialect.end("insufficient_system_resource"),
    )
    yield of(3, "model_length", f"cut off: {HALF}", half, dialect.end("model_length"))
    yield of(3, "endTurn", f"whole: {HALF}", half, dialect.end("endTurn"))
    yield of(3, "maxTokens", f"cut off: {HALF}", half, dialect.end("maxTokens"))
    yield of(3, "engine_error", "fails: broke_off", half, dialect.end("engine_error"))
    yield of(3, "abort", "fails: broke_off", half, dialect.end("abort"))
    yield said(6, "a closing marker alone", "whole: Blue.", "It scatters.", "</think>", "Blue.")
    yield said(6, "a closing marker alone, split", "whole: Blue.", "It scatters.", "</thi", "nk>Blue.")
    yield said(6, "<reasoning>", "whole: Blue.", "<reason", "ing>Hm.</reasoning>Blue.")
    yield said(6, "[THINK]", "whole: Blue.", "[THINK]Hm.[/TH", "INK]Blue.")
    yield said(6, "◁think▷", "whole: Blue.", "◁think▷Hm.◁/think▷Blue.")
    yield said(6, "<THINK>", "whole: Blue.", "<THINK>Hm.</Think>Blue.")
    yield said(
        6, "several blocks", "whole: Well. Blue.", "<think>Hm.</think>Well. ", "<think>Hm.</think>Blue."
    )
    yield said(
        6,
        "harmony channels",
        "whole: Blue.",
        "<|channel|>analysis<|mess",
        "age|>Hm.<|end|><|start|>assistant<|channel|>final<|message|>Blue.",
    )
    yield said(6, "a text about `<think>`", "whole: Write `<think>`.", "Write `<thi", "nk>`.")
    yield said(6, 'a text about "</think>"', 'whole: Write "</think>".', 'Write "</thi', 'nk>".')
    yield said(7, "<|im_end|> at the end", "whole: Blue.", "Blue.<|im_", "end|>")
    yield said(7, "an invented turn", "whole: Blue.", "Blue.<end_of_turn>\n<start_of_turn>", "user\nAnd red?")
    yield said(7, "a text about `<|im_end|>`", "whole: See `<|im_end|>`.", "See `<|im_end|>", "`.")
    smile = dialect.text("\U0001f600 light.").replace("\U0001f600".encode(), b"@")
    yield of(
        9,
        "half an emoji in each piece",
        "whole: Blue \U0001f600.",
        dialect.text("Blue #").replace(b"#", b"\\ud83d"),
        dialect.text("#.").replace(b"#", b"\\ude00"),
        dialect.end(""),
    )
    yield of(
        9,
        "half an emoji alone",
        "whole: Blue \ufffd light.",
        dialect.text("Blue "),
        smile.replace(b"@", b"\\ud83d"),
        dialect.end(""),
    )
    yield of(
        12,
        "JSON nested 100,000 deep",
        "fails: bad_answer",
        b"data: " + DEEP + b"\n\n" if name != "ollama" else DEEP + b"\n",
    )
    yield Example(
        12,
        "an error nested 100,000 deep",
        name,
        (respond(400, DEEP),),
        "fails: overloaded" if name == "ollama" else "fails: bad_answer",
    )
    yield Example(
        12,
        "Retry-After: the year 99999999999",
        name,
        (respond(429, {"error": "no"}, {"Retry-After": "Wed, 21 Oct 99999999999 07:28:00 GMT"}),),
        "fails: rate_limited",
    )
    yield Example(
        11, "silence after some text", name, (stream_as_told(lambda: _silent(half), kind),), "fails: timeout"
    )
    yield from _refusals(name, dialect)


async def _silent(first: bytes) -> AsyncIterator[bytes]:
    yield first
    await asyncio.sleep(20)


def _refusals(name: str, dialect: Dialect) -> Iterator[Example]:
    whole = stream(*dialect.whole("Blue."), content_type=dialect.content_type)

    def after(point: int, title: str, status: int, body: object, becomes: str = "whole: Blue.") -> Example:
        asked = Generation("Be brief.", 0.5, 99)
        return Example(point, title, name, (respond(status, body), whole), becomes, asked)

    def error(words: str, **fields: object) -> object:
        return {"error": words} if name == "ollama" else {"error": {"message": words, **fields}}

    long = "This model's maximum context length is 4096 tokens. Please reduce the length of the messages."
    yield after(
        10, "temperature refused", 400, error("Unsupported value: 'temperature' does not support 0.5")
    )
    yield after(10, "Temperature in capitals", 400, error("Temperature is not supported by this model"))
    detail = {"loc": ["body", "temperature"], "msg": "Extra inputs are not permitted"}
    yield after(10, "temperature refused by FastAPI", 422, {"detail": [detail]})
    yield after(10, "temperature refused by Mistral", 422, {"message": {"detail": [detail]}})
    pointed = {"message": "Unsupported value", "param": "temperature"}
    yield after(10, "the parameter named apart", 400, {"error": pointed})
    yield after(10, "max_output_tokens refused", 400, error("Invalid value at 'max_output_tokens'"))
    yield after(10, "role 'system' unexpected", 400, error("Unexpected role 'system'."))
    yield after(10, "the 'system' role unsupported", 400, error("The 'system' role is unsupported."))
    role = {"loc": ["body", "messages", 0, "role"], "msg": "Input should be 'user' or 'assistant'"}
    yield after(10, "the system role refused by FastAPI", 422, {"detail": [role]})
    yield after(10, "the system role refused", 400, error("System role not supported"))
    yield after(10, "roles must alternate", 500, error("Conversation roles must alternate user/assistant"))
    yield after(15, "too long for the context", 400, error(long), "fails: prompt_too_long")
    yield after(
        15, "413 from nginx", 413, b"<html>413 Request Entity Too Large</html>", "fails: prompt_too_long"
    )
    yield after(15, "400 model 'x' not found", 400, error("model 'x' not found"), "fails: not_found")
    yield after(
        15, "Invalid model name", 400, error("Invalid model name passed in model=x"), "fails: not_found"
    )
    yield after(15, "detail: Model not found", 400, {"detail": "Model not found"}, "fails: not_found")
    yield after(15, "405 where no API is", 405, b"", "fails: not_found")
    for status, words in NO_IMAGES:
        yield after(15, words, status, error(words), "fails: no_images")
    words = "The image format is not supported"
    yield after(15, words, 500, error(words), "fails: overloaded")
