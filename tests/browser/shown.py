"""The stand-in and its page, without a bot and without a browser."""

from __future__ import annotations

from contextlib import asynccontextmanager
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING

from bot.playground import Playground
from bot.playground.page import PlaygroundPage, seed_world
from tests.wire.processes import TOKEN

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Mapping

    from bot.playground.page import Seeded


@dataclass(frozen=True, slots=True)
class Demo:
    """What `arena-bot demo` starts."""

    playground: Playground
    page: PlaygroundPage
    seeded: Seeded


@asynccontextmanager
async def shown(
    *,
    language: str = "en",
    notices: Mapping[str, str] = MappingProxyType({}),
    rate_limits: bool = False,
) -> AsyncGenerator[Demo]:
    """Start the stand-in and its page, without a bot."""
    async with Playground(token=TOKEN, rate_limits=rate_limits) as playground:
        seeded = seed_world(playground.world, language=language)
        async with PlaygroundPage(playground, language=language, notices=notices, pace=0.05) as page:
            yield Demo(playground, page, seeded)
