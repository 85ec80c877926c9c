"""The card of a battle, as the arena draws it; `cogs` implement it for Discord."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, Protocol, TypeAlias

import structlog

from bot.arena.voting.message import BallotMessage
from bot.domain.battle import BattleState, CardPart, UnratedReason
from bot.errors import MessageRefusedError, MessageUnavailableError, StorageError
from bot.storage import battles, hidden_replies

if TYPE_CHECKING:
    import asyncio
    from collections.abc import Awaitable, Callable, Iterator, Mapping

    from bot.domain.battle import Battle, Side
    from bot.storage.database import Database

    Draw = Callable[[], Awaitable[None]]
    CardFactory: TypeAlias = Callable[[Battle], "PostedCard"]
    Post: TypeAlias = Callable[[Battle], Awaitable["CardAddress"]]

_log: structlog.stdlib.BoundLogger = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class PartialReply:
    """A reply that is being written, and how many characters of it may be shown."""

    text: str
    count: int
    place: int = 0
    """In the queue, where its battle waits until a model can be asked: 1 is next."""


@dataclass(frozen=True, slots=True)
class CardAddress:
    """Where a card was posted: the id of its message, and that of the image on it, if it shows one."""

    message_id: int
    image_id: int | None = None


@dataclass(frozen=True, slots=True)
class ReplyFrame:
    """What a card shows while the models write, by the lengths in characters of both replies.

    Neither may be certain enough to be shown while both have `begun`. The same lengths of other
    `beginnings` are another text.
    """

    lengths: tuple[int, int] = (0, 0)
    begun: bool = False
    beginnings: tuple[int, int] = (0, 0)
    place: int = 0
    """In the queue, where a model cannot be asked yet; of both sides the one farther behind."""


@dataclass(frozen=True, slots=True)
class Progress:
    """How far one reply has come; `length` in characters."""

    length: int
    done: bool


def shown(a: Progress, b: Progress) -> tuple[int, int]:
    """Say how many characters of each reply to show.

    Both grow by the same count until the shorter one is finished and fully shown; from then on the other
    shows all it has. Nothing is shown while one side has nothing, not even beside an empty finished reply.
    """
    common = min(a.length, b.length)
    if common == 0 and not (a.done and b.done):
        return 0, 0
    return (a.length if b.done else common), (b.length if a.done else common)


class BattleCard(Protocol):
    """The card of one battle.

    Every method that draws raises `MessageGoneError` when message or channel are out of reach for good,
    `MessageUnavailableError` when Discord failed but may work later, and `MessageRefusedError` when it does
    not take what is on the card; what is in `battle.refused` is then left out.
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

    async def announce(self, battle: Battle) -> None:
        """Say beside the card, as the battle's rules have it, that the result is in.

        Where an earlier process was about to, look first whether it did.
        """
        ...

    def renew(self, token: str) -> None:
        """Go on with the token of a later interaction that came from the message."""
        ...


class ModeratedCard:
    """A battle's card on which only what may be seen is drawn, and what Discord takes.

    The database is asked what is hidden before the first drawing, unless the battle only begins, before each
    of the end but the first (`know`), and again once a moderator changed something, which `show_again`
    tells; no frame of the replies waits for it. `drawing`,
    which all who draw this card share, lets one reach Discord after the other: what was hidden before
    `show_again` began is hidden once it is done, and in every drawing that follows.
    """

    def __init__(self, database: Database, card: BattleCard, battle: Battle, drawing: asyncio.Lock) -> None:
        self._card = card
        self._database = database
        self._drawing = drawing
        self._last = self._first(battle)
        self._refused: dict[int, frozenset[CardPart]] = {}
        # Nobody has seen a reply of a battle that only begins.
        self._hidden = battle.hidden if battle.state is BattleState.GENERATING else None
        self._decided: Battle | None = None
        self._changes = 0

    async def show_replies(self, battle: Battle, replies: Mapping[Side, PartialReply]) -> None:
        async def draw() -> None:
            await self._show(battle, partial(self._card.show_replies, replies=replies))

        await self._draw(draw)

    async def show_ballot(self, battle: Battle) -> None:
        await self._draw(self._ballot(battle))

    def know(self, decided: Battle) -> None:
        """Take a battle for what it is in the database, for one drawing of its end."""
        self._decided = decided

    async def show_end(self, battle: Battle) -> None:
        await self._draw(self._end(battle))

    async def rated(self, battle: Battle) -> Battle:
        """Return the battle, not rated where members cannot read all that was said."""
        if battle.unrated or not any(parts - {CardPart.IMAGE} for parts in self._refused.values()):
            return battle
        async with self._database.write() as connection:
            await battles.leave_unrated(connection, battle.battle_id, UnratedReason.REFUSED)
        return replace(battle, unrated=UnratedReason.REFUSED)

    async def show_again(self) -> None:
        """Draw what was drawn last, as it may be seen now."""
        self._hidden = None
        self._changes += 1  # what is being read at this moment may be out of date
        async with self._drawing:
            await self._last()

    def _first(self, battle: Battle) -> Draw:
        """Return how an earlier process drew the card."""
        return self._end(battle) if battle.state.is_final else self._ballot(battle)

    def _ballot(self, battle: Battle) -> Draw:
        async def draw() -> None:
            await self._show(battle, self._card.show_ballot)

        return draw

    def _end(self, battle: Battle) -> Draw:
        async def draw() -> None:
            await self._show(battle, self._card.show_end)

        return draw

    async def _draw(self, draw: Draw) -> None:
        async with self._drawing:
            self._last = draw
            await draw()

    async def _show(self, battle: Battle, show: Callable[[Battle], Awaitable[None]]) -> None:
        """Show the battle without what Discord did not take before, nor what it does not take now."""
        seen, turn = await self._seen(battle), len(battle.turns)
        known = self._refused.get(turn, frozenset())
        try:
            return await show(replace(seen, refused=known))
        except MessageRefusedError as exc:
            refusal = exc
        _log.warning("Discord refused a card", battle=battle.battle_id, error=str(refusal))
        for suspects in _suspects(battle, refusal):
            with suppress(MessageRefusedError):
                await show(replace(seen, refused=known | suspects))
                self._refused[turn] = known | suspects
                return None
        raise refusal

    async def _seen(self, battle: Battle) -> Battle:
        """Return the battle with what is hidden of it now, and once decided, with all rulings on it."""
        if self._hidden is not None and not battle.state.is_final:
            return replace(battle, hidden=self._hidden)
        if self._decided is not None and battle.state.is_final:
            decided, self._decided = self._decided, None
            return decided
        changes = self._changes
        try:
            async with self._database.read() as connection:
                if battle.state.is_final:
                    return await battles.get(connection, battle.guild_id, battle.battle_id) or battle
                hidden = await hidden_replies.sides(connection, battle.battle_id)
        except StorageError as exc:
            raise MessageUnavailableError(str(exc)) from exc
        if changes == self._changes:
            self._hidden = hidden
        return replace(battle, hidden=hidden)


def _suspects(battle: Battle, refusal: MessageRefusedError) -> Iterator[frozenset[CardPart]]:
    """Yield what a card may have been refused for, as Discord does not say which part it was."""
    if battle.shows_image:
        yield frozenset({CardPart.IMAGE})
    if refusal.is_filtered:
        yield frozenset({CardPart.A})
        yield frozenset({CardPart.B})
        yield frozenset({CardPart.PROMPT})
        yield frozenset({CardPart.A, CardPart.B})
    yield frozenset(CardPart)
