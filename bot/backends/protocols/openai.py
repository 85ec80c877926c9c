"""Chat completions, the protocol of OpenAI that most servers and gateways speak."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from bot.backends.base import BackendError, ChatMessage, Failure, FinishReason
from bot.backends.http.framing import Body, Events
from bot.backends.protocols.openai_failures import classify, read_error
from bot.backends.protocols.openai_wire import (
    ImagePart,
    OpenAIChoice,
    OpenAIChunk,
    OpenAIError,
    OpenAIMessage,
    OpenAIRequest,
    StreamOptions,
    TextPart,
)
from bot.backends.protocols.protocol import Complaint, ServerComplaint

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bot.backends.base import Generation
    from bot.backends.http.endpoint import Service
    from bot.backends.http.framing import Framing
    from bot.backends.transcript import Transcript

_chunk_decoder = msgspec.json.Decoder(OpenAIChunk)


class OpenAIProtocol:
    """`base_url` ends before /chat/completions, usually in /v1.

    Two parameters on which servers disagree are learned from their complaints.
    """

    framings: Mapping[str, type[Framing]] = {"text/event-stream": Events, "application/json": Body}

    def __init__(self, service: Service, generation: Generation) -> None:
        self._service = service
        self._generation = generation
        self._stream_options = True
        self._max_completion_tokens = False

    @property
    def url(self) -> str:
        return f"{self._service.root()}/chat/completions"

    @property
    def headers(self) -> Mapping[str, str]:
        key = self._service.api_key
        return {"Authorization": f"Bearer {key.reveal()}"} if key else {}

    def request(self, conversation: tuple[ChatMessage, ...]) -> OpenAIRequest:
        generation = self._generation
        messages = [OpenAIMessage(message.role, _content(message)) for message in conversation]
        if generation.system_prompt is not None:
            messages.insert(0, OpenAIMessage("system", generation.system_prompt))
        tokens = generation.max_output_tokens
        return OpenAIRequest(
            self._service.model,
            messages,
            stream=True,
            stream_options=StreamOptions(include_usage=True) if self._stream_options else None,
            temperature=generation.temperature,
            max_tokens=None if self._max_completion_tokens else tokens,
            max_completion_tokens=tokens if self._max_completion_tokens else None,
        )

    def take(self, document: str | bytes, transcript: Transcript) -> str:
        if document == "[DONE]":
            transcript.is_done = True
            return ""
        return take(document, transcript)

    def complaint(self, status: int, body: bytes) -> Complaint:
        error = read_error(body)
        return Complaint(classify(error, status), error.message or "")

    def adapt(self, complaint: Complaint) -> bool:
        if "stream_options" in complaint.message and self._stream_options:
            self._stream_options = False
            return True
        # OpenAI's newer models refuse max_tokens and name the other; Ollama ignores the other silently.
        if "max_completion_tokens" in complaint.message and not self._max_completion_tokens:
            self._max_completion_tokens = True
            return True
        return False


def _content(message: ChatMessage) -> str | list[ImagePart | TextPart]:
    """Return bare text where that is all: older servers know nothing else."""
    if message.image is None:
        return message.content
    return [ImagePart.of(message.image), TextPart(message.content)]


def take(document: str | bytes, transcript: Transcript) -> str:
    """Understand one chunk of a chat completion; as `Wire.take`."""
    chunk = _chunk_decoder.decode(document)
    if chunk.error:
        raise ServerComplaint(_in_answer(chunk.error))
    if chunk.usage:
        transcript.count_tokens(chunk.usage.prompt_tokens, chunk.usage.completion_tokens)
    return "".join([_choose(choice, transcript) for choice in chunk.choices or () if not choice.index])


def _choose(choice: OpenAIChoice, transcript: Transcript) -> str:
    text = ""
    if delta := choice.delta or choice.message:
        transcript.has_begun = transcript.has_begun or delta.has_begun
        text = transcript.write(delta.text)
    if choice.finish_reason:
        transcript.finish_reason = _understand(choice.finish_reason)
    return text


def _understand(finish_reason: str) -> FinishReason:
    match finish_reason:
        case "content_filter":
            raise BackendError(Failure.FILTERED, "the provider's content filter stopped the reply")
        case "error":
            raise BackendError(Failure.BAD_ANSWER, "the server gave up in the middle of the reply")
        case "length":
            return FinishReason.LENGTH
        case _:
            # tool_calls too: the bot offers no tools, so the text is all there is, or the reply is empty.
            return FinishReason.STOP


def _in_answer(error: OpenAIError | str) -> Complaint:
    if isinstance(error, str):
        error = OpenAIError(error)
    return Complaint(classify(error), error.message or error.type or "no message")
