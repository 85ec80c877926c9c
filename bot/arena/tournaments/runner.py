"""One tournament from its first match to its champion.

Every step begins with what is stored and ends with storing what it did, so that a process can end anywhere
and the next one goes on there.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING

import structlog

from bot.arena.battles.request import BattleRequest, ChosenPair
from bot.arena.tournaments.bracket import Bracket, bracket_of, verdict, walkover
from bot.domain.battle import BattleState, Match, UnratedReason, VoidReason
from bot.domain.tournament import Attempt
from bot.errors import ArenaError, MessageGoneError, MessageUnavailableError, ModelAbsentError, StorageError
from bot.storage import battles as stored_battles
from bot.storage import tournament_matches, tournament_prompts, tournaments

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Coroutine
    from random import Random

    from bot.arena.battles.service import Battles
    from bot.arena.battles.supervisor import BattleSupervisor
    from bot.arena.models.roster import Roster
    from bot.arena.tournaments.channel import TournamentChannel
    from bot.domain.battle import Battle, Place
    from bot.domain.pauses import Pauses
    from bot.domain.tournament import Entrant, MatchResult, Suggestion, Tournament
    from bot.storage.database import Connection, Database
    from bot.storage.tournament_matches import MatchBattle

LONG_SECONDS = 3600.0
"""After so long it looks again at what it waits for."""

PATIENCE_SECONDS = 5 * 60.0
"""So long a match waits for models that rest; then it is a walkover."""

PROMPT_AT_FAULT = {VoidReason.PROMPT_TOO_LONG, VoidReason.MODERATOR_CANCELLED}
"""The match is played again, with the next prompt."""

GONE = {VoidReason.CHANNEL_GONE, VoidReason.GUILD_GONE}

_log: structlog.stdlib.BoundLogger = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class TournamentDeps:
    """What the runners of all tournaments share."""

    database: Database
    battles: Battles
    supervisor: BattleSupervisor
    roster: Roster
    clock: Callable[[], float]
    random: Random
    pauses: Pauses


class TournamentRunner:
    """One tournament; `tournament` is what was stored when it began or was taken up."""

    def __init__(self, deps: TournamentDeps, tournament: Tournament, channel: TournamentChannel) -> None:
        self.tournament = tournament
        self._deps = deps
        self._channel = channel
        self._alarm: asyncio.Task[None] | None = None
        self._is_closing = False
        self._is_woken = False
        self._awaits_prompt = False
        self._waits_since: float | None = None
        self._delay: str | None = None

    def wake(self) -> None:
        """Have it look whether there is a prompt now, or whether it is to stop."""
        self._is_woken = True
        if self._alarm and self._awaits_prompt:
            self._alarm.cancel()

    def close(self) -> None:
        """Have it return after the step at hand; it is not cancelled, lest a transaction is left open."""
        self._is_closing = True
        if self._alarm:
            self._alarm.cancel()

    async def run(self) -> None:
        """Hold match after match until the tournament is over."""
        while not self._is_closing:
            try:
                if not await self._go_on():
                    return
            except MessageGoneError as lost:
                if lost.reason in GONE:
                    await self._end()
                    return
                await self._rest(self._deps.pauses.before_next_try)
            except (MessageUnavailableError, StorageError) as trouble:
                _log.warning("a tournament has to wait", tournament=self._id, error=str(trouble))
                await self._rest(self._deps.pauses.before_next_try)

    @property
    def _id(self) -> int:
        return self.tournament.tournament_id

    async def _go_on(self) -> bool:
        """Take the next step; `False` where there is none any more."""
        self._is_woken = False
        async with self._deps.database.read() as connection:
            tournament = await tournaments.get(connection, self._id)
            under_way = await tournament_matches.unsettled(connection, self._id)
            suggestion = await tournament_prompts.next_one(connection, self._id)
        if not tournament.is_running:
            return False
        bracket = bracket_of(tournament)
        if tournament.unannounced:
            await self._announce(tournament, is_last=bracket.champion is not None)
        elif bracket.champion is not None:
            await self._end()
            return False
        elif under_way:
            await self._settle(tournament, under_way)
        else:
            await self._begin(tournament, bracket, suggestion)
        return True

    async def _announce(self, tournament: Tournament, *, is_last: bool) -> None:
        await self._channel.show_results(tournament, tournament.unannounced)
        async with self._deps.database.write() as connection:
            await tournaments.set_announced(connection, self._id, tournament.unannounced)
        if not is_last:
            await self._rest(self._deps.pauses.between_matches)

    async def _settle(self, tournament: Tournament, under_way: MatchBattle) -> None:
        """Await the end of a match's battle, and let the match know of it."""
        await self._rest(LONG_SECONDS, until=self._deps.supervisor.until_over(under_way.battle_id))
        battle = await self._deps.battles.find(tournament.guild_id, under_way.battle_id)
        if battle is None or not battle.state.is_final:
            await self._rest(self._deps.pauses.before_next_try)
            return
        if battle.voided in GONE:
            await self._end()
            return
        place = under_way.match.place
        async with self._deps.database.write() as connection:
            result = verdict(place, _pair(tournament, place), await _attempts(connection, tournament, place))
            if result:
                await tournaments.add_result(connection, self._id, result, self._deps.clock())
            if battle.state is BattleState.CLOSED or battle.voided in PROMPT_AT_FAULT:
                await tournament_prompts.remove(connection, under_way.match.prompt_id)
            await tournament_matches.set_settled(connection, under_way.battle_id)
        if result is None and battle.state is BattleState.CLOSED:
            await self._channel.show_draw(tournament, battle)
            await self._rest(self._deps.pauses.between_matches)

    async def _begin(self, tournament: Tournament, bracket: Bracket, suggestion: Suggestion | None) -> None:
        """Begin one of the round's matches, whichever chance picks, or await what that takes."""
        roster = await self._deps.roster.of(tournament.guild_id)
        fighting = {entry.model.model_id for entry in roster if entry.fights}
        left = {place: _pair(tournament, place) for place in bracket.playable()}
        if over := _walkover(left, fighting):
            await self._decide(over)
            return
        if suggestion is None:
            await self._await_prompt(tournament)
            return
        able = {model for model in roster.ready() if roster[model].takes(len(suggestion.prompt))}
        ready = [place for place, pair in left.items() if _ids(pair) <= able]
        if not ready:
            await self._await_models(left, able)
            return
        self._waits_since = None
        if self._channel.is_shut:
            await self._rest(self._deps.pauses.before_next_try)
            return
        place = self._deps.random.choice(ready)
        await self._hold(tournament, place, left[place], suggestion)

    async def _hold(
        self, tournament: Tournament, place: Place, pair: tuple[Entrant, Entrant], suggestion: Suggestion
    ) -> None:
        request = BattleRequest(
            guild_id=tournament.guild_id,
            channel_id=tournament.channel_id,
            asker_id=suggestion.author_id,
            prompt=suggestion.prompt,
            locale=tournament.locale,
            interaction_token=None,
            parent_id=tournament.parent_id,
            may_remove_reactions=self._channel.may_remove_reactions,
            chosen_pair=ChosenPair(
                (pair[0].model_id, pair[1].model_id),
                None if tournament.is_rated else UnratedReason.TOURNAMENT,
                Match(self._id, place, suggestion.prompt_id),
                tournament.voting_seconds,
            ),
        )
        try:
            await self._deps.battles.start(request, self._channel.post)
            self._delay = None
        except ModelAbsentError:
            await self._rest(self._deps.pauses.before_next_try)  # and no word: it names a model of the match
        except ArenaError as reason:
            if reason.template != self._delay:
                self._delay = reason.template
                await self._channel.show_delay(tournament, reason)
            await self._rest(self._deps.pauses.before_next_try)

    async def _await_prompt(self, tournament: Tournament) -> None:
        if tournament.called_after != tournament.battles:
            await self._channel.call_for_prompts(tournament)
            async with self._deps.database.write() as connection:
                await tournaments.set_called(connection, self._id, tournament.battles)
        if not self._is_woken:
            self._awaits_prompt = True
            await self._rest(LONG_SECONDS)
            self._awaits_prompt = False

    async def _await_models(self, left: dict[Place, tuple[Entrant, Entrant]], able: Collection[int]) -> None:
        """Give models that rest some time; the match at hand is a walkover then."""
        now = self._deps.clock()
        if self._waits_since is None:
            self._waits_since = now
        if now - self._waits_since < PATIENCE_SECONDS:
            await self._rest(self._deps.pauses.before_next_try)
            return
        self._waits_since = None
        place, pair = next(iter(left.items()))
        await self._decide(walkover(place, pair, able))

    async def _decide(self, result: MatchResult) -> None:
        async with self._deps.database.write() as connection:
            await tournaments.add_result(connection, self._id, result, self._deps.clock())

    async def _rest(self, seconds: float, until: Coroutine[None, None, None] | None = None) -> None:
        """Wait so long, or until something that can be given up has come, unless the process ends."""
        self._alarm = asyncio.create_task(asyncio.sleep(0.0 if self._is_closing else seconds))
        tasks = [self._alarm, *([asyncio.create_task(until)] if until else [])]
        try:
            await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in tasks:
                task.cancel()

    async def _end(self) -> None:
        async with self._deps.database.write() as connection:
            await tournaments.end(connection, self._id, self._deps.clock())


def _pair(tournament: Tournament, place: Place) -> tuple[Entrant, Entrant]:
    """Return who meets in a match, both of whom are known."""
    first, second = (tournament.entrant(seed) for seed in bracket_of(tournament).sides(place) if seed)
    return first, second


def _ids(pair: tuple[Entrant, Entrant]) -> set[int]:
    return {entrant.model_id for entrant in pair}


def _walkover(left: dict[Place, tuple[Entrant, Entrant]], fighting: Collection[int]) -> MatchResult | None:
    """Return the first match of those left in which a model takes part no more."""
    for place, pair in left.items():
        if not _ids(pair) <= set(fighting):
            return walkover(place, pair, fighting)
    return None


async def _attempts(connection: Connection, tournament: Tournament, place: Place) -> list[Attempt]:
    """Return the battles of a match, the oldest first."""
    found: list[tuple[Battle | None, int | None]] = [
        (
            await stored_battles.get(connection, tournament.guild_id, each.battle_id),
            each.failed_model_id,
        )
        for each in await tournament_matches.of_place(connection, tournament.tournament_id, place)
    ]
    return [Attempt(battle, place, failed) for battle, failed in found if battle]
