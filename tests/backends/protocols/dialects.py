"""How each protocol's server says the same things."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import msgspec

from bot.backends.protocols.anthropic import AnthropicProtocol
from bot.backends.protocols.gemini import GeminiProtocol
from bot.backends.protocols.ollama import OllamaProtocol
from bot.backends.protocols.openai import OpenAIProtocol

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from bot.backends.protocols.protocol import ProtocolAdapter


@dataclass(frozen=True, slots=True)
class Dialect:
    """`text` and `thought` are pieces of an answer, `whole` is one with its end; `error` is one inside it."""

    wire: type[ProtocolAdapter]
    content_type: str
    text: Callable[[str], bytes]
    thought: Callable[[str], bytes]
    end: Callable[[str], bytes]
    error: Callable[[str], bytes]
    refusal: Callable[[str], object]
    length: str
    filtered: str
    path: str

    def whole(self, *pieces: str, reason: str = "") -> Sequence[bytes]:
        return [*map(self.text, pieces), self.end(reason)]


def sse(document: object, name: str = "") -> bytes:
    head = f"event: {name}\n".encode() if name else b""
    return head + b"data: " + msgspec.json.encode(document) + b"\n\n"


def line(document: object) -> bytes:
    return msgspec.json.encode(document) + b"\n"


def _openai_end(reason: str) -> bytes:
    usage: dict[str, object] = {"choices": [], "usage": {"prompt_tokens": 7, "completion_tokens": 2}}
    return (
        sse({"choices": [{"index": 0, "delta": {"content": None}, "finish_reason": reason or "stop"}]})
        + sse(usage)
        + b"data: [DONE]\n\n"
    )


OPENAI = Dialect(
    OpenAIProtocol,
    "text/event-stream",
    lambda text: sse({"choices": [{"index": 0, "delta": {"content": text}}]}),
    lambda text: sse({"choices": [{"index": 0, "delta": {"reasoning_content": text}}]}),
    _openai_end,
    lambda message: sse({"error": {"type": "server_error", "message": message}}),
    lambda message: {"error": {"message": message}},
    "length",
    "content_filter",
    "/v1/chat/completions",
)


def _anthropic_delta(delta: dict[str, str]) -> bytes:
    document = {"type": "content_block_delta", "index": 0, "delta": delta}
    return sse(document, "content_block_delta")


def _anthropic_end(reason: str) -> bytes:
    delta = {
        "type": "message_delta",
        "delta": {"stop_reason": reason or "end_turn"},
        "usage": {"output_tokens": 2},
    }
    return (
        sse({"type": "message_start", "message": {"id": "m", "usage": {"input_tokens": 7}}}, "message_start")
        + sse({"type": "ping"}, "ping")
        + sse({"type": "content_block_stop", "index": 0})
        + sse(delta, "message_delta")
        + sse({"type": "message_stop"}, "message_stop")
    )


ANTHROPIC = Dialect(
    AnthropicProtocol,
    "text/event-stream",
    lambda text: _anthropic_delta({"type": "text_delta", "text": text}),
    lambda text: _anthropic_delta({"type": "thinking_delta", "thinking": text}),
    _anthropic_end,
    lambda message: sse({"type": "error", "error": {"type": "overloaded_error", "message": message}}),
    lambda message: {"type": "error", "error": {"type": "x", "message": message}},
    "max_tokens",
    "refusal",
    "/v1/messages",
)


def _gemini_end(reason: str) -> bytes:
    return sse(
        {
            "candidates": [{"finishReason": reason or "STOP", "index": 0}],
            "usageMetadata": {
                "promptTokenCount": 7,
                "candidatesTokenCount": 1,
                "thoughtsTokenCount": 1,
                "totalTokenCount": 9,
            },
        }
    )


def _gemini_part(**part: object) -> bytes:
    return sse({"candidates": [{"content": {"parts": [part], "role": "model"}}]})


GEMINI = Dialect(
    GeminiProtocol,
    "text/event-stream",
    lambda text: _gemini_part(text=text),
    lambda text: _gemini_part(text=text, thought=True),
    _gemini_end,
    lambda message: sse({"error": {"code": 503, "status": "UNAVAILABLE", "message": message}}),
    lambda message: {"error": {"code": 0, "message": message}},
    "MAX_TOKENS",
    "SAFETY",
    "/v1/v1beta/models/sky-7b:streamGenerateContent",
)

OLLAMA = Dialect(
    OllamaProtocol,
    "application/x-ndjson",
    lambda text: line({"message": {"role": "assistant", "content": text}, "done": False}),
    lambda text: line({"message": {"role": "assistant", "content": "", "thinking": text}, "done": False}),
    lambda reason: line(
        {
            "message": {"role": "assistant", "content": ""},
            "done": True,
            "done_reason": reason or "stop",
            "prompt_eval_count": 7,
            "eval_count": 2,
        }
    ),
    lambda message: line({"error": message}),
    lambda message: {"error": message},
    "length",
    "",
    "/v1/api/chat",
)

IMAGES: dict[str, Callable[[str, str], dict[str, object]]] = {
    "openai": lambda kind, data: {
        "role": "user",
        "content": [
            {"type": "image_url", "image_url": {"url": f"data:{kind};base64,{data}"}},
            {"type": "text", "text": "What is this?"},
        ],
    },
    "anthropic": lambda kind, data: {
        "role": "user",
        "content": [
            {"type": "image", "source": {"type": "base64", "media_type": kind, "data": data}},
            {"type": "text", "text": "What is this?"},
        ],
    },
    "gemini": lambda kind, data: {
        "role": "user",
        "parts": [{"inlineData": {"mimeType": kind, "data": data}}, {"text": "What is this?"}],
    },
    "ollama": lambda _kind, data: {"role": "user", "content": "What is this?", "images": [data]},
}
"""What each protocol's own documentation writes for a question about an image, by media type and base64."""

ALL = {"openai": OPENAI, "anthropic": ANTHROPIC, "gemini": GEMINI, "ollama": OLLAMA}
