"""The card of a battle, as the arena draws it; `cogs` implement it for Discord."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Protocol, TypeAlias

import structlog

from bot.arena.voting.message import BallotMessage
from bot.errors import MessageUnavailableError, StorageError
from bot.storage import battles, hidden_replies

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterable, Mapping

    from bot.domain.battle import Battle, Side
    from bot.storage.database import Database

    Draw = Callable[[], Awaitable[None]]
    CardFactory: TypeAlias = Callable[[Battle], "PostedCard"]

_log: structlog.stdlib.BoundLogger = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class PartialReply:
    """A reply that is being written, and how many characters of it may be shown."""

    text: str
    count: int


class BattleCard(Protocol):
    """The card of one battle.

    Every method that draws raises `MessageGoneError` when message or channel are out of reach for good, and
    `MessageUnavailableError` when Discord failed but may work later.
    """

    async def show_replies(self, battle: Battle, replies: Mapping[Side, PartialReply]) -> None:
        """Redraw the card while the models write."""
        ...

    async def show_ballot(self, battle: Battle) -> None: ...

    async def show_end(self, battle: Battle) -> None:
        """Redraw the card of a closed battle with the names, or of a voided one with the reason."""
        ...


class PostedCard(BattleCard, BallotMessage, Protocol):
    """The message of one battle: its card, and the reactions under it."""

    def renew(self, token: str) -> None:
        """Go on with the token of a later interaction that came from the message."""
        ...


class ModeratedCard:
    """A battle's card on which only what may be seen is drawn.

    The database is asked before each drawing, and `drawing`, which all who draw this card share, lets one
    reach Discord after the other: what was hidden before a drawing began is hidden once it is done.
    """

    def __init__(self, database: Database, card: BattleCard, battle: Battle, drawing: asyncio.Lock) -> None:
        self._card = card
        self._database = database
        self._drawing = drawing
        self._last = self._first(battle)

    async def show_replies(self, battle: Battle, replies: Mapping[Side, PartialReply]) -> None:
        async def draw() -> None:
            await self._card.show_replies(await self._seen(battle), replies)

        await self._draw(draw)

    async def show_ballot(self, battle: Battle) -> None:
        await self._draw(self._ballot(battle))

    async def show_end(self, battle: Battle) -> None:
        await self._draw(self._end(battle))

    async def show_again(self) -> None:
        """Draw what was drawn last, as it may be seen now."""
        async with self._drawing:
            await self._last()

    def _first(self, battle: Battle) -> Draw:
        """Return how an earlier process drew the card."""
        return self._end(battle) if battle.state.is_final else self._ballot(battle)

    def _ballot(self, battle: Battle) -> Draw:
        async def draw() -> None:
            await self._card.show_ballot(await self._seen(battle))

        return draw

    def _end(self, battle: Battle) -> Draw:
        async def draw() -> None:
            await self._card.show_end(await self._seen(battle))

        return draw

    async def _draw(self, draw: Draw) -> None:
        async with self._drawing:
            self._last = draw
            await draw()

    async def _seen(self, battle: Battle) -> Battle:
        """Return the battle with what is hidden of it now, and once decided, with all rulings on it."""
        try:
            async with self._database.read() as connection:
                if battle.state.is_final:
                    return await battles.get(connection, battle.guild_id, battle.battle_id) or battle
                return replace(battle, hidden=await hidden_replies.sides(connection, battle.battle_id))
        except StorageError as exc:
            raise MessageUnavailableError(str(exc)) from exc


async def insist(delays: Iterable[float], battle_id: int, draw: Draw) -> None:
    """Draw; what Discord cannot take now it is offered again, each time after the next delay (seconds)."""
    for delay in delays:
        try:
            return await draw()
        except MessageUnavailableError as trouble:
            _log.warning("Discord did not take a card", battle=battle_id, error=str(trouble))
            await asyncio.sleep(delay)
    return await draw()
