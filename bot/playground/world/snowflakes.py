"""Discord's identifiers: 42 bits of milliseconds since 2015, and 22 bits that tell equals apart."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

DISCORD_EPOCH = 1_420_070_400.0


class Snowflakes:
    """Identifiers that only grow, whatever the clock does."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self.last = 0

    def next(self) -> int:
        milliseconds = int((self._clock() - DISCORD_EPOCH) * 1000)
        self.last = max(self.last + 1, milliseconds << 22)
        return self.last


def shard_of(guild_id: int, shard_count: int) -> int:
    return (guild_id >> 22) % shard_count
