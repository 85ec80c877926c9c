"""The time in which the models of a battle write, and how it is ended from outside."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from bot.arena.anonymity.leaks import judge
from bot.arena.battles.follow_ups import conversations, costs, exchange_of
from bot.arena.battles.replies import ReplyStream
from bot.domain.battle import Battle, Side, VoidReason
from bot.errors import ArenaError
from bot.i18n import N_
from bot.storage import draws, tournament_matches

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Mapping

    from bot.arena.battles.card import BattleCard
    from bot.arena.battles.closing import OutOfModelsError
    from bot.arena.battles.replies import Replace, ReplyInProgress
    from bot.arena.matchmaking.pairing import Pairing
    from bot.arena.models.roster import Competitor
    from bot.arena.models.spending import Spending
    from bot.backends.base import BackendError
    from bot.storage.database import Database

STILL_WRITING = N_("The models are still writing. Please try again when they are done.")
NOT_WRITING = N_(
    "The models are done, so there is nothing to cancel. Moderators can take a battle that is over out of the"
    " ratings: /void"
)


class WritingCancelledError(Exception):
    """Somebody who may do so had the models stop; `reason` is that of a battle that ends with it."""

    def __init__(self, reason: VoidReason) -> None:
        super().__init__(reason)
        self.reason = reason


class Writing:
    """The models' work on one battle, under way or not."""

    def __init__(self, spending: Spending, patience: float, pause: float) -> None:
        """`patience` and `pause` are those of a `ReplyStream`."""
        self._spending = spending
        self._patience = patience
        self._pause = pause
        self._scope: asyncio.Timeout | None = None
        self._reason = VoidReason.CANCELLED
        self._unfinished: tuple[Battle, ReplyStream] | None = None

    def stream(self, asked: Battle, competitors: Mapping[Side, Competitor], replace: Replace) -> ReplyStream:
        """Return the replies to come, each to its part of a battle's conversation, not yet begun."""
        stream = ReplyStream(
            conversations(asked),
            competitors,
            replace,
            self._patience,
            self._pause,
            asked.rules.stream,
            asked.guild_id,
            partial(self._note_failure, asked),
        )
        self._unfinished = (asked, stream)
        return stream

    async def _note_failure(
        self, asked: Battle, side: Side, failed: ReplyInProgress, error: BackendError
    ) -> None:
        exchange = exchange_of(asked, side, failed)
        exchange.fail(error)
        prices = failed.competitor.prices
        await self._spending.note_failure(prices, asked.guild_id, asked.battle_id, exchange)

    def take_costs(self) -> dict[Side, float | None]:
        """Return what replies have cost, in US dollars, that were begun and are kept by nobody, once."""
        unfinished, self._unfinished = self._unfinished, None
        if unfinished is None:
            return {}
        asked, stream = unfinished
        return costs(asked, stream.replies_in_progress)

    def cancel(self, reason: VoidReason) -> None:
        """Have the models stop at once; raises `ArenaError` where they are done."""
        scope, self._scope = self._scope, None
        if scope is None:
            raise ArenaError(NOT_WRITING)
        self._reason = reason
        scope.reschedule(asyncio.get_running_loop().time())

    @asynccontextmanager
    async def under_way(self) -> AsyncGenerator[None]:
        """Let the models write in this block; raises `WritingCancelledError` as soon as they are to stop."""
        scope = asyncio.timeout(None)
        try:
            async with scope:
                self._scope = scope
                yield
            self._unfinished = None
        except TimeoutError:
            if scope.expired():
                raise WritingCancelledError(self._reason) from None
            raise
        finally:
            self._scope = None


async def write_replies(battle: Battle, pairing: Pairing, card: BattleCard, writing: Writing) -> Battle:
    """Let both models answer the first prompt; raises `OutOfModelsError`."""
    competitors = {side: pairing.competitor(side) for side in Side}
    stream = writing.stream(battle, competitors, pairing.replace)
    replies_in_progress = await stream.run(partial(card.show_replies, battle))
    contestants = {
        side.value: reply_in_progress.contestant(side, pairing.sides[side], battle)
        for side, reply_in_progress in replies_in_progress.items()
    }
    names = {
        side: reply_in_progress.competitor.gives_away
        for side, reply_in_progress in replies_in_progress.items()
    }
    # In a thread, because long replies take many milliseconds.
    return await asyncio.to_thread(judge, replace(battle, **contestants), names)


async def give_up(database: Database, battle_id: int, pairing: Pairing, failure: OutOfModelsError) -> None:
    """Note of a battle that no two models could answer which of them failed."""
    if failure.was_asked:
        pairing.give_up(failure.side)
    async with database.write() as connection:
        await draws.amend(connection, battle_id, pairing.drawing)
        if failure.is_the_models_doing:
            failed = pairing.sides[failure.side]
            await tournament_matches.note_failure(connection, battle_id, failed)
