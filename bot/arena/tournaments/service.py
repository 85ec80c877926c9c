"""The tournaments of the process: started, stopped, given prompts, taken up after a restart."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import structlog

from bot.arena.audit_log import record
from bot.arena.settings.kinds import typed
from bot.arena.tournaments.entrants import entrants, seeding
from bot.arena.tournaments.runner import TournamentRunner
from bot.domain.audit import AuditAction, AuditEntry, Change
from bot.domain.rules import spoken
from bot.errors import ArenaError
from bot.i18n import N_
from bot.storage import models, tournament_prompts, tournaments
from bot.storage.tournaments import NewTournament

if TYPE_CHECKING:
    from collections.abc import Callable

    from bot.arena.battles.admission import Admission, AdmittedRules
    from bot.arena.models.roster import GuildRoster
    from bot.arena.ratings.leaderboards import Leaderboards
    from bot.arena.tournaments.channel import TournamentChannel
    from bot.arena.tournaments.runner import TournamentDeps
    from bot.domain.audit import Actor
    from bot.domain.tournament import Tournament

    ChannelFactory = Callable[[Tournament], TournamentChannel]

STOP_SECONDS = 3.0
MOST_WAITING = 100
MOST_OF_MEMBER = 5
"""Prompts in a queue."""
NONE_HERE = N_("No tournament is under way in this channel. A moderator can start one: /tournament start")

_log: structlog.stdlib.BoundLogger = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Spot:
    """A channel, of a thread also the one that it hangs from, and the roles of the member who acts there."""

    guild_id: int
    channel_id: int
    parent_id: int | None
    role_ids: frozenset[int]

    @property
    def places(self) -> frozenset[int]:
        return frozenset({self.channel_id, self.parent_id or self.channel_id})


@dataclass(frozen=True, slots=True)
class Plan:
    """What a moderator entered; `None`: nothing."""

    models: str | None
    voting: str | None
    is_rated: bool
    locale: str


class Started(NamedTuple):
    tournament: Tournament
    entry: AuditEntry


class Tournaments:
    def __init__(self, deps: TournamentDeps, admission: Admission, leaderboards: Leaderboards) -> None:
        self._deps = deps
        self._admission = admission
        self._leaderboards = leaderboards
        self._channel_of: ChannelFactory
        self._runners: dict[int, TournamentRunner] = {}
        self._tasks: dict[int, asyncio.Task[None]] = {}

    def show_with(self, channel_of: ChannelFactory) -> None:
        """Say how a tournament's channel is reached, once, before the first begins or goes on."""
        self._channel_of = channel_of

    async def start(self, actor: Actor, spot: Spot, plan: Plan) -> Started:
        """Begin a tournament; its first match waits for a prompt."""
        terms = self._admission.terms(spot.guild_id, spot.places, spot.role_ids)
        if plan.is_rated and terms.unrated:
            raise ArenaError(
                N_(
                    "Battles in this channel are not rated, so a tournament cannot be either. Leave `rated`"
                    " out, or start it in a channel whose battles are rated."
                )
            )
        new = NewTournament(
            guild_id=spot.guild_id,
            channel_id=spot.channel_id,
            parent_id=spot.parent_id,
            locale=spoken(terms.rules.language, plan.locale),
            is_rated=plan.is_rated,
            voting_seconds=_voting_seconds(plan.voting, terms),
            model_ids=await self._entrants(spot.guild_id, plan.models),
            started_at=self._deps.clock(),
        )
        async with self._deps.database.write() as connection:
            await models.ensure_guild(connection, spot.guild_id, new.started_at)
            tournament_id = await tournaments.add(connection, new)
            if tournament_id is None:
                raise ArenaError(
                    N_(
                        "A tournament is under way in this channel already: /bracket shows it, /tournament"
                        " stop ends it."
                    )
                )
            tournament = await tournaments.get(connection, tournament_id)
            changes = [
                Change("channel", None, str(spot.channel_id)),
                Change("models", None, str(len(tournament.entrants))),
            ]
            entry = await record(connection, actor, AuditAction.TOURNAMENT_STARTED, new.started_at, *changes)
        self._supervise(tournament)
        return Started(tournament, entry)

    async def suggest(self, spot: Spot, author_id: int, prompt: str) -> int:
        """Put a prompt into the queue of the channel's tournament; returns how many wait now."""
        prompt = prompt.strip()
        if not prompt:
            raise ArenaError(N_("A prompt needs some text."))
        self._admission.terms(spot.guild_id, spot.places, spot.role_ids)
        roster = await self._deps.roster.of(spot.guild_id)
        async with self._deps.database.write() as connection:
            tournament_id = await tournaments.running_in(connection, spot.channel_id)
            if tournament_id is None:
                raise ArenaError(NONE_HERE)
            _check_length(prompt, await tournaments.get(connection, tournament_id), roster)
            if await tournament_prompts.count(connection, tournament_id, author_id) >= MOST_OF_MEMBER:
                raise ArenaError(
                    N_("{count} prompts of yours wait already. You can suggest more once one was asked."),
                    count=MOST_OF_MEMBER,
                )
            if await tournament_prompts.count(connection, tournament_id) >= MOST_WAITING:
                raise ArenaError(
                    N_(
                        "The queue is full: {count} prompts wait. You can suggest one when the next match has"
                        " begun."
                    ),
                    count=MOST_WAITING,
                )
            await tournament_prompts.add(connection, tournament_id, author_id, prompt, self._deps.clock())
            waiting = await tournament_prompts.count(connection, tournament_id)
        self._wake(tournament_id)
        return waiting

    async def find(self, guild_id: int, channel_id: int) -> Tournament:
        """Return the tournament of a channel, the one under way or the last."""
        async with self._deps.database.read() as connection:
            tournament_id = await tournaments.latest_in(connection, guild_id, channel_id)
            if tournament_id is None:
                raise ArenaError(N_("No tournament here yet. A moderator can start one: /tournament start"))
            return await tournaments.get(connection, tournament_id)

    async def stop(self, actor: Actor, channel_id: int) -> AuditEntry:
        """End a tournament without a champion; a match whose vote is open is held to its end."""
        async with self._deps.database.write() as connection:
            tournament_id = await tournaments.running_in(connection, channel_id)
            if tournament_id is None:
                raise ArenaError(NONE_HERE)
            await tournaments.end(connection, tournament_id, self._deps.clock())
            change = Change("channel", str(channel_id), None)
            entry = await record(
                connection, actor, AuditAction.TOURNAMENT_STOPPED, self._deps.clock(), change
            )
        self._wake(tournament_id)
        return entry

    async def resume(self, is_concerned: Callable[[int], bool]) -> None:
        """Go on with what an earlier process left in the guilds concerned."""
        async with self._deps.database.read() as connection:
            found = [
                await tournaments.get(connection, tournament_id)
                for tournament_id in await tournaments.running(connection)
            ]
        for tournament in found:
            if is_concerned(tournament.guild_id) and tournament.tournament_id not in self._tasks:
                _log.info("taking up a tournament", tournament=tournament.tournament_id)
                self._supervise(tournament)

    async def lose(self, *, guild_id: int | None = None, channel_id: int | None = None) -> None:
        """End what was held in a guild or channel that is gone."""
        for tournament_id, runner in list(self._runners.items()):
            held = runner.tournament
            if guild_id == held.guild_id or channel_id == held.channel_id:
                async with self._deps.database.write() as connection:
                    await tournaments.end(connection, tournament_id, self._deps.clock())
                runner.wake()

    @property
    def is_busy(self) -> bool:
        """Some tournament is under way here."""
        return bool(self._tasks)

    async def close(self) -> None:
        """Leave the tournaments to the next start."""
        for runner in self._runners.values():
            runner.close()
        if self._tasks:
            _, late = await asyncio.wait(list(self._tasks.values()), timeout=STOP_SECONDS)
            for task in late:
                task.cancel()

    async def _entrants(self, guild_id: int, entered: str | None) -> tuple[int, ...]:
        roster = await self._deps.roster.of(guild_id)
        board = await self._leaderboards.board(guild_id)
        return entrants(entered, roster, seeding(board.standings))

    def _supervise(self, tournament: Tournament) -> None:
        tournament_id = tournament.tournament_id
        runner = TournamentRunner(self._deps, tournament, self._channel_of(tournament))
        task = asyncio.create_task(_guard(runner), name=f"tournament {tournament_id}")
        self._runners[tournament_id] = runner
        self._tasks[tournament_id] = task
        task.add_done_callback(lambda _task: self._forget(tournament_id))

    def _wake(self, tournament_id: int) -> None:
        if runner := self._runners.get(tournament_id):
            runner.wake()

    def _forget(self, tournament_id: int) -> None:
        self._runners.pop(tournament_id, None)
        self._tasks.pop(tournament_id, None)


async def _guard(runner: TournamentRunner) -> None:
    """Be the task's boundary: what goes wrong in a tournament ends its conducting until the next start."""
    try:
        await runner.run()
    except Exception:  # noqa: BLE001 - the boundary of the task
        _log.exception("a tournament failed", tournament=runner.tournament.tournament_id)


def _check_length(prompt: str, tournament: Tournament, roster: GuildRoster) -> None:
    """Refuse a prompt that some model which takes part cannot be asked."""
    limits = [roster[entrant.model_id].max_prompt_chars for entrant in tournament.entrants]
    most = min((limit for limit in limits if limit is not None), default=len(prompt))
    if len(prompt) > most:
        raise ArenaError(
            N_(
                "Your prompt has {length} characters, and the models of this tournament take {most} at most."
                " Please shorten it."
            ),
            length=len(prompt),
            most=most,
        )


def _voting_seconds(entered: str | None, terms: AdmittedRules) -> int:
    if entered is None:
        return terms.rules.voting_seconds
    seconds = typed("voting_seconds", entered)
    if seconds is None:
        raise ArenaError(
            N_("“{text}” is not a time from 10 s to 7 days. Examples: 90 s, 10 min, 2 h."), text=entered
        )
    return seconds
