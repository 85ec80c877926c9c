"""The Messages API of Anthropic, which llama.cpp and others speak as well."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import msgspec

from bot.backends.base import BackendError, Failure, FinishReason
from bot.backends.http.framing import Events
from bot.backends.protocols.protocol import Complaint, ServerComplaint, by_status

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bot.backends.base import ChatMessage, Generation
    from bot.backends.http.endpoint import Service
    from bot.backends.http.framing import Framing
    from bot.backends.transcript import Transcript

VERSION = "2023-06-01"
DEFAULT_MAX_TOKENS = 4096
"""The API takes no request without a limit; every model allows this one."""

_NAMES = {
    "authentication_error": Failure.AUTH,
    "permission_error": Failure.AUTH,
    "billing_error": Failure.AUTH,
    "not_found_error": Failure.NOT_FOUND,
    "rate_limit_error": Failure.RATE_LIMITED,
    "overloaded_error": Failure.OVERLOADED,
    "api_error": Failure.OVERLOADED,
    "timeout_error": Failure.TIMEOUT,
}


class TextBlock(msgspec.Struct, frozen=True, tag_field="type", tag="text"):
    text: str


class ImageSource(msgspec.Struct, frozen=True, tag_field="type", tag="base64"):
    media_type: str
    data: bytes


class ImageBlock(msgspec.Struct, frozen=True, tag_field="type", tag="image"):
    source: ImageSource


class AnthropicTurn(msgspec.Struct, frozen=True):
    role: Literal["user", "assistant"]
    content: str | list[ImageBlock | TextBlock]


class AnthropicRequest(msgspec.Struct, frozen=True, omit_defaults=True):
    model: str
    max_tokens: int
    messages: list[AnthropicTurn]
    stream: Literal[True]
    system: str | None = None
    temperature: float | None = None


class AnthropicTokenCount(msgspec.Struct, frozen=True):
    input_tokens: int | None = None
    output_tokens: int | None = None


class Begun(msgspec.Struct, frozen=True):
    usage: AnthropicTokenCount = AnthropicTokenCount()


class AnthropicDelta(msgspec.Struct, frozen=True):
    """Text has `text`; thinking, signatures and tool calls have other fields."""

    type: str = ""
    text: str | None = None
    stop_reason: str | None = None


class AnthropicError(msgspec.Struct, frozen=True):
    type: str = ""
    message: str = ""


class AnthropicEvent(msgspec.Struct, frozen=True):
    """Any event: which fields it has depends on its type."""

    type: str = ""
    message: Begun | str | None = None
    content_block: AnthropicDelta | None = None
    delta: AnthropicDelta | None = None
    usage: AnthropicTokenCount | None = None
    error: AnthropicError | None = None


_decoder = msgspec.json.Decoder(AnthropicEvent)


class AnthropicProtocol:
    """`base_url` is https://api.anthropic.com or another server's, with or without /v1."""

    framings: Mapping[str, type[Framing]] = {"text/event-stream": Events}

    def __init__(self, service: Service, generation: Generation) -> None:
        self._service = service
        self._generation = generation

    @property
    def url(self) -> str:
        return f"{self._service.root('v1')}/v1/messages"

    @property
    def headers(self) -> Mapping[str, str]:
        key = self._service.api_key
        return {"anthropic-version": VERSION} | ({"x-api-key": key.reveal()} if key else {})

    def request(self, conversation: tuple[ChatMessage, ...]) -> AnthropicRequest:
        generation = self._generation
        return AnthropicRequest(
            self._service.model,
            generation.max_output_tokens or DEFAULT_MAX_TOKENS,
            [AnthropicTurn(message.role, _content(message)) for message in conversation],
            stream=True,
            system=generation.system_prompt,
            temperature=generation.temperature,
        )

    def take(self, document: str | bytes, transcript: Transcript) -> str:
        event = _decoder.decode(document)
        match event.type:
            case "content_block_start" | "content_block_delta":
                transcript.has_begun = True
                delta = event.content_block or event.delta or AnthropicDelta()
                return transcript.write(delta.text if delta.type in ("text", "text_delta") else None)
            case "message_start" if isinstance(event.message, Begun):
                transcript.count_tokens(event.message.usage.input_tokens, None)
            case "message_delta":
                if event.usage:
                    transcript.count_tokens(event.usage.input_tokens, event.usage.output_tokens)
                if event.delta and event.delta.stop_reason:
                    transcript.finish_reason = _understand(event.delta.stop_reason)
            case "message_stop":
                transcript.is_done = True
            case "error":
                error = event.error or AnthropicError()
                raise ServerComplaint(
                    Complaint(_NAMES.get(error.type, Failure.BAD_ANSWER), error.message or error.type)
                )
            case _:
                pass  # pings, the ends of blocks, and what the API may come to add
        return ""

    def complaint(self, status: int, body: bytes) -> Complaint:
        try:
            error = _decoder.decode(body).error or AnthropicError()
        except (msgspec.DecodeError, UnicodeDecodeError):
            error = AnthropicError()
        failure = by_status(status, _NAMES.get(error.type, Failure.BAD_ANSWER))
        return Complaint(failure, error.message or body.decode(errors="replace"))

    def adapt(self, complaint: Complaint) -> bool:  # noqa: ARG002 - part of the protocol
        return False


def _content(message: ChatMessage) -> str | list[ImageBlock | TextBlock]:
    if message.image is None:
        return message.content
    source = ImageSource(message.image.kind.media_type, message.image.content)
    return [ImageBlock(source), TextBlock(message.content)]


def _understand(stop_reason: str) -> FinishReason:
    match stop_reason:
        case "refusal":
            raise BackendError(Failure.FILTERED, "the provider's safety classifiers stopped the reply")
        case "max_tokens" | "model_context_window_exceeded":
            return FinishReason.LENGTH
        case _:
            return FinishReason.STOP
