"""What every model backend offers, whatever protocol it speaks."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Literal, Protocol, TypeAlias

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator

    from bot.domain.battle import FinishReason
    from bot.domain.image import Image


@dataclass(frozen=True, slots=True)
class ChatMessage:
    """One turn of a conversation; a backend puts its own system prompt before the first."""

    role: Literal["user", "assistant"]
    content: str
    image: Image | None = None
    """Shown before the words, to models that accept images."""


@dataclass(frozen=True, slots=True)
class Generation:
    """How a model is asked; `None` leaves a thing to the server."""

    system_prompt: str | None = None
    temperature: float | None = None
    max_output_tokens: int | None = None


@dataclass(frozen=True, slots=True)
class TextPiece:
    """The next characters of the reply, never empty, reasoning left out."""

    text: str
    is_certain: bool = field(default=True, compare=False)
    """Otherwise it may turn out to be reasoning, together with all before it, and is not to be shown yet."""


@dataclass(frozen=True, slots=True)
class Retraction:
    """All text so far turned out to be reasoning: it is no part of the reply, which begins anew."""


@dataclass(frozen=True, slots=True)
class Usage:
    """Tokens as counted by the provider; `None` where it did not say."""

    input_tokens: int | None = None
    output_tokens: int | None = None


@dataclass(frozen=True, slots=True)
class Finished:
    """The last event of every reply."""

    reason: FinishReason
    usage: Usage
    said: str = field(default="", compare=False)
    """The reason in the server's own word."""
    left_out: tuple[str, ...] = field(default=(), compare=False)
    """What the model was not asked for, because its server refuses it."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """The request is not sent yet, as the model's places are taken."""

    place: int
    """In the queue: 1 is next, and with 0, the last of these events, the request is sent."""


Event: TypeAlias = Waiting | TextPiece | Retraction | Finished


class Failure(StrEnum):
    """Why a model gave no usable reply."""

    AUTH = "auth"
    NOT_FOUND = "not_found"
    RATE_LIMITED = "rate_limited"
    OVERLOADED = "overloaded"
    FILTERED = "filtered"
    TIMEOUT = "timeout"
    BAD_ANSWER = "bad_answer"
    BROKE_OFF = "broke_off"
    UNREACHABLE = "unreachable"
    FORBIDDEN = "forbidden"
    EMPTY = "empty"
    TOO_LONG = "too_long"
    PROMPT_TOO_LONG = "prompt_too_long"
    NO_IMAGES = "no_images"
    """It understands words alone."""
    CROWDED = "crowded"
    """It was not asked at all: others took its places for too long."""


class BackendError(Exception):
    """A model failed. The detail is for the operator and never holds a key; members are not shown it."""

    usage = Usage()
    """What the provider had counted until then."""

    def __init__(self, failure: Failure, detail: str, *, retry_after: float | None = None) -> None:
        """`retry_after`: seconds to wait before asking again, where the server named them."""
        super().__init__(f"{failure}: {detail}")
        self.failure = failure
        self.detail = detail
        self.retry_after = retry_after


class Backend(Protocol):
    """An endpoint that serves one model."""

    def reply(self, conversation: tuple[ChatMessage, ...], guild_id: int = 0) -> AsyncGenerator[Event, None]:
        """Stream the model's answer to `conversation`, whose last message is the user's.

        Yields `Waiting` as long as there is no place for it, shared among Discord servers, and once more;
        then `TextPiece`s, rarely a `Retraction`, and then exactly one `Finished`; raises `BackendError`
        at any point. Closing the iterator early gives the connection up at once.
        """
        ...
