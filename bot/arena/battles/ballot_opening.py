"""How the ballot of a battle comes under its card: as reactions, or as buttons where these are refused."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import structlog
from msgspec import structs

from bot.arena.voting.eligibility import VoterEligibility
from bot.arena.voting.reading_time import readable_at
from bot.domain.battle import BattleState
from bot.errors import MessageRefusedError
from bot.storage import battles, draws, votes

if TYPE_CHECKING:
    from collections.abc import Collection

    from bot.arena.battles.deps import BattleDeps
    from bot.arena.battles.retries import Retries
    from bot.arena.matchmaking.pairing import Pairing
    from bot.arena.voting.message import BallotMessage
    from bot.domain.battle import Battle
    from bot.domain.rules import BattleRules
    from bot.domain.vote import Vote

_log: structlog.stdlib.BoundLogger = structlog.get_logger(__name__)


class BallotOpening:
    """Opens the ballot of one battle, whose message is watched already."""

    def __init__(self, deps: BattleDeps, message: BallotMessage, retries: Retries) -> None:
        self._deps = deps
        self._message = message
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
        """Let votes in, and store both replies."""
        now = self._deps.clock()
        battle = replace(
            judged,
            state=BattleState.VOTING,
            closes_at=now + judged.rules.voting_seconds,
            readable_at=readable_at(judged, now),
        )
        early = self._deps.ballots.open(battle.message_id or 0, now + judged.rules.voting_seconds)
        async with self._deps.database.write() as connection:
            await battles.begin_voting(
                connection, battle, voting_at=now, drawn_probability=pairing.probability
            )
            await draws.amend(connection, battle.battle_id, pairing.drawing)
            await votes.save(connection, early)
        return battle

    async def use_buttons(self, battle: Battle) -> BattleRules:
        """Have members vote with the buttons of a secret ballot; returns the rules that say so.

        The reactions that count already stand.
        """
        rules = structs.replace(battle.rules, ballot="secret")
        async with self._deps.database.write() as connection:
            await battles.set_rules(connection, battle.battle_id, rules)
        self._deps.ballots.change_rules(battle.message_id or 0, VoterEligibility(battle.asker_id, rules))
        return rules
