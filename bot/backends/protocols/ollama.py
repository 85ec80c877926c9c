"""Ollama's own API. It is asked for models that it has; nothing is pulled."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import msgspec

from bot.backends.base import Failure
from bot.backends.protocols.json_values import REASONS, fields, is_list, items, named, text, tokens

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from bot.backends.base import ChatMessage
    from bot.backends.http.endpoint import Service
    from bot.backends.protocols.habits import Asking
    from bot.backends.protocols.json_values import Fields
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


class OllamaProtocol:
    """`base_url` is http://localhost:11434 or another host's, with or without /api."""

    accept = "application/x-ndjson, application/json"
    # Errors are bare sentences, and most mean that a model could not be loaded or run.
    usual_trouble = Failure.OVERLOADED
    page_size = ""
    limits: Sequence[str] = ("num_predict",)

    def __init__(self, service: Service) -> None:
        self._service = service

    @property
    def url(self) -> str:
        return f"{self._service.root('api')}/api/chat"

    @property
    def headers(self) -> Mapping[str, str]:
        key = self._service.api_key
        return {"Authorization": f"Bearer {key.reveal()}"} if key else {}

    @property
    def models_url(self) -> str:
        return f"{self._service.root('api')}/api/tags"

    def request(self, conversation: tuple[ChatMessage, ...], asking: Asking) -> OllamaRequest:
        turns = [_turn(message) for message in conversation]
        if asking.system_prompt is not None:
            turns.insert(0, OllamaTurn("system", asking.system_prompt))
        options = OllamaOptions(asking.temperature, asking.generation.max_output_tokens)
        return OllamaRequest(self._service.model, turns, stream=True, options=options)

    def take(self, document: Fields, transcript: Transcript) -> None:
        message = fields(document.get("message"))
        transcript.think(message.get("thinking"))
        transcript.write(text(message.get("content")))
        transcript.count_tokens(tokens(document.get("prompt_eval_count")), tokens(document.get("eval_count")))
        reason = next(filter(None, named(REASONS, document)), None)
        if document.get("done") or reason:
            transcript.see_reason(reason or "stop")
        elif "done" in document:
            transcript.see_reason(None)

    def models(self, document: Fields) -> Iterator[str]:
        for model in items(document.get("models")):
            if name := text(fields(model).get("name")):
                yield name

    def has_models(self, document: Fields) -> bool:
        return is_list(document.get("models"))

    def next_page(self, document: Fields) -> str:  # noqa: ARG002 - the list of this protocol has one page
        return ""


def _turn(message: ChatMessage) -> OllamaTurn:
    return OllamaTurn(message.role, message.content, [message.image.content] if message.image else [])
