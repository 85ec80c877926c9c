"""How the ballot of a battle comes to its message, and until when members can vote there."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import structlog
from msgspec import structs

from bot.arena.voting.eligibility import VoterEligibility
from bot.arena.voting.reading_time import readable_at
from bot.domain.battle import BattleState
from bot.errors import MessageRefusedError, StorageError
from bot.storage import battles, draws, turns, votes

if TYPE_CHECKING:
    from collections.abc import Collection

    from bot.arena.battles.card import BattleCard
    from bot.arena.battles.deps import BattleDeps
    from bot.arena.battles.retries import Retries
    from bot.arena.matchmaking.pairing import Pairing
    from bot.arena.voting.message import BallotMessage
    from bot.domain.battle import Battle
    from bot.domain.rules import BattleRules
    from bot.domain.vote import Vote

TOLERANCE_SECONDS = 1.0
"""A ballot that took longer to reach Discord is drawn anew, with the end that its vote really has."""

_log: structlog.stdlib.BoundLogger = structlog.get_logger(__name__)


class BallotOpening:
    """Opens the ballot of one battle, whose message is watched already."""

    def __init__(self, deps: BattleDeps, message: BallotMessage, card: BattleCard, retries: Retries) -> None:
        self._deps = deps
        self._message = message
        self._card = card
        self._retries = retries

    async def seed(self, choices: Collection[Vote]) -> bool:
        """Put the reactions of these choices under the message; `False` where Discord refuses them."""
        try:
            await self._retries.until_done(lambda: self._message.seed(choices))
        except MessageRefusedError as refusal:
            _log.warning("Discord refuses the reactions of a ballot", error=str(refusal))
            return False
        return True

    async def open(self, judged: Battle, pairing: Pairing) -> Battle:
        """Let votes in, and store both replies. The vote has no end until its ballot is drawn.

        It does not wait for that, as a drawing of which Discord said nothing may be there all the same.
        """
        now = self._deps.clock()
        battle = replace(judged, state=BattleState.VOTING, readable_at=readable_at(judged, now))
        early = self._deps.ballots.open(battle.message_id or 0)
        async with self._deps.database.write() as connection:
            await battles.begin_voting(
                connection, battle, voting_at=now, drawn_probability=pairing.probability
            )
            await draws.amend(connection, battle.battle_id, pairing.drawing)
            await votes.save(connection, early)
        self._retries.hurry()  # reactions that are not there yet are needed now
        return battle

    async def draw(self, battle: Battle) -> tuple[float, bool]:
        """Draw the ballot; the vote lasts for its whole time from when members see it.

        Returns when it ends, and whether that is what the card says.
        """
        said = await self._retries.until_done(lambda: self._draw(battle))
        closes_at = self._deps.clock() + battle.rules.voting_seconds
        is_right = abs(closes_at - said) <= TOLERANCE_SECONDS
        if is_right:
            closes_at = said
        self._deps.ballots.extend(battle.message_id or 0, closes_at)
        try:
            async with self._deps.database.write() as connection:
                await turns.set_closes_at(connection, battle.battle_id, closes_at)
        except StorageError as exc:  # then a restart draws the ballot anew
            _log.error("the end of a vote was not stored", battle=battle.battle_id, error=str(exc))
        return closes_at, is_right

    async def _draw(self, battle: Battle) -> float:
        """Return the end that the card promises."""
        closes_at = self._deps.clock() + battle.rules.voting_seconds
        await self._card.show_ballot(replace(battle, closes_at=closes_at))
        return closes_at

    async def use_buttons(self, battle: Battle) -> BattleRules:
        """Have members vote with the buttons of a secret ballot; returns the rules that say so.

        The reactions that count already stand.
        """
        rules = structs.replace(battle.rules, ballot="secret")
        async with self._deps.database.write() as connection:
            await battles.set_rules(connection, battle.battle_id, rules)
        self._deps.ballots.change_rules(battle.message_id or 0, VoterEligibility(battle.asker_id, rules))
        return rules
