"""What models cost, in US dollars, as far as their prices were named."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from bot.backends.base import BackendError, Failure, Usage

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    Spend = Callable[["Exchange"], Awaitable[None]]
    """Takes what passed between the bot and a model, however it ended."""

BYTES_A_TOKEN = 3
"""Where a provider counts no tokens: a cautious guess, about one for a Japanese character."""

TOKENS_AN_IMAGE = 1600
"""Likewise; about the most that the providers name for one."""

UNBILLED = frozenset(
    {
        Failure.AUTH,
        Failure.NOT_FOUND,
        Failure.RATE_LIMITED,
        Failure.OVERLOADED,
        Failure.PROMPT_TOO_LONG,
        Failure.NO_IMAGES,
        Failure.UNREACHABLE,
        Failure.FORBIDDEN,
        Failure.CROWDED,
    }
)
"""Who answers so, and nothing before, did no work: providers charge nothing for it."""


@dataclass(slots=True)
class Exchange:
    """What a model was asked, and what came of it so far."""

    prompt: str
    images: int = 0
    reply: str = ""
    usage: Usage = field(default_factory=Usage)
    failure: Failure | None = None
    is_sent: bool = True
    """`False` while it waits for the model to be free."""

    def fail(self, error: BackendError) -> None:
        self.failure, self.usage = error.failure, error.usage

    @property
    def is_billed(self) -> bool:
        return self.failure not in UNBILLED or bool(self.reply) or self.usage != Usage()


@dataclass(frozen=True, slots=True)
class Prices:
    """US dollars for a million tokens; `None` where nobody named them."""

    input: float | None = None
    output: float | None = None

    def blended(self) -> float | None:
        """Return the price of a million tokens of which three in four are read; `None` without prices.

        Three to one is the mixture that comparisons of model APIs have settled on.
        """
        if self.input is None and self.output is None:
            return None
        return (3 * (self.input or 0.0) + (self.output or 0.0)) / 4

    def cost(self, exchange: Exchange) -> float | None:
        """Return what a model's work cost, in US dollars; `None` for a model without prices."""
        if self.input is None and self.output is None:
            return None
        if not exchange.is_billed:
            return 0.0
        tokens_in = _tokens(exchange.usage.input_tokens, exchange.prompt, exchange.images)
        tokens_out = _tokens(exchange.usage.output_tokens, exchange.reply)
        return (tokens_in * (self.input or 0.0) + tokens_out * (self.output or 0.0)) / 1e6


async def unpaid(_exchange: Exchange) -> None:
    """Keep no account."""


def estimated_tokens(text: str, images: int = 0) -> int:
    return -(-len(text.encode()) // BYTES_A_TOKEN) + images * TOKENS_AN_IMAGE


def _tokens(counted: int | None, text: str, images: int = 0) -> int:
    return estimated_tokens(text, images) if counted is None else counted
