"""The Messages API of Anthropic, which llama.cpp and others speak as well."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal
from urllib.parse import quote

import msgspec

from bot.backends.base import Failure
from bot.backends.protocols.json_values import REASONS, fields, items, named, text, tokens
from bot.backends.protocols.openai import OpenAIProtocol

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from bot.backends.base import ChatMessage
    from bot.backends.http.endpoint import Service
    from bot.backends.protocols.habits import Asking
    from bot.backends.protocols.json_values import Fields
    from bot.backends.transcript import Transcript

VERSION = "2023-06-01"
DEFAULT_MAX_TOKENS = 4096
"""The API takes no request without a limit; every model allows this one."""

_INPUTS = ("input_tokens", "cache_creation_input_tokens", "cache_read_input_tokens")
"""What was read is counted apart from what a cache held, and both are paid for."""
_TEXTS = ("text", "text_delta")


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


class AnthropicProtocol:
    """`base_url` is https://api.anthropic.com or another server's, with or without /v1."""

    accept = "text/event-stream, application/json"
    usual_trouble = Failure.BAD_ANSWER
    page_size = "limit=1000"
    limits: Sequence[str] = ("max_tokens",)

    def __init__(self, service: Service) -> None:
        self._service = service

    @property
    def url(self) -> str:
        return f"{self._service.root('v1')}/v1/messages"

    @property
    def models_url(self) -> str:
        return f"{self._service.root('v1')}/v1/models"

    @property
    def headers(self) -> Mapping[str, str]:
        key = self._service.api_key
        return {"anthropic-version": VERSION} | ({"x-api-key": key.reveal()} if key else {})

    def request(self, conversation: tuple[ChatMessage, ...], asking: Asking) -> AnthropicRequest:
        return AnthropicRequest(
            self._service.model,
            asking.generation.max_output_tokens or DEFAULT_MAX_TOKENS,
            [AnthropicTurn(message.role, _content(message)) for message in conversation],
            stream=True,
            system=asking.system_prompt,
            temperature=asking.temperature,
        )

    def take(self, document: Fields, transcript: Transcript) -> None:
        match document.get("type"):
            case "content_block_start":
                _write(fields(document.get("content_block")), transcript)
            case "content_block_delta":
                _write(fields(document.get("delta")), transcript)
            case "message_start":
                _count(fields(document.get("message")), transcript)
            case "message_delta":
                _count(document, transcript)
                _see_reason(transcript, fields(document.get("delta")), document)
            case "message_stop":
                _see_reason(transcript, document)
                transcript.is_done = True
            case "message":
                _take_body(document, transcript)
            case _:
                pass  # pings, the ends of blocks, and what the API may come to add

    def models(self, document: Fields) -> Iterator[str]:
        return OpenAIProtocol(self._service).models(document)

    def has_models(self, document: Fields) -> bool:
        return OpenAIProtocol(self._service).has_models(document)

    def next_page(self, document: Fields) -> str:
        last = text(document.get("last_id"))
        return f"after_id={quote(last, safe='')}" if last and document.get("has_more") is True else ""


def _take_body(document: Fields, transcript: Transcript) -> None:
    """Take the whole answer of a server that does not stream."""
    for block in items(document.get("content")):
        _write(fields(block), transcript)
    _count(document, transcript)
    _see_reason(transcript, document)


def _write(block: Fields, transcript: Transcript) -> None:
    """Text has `text`; thinking, signatures and tool calls have other fields."""
    if block.get("type") in _TEXTS:
        transcript.write(text(block.get("text")))
    else:
        transcript.think(block)


def _see_reason(transcript: Transcript, *places: Fields) -> None:
    if said := named(REASONS, *places):
        transcript.see_reason(next(filter(None, said), None))


def _count(place: Fields, transcript: Transcript) -> None:
    usage = fields(place.get("usage"))
    counted = [number for name in _INPUTS if (number := tokens(usage.get(name))) is not None]
    transcript.count_tokens(tokens(sum(counted)), tokens(usage.get("output_tokens")))


def _content(message: ChatMessage) -> str | list[ImageBlock | TextBlock]:
    if message.image is None:
        return message.content
    source = ImageSource(message.image.kind.media_type, message.image.content)
    return [ImageBlock(source), TextBlock(message.content)]
