"""One short question to a model, to see that it answers."""

from __future__ import annotations

import struct
import time
from base64 import b64decode
from contextlib import aclosing
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING
from zlib import crc32

from bot.arena.models.prices import Exchange, unpaid
from bot.backends.base import (
    BackendError,
    ChatMessage,
    Failure,
    Finished,
    Retraction,
    TextPiece,
    Usage,
    Waiting,
)
from bot.backends.protocols.openai import with_version
from bot.config import OpenAIModel
from bot.domain.battle import FinishReason
from bot.domain.image import Image, ImageKind
from bot.i18n import N_

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator

    from bot.arena.models.prices import Spend
    from bot.backends.base import Backend, Event
    from bot.config import AnyModel

QUESTION = "Reply with one short sentence: what are you good at?"
QUESTION_ABOUT_IMAGE = "Reply with one short sentence: which two colours does this image show?"
# Red on the left, blue on the right.
IMAGE = Image(
    ImageKind.PNG,
    width=64,
    height=64,
    content=b64decode(
        "iVBORw0KGgoAAAANSUhEUgAAAEAAAABAAQMAAACQp+OdAAAABlBMVEX/AAAAAP9sof2OAAAAGklEQVR42mNkYGBg+M/AwMDEAAWj"
        "jFEG8QwAyyMBf5gYzUkAAAAASUVORK5CYII="
    ),
)
END_OF_PNG = 12
"""The bytes of its last chunk."""


@dataclass(frozen=True, slots=True)
class Probe:
    """What the model said, and how many seconds it took to its first words and to its last."""

    reply: str
    first_token_seconds: float
    total_seconds: float
    finish: Finished


def image_of(size: int) -> Image:
    """Return the image in a file of so many bytes: servers and what stands before them limit that."""
    content, end = IMAGE.content[:-END_OF_PNG], IMAGE.content[-END_OF_PNG:]
    space = size - len(IMAGE.content) - len(_chunk(b""))
    return replace(IMAGE, content=content + _chunk(bytes(space)) + end) if space > 0 else IMAGE


def _chunk(data: bytes) -> bytes:
    """Return a chunk that every reader passes over, as its type in small letters says."""
    return struct.pack(">I4s", len(data), b"paDd") + data + struct.pack(">I", crc32(b"paDd" + data))


async def probe(
    backend: Backend, spend: Spend = unpaid, *, image_bytes: int | None = None, guild_id: int = 0
) -> Probe:
    """Ask, and return all that the model says; raises `BackendError`.

    `guild_id`: the Discord server that wants to know. `image_bytes`: it is to be shown images, of up to that
    size, and is asked about one. `spend` is told of every question that was sent, however it ended.
    """
    question = (
        ChatMessage("user", QUESTION)
        if image_bytes is None
        else ChatMessage("user", QUESTION_ABOUT_IMAGE, image_of(image_bytes))
    )
    exchange = Exchange(question.content, images=int(question.image is not None))
    try:
        async with aclosing(backend.reply((question,), guild_id)) as events:
            return await _heard(events, exchange)
    except BackendError as error:
        exchange.fail(error)
        raise
    finally:
        if exchange.is_sent:
            await spend(exchange)


async def _heard(events: AsyncGenerator[Event, None], exchange: Exchange) -> Probe:
    asked_at = time.perf_counter()
    first: float | None = None
    finish = Finished(FinishReason.STOP, Usage())
    async for event in events:
        match event:
            case Waiting():
                exchange.is_sent = not event.place
                asked_at = time.perf_counter()
            case TextPiece():
                exchange.reply += event.text
                first = first or time.perf_counter() - asked_at
            case Retraction():
                exchange.reply, first = "", None
            case Finished():
                finish, exchange.usage = event, event.usage
    total = time.perf_counter() - asked_at
    return Probe(exchange.reply, first or total, total, finish)


@dataclass(frozen=True, slots=True)
class ProbeFailure:
    """A trial that failed: why, as a message of the catalogue, and what the server said."""

    words: str
    detail: str
    failure: Failure | None = None


@dataclass(frozen=True, slots=True)
class VersionHint:
    """An address with the /v1 that the one which was entered may lack, and whether an API answers there."""

    address: str
    works: bool


WORDS = {
    Failure.AUTH: N_("The server does not accept the API key, or the account behind it."),
    Failure.NOT_FOUND: N_("The server does not know this model, or there is no such API at this address."),
    Failure.RATE_LIMITED: N_("The server asks for a pause: too many requests, or the quota is used up."),
    Failure.OVERLOADED: N_("The server is overloaded or has trouble of its own. It may work later."),
    Failure.FILTERED: N_("The provider's filter refused to answer."),
    Failure.TIMEOUT: N_("The model was too slow for the time limits."),
    Failure.BAD_ANSWER: N_("The answer does not fit the protocol. Are the protocol and the address right?"),
    Failure.BROKE_OFF: N_("The answer broke off in the middle."),
    Failure.UNREACHABLE: N_("The host cannot be reached. Is the address right, and the server running?"),
    Failure.FORBIDDEN: N_(
        "This host is not on the public internet, so models of a server cannot live there."
        " The operator of this bot can open it with this line under [security] in config.toml:"
    ),
    Failure.EMPTY: N_("The model answered with nothing."),
    Failure.TOO_LONG: N_("The answer was longer than the operator of this bot allows."),
    Failure.PROMPT_TOO_LONG: N_(
        "The prompt is too long for this model, or too large for its server. max_prompt_chars can limit it."
    ),
    Failure.NO_IMAGES: N_("The model takes no images. Please set accepts_images = false."),
    Failure.CROWDED: N_("The model was not asked: others kept it busy for too long. Please try again later."),
}


async def attempt(
    backend: Backend, spend: Spend = unpaid, *, image_bytes: int | None = None, guild_id: int = 0
) -> Probe | ProbeFailure:
    """As `probe`, for whoever wants to be told and not raised at."""
    try:
        return await probe(backend, spend, image_bytes=image_bytes, guild_id=guild_id)
    except BackendError as error:
        wait = "" if error.retry_after is None else f"; Retry-After: {error.retry_after:.0f} s"
        return ProbeFailure(WORDS[error.failure], error.detail + wait, error.failure)


def lacks_version(settings: AnyModel) -> str | None:
    """Return the address of a model with the /v1 that it may lack; `None` where none could be missing."""
    return with_version(settings.base_url) if isinstance(settings, OpenAIModel) else None
