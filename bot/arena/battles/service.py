"""The battles of the process: opened, each conducted in a task of its own, taken up after a restart."""

from __future__ import annotations

import asyncio
from collections import Counter
from contextlib import suppress
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

import structlog

from bot.arena.battles.card import DECIDED
from bot.arena.battles.closing import check_closer
from bot.arena.battles.follow_ups import check_follower, check_room, room_left
from bot.arena.battles.images import let_images_go
from bot.arena.battles.runner import BattleRunner
from bot.arena.categories.rules import IMAGE
from bot.arena.matchmaking.availability import PromptNeeds, check_able
from bot.arena.matchmaking.pairing import Pairing
from bot.arena.voting.eligibility import VoterEligibility
from bot.domain.battle import Battle, BattleState, Side, VoidReason
from bot.domain.rules import spoken
from bot.errors import ArenaError, StorageError
from bot.i18n import N_
from bot.storage import battles, draws, votes
from bot.storage.battles import NewBattle

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from random import Random

    from bot.arena.battles.admission import Admission, AdmittedRules, DailyLimits
    from bot.arena.battles.card import BattleCard
    from bot.arena.battles.request import BattleRequest
    from bot.arena.battles.runner import BattleDeps
    from bot.arena.categories.service import GuildCategories
    from bot.arena.ratings.leaderboards import Leaderboards
    from bot.domain.image import Image

STOP_SECONDS = 5.0
ANYTHING = "?"
"""The shortest that can be asked."""

_log: structlog.stdlib.BoundLogger = structlog.get_logger(__name__)


class Battles:
    """Opens battles and keeps hold of those that are under way."""

    def __init__(
        self,
        rules: BattleDeps,
        admission: Admission,
        daily_limits: DailyLimits,
        leaderboards: Leaderboards,
        categories: GuildCategories,
        random: Random,
    ) -> None:
        self._rules = rules
        self._admission = admission
        self._daily_limits = daily_limits
        self._leaderboards = leaderboards
        self._categories = categories
        self._random = random
        self._runners: dict[int, BattleRunner] = {}
        self._tasks: dict[int, asyncio.Task[None]] = {}
        self._redraws: set[asyncio.Task[None]] = set()
        self._opening: Counter[int] = Counter()
        self._asking: Counter[tuple[int, int]] = Counter()
        self._unfinished: list[Battle] = []
        self._stopping = False

    async def hold(
        self,
        request: BattleRequest,
        post: Callable[[Battle], Awaitable[int]],
        card_of: Callable[[Battle], BattleCard],
    ) -> None:
        """Draw two models, have the card posted, and let them begin.

        `post` returns the id of the card's message; where it raises, the battle is voided, and a card that
        is there all the same comes to say so.
        """
        self._check_goes_on()
        asker = (request.guild_id, request.asker_id)
        self._opening[request.guild_id] += 1
        self._asking[asker] += 1
        try:
            await self._open(request, post, card_of)
        finally:
            self._opening[request.guild_id] -= 1
            self._asking -= Counter([asker])

    async def _open(
        self,
        request: BattleRequest,
        post: Callable[[Battle], Awaitable[int]],
        card_of: Callable[[Battle], BattleCard],
    ) -> None:
        asking = self._asking[request.guild_id, request.asker_id] - 1
        terms = await self._admission.admit(request, asking)
        await self._daily_limits.check(request.guild_id, self._writing(request.guild_id) - 1)
        categories = await self._categories.of_battle(
            request.guild_id,
            request.prompt,
            request.places,
            request.category,
            request.after.categories,
        )
        pairing = await self._pair(request)
        image = await request.fetch_image() if request.fetch_image else None
        self._check_goes_on()  # once more: time has passed
        battle = await self._add(request, terms, pairing, categories, image)
        try:
            message_id = await post(battle)
        except Exception:
            runner = BattleRunner(self._rules, battle, card_of(battle))
            self._conduct(runner, partial(runner.void, VoidReason.NOT_POSTED))
            raise
        battle = replace(battle, message_id=message_id)
        async with self._rules.database.write() as connection:
            await battles.set_message(connection, battle.battle_id, message_id)
        runner = BattleRunner(self._rules, battle, card_of(battle))
        self._conduct(runner, partial(runner.hold, pairing))
        let_images_go(self._runners.values())

    def _check_goes_on(self) -> None:
        if self._stopping:
            raise ArenaError(N_("I am about to restart. Please ask again in a minute."))

    async def _pair(self, request: BattleRequest) -> Pairing:
        needs = PromptNeeds(len(request.prompt), image=request.has_image)
        if request.fixture is None:
            odds = await self._leaderboards.odds(request.guild_id, needs)
            return Pairing(odds.roster, odds.pairs, self._random, seen=request.after.models)
        roster = await self._leaderboards.roster(request.guild_id)
        check_able(roster, request.fixture.models, needs)
        return Pairing(roster, {request.fixture.models: 1.0}, self._random)

    def _writing(self, guild_id: int) -> int:
        """Count the server's battles that are being opened, or whose models are at work."""
        return self._opening[guild_id] + sum(
            runner.battle.guild_id == guild_id and runner.is_writing for runner in self._runners.values()
        )

    def end_early(self, battle_id: int, user_id: int, *, moderator: bool) -> None:
        """Close a ballot before its time, for its asker or a moderator."""
        runner = self._runners.get(battle_id)
        if runner is None or runner.battle.state is not BattleState.VOTING:
            raise ArenaError(N_("This vote is not open any more."))
        if runner.is_writing:
            raise ArenaError(N_("The models are still writing."))
        check_closer(runner.battle, user_id, moderator=moderator)
        runner.end_early()

    async def check_follow_up(self, battle_id: int, user_id: int) -> int | None:
        """Refuse where this member cannot ask this battle's models anything more.

        Returns how many characters the next prompt may have; `None` where nothing limits it.
        """
        battle = self._open_to(battle_id, user_id).battle
        roster = await self._leaderboards.roster(battle.guild_id)
        check_room(roster, battle, ANYTHING)
        return room_left(roster, battle)

    async def follow_up(
        self, battle_id: int, user_id: int, prompt: str, card_of: Callable[[Battle], BattleCard]
    ) -> None:
        """Have both models answer on, and return when they have."""
        battle = self._open_to(battle_id, user_id).battle
        await self._daily_limits.check_turn(battle.guild_id, self._writing(battle.guild_id))
        roster = await self._leaderboards.roster(battle.guild_id)
        competitors = {
            side: competitor
            for side in Side
            if (competitor := roster[battle.contestant(side).model_id].competitor) is not None
        }
        if len(competitors) < len(Side):
            raise ArenaError(N_("A model of this battle cannot be asked any more."))
        check_room(roster, battle, prompt)
        runner = self._open_to(battle_id, user_id)  # once more: time has passed
        await runner.follow_up(prompt, competitors, card_of(runner.battle))

    def _open_to(self, battle_id: int, user_id: int) -> BattleRunner:
        runner = self._runners.get(battle_id)
        if runner is None or not runner.is_open:
            raise ArenaError(N_("This vote is not open any more."))
        check_follower(runner.battle, user_id, self._rules.config.limits.max_turns)
        if runner.is_writing:
            raise ArenaError(N_("The models are still writing."))
        return runner

    def is_conducted(self, battle_id: int) -> bool:
        """Tell whether a task has the battle in hand, and may redraw its card."""
        return battle_id in self._runners

    async def find(self, guild_id: int, battle_id: int) -> Battle | None:
        async with self._rules.database.read() as connection:
            return await battles.get(connection, guild_id, battle_id)

    async def until_over(self, battle_id: int) -> None:
        """Wait as long as a battle is conducted here."""
        if task := self._tasks.get(battle_id):
            await asyncio.wait([task])

    async def lose(
        self, reason: VoidReason, *, guild_id: int | None = None, channel_id: int | None = None
    ) -> None:
        """Call off what was shown in a guild or channel that is gone."""
        for battle_id, runner in list(self._runners.items()):
            battle = runner.battle
            if (guild_id == battle.guild_id or channel_id == battle.channel_id) and not runner.deciding:
                self._tasks[battle_id].cancel()
                await asyncio.wait([self._tasks[battle_id]])
                await runner.void(reason)

    async def restore(self) -> None:
        """Read what an earlier process left, before the first event: ballots go on, the rest is over."""
        async with self._rules.database.read() as connection:
            unfinished = await battles.unfinished(connection)
        for battle in unfinished:
            if battle.state is BattleState.GENERATING:
                await self._void_unattended(battle, VoidReason.RESTARTED)
            elif battle.state is BattleState.VOTING:
                await self._watch_again(battle)
        async with self._rules.database.read() as connection:
            self._unfinished = await battles.unfinished(connection)

    def resume(self, card_of: Callable[[Battle], BattleCard], is_concerned: Callable[[int], bool]) -> None:
        """Go on with what `restore` found in the guilds concerned, once their events come."""
        for battle in self._unfinished:
            if is_concerned(battle.guild_id):
                _log.info("taking up a battle", battle=battle.battle_id, state=battle.state.value)
                runner = BattleRunner(self._rules, battle, card_of(battle))
                self._conduct(runner, runner.resume)
        self._unfinished = [battle for battle in self._unfinished if not is_concerned(battle.guild_id)]

    async def recheck(self, is_concerned: Callable[[int], bool]) -> None:
        """Look after the open ballots of the guilds concerned, whose events may have been missed."""
        runners = [ref for ref in self._runners.values() if is_concerned(ref.battle.guild_id)]
        await asyncio.gather(*(runner.recheck() for runner in runners))

    def redraw(self, battle: Battle, card_of: Callable[[Battle], BattleCard]) -> None:
        """Have a battle's card show what a moderator changed."""
        runner = self._runners.get(battle.battle_id)
        if runner is not None:
            task = asyncio.create_task(self._guard_redraw(runner), name=f"card {battle.battle_id}")
            self._redraws.add(task)
            task.add_done_callback(self._redraws.discard)
        elif battle.state in DECIDED:
            runner = BattleRunner(self._rules, battle, card_of(battle))
            self._conduct(runner, runner.resume)

    async def stop(self) -> None:
        """Take no new battle, finish those being decided, and leave the others to the next start."""
        self._stopping = True
        for battle_id, runner in self._runners.items():
            if not runner.deciding:
                self._tasks[battle_id].cancel()
        for task in self._redraws:
            task.cancel()
        if tasks := [*self._tasks.values(), *self._redraws]:
            _, late = await asyncio.wait(tasks, timeout=STOP_SECONDS)
            for task in late:
                task.cancel()

    async def _add(
        self,
        request: BattleRequest,
        terms: AdmittedRules,
        pairing: Pairing,
        categories: frozenset[str],
        image: Image | None,
    ) -> Battle:
        new = NewBattle(
            guild_id=request.guild_id,
            channel_id=request.channel_id,
            asker_id=request.asker_id,
            prompt=request.prompt,
            locale=spoken(terms.rules.language, request.locale),
            opened_at=self._rules.clock(),
            interaction_token=request.interaction_token,
            drawn_probability=pairing.probability,
            model_a=pairing.sides[Side.A],
            model_b=pairing.sides[Side.B],
            categories=categories | {IMAGE} if image else categories,
            unrated=terms.unrated,
            rules=terms.rules.of_battle(),
            match=request.match,
            image_kind=image.kind if image else None,
        )
        async with self._rules.database.write() as connection:
            battle = await battles.add(connection, new)
            if request.fixture is None:
                await draws.add(connection, battle.battle_id, pairing.drawing)
        return replace(battle, image=image)

    async def _void_unattended(self, battle: Battle, reason: VoidReason) -> None:
        async with self._rules.database.write() as connection:
            await battles.void(connection, battle.battle_id, reason, self._rules.clock())

    async def _watch_again(self, battle: Battle) -> None:
        async with self._rules.database.read() as connection:
            papers = await votes.member_ballots(connection, battle.battle_id)
        if battle.message_id is not None and battle.closes_at is not None:
            self._rules.ballots.watch(
                battle.message_id, battle.battle_id, papers, VoterEligibility.of(battle)
            )
            self._rules.ballots.open(battle.message_id, battle.closes_at)

    def _conduct(self, runner: BattleRunner, course: Callable[[], Awaitable[None]]) -> None:
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
        except Exception:  # noqa: BLE001 - the boundary of the task
            _log.exception("a battle failed", battle=runner.battle.battle_id)
            with suppress(StorageError):  # then the next start voids it
                await runner.void(VoidReason.BOT_ERROR)

    async def _guard_redraw(self, runner: BattleRunner) -> None:
        """Be the task's boundary: the battle goes on, and the next start finds what is left to draw."""
        try:
            await runner.redraw()
        except Exception:  # noqa: BLE001 - the boundary of the task
            _log.exception("a card could not be redrawn", battle=runner.battle.battle_id)
