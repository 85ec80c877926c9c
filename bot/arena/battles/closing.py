"""The end of a battle, in one transaction: closed with tally, sums and ratings, or called off."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import TYPE_CHECKING, TypeVar

import structlog

from bot.arena.ratings.bradley_terry import fit
from bot.arena.ratings.ranks import is_ranked
from bot.backends.base import Failure
from bot.domain.battle import Battle, Side, UnratedReason, VoidReason
from bot.domain.pair_sums import OVERALL, PairSums, RatedResult, Scope, sums_of
from bot.errors import ArenaError, StorageError
from bot.i18n import N_
from bot.storage import (
    battles,
    draws,
    erasures,
    exclusions,
    pairs,
    seasons,
    turns,
    voters,
    votes,
)

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Collection, Mapping

    from bot.arena.battles.deps import BattleDeps
    from bot.arena.ratings.bradley_terry import Rating
    from bot.config import BattleDefaults
    from bot.domain.pair_sums import Key, Pairs
    from bot.storage.database import Connection, Database
    from bot.storage.seasons import Circumstances

T = TypeVar("T")

VOID_REASONS = {
    Failure.PROMPT_TOO_LONG: VoidReason.PROMPT_TOO_LONG,
    Failure.CROWDED: VoidReason.CROWDED,
}

_log: structlog.stdlib.BoundLogger = structlog.get_logger(__name__)


class OutOfModelsError(Exception):
    """Fewer than two models were able to answer: the one on `side` failed, and none took its place."""

    def __init__(self, side: Side, failure: Failure) -> None:
        super().__init__(side, failure)
        self.side = side
        self.failure = failure

    @property
    def was_asked(self) -> bool:
        """Others did not keep the model on `side` busy all the time."""
        return self.failure is not Failure.CROWDED

    @property
    def is_the_models_doing(self) -> bool:
        return self.failure not in VOID_REASONS

    @property
    def void_reason(self) -> VoidReason:
        return VOID_REASONS.get(self.failure, VoidReason.MODELS_FAILED)


async def decide(
    database: Database, battle: Battle, now: float, defaults: BattleDefaults | None = None
) -> Battle | None:
    """Close the battle and return it with its tally; `None` where it was decided before.

    `defaults` say from when on a model is ranked.
    """
    async with database.write() as connection:
        found = await seasons.circumstances(connection, battle.guild_id, battle.battle_id)
        if found.has_exclusions:
            await exclusions.mark_battle(connection, battle.guild_id, battle.battle_id)
        count = await votes.count(connection, battle.battle_id)
        unrated = battle.unrated
        if unrated is None and 0 < count.tally.votes < battle.rules.min_votes_rated:
            unrated = UnratedReason.FEW_VOTES
        if not await battles.close(
            connection, battle.battle_id, count, now=now, season=found.season, unrated=unrated
        ):
            return None
        if found.has_erasures:
            await erasures.carry_out(connection, battle.battle_id, now)
        decided = replace(battle, tally=count.tally, unrated=unrated, season=found.season, closed_at=now)
        await draws.count_closed(connection, decided, found.drawing, found.models)
        await _rate(connection, decided, found, defaults)
        return await battles.get(connection, battle.guild_id, battle.battle_id)


async def call_off(connection: Connection, battle_id: int, reason: VoidReason, now: float) -> bool:
    """Void an undecided battle; `False` where it was decided before."""
    if not await battles.void(connection, battle_id, reason, now):
        return False
    await draws.count(connection, battle_id)
    await erasures.carry_out(connection, battle_id, now)
    return True


async def decide_at_last(deps: BattleDeps, battle: Battle) -> Battle | None:
    """Close the battle as `decide` does, with all votes written, however long the storage fails."""
    return await _at_last(
        deps, battle, lambda: decide(deps.database, battle, deps.clock(), deps.config.battle)
    )


async def call_off_at_last(
    deps: BattleDeps, battle: Battle, reason: VoidReason, costs: Mapping[Side, float | None]
) -> bool:
    """Void the battle as `call_off` does, with all votes written, however long the storage fails.

    `costs` are those of replies that nobody keeps.
    """

    async def void() -> bool:
        async with deps.database.write() as connection:
            if not await call_off(connection, battle.battle_id, reason, deps.clock()):
                return False
            await turns.add_costs(connection, battle.battle_id, costs)
            return True

    return await _at_last(deps, battle, void)


async def _at_last(deps: BattleDeps, battle: Battle, end: Callable[[], Awaitable[T]]) -> T:
    while True:
        try:
            # Of a battle that is called off, too: a vote must not come after who cast it was forgotten.
            await deps.ballots.flush()
            return await end()
        except StorageError as exc:
            _log.error("a battle could not be ended, trying again", battle=battle.battle_id, error=str(exc))
            await asyncio.sleep(deps.pauses.before_deciding_again)


async def _rate(
    connection: Connection, battle: Battle, found: Circumstances, defaults: BattleDefaults | None
) -> None:
    """Add the battle to the sums, and record what that did to the ratings of the season."""
    sums = await pairs.load(connection, battle.guild_id, Scope(season=battle.season))
    before = await _ratings(battle, found.models, sums)
    changes = contribution(battle, found.categories)
    await pairs.add(connection, battle.guild_id, changes)
    if changes:
        await voters.add_battle(connection, battle.battle_id)
    for key, change in changes.items():
        if key.category == OVERALL:
            pair = (key.model_i, key.model_j)
            sums[pair] = sums.get(pair, PairSums()) + change
    after = await _ratings(battle, found.models, sums) if changes else before
    moves = {
        side: (before[side].rating, row.rating, defaults is not None and not is_ranked(row, defaults))
        for side, row in after.items()
    }
    await battles.set_ratings(connection, battle.battle_id, moves)


def contribution(battle: Battle, categories: Collection[str]) -> dict[Key, PairSums]:
    """Return what a closed battle adds to the running sums: nothing where it is not rated."""
    if battle.unrated is not None or battle.closed_at is None:
        return {}
    result = RatedResult(battle.a.model_id, battle.b.model_id, battle.season, battle.closed_at, battle.tally)
    return sums_of(result, categories)


async def _ratings(battle: Battle, models: tuple[int, ...], sums: Pairs) -> Mapping[Side, Rating]:
    """Fit in a thread, because many models take many milliseconds."""
    ratings = await asyncio.to_thread(fit, models, sums)
    by_model = {row.model: row for row in ratings.rows}
    return {side: by_model[battle.contestant(side).model_id] for side in Side}


def check_closer(battle: Battle, user_id: int, *, moderator: bool) -> None:
    """Refuse to close a vote before its time, where the battle's rules do not let this member."""
    match battle.rules.early_close:
        case "nobody":
            raise ArenaError(
                N_(
                    "In this server nobody can close a vote early. It ends at the time that its message"
                    " shows."
                )
            )
        case "moderators" if not moderator:
            raise ArenaError(
                N_(
                    "Only members with Manage Messages can close this vote early. It ends at the time that"
                    " its message shows."
                )
            )
        case "asker" if not moderator and user_id != battle.asker_id:
            raise ArenaError(
                N_(
                    "Only the member who asked, or one with Manage Messages, can close this vote early. It"
                    " ends at the time that its message shows."
                )
            )
        case _:
            pass


def check_canceller(battle: Battle, user_id: int, *, moderator: bool) -> VoidReason:
    """Refuse to cancel a battle for a member who may not; return as whose doing it ends otherwise.

    Who suggested the prompt of a match did not ask for the match.
    """
    if user_id == battle.asker_id and battle.match is None:
        return VoidReason.CANCELLED
    if moderator:
        return VoidReason.MODERATOR_CANCELLED
    if battle.match is not None:
        raise ArenaError(N_("Only members with Manage Messages can cancel a battle of a tournament."))
    raise ArenaError(N_("Only the member who asked, or one with Manage Messages, can cancel this."))
