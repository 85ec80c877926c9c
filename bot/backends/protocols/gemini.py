"""streamGenerateContent, the API of Google's Gemini models."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal
from urllib.parse import quote

import msgspec

from bot.backends.base import BackendError, Failure
from bot.backends.finish_reasons import word_of
from bot.backends.protocols.json_values import REASONS, fields, is_first, is_list, items, named, text, tokens

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from bot.backends.base import ChatMessage
    from bot.backends.http.endpoint import Service
    from bot.backends.protocols.habits import Asking
    from bot.backends.protocols.json_values import Fields
    from bot.backends.transcript import Transcript

_ROLES: Mapping[str, Literal["user", "model"]] = {"user": "user", "assistant": "model"}


class InlineData(msgspec.Struct, frozen=True, rename="camel"):
    mime_type: str
    data: bytes


class SentPart(msgspec.Struct, frozen=True, omit_defaults=True, rename="camel"):
    """Either the text or the image is there."""

    text: str | None = None
    inline_data: InlineData | None = None


class SentContent(msgspec.Struct, frozen=True, omit_defaults=True):
    parts: list[SentPart]
    role: str | None = None


class GenerationConfig(msgspec.Struct, frozen=True, omit_defaults=True, rename="camel"):
    temperature: float | None = None
    max_output_tokens: int | None = None


class GeminiRequest(msgspec.Struct, frozen=True, omit_defaults=True, rename="camel"):
    contents: list[SentContent]
    system_instruction: SentContent | None = None
    generation_config: GenerationConfig = GenerationConfig()


class GeminiProtocol:
    """`base_url` is https://generativelanguage.googleapis.com, with or without /v1beta."""

    accept = "text/event-stream, application/json"
    usual_trouble = Failure.BAD_ANSWER
    page_size = "pageSize=1000"
    limits: Sequence[str] = ("maxOutputTokens",)

    def __init__(self, service: Service) -> None:
        self._service = service

    @property
    def url(self) -> str:
        model = quote(self._service.model.removeprefix("models/"), safe="")
        return f"{self._service.root('v1beta')}/v1beta/models/{model}:streamGenerateContent?alt=sse"

    @property
    def headers(self) -> Mapping[str, str]:
        key = self._service.api_key
        return {"x-goog-api-key": key.reveal()} if key else {}

    @property
    def models_url(self) -> str:
        return f"{self._service.root('v1beta')}/v1beta/models"

    def request(self, conversation: tuple[ChatMessage, ...], asking: Asking) -> GeminiRequest:
        system = asking.system_prompt
        return GeminiRequest(
            [SentContent(_parts(message), _ROLES[message.role]) for message in conversation],
            None if system is None else SentContent([SentPart(system)]),
            GenerationConfig(asking.temperature, asking.generation.max_output_tokens),
        )

    def take(self, document: Fields, transcript: Transcript) -> None:
        if block := fields(document.get("promptFeedback")).get("blockReason"):
            raise BackendError(
                Failure.FILTERED, f"the provider's filter refused the prompt: {word_of(block)}"
            )
        _count(fields(document.get("usageMetadata")), transcript)
        for each in items(document.get("candidates")):
            candidate = fields(each)
            if is_first(candidate.get("index")):
                _choose(candidate, transcript)

    def models(self, document: Fields) -> Iterator[str]:
        for each in items(document.get("models")):
            model = fields(each)
            methods = items(model.get("supportedGenerationMethods"))
            if (name := text(model.get("name"))) and (not methods or "generateContent" in methods):
                yield name.removeprefix("models/")

    def has_models(self, document: Fields) -> bool:
        return is_list(document.get("models"))

    def next_page(self, document: Fields) -> str:
        token = text(document.get("nextPageToken"))
        return f"pageToken={quote(token, safe='')}" if token else ""


def _parts(message: ChatMessage) -> list[SentPart]:
    text = SentPart(message.content)
    if message.image is None:
        return [text]
    image = InlineData(message.image.kind.media_type, message.image.content)
    return [SentPart(inline_data=image), text]


def _choose(candidate: Fields, transcript: Transcript) -> None:
    for each in items(fields(candidate.get("content")).get("parts")):
        part = fields(each)
        written = text(part.get("text"))
        # A part with `thought` is reasoning.
        if part.get("thought") or not written:
            transcript.think(part)
        else:
            transcript.write(written)
    if said := named(REASONS, candidate):
        transcript.see_reason(next(filter(None, said), None))


def _count(usage: Fields, transcript: Transcript) -> None:
    """Add the reply's tokens and those of the thinking, which are counted apart and are both paid for."""
    written = [tokens(usage.get(name)) for name in ("candidatesTokenCount", "thoughtsTokenCount")]
    transcript.count_tokens(tokens(usage.get("promptTokenCount")), tokens(sum(filter(None, written))))
