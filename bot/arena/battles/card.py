"""What a battle needs of the place where it is shown; `cogs` implement it for Discord."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Protocol

from bot.domain.battle import Battle, BattleState
from bot.errors import MessageUnavailableError, StorageError
from bot.storage import battles, hidden_replies

if TYPE_CHECKING:
    import asyncio
    from collections.abc import Awaitable, Callable, Collection, Mapping

    from bot.arena.voting.message import CardSnapshot
    from bot.domain.battle import Battle, Side
    from bot.domain.vote import Vote
    from bot.storage.database import Database

    Draw = Callable[[], Awaitable[None]]


DECIDED = (BattleState.CLOSED, BattleState.VOIDED)


@dataclass(frozen=True, slots=True)
class PartialReply:
    """A reply that is being written, and how many characters of it may be shown."""

    text: str
    count: int


class BattleCard(Protocol):
    """The message of one battle.

    Every method raises `MessageGoneError` when message or channel are out of reach for good, and
    `MessageUnavailableError` when Discord failed but may work later.
    """

    async def show_replies(self, battle: Battle, replies: Mapping[Side, PartialReply]) -> None:
        """Redraw the card while the models write."""
        ...

    async def show_ballot(self, battle: Battle) -> None: ...

    async def show_end(self, battle: Battle) -> None:
        """Redraw the card of a closed battle with the names, or of a voided one with the reason."""
        ...

    async def seed(self, choices: Collection[Vote]) -> None:
        """Put the bot's own reactions under the message, for members to press."""
        ...

    async def remove(self, vote: Vote, user_id: int) -> None:
        """Take a member's reaction off the message, if it is still there."""
        ...

    async def look(self) -> CardSnapshot: ...

    async def voters(self, vote: Vote) -> frozenset[int]:
        """Return who stands behind a reaction, bots left out."""
        ...

    async def joined_at(self, user_id: int) -> float | None:
        """Return when a member came to the server, in Unix seconds; `None` where it is not a member."""
        ...


class ModeratedCard:
    """A battle's stage, in front of which only what may be seen is drawn.

    The database is asked before each drawing, and `drawing`, which all who draw this card share, lets one
    reach Discord after the other: what was hidden before a drawing began is hidden once it is done.
    """

    def __init__(self, database: Database, card: BattleCard, battle: Battle, drawing: asyncio.Lock) -> None:
        self.card = card
        self._database = database
        self._drawing = drawing
        self._last = self._first(battle)

    async def show_replies(self, battle: Battle, replies: Mapping[Side, PartialReply]) -> None:
        async def draw() -> None:
            await self.card.show_replies(await self._seen(battle), replies)

        await self._draw(draw)

    async def show_ballot(self, battle: Battle) -> None:
        await self._draw(self._ballot(battle))

    async def show_end(self, battle: Battle) -> None:
        await self._draw(self._end(battle))

    async def show_again(self) -> None:
        """Draw what was drawn last, as it may be seen now."""
        async with self._drawing:
            await self._last()

    async def seed(self, choices: Collection[Vote]) -> None:
        await self.card.seed(choices)

    async def look(self) -> CardSnapshot:
        return await self.card.look()

    async def remove(self, vote: Vote, user_id: int) -> None:
        await self.card.remove(vote, user_id)

    async def voters(self, vote: Vote) -> frozenset[int]:
        return await self.card.voters(vote)

    async def joined_at(self, user_id: int) -> float | None:
        return await self.card.joined_at(user_id)

    def _first(self, battle: Battle) -> Draw:
        """Return how an earlier process drew the card."""
        return self._end(battle) if battle.state in DECIDED else self._ballot(battle)

    def _ballot(self, battle: Battle) -> Draw:
        async def draw() -> None:
            await self.card.show_ballot(await self._seen(battle))

        return draw

    def _end(self, battle: Battle) -> Draw:
        async def draw() -> None:
            await self.card.show_end(await self._seen(battle))

        return draw

    async def _draw(self, draw: Draw) -> None:
        async with self._drawing:
            self._last = draw
            await draw()

    async def _seen(self, battle: Battle) -> Battle:
        """Return the battle with what is hidden of it now, and once decided, with all rulings on it."""
        try:
            async with self._database.read() as connection:
                if battle.state in DECIDED:
                    return await battles.get(connection, battle.guild_id, battle.battle_id) or battle
                return replace(battle, hidden=await hidden_replies.sides(connection, battle.battle_id))
        except StorageError as exc:
            raise MessageUnavailableError(str(exc)) from exc
