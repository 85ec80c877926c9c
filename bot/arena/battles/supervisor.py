"""The battles under way: each is a task, taken up again after a restart and stopped with the process."""

from __future__ import annotations

import asyncio
import math
from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING

import structlog

from bot.arena.battles.aftermath import LONGEST_SECONDS, begin_aftermath
from bot.arena.battles.closing import call_off
from bot.arena.battles.images.memory import let_images_go
from bot.arena.battles.runner import BattleRunner
from bot.arena.voting.eligibility import VoterEligibility
from bot.domain.battle import Battle, BattleState, VoidReason
from bot.errors import OvertakenError, StorageError
from bot.storage import battles, votes

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Collection

    from bot.arena.battles.card import CardFactory
    from bot.arena.battles.deps import BattleDeps
    from bot.arena.matchmaking.pairing import Pairing

STOP_SECONDS = 5.0
AT_A_TIME = 10
"""So many ballots are looked after at once, and edits of cards and answers to members come in between."""

_log: structlog.stdlib.BoundLogger = structlog.get_logger(__name__)


class BattleSupervisor:
    """The tasks of the battles that are under way in this process."""

    def __init__(self, deps: BattleDeps) -> None:
        self.is_stopping = False
        self._deps = deps
        self._card_of: CardFactory
        self._runners: dict[int, BattleRunner] = {}
        self._tasks: dict[int, asyncio.Task[None]] = {}
        self._unfinished: list[Battle] = []
        self._last_drawn: list[Battle] = []

    def show_with(self, card_of: CardFactory) -> None:
        """Say how a battle's card is reached, once, before the first battle begins or goes on."""
        self._card_of = card_of

    def begin(self, battle: Battle, pairing: Pairing) -> None:
        """Let the models of a battle, whose card was posted, answer."""
        runner = BattleRunner(self._deps, battle, self._card_of(battle))
        self._supervise(runner, partial(runner.hold, pairing))
        let_images_go(self._runners.values())

    def call_off(self, battle: Battle, reason: VoidReason) -> None:
        """Void a battle that cannot begin, and have a card that is there all the same say so."""
        runner = BattleRunner(self._deps, battle, self._card_of(battle))
        self._supervise(runner, partial(runner.void, reason))

    def runner(self, battle_id: int) -> BattleRunner | None:
        """Return who has a battle in hand, and may redraw its card; `None` where it is over."""
        return self._runners.get(battle_id)

    def writing(self, guild_id: int) -> int:
        """Count the server's battles whose models are at work."""
        return sum(
            runner.battle.guild_id == guild_id and runner.is_writing for runner in self._runners.values()
        )

    async def until_over(self, battle_id: int) -> None:
        """Wait as long as a battle is under way here."""
        if task := self._tasks.get(battle_id):
            await asyncio.wait([task])

    async def lose(
        self,
        reason: VoidReason,
        *,
        guild_id: int | None = None,
        channel_id: int | None = None,
        message_ids: Collection[int] = (),
    ) -> None:
        """Call off what was shown in a guild, a channel or messages that are gone."""
        for battle_id, runner in list(self._runners.items()):
            battle = runner.battle
            is_gone = (
                guild_id == battle.guild_id
                or channel_id == battle.channel_id
                or battle.message_id in message_ids
            )
            if not is_gone:
                continue
            if runner.deciding or battle.state.is_final:
                runner.retries.hurry()  # as it notices then that there is nothing to draw on
            else:
                self._tasks[battle_id].cancel()
                await asyncio.wait([self._tasks[battle_id]])
                self._supervise(runner, partial(runner.void, reason))

    def hurry(self, channel_id: int) -> None:
        """Draw at once what waits to be drawn in a channel that may take it now."""
        for runner in self._runners.values():
            if runner.battle.channel_id == channel_id:
                runner.retries.hurry()

    async def restore(self) -> None:
        """Read what an earlier process left, before the first event: ballots go on, the rest is over."""
        async with self._deps.database.read() as connection:
            unfinished = await battles.unfinished(connection)
        for battle in unfinished:
            if battle.state is BattleState.GENERATING:
                await self._void_unattended(battle, VoidReason.RESTARTED)
            elif battle.state is BattleState.VOTING:
                await self._watch_again(battle)
        async with self._deps.database.read() as connection:
            self._unfinished = await battles.unfinished(connection)
            self._last_drawn = await battles.last_drawn(connection, LONGEST_SECONDS)

    def resume(self, is_concerned: Callable[[int], bool]) -> None:
        """Go on with what `restore` found in the guilds concerned, once their events come."""
        for battle in self._unfinished:
            if is_concerned(battle.guild_id):
                _log.info("taking up a battle", battle=battle.battle_id, state=battle.state.value)
                runner = BattleRunner(self._deps, battle, self._card_of(battle))
                self._supervise(runner, runner.resume)
        for battle in self._last_drawn:
            if is_concerned(battle.guild_id):
                begin_aftermath(self._deps, battle, self._card_of(battle))
        self._unfinished, self._last_drawn = (
            [battle for battle in left if not is_concerned(battle.guild_id)]
            for left in (self._unfinished, self._last_drawn)
        )

    async def recheck(self, is_concerned: Callable[[int], bool]) -> None:
        """Look after the open ballots of the guilds concerned, whose events may have been missed."""
        places = asyncio.Semaphore(AT_A_TIME)

        async def recheck(runner: BattleRunner) -> None:
            async with places:
                await runner.recheck()

        runners = [each for each in self._runners.values() if is_concerned(each.battle.guild_id)]
        await asyncio.gather(*map(recheck, runners))

    def redraw(self, battle: Battle) -> None:
        """Have a battle's card show what a moderator changed."""
        runner = self._runners.get(battle.battle_id)
        if runner is not None:
            self._deps.redraws.begin(battle.battle_id, runner.redraw)
        elif battle.state.is_final:
            runner = BattleRunner(self._deps, battle, self._card_of(battle))
            self._supervise(runner, runner.resume)

    async def stop(self) -> None:
        """Take no new battle, finish those being decided, and leave the others to the next start."""
        self.is_stopping = True
        for battle_id, runner in self._runners.items():
            if not runner.must_not_be_left:
                self._tasks[battle_id].cancel()
        if tasks := [*self._tasks.values(), *self._deps.redraws.cancel()]:
            _, late = await asyncio.wait(tasks, timeout=STOP_SECONDS)
            for task in late:
                task.cancel()

    async def _void_unattended(self, battle: Battle, reason: VoidReason) -> None:
        async with self._deps.database.write() as connection:
            await call_off(connection, battle.battle_id, reason, self._deps.clock())

    async def _watch_again(self, battle: Battle) -> None:
        async with self._deps.database.read() as connection:
            member_ballots = await votes.member_ballots(connection, battle.battle_id)
        if battle.message_id is not None:
            self._deps.ballots.watch(
                battle.message_id, battle.battle_id, member_ballots, VoterEligibility.of(battle)
            )
            self._deps.ballots.open(
                battle.message_id, math.inf if battle.closes_at is None else battle.closes_at
            )

    def _supervise(self, runner: BattleRunner, course: Callable[[], Awaitable[None]]) -> None:
        battle_id = runner.battle.battle_id
        task = asyncio.create_task(self._guard(runner, course), name=f"battle {battle_id}")
        self._runners[battle_id] = runner
        self._tasks[battle_id] = task
        task.add_done_callback(lambda _task: self._forget(battle_id))

    def _forget(self, battle_id: int) -> None:
        self._runners.pop(battle_id, None)
        self._tasks.pop(battle_id, None)

    async def _guard(self, runner: BattleRunner, course: Callable[[], Awaitable[None]]) -> None:
        """Be the task's boundary: whatever goes wrong in a battle ends that battle alone."""
        try:
            await course()
        except OvertakenError:
            _log.warning("a battle was decided elsewhere", battle=runner.battle.battle_id)
            await self._yield(runner)
        except Exception:  # noqa: BLE001 - the boundary of the task
            _log.exception("a battle failed", battle=runner.battle.battle_id)
            await runner.void(VoidReason.BOT_ERROR)

    async def _yield(self, runner: BattleRunner) -> None:
        """Leave a battle to whoever was first, and show what they made of it."""
        battle = runner.battle
        self._deps.ballots.shut(battle.message_id or 0)
        with suppress(StorageError):
            async with self._deps.database.read() as connection:
                runner.battle = await battles.get(connection, battle.guild_id, battle.battle_id) or battle
            self.redraw(runner.battle)
