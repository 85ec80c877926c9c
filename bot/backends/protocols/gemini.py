"""streamGenerateContent, the API of Google's Gemini models."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Literal
from urllib.parse import quote

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

_ROLES: Mapping[str, Literal["user", "model"]] = {"user": "user", "assistant": "model"}
_FILTERED = frozenset(
    {"SAFETY", "RECITATION", "BLOCKLIST", "PROHIBITED_CONTENT", "SPII", "IMAGE_SAFETY", "LANGUAGE"}
)
_NAMES = {
    "UNAUTHENTICATED": Failure.AUTH,
    "PERMISSION_DENIED": Failure.AUTH,
    "NOT_FOUND": Failure.NOT_FOUND,
    "RESOURCE_EXHAUSTED": Failure.RATE_LIMITED,
    "UNAVAILABLE": Failure.OVERLOADED,
    "INTERNAL": Failure.OVERLOADED,
    "DEADLINE_EXCEEDED": Failure.TIMEOUT,
}


class GeminiPart(msgspec.Struct, frozen=True):
    """A part with `thought` is reasoning."""

    text: str | None = None
    thought: bool = False


class Content(msgspec.Struct, frozen=True):
    parts: list[GeminiPart] = []


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


class GeminiCandidate(msgspec.Struct, frozen=True, rename="camel"):
    content: Content | None = None
    finish_reason: str | None = None
    index: int = 0


class PromptFeedback(msgspec.Struct, frozen=True, rename="camel"):
    block_reason: str | None = None


class GeminiTokenCount(msgspec.Struct, frozen=True, rename="camel"):
    """The reply's tokens and those of the thinking are counted apart, and both are paid for."""

    prompt_token_count: int | None = None
    candidates_token_count: int | None = None
    thoughts_token_count: int | None = None

    @property
    def output(self) -> int | None:
        if self.candidates_token_count is None and self.thoughts_token_count is None:
            return None
        return (self.candidates_token_count or 0) + (self.thoughts_token_count or 0)


class Detail(msgspec.Struct, frozen=True, rename="camel"):
    reason: str | None = None
    retry_delay: str | None = None


class GeminiError(msgspec.Struct, frozen=True):
    code: int = 0
    message: str = ""
    status: str = ""
    details: list[Detail] = []


class GeminiChunk(msgspec.Struct, frozen=True, rename="camel"):
    candidates: list[GeminiCandidate] = []
    prompt_feedback: PromptFeedback | None = None
    usage_metadata: GeminiTokenCount | None = None
    error: GeminiError | None = None


_decoder = msgspec.json.Decoder(GeminiChunk)


class GeminiProtocol:
    """`base_url` is https://generativelanguage.googleapis.com, with or without /v1beta."""

    framings: Mapping[str, type[Framing]] = {"text/event-stream": Events}

    def __init__(self, service: Service, generation: Generation) -> None:
        self._service = service
        self._generation = generation

    @property
    def url(self) -> str:
        model = quote(self._service.model.removeprefix("models/"), safe="")
        return f"{self._service.root('v1beta')}/v1beta/models/{model}:streamGenerateContent?alt=sse"

    @property
    def headers(self) -> Mapping[str, str]:
        key = self._service.api_key
        return {"x-goog-api-key": key.reveal()} if key else {}

    def request(self, conversation: tuple[ChatMessage, ...]) -> GeminiRequest:
        generation = self._generation
        system = generation.system_prompt
        return GeminiRequest(
            [SentContent(_parts(message), _ROLES[message.role]) for message in conversation],
            None if system is None else SentContent([SentPart(system)]),
            GenerationConfig(generation.temperature, generation.max_output_tokens),
        )

    def take(self, document: str | bytes, transcript: Transcript) -> str:
        chunk = _decoder.decode(document)
        if chunk.error:
            raise ServerComplaint(_complaint(chunk.error, chunk.error.code))
        if chunk.prompt_feedback and chunk.prompt_feedback.block_reason:
            raise BackendError(Failure.FILTERED, "the provider's filter refused the prompt")
        if usage := chunk.usage_metadata:
            transcript.count_tokens(usage.prompt_token_count, usage.output)
        return "".join([_choose(each, transcript) for each in chunk.candidates if not each.index])

    def complaint(self, status: int, body: bytes) -> Complaint:
        try:
            error = _decoder.decode(body).error or GeminiError()
        except (msgspec.DecodeError, UnicodeDecodeError):
            error = GeminiError()
        found = _complaint(error, status)
        return found if found.message else Complaint(found.failure, body.decode(errors="replace"))

    def adapt(self, complaint: Complaint) -> bool:  # noqa: ARG002 - part of the protocol
        return False


def _parts(message: ChatMessage) -> list[SentPart]:
    text = SentPart(message.content)
    if message.image is None:
        return [text]
    image = InlineData(message.image.kind.media_type, message.image.content)
    return [SentPart(inline_data=image), text]


def _choose(candidate: GeminiCandidate, transcript: Transcript) -> str:
    parts = candidate.content.parts if candidate.content else []
    transcript.has_begun = transcript.has_begun or bool(parts)
    text = transcript.write("".join([part.text for part in parts if part.text and not part.thought]))
    if reason := candidate.finish_reason:
        if reason in _FILTERED:
            raise BackendError(Failure.FILTERED, "the provider's filter stopped the reply")
        transcript.finish_reason = FinishReason.LENGTH if reason == "MAX_TOKENS" else FinishReason.STOP
    return text


def _complaint(error: GeminiError, status: int) -> Complaint:
    # A wrong key is a 400 that only its details tell from a malformed request.
    if any(detail.reason == "API_KEY_INVALID" for detail in error.details):
        failure = Failure.AUTH
    else:
        failure = by_status(status, _NAMES.get(error.status, Failure.BAD_ANSWER))
    delays = (_seconds(detail.retry_delay) for detail in error.details if detail.retry_delay)
    return Complaint(failure, error.message, next(delays, None))


def _seconds(duration: str) -> float | None:
    """Read a duration as protobuf's JSON writes it, such as 39.5s."""
    found = re.fullmatch(r"([0-9]{1,9}(?:\.[0-9]{1,9})?)s", duration)
    return float(found[1]) if found else None
