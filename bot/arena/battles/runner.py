"""One battle from its first word to its reveal, and what becomes of it when something gives way."""

from __future__ import annotations

import asyncio
import math
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

import structlog

from bot.arena.battles.aftermath import is_drawn, note_drawn
from bot.arena.battles.ballot_opening import BallotOpening
from bot.arena.battles.card import ModeratedCard
from bot.arena.battles.closing import OutOfModelsError, call_off_at_last, decide_at_last
from bot.arena.battles.follow_ups import (
    CANCELLED,
    UNWRITTEN,
    FollowUpRequest,
    store_turn,
    write_turn,
)
from bot.arena.battles.retries import Retries
from bot.arena.battles.writing import Writing, WritingCancelledError, give_up, write_replies
from bot.arena.voting.ballot import VoteClosedError
from bot.arena.voting.eligibility import VoterEligibility
from bot.arena.voting.message import CardState
from bot.arena.voting.reaction_cleanup import cleaned_up
from bot.domain.battle import Battle, BattleState, Side, VoidReason
from bot.errors import ArenaError, MessageGoneError, MessageUnavailableError

if TYPE_CHECKING:
    from collections.abc import Awaitable, Collection, Mapping

    from bot.arena.battles.card import PostedCard
    from bot.arena.battles.deps import BattleDeps
    from bot.arena.matchmaking.pairing import Pairing
    from bot.arena.models.roster import Competitor
    from bot.arena.voting.message import CardSnapshot
    from bot.domain.vote import Vote

CHECK_LEAD_SECONDS = 1.0
"""The message is compared this long before the end, so that the end itself is exact."""

_log: structlog.stdlib.BoundLogger = structlog.get_logger(__name__)


class BattleRunner:
    """One battle whose card stands in a message, from its first word to its reveal."""

    def __init__(self, deps: BattleDeps, battle: Battle, message: PostedCard) -> None:
        self.battle = battle
        self.deciding = False
        self._deps = deps
        self._message = message
        self._card = ModeratedCard(deps.database, message, battle, deps.drawing.of(battle.battle_id))
        self.retries = Retries(deps.pauses.before_redraws, battle.battle_id)
        self._opening = BallotOpening(deps, message, self._card, self.retries)
        self._message_id = battle.message_id or 0  # 0: the card was never seen, so it has no ballot
        self._is_ended_early = False
        self._request: FollowUpRequest | None = None
        patience, pause = deps.config.limits.first_token_seconds, deps.pauses.between_edits
        self._writing = Writing(deps.spending, patience, pause)
        self._alarm: asyncio.Task[None] | None = None

    async def hold(self, pairing: Pairing) -> None:
        """Conduct a new battle."""
        self._deps.ballots.watch(
            self._message_id, self.battle.battle_id, eligibility=VoterEligibility.of(self.battle)
        )
        # At once: members may fill the message with other reactions while the models write.
        seeding = asyncio.create_task(self._opening.seed(self.battle.seeds))
        try:
            await self._have_replies_written(pairing)
            await self._show_ballot(seeding)
            await self._hold_vote()
        except OutOfModelsError as failure:
            await give_up(self._deps.database, self.battle.battle_id, pairing, failure)
            await self.void(failure.void_reason)
        except (MessageGoneError, WritingCancelledError) as ended:
            await self.void(ended.reason)
        finally:
            seeding.cancel()
            await asyncio.gather(seeding, return_exceptions=True)

    async def resume(self) -> None:
        """Take up a battle that an earlier process left; its ballot has been watched since the start."""
        try:
            if self.battle.state is BattleState.VOTING:
                await self._take_up_ballot(await self.retries.until_done(self._read_missed))
                await self._hold_vote()
            else:
                await self._show_end()
        except MessageGoneError as lost:
            await self.void(lost.reason)

    async def recheck(self) -> None:
        """Look for votes that were missed while the gateway was away."""
        if self.battle.state is BattleState.VOTING and not self.deciding:
            await self._check()

    async def redraw(self) -> None:
        """Let the card show what a moderator changed."""
        if self.battle.state.is_final:
            await self._show_end()
        else:
            await self.retries.until_done(self._card.show_again)

    @property
    def must_not_be_left(self) -> bool:
        """The battle is being decided, or its result drawn for the first time."""
        return self.deciding and not self.retries.is_waiting

    @property
    def is_writing(self) -> bool:
        """The models are at work, on the first replies or on those of a later turn."""
        return self.battle.state is BattleState.GENERATING or self._request is not None

    @property
    def is_open(self) -> bool:
        """Members can vote, and nobody has called for the end."""
        return self.battle.state is BattleState.VOTING and not (self.deciding or self._is_ended_early)

    async def follow_up(self, prompt: str, competitors: Mapping[Side, Competitor], token: str) -> None:
        """Have the models answer on, and return when they have; raises `ArenaError` where one could not."""
        done: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._request = FollowUpRequest(prompt, competitors, token, done)
        if self._alarm:
            self._alarm.cancel()
        await asyncio.wait([done])
        if done.cancelled():
            raise VoteClosedError
        done.result()

    def let_image_go(self) -> None:
        """Free the memory; the conversation cannot go on then, but the vote does."""
        self.battle = replace(self.battle, image=None)

    def end_early(self) -> None:
        self._is_ended_early = True
        if self._alarm:
            self._alarm.cancel()

    def cancel(self, reason: VoidReason) -> None:
        """Have the models stop: the first replies, and the battle with them, or a later turn."""
        self._writing.cancel(reason)

    async def void(self, reason: VoidReason) -> None:
        """Call the battle off, unless it is decided already, and say so on the card if there still is one."""
        self._deps.ballots.shut(self._message_id)
        if not await call_off_at_last(self._deps, self.battle, reason, self._writing.take_costs()):
            return
        _log.info("battle voided", battle=self.battle.battle_id, reason=reason.value)
        self.battle = replace(self.battle, state=BattleState.VOIDED, voided=reason)
        await (self._note_drawn(None) if reason is VoidReason.MESSAGE_GONE else self._show_end())

    async def _have_replies_written(self, pairing: Pairing) -> None:
        async with self._writing.under_way():
            judged = await write_replies(self.battle, pairing, self._card, self._writing)
        self.battle = await self._opening.open(judged, pairing)

    async def _show_ballot(self, seeding: Awaitable[bool]) -> None:
        """Let the time to vote begin, with the ballot under the card and on it."""
        await self._use_buttons_unless(seeding)
        await self._draw_ballot()

    async def _draw_ballot(self) -> None:
        closes_at, is_right = await self._opening.draw(self.battle)
        self.battle = replace(self.battle, closes_at=closes_at)
        await self._note_rated()
        if not is_right:
            self._deps.redraws.begin(self.battle.battle_id, self._correct_ballot)

    async def _use_buttons_unless(self, seeding: Awaitable[bool]) -> None:
        if not await seeding and self.is_open:
            rules = await self._opening.use_buttons(self.battle)
            self.battle = replace(self.battle, rules=rules)

    async def _read_missed(self) -> CardSnapshot:
        """Read the votes cast since the earlier process ended: without them nothing can be decided."""
        snapshot = await self._message.look()
        await self._deps.ballots.check(self._message_id, self._message, thorough=True)
        return snapshot

    async def _take_up_ballot(self, snapshot: CardSnapshot) -> None:
        """Draw a ballot that members have not seen yet; one that they have goes on meanwhile."""
        unseeded = [vote for vote in self.battle.seeds if vote in snapshot.unseeded]
        if self.battle.closes_at is None or snapshot.state is CardState.REPLIES:
            await self._show_ballot(self._opening.seed(unseeded))
        elif unseeded or self.battle.lost_image or snapshot.hidden != self.battle.hidden:
            self._deps.redraws.begin(self.battle.battle_id, partial(self._mend_ballot, unseeded))

    async def _mend_ballot(self, unseeded: Collection[Vote]) -> None:
        await self._use_buttons_unless(self._opening.seed(unseeded))
        await self._correct_ballot()

    async def _correct_ballot(self) -> None:
        """Draw the ballot as it is now, unless something else is drawn next."""

        async def draw() -> None:
            if self.is_open and not self.is_writing and self.battle.closes_at is not None:
                await self._card.show_ballot(self.battle)
                await self._note_rated()

        await self.retries.until_done(draw)

    async def _note_rated(self) -> None:
        unrated = (await self._card.rated(self.battle)).unrated
        self.battle = replace(self.battle, unrated=unrated)

    async def _hold_vote(self) -> None:
        """Await the end and decide; a turn that is asked for in time comes first."""
        if enough := self.battle.rules.close_at_votes:
            self._deps.ballots.call_when_enough(self._message_id, enough, self.end_early)
        pause = self._deps.pauses.before_cleanup
        async with cleaned_up(self._deps.ballots, self.battle, self._message, pause):
            await self._await_end()
            while self._request is not None:
                await self._take_turn(self._request)
                await self._await_end()
        await self._decide()

    async def _take_turn(self, request: FollowUpRequest) -> None:
        """Let the models answer on; votes go on meanwhile, and afterwards for the whole time anew."""
        try:
            await self._write_turn(request)
            request.done.set_result(None)
        except OutOfModelsError as failure:
            failed = self.battle.contestant(failure.side).model_id if failure.is_the_models_doing else None
            await self._reopen(failed=failed)
            request.done.set_exception(ArenaError(UNWRITTEN[failure.void_reason]))
        except WritingCancelledError:
            await self._reopen()
            request.done.set_exception(ArenaError(CANCELLED))
        finally:
            self._request = None
            request.done.cancel()
        await self._draw_ballot()

    async def _write_turn(self, request: FollowUpRequest) -> None:
        self._message.renew(request.token)
        self._deps.ballots.extend(self._message_id, math.inf)
        await self._reopen()  # also what a restart would find that comes in between
        async with self._writing.under_way():
            written = await write_turn(self.battle, request, self._card, self._writing)
        self.battle = written.battle
        await self._reopen(written.costs)

    async def _reopen(
        self, costs: Mapping[Side, float | None] | None = None, failed: int | None = None
    ) -> None:
        """Let the vote go on until its ballot has been drawn anew and its whole time is over."""
        self.battle = replace(self.battle, closes_at=None)
        await store_turn(self._deps.database, self.battle, self._writing, costs, failed)

    async def _await_end(self) -> None:
        """Compare the message, and return when the ballot closes or a turn is asked for; clocks may jump."""
        left = (self.battle.closes_at or 0.0) - self._deps.clock()
        near, end = [asyncio.create_task(asyncio.sleep(s)) for s in (left - CHECK_LEAD_SECONDS, left)]
        try:
            await self._sleep(near)
            if self._request is None:
                await self._check()
            await self._sleep(end)
        finally:
            near.cancel()
            end.cancel()

    async def _sleep(self, alarm: asyncio.Task[None]) -> None:
        if not self._is_ended_early and self._request is None:
            self._alarm = alarm
            await asyncio.wait([alarm])

    async def _check(self) -> None:
        try:
            await self._deps.ballots.check(self._message_id, self._message, thorough=False)
        except MessageUnavailableError as trouble:
            _log.warning("a ballot could not be compared", battle=self.battle.battle_id, error=str(trouble))

    async def _decide(self) -> None:
        self.deciding = True
        self._deps.ballots.shut(self._message_id)
        if decided := await decide_at_last(self._deps, self.battle):
            self.battle = decided
            self._card.know(decided)
            await self._show_end()

    async def _show_end(self) -> None:
        shown = await is_drawn(self.retries, lambda: self._card.show_end(self.battle), self.battle.battle_id)
        await self._note_drawn(self._message if shown else None)

    async def _note_drawn(self, message: PostedCard | None) -> None:
        # Before any wait, so that whoever redraws the card meanwhile is not the first as well.
        before, self.battle = self.battle, replace(self.battle, first_drawn_at=self._deps.clock())
        await note_drawn(self._deps, before, message)
