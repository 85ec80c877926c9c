"""Chat completions, the protocol of OpenAI that most servers and gateways speak."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from bot.backends.base import ChatMessage, Failure
from bot.backends.protocols.habits import STREAM_OPTIONS
from bot.backends.protocols.json_values import (
    REASONS,
    fields,
    is_first,
    is_list,
    is_object,
    items,
    named,
    text,
    tokens,
)
from bot.backends.protocols.openai_request import (
    ImagePart,
    OpenAIMessage,
    OpenAIRequest,
    StreamOptions,
    TextPart,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from bot.backends.http.endpoint import Service
    from bot.backends.protocols.habits import Asking
    from bot.backends.protocols.json_values import Fields
    from bot.backends.transcript import Transcript

_REASONING = ("reasoning_content", "reasoning", "reasoning_details", "thinking", "reasoning_text")
_PARTS = ("text", "output_text")
_VERSION = re.compile(r"/v[0-9]+[a-z0-9]*(/|$)", re.IGNORECASE)


class OpenAIProtocol:
    """`base_url` ends before /chat/completions, usually in /v1."""

    accept = "text/event-stream, application/json"
    usual_trouble = Failure.BAD_ANSWER
    page_size = ""
    # OpenAI's newer models refuse the first and name the second; Ollama ignores the second silently.
    limits: Sequence[str] = ("max_tokens", "max_completion_tokens")

    def __init__(self, service: Service) -> None:
        self._service = service

    @property
    def url(self) -> str:
        return f"{self._service.root()}/chat/completions"

    @property
    def models_url(self) -> str:
        return f"{self._service.root()}/models"

    @property
    def headers(self) -> Mapping[str, str]:
        key = self._service.api_key
        return {"Authorization": f"Bearer {key.reveal()}"} if key else {}

    def request(self, conversation: tuple[ChatMessage, ...], asking: Asking) -> OpenAIRequest:
        messages = [OpenAIMessage(message.role, _content(message)) for message in conversation]
        if asking.system_prompt is not None:
            messages.insert(0, OpenAIMessage("system", asking.system_prompt))
        longest = asking.generation.max_output_tokens
        return OpenAIRequest(
            self._service.model,
            messages,
            stream=True,
            stream_options=StreamOptions(include_usage=True) if asking.has(STREAM_OPTIONS) else None,
            temperature=asking.temperature,
            max_tokens=longest if asking.limit == 0 else None,
            max_completion_tokens=longest if asking.limit else None,
        )

    def take(self, document: Fields, transcript: Transcript) -> None:
        take(document, transcript)

    def models(self, document: Fields) -> Iterator[str]:
        for each in items(document.get("data")):
            model = fields(each)
            if (name := text(model.get("id"))) and _may_chat(model):
                yield name

    def has_models(self, document: Fields) -> bool:
        return is_list(document.get("data"))

    def next_page(self, document: Fields) -> str:  # noqa: ARG002 - the list of this protocol has one page
        return ""


def with_version(base_url: str) -> str | None:
    """Return an address with the /v1 that it may lack; `None` where a version stands in it."""
    return None if _VERSION.search(base_url) else f"{base_url.rstrip('/')}/v1"


def _may_chat(model: Fields) -> bool:
    """Tell what does not say the contrary, as Mistral's and OpenRouter's lists do."""
    if fields(model.get("capabilities")).get("completion_chat") is False:
        return False
    written = items(fields(model.get("architecture")).get("output_modalities"))
    return not written or "text" in written


def _content(message: ChatMessage) -> str | list[ImagePart | TextPart]:
    """Return bare text where that is all: older servers know nothing else."""
    if message.image is None:
        return message.content
    return [ImagePart.of(message.image), TextPart(message.content)]


def take(document: Fields, transcript: Transcript) -> None:
    """Understand one chunk of a chat completion, or the one body of an answer that is no stream."""
    _count(fields(document.get("usage")), transcript)
    for each in items(document.get("choices")):
        choice = fields(each)
        if is_first(choice.get("index")):
            _count(fields(choice.get("usage")), transcript)
            _choose(choice, transcript)
    if reason := next(filter(None, named(REASONS, document)), None):
        transcript.see_reason(reason)


def _count(usage: Fields, transcript: Transcript) -> None:
    if usage:
        transcript.count_tokens(tokens(usage.get("prompt_tokens")), tokens(usage.get("completion_tokens")))


def _choose(choice: Fields, transcript: Transcript) -> None:
    delta = choice.get("delta")
    if is_object(delta):
        _write(fields(delta), transcript)
    elif not transcript.has_written:
        # The whole message; some servers repeat it after they streamed it.
        _write(fields(choice.get("message")) or choice, transcript)
    said = [*named(REASONS, choice), *named(REASONS, fields(delta))]
    reason = next(filter(None, said), None)
    if reason or (said and is_object(delta)):
        transcript.see_reason(reason)


def _write(delta: Fields, transcript: Transcript) -> None:
    for name in _REASONING:
        if reasoning := delta.get(name):
            transcript.think(reasoning)
    refusal = text(delta.get("refusal"))
    if refusal:
        transcript.is_refusal = True
    transcript.write(_text(delta.get("content"), transcript) or refusal or text(delta.get("text")))


def _text(content: object, transcript: Transcript) -> str:
    """Read text, or the parts in which Mistral's reasoning models write, the thinking among them."""
    if isinstance(content, str):
        return content
    written = [fields(part) for part in items(content)] or [fields(content)]
    for part in written:
        transcript.think(part.get("thinking"))
        if part.get("type") == "refusal":
            transcript.is_refusal = True
    return "".join(
        text(part.get("text")) or text(part.get("refusal"))
        for part in written
        if part.get("type") in (*_PARTS, "refusal", None)
    )
