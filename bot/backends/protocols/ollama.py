"""Ollama's own API. It is asked for models that it has; nothing is pulled."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import msgspec

from bot.backends.base import Failure, FinishReason
from bot.backends.http.framing import Lines
from bot.backends.protocols.protocol import Complaint, ServerComplaint, by_status

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bot.backends.base import ChatMessage, Generation
    from bot.backends.http.endpoint import Service
    from bot.backends.http.framing import Framing
    from bot.backends.transcript import Transcript


class OllamaTurn(msgspec.Struct, frozen=True, omit_defaults=True):
    role: Literal["system", "user", "assistant"]
    content: str
    images: list[bytes] = []


class OllamaOptions(msgspec.Struct, frozen=True, omit_defaults=True):
    temperature: float | None = None
    num_predict: int | None = None


class OllamaRequest(msgspec.Struct, frozen=True, omit_defaults=True):
    model: str
    messages: list[OllamaTurn]
    stream: Literal[True]
    options: OllamaOptions = OllamaOptions()


class OllamaMessage(msgspec.Struct, frozen=True):
    """`thinking` is the reasoning of models that show it."""

    content: str | None = None
    thinking: str | None = None


class OllamaError(msgspec.Struct, frozen=True):
    """The shape of OpenAI's, which gateways before an Ollama use."""

    message: str = ""


class OllamaLine(msgspec.Struct, frozen=True):
    message: OllamaMessage | None = None
    done: bool = False
    done_reason: str | None = None
    prompt_eval_count: int | None = None
    eval_count: int | None = None
    error: str | OllamaError | None = None

    @property
    def complaint(self) -> str | None:
        return self.error.message if isinstance(self.error, OllamaError) else self.error


_decoder = msgspec.json.Decoder(OllamaLine)


class OllamaProtocol:
    """`base_url` is http://localhost:11434 or another host's, with or without /api."""

    framings: Mapping[str, type[Framing]] = {"application/x-ndjson": Lines, "application/json": Lines}

    def __init__(self, service: Service, generation: Generation) -> None:
        self._service = service
        self._generation = generation

    @property
    def url(self) -> str:
        return f"{self._service.root('api')}/api/chat"

    @property
    def headers(self) -> Mapping[str, str]:
        key = self._service.api_key
        return {"Authorization": f"Bearer {key.reveal()}"} if key else {}

    def request(self, conversation: tuple[ChatMessage, ...]) -> OllamaRequest:
        generation = self._generation
        turns = [_turn(message) for message in conversation]
        if generation.system_prompt is not None:
            turns.insert(0, OllamaTurn("system", generation.system_prompt))
        options = OllamaOptions(generation.temperature, generation.max_output_tokens)
        return OllamaRequest(self._service.model, turns, stream=True, options=options)

    def take(self, document: str | bytes, transcript: Transcript) -> str:
        line = _decoder.decode(document)
        if (message := line.complaint) is not None:
            raise ServerComplaint(Complaint(_classify(message), message))
        written = line.message or OllamaMessage()
        transcript.has_begun = transcript.has_begun or bool(written.thinking)
        text = transcript.write(written.content)
        if line.done:
            transcript.count_tokens(line.prompt_eval_count, line.eval_count)
            length = line.done_reason == "length"
            transcript.finish_reason = FinishReason.LENGTH if length else FinishReason.STOP
            transcript.is_done = True
        return text

    def complaint(self, status: int, body: bytes) -> Complaint:
        try:
            message = _decoder.decode(body).complaint or ""
        except (msgspec.DecodeError, UnicodeDecodeError):
            message = body.decode(errors="replace")
        return Complaint(by_status(status, _classify(message)), message)

    def adapt(self, complaint: Complaint) -> bool:  # noqa: ARG002 - part of the protocol
        return False


def _turn(message: ChatMessage) -> OllamaTurn:
    return OllamaTurn(message.role, message.content, [message.image.content] if message.image else [])


def _classify(message: str) -> Failure:
    """Tell by its words: errors are bare sentences, and most mean that a model could not be loaded or run."""
    return Failure.NOT_FOUND if "not found" in message else Failure.OVERLOADED
