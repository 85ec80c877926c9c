"""The battles of the process: started, answered on, and closed early."""

from __future__ import annotations

import asyncio
from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING

from bot.arena.battles.closing import check_canceller, check_closer
from bot.arena.battles.follow_ups import check_follower, check_room, room_left
from bot.arena.battles.writing import NOT_WRITING, STILL_WRITING
from bot.arena.categories.rules import IMAGE, categories_of
from bot.arena.matchmaking.availability import PromptNeeds
from bot.arena.voting.ballot import VoteClosedError
from bot.domain.battle import Battle, BattleState, Contestant, Side, UnratedReason, VoidReason
from bot.domain.rules import spoken
from bot.errors import ArenaError
from bot.i18n import N_
from bot.storage import battles, draws
from bot.storage.battles import NewBattle

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bot.arena.battles.admission import Admission, AdmittedRules, DailyLimits
    from bot.arena.battles.card import Post
    from bot.arena.battles.deps import BattleDeps
    from bot.arena.battles.request import Asker, BattleRequest
    from bot.arena.battles.runner import BattleRunner
    from bot.arena.battles.supervisor import BattleSupervisor
    from bot.arena.categories.service import GuildCategories
    from bot.arena.matchmaking.pairing import Pairing
    from bot.arena.matchmaking.service import Matchmaking
    from bot.arena.models.roster import Competitor, Roster
    from bot.domain.image import Image
    from bot.storage.database import Connection

ANYTHING = "?"
"""The shortest that can be asked."""


class Battles:
    """What members do to battles; the supervisor has those that are under way in hand."""

    def __init__(
        self,
        deps: BattleDeps,
        supervisor: BattleSupervisor,
        admission: Admission,
        daily_limits: DailyLimits,
        matchmaking: Matchmaking,
        categories: GuildCategories,
        roster: Roster,
    ) -> None:
        self._deps = deps
        self._supervisor = supervisor
        self._admission = admission
        self._daily_limits = daily_limits
        self._matchmaking = matchmaking
        self._categories = categories
        self._roster = roster
        self._opening: Counter[int] = Counter()
        self._asking: Counter[tuple[int, int]] = Counter()

    async def start(self, request: BattleRequest, post: Post) -> None:
        """Draw two models, have the card posted, and let them begin.

        Where `post` raises, the battle is voided, and a card that is there all the same comes to say so.
        """
        self._check_goes_on()
        asker = (request.guild_id, request.asker_id)
        self._opening[request.guild_id] += 1
        self._asking[asker] += 1
        try:
            battle, pairing = await self._open(request)
            await self._post(battle, pairing, post)
        finally:
            self._opening[request.guild_id] -= 1
            self._asking -= Counter([asker])

    async def _open(self, request: BattleRequest) -> tuple[Battle, Pairing]:
        asking = self._asking[request.guild_id, request.asker_id] - 1
        if self._roster.known(request.guild_id) is None:
            await self._roster.of(request.guild_id)
        async with self._deps.database.read() as connection:
            admitted = await self._admission.admit(connection, request, asking)
            await self._daily_limits.check(connection, request.guild_id, self._writing(request.guild_id) - 1)
            joined = await self._categories.joined(
                connection, request.guild_id, request.places, request.category, request.after.categories
            )
            pairing = await self._pair(connection, request)
        # In a thread, as the detector of languages takes a moment to load.
        categories = joined | await asyncio.to_thread(categories_of, request.prompt)
        image = await request.fetch_image() if request.fetch_image else None
        self._check_goes_on()  # once more: time has passed
        return await self._add(request, admitted, pairing, categories, image), pairing

    async def _post(self, battle: Battle, pairing: Pairing, post: Post) -> None:
        reason = VoidReason.NOT_POSTED
        try:
            address = await post(battle)
            battle = replace(battle, message_id=address.message_id, image_id=address.image_id)
            reason = VoidReason.BOT_ERROR
            async with self._deps.database.write() as connection:
                await battles.set_message(connection, battle.battle_id, address.message_id)
        except Exception:
            self._supervisor.call_off(battle, reason)
            raise
        self._supervisor.begin(battle, pairing)

    def _check_goes_on(self) -> None:
        if self._supervisor.is_stopping:
            raise ArenaError(N_("I am about to restart. Please ask again in a minute."))

    async def _pair(self, connection: Connection, request: BattleRequest) -> Pairing:
        needs = PromptNeeds(len(request.prompt), image=request.has_image)
        if request.chosen_pair is None:
            return await self._matchmaking.draw(connection, request.guild_id, needs, request.after.models)
        return await self._matchmaking.pair(connection, request.guild_id, request.chosen_pair.models, needs)

    def _writing(self, guild_id: int) -> int:
        """Count the server's battles that are being opened, or whose models are at work."""
        return self._opening[guild_id] + self._supervisor.writing(guild_id)

    def end_early(self, battle_id: int, user_id: int, *, moderator: bool) -> None:
        """Close a ballot before its time, for its asker or a moderator."""
        runner = self._supervisor.runner(battle_id)
        if runner is None or runner.battle.state is not BattleState.VOTING:
            raise VoteClosedError
        if runner.is_writing:
            raise ArenaError(STILL_WRITING)
        check_closer(runner.battle, user_id, moderator=moderator)
        wanted = self._deps.config.battle.early_close_voters
        if not moderator and self._deps.ballots.voters(runner.battle.message_id or 0) < wanted:
            raise ArenaError(
                N_("You can close this vote as soon as {count} members have voted. Moderators always can."),
                count=wanted,
            )
        runner.end_early()

    def cancel(self, battle_id: int, user_id: int, *, moderator: bool) -> None:
        """Have the models of a battle, or of its next turn, stop writing, for its asker or a moderator."""
        runner = self._supervisor.runner(battle_id)
        if runner is None:
            raise ArenaError(NOT_WRITING)
        runner.cancel(check_canceller(runner.battle, user_id, moderator=moderator))

    def check_follow_up(self, battle_id: int, user_id: int) -> int | None:
        """Refuse where this member cannot ask this battle's models anything more, as far as memory tells.

        Returns how many characters the next prompt may have; `None` where nothing is known to limit it.
        """
        battle = self._open_to(battle_id, user_id).battle
        roster = self._roster.known(battle.guild_id)
        if roster is None:
            return None
        check_room(roster, battle, ANYTHING)
        return room_left(roster, battle)

    async def follow_up(self, battle_id: int, asker: Asker, prompt: str, token: str) -> None:
        """Have both models answer on, and return when they have.

        `token` is that of the interaction, by which the card is drawn meanwhile.
        """
        battle = self._open_to(battle_id, asker.user_id).battle
        await self._check_turn(battle, asker)
        await self._daily_limits.check_turn(battle.guild_id, self._writing(battle.guild_id))
        competitors = await self._competitors(battle, prompt)
        runner = self._open_to(battle_id, asker.user_id)  # once more: time has passed
        self._admission.note_turn((battle.guild_id, asker.user_id))
        await runner.follow_up(prompt, competitors, token)

    async def _check_turn(self, battle: Battle, asker: Asker) -> None:
        places = {battle.channel_id, asker.parent_id or battle.channel_id}
        await self._admission.check_turn((battle.guild_id, asker.user_id), places, asker.role_ids)

    async def _competitors(self, battle: Battle, prompt: str) -> Mapping[Side, Competitor]:
        """Return both models of a battle, which must be able to take the next prompt."""
        roster = await self._roster.of(battle.guild_id)
        competitors = {
            side: competitor
            for side in Side
            if (competitor := roster[battle.contestant(side).model_id].competitor) is not None
        }
        if len(competitors) < len(Side):
            raise ArenaError(
                N_("A model of this battle cannot be asked any more. Please begin anew with /battle.")
            )
        check_room(roster, battle, prompt)
        return competitors

    def _open_to(self, battle_id: int, user_id: int) -> BattleRunner:
        runner = self._supervisor.runner(battle_id)
        if runner is None or not runner.is_open:
            raise VoteClosedError
        check_follower(runner.battle, user_id, self._deps.config.limits.max_turns)
        if runner.is_writing:
            raise ArenaError(STILL_WRITING)
        return runner

    async def find(self, guild_id: int, battle_id: int) -> Battle | None:
        async with self._deps.database.read() as connection:
            return await battles.get(connection, guild_id, battle_id)

    async def _add(
        self,
        request: BattleRequest,
        admitted: AdmittedRules,
        pairing: Pairing,
        categories: frozenset[str],
        image: Image | None,
    ) -> Battle:
        new = NewBattle(
            guild_id=request.guild_id,
            channel_id=request.channel_id,
            asker_id=request.asker_id,
            prompt=request.prompt,
            locale=spoken(admitted.rules.language, request.locale),
            opened_at=self._deps.clock(),
            interaction_token=request.interaction_token,
            drawn_probability=pairing.probability,
            model_a=pairing.sides[Side.A],
            model_b=pairing.sides[Side.B],
            categories=categories | {IMAGE} if image else categories,
            unrated=admitted.unrated or _certainty(request, pairing),
            rules=admitted.rules.of_battle(),
            match=request.match,
            image_kind=image.kind if image else None,
        )
        async with self._deps.database.write() as connection:
            battle_id = await battles.add(connection, new)
            if request.chosen_pair is None:
                await draws.add(connection, battle_id, pairing.drawing)
        return replace(_begun(battle_id, new, pairing), image=image)


def _begun(battle_id: int, new: NewBattle, pairing: Pairing) -> Battle:
    """Return a battle as it was stored."""
    a, b = (Contestant(side, pairing.sides[side], pairing.competitor(side).name) for side in Side)
    return Battle(
        battle_id=battle_id,
        guild_id=new.guild_id,
        channel_id=new.channel_id,
        message_id=None,
        asker_id=new.asker_id,
        prompt=new.prompt,
        locale=new.locale,
        state=BattleState.GENERATING,
        opened_at=new.opened_at,
        a=a,
        b=b,
        interaction_token=new.interaction_token,
        unrated=new.unrated,
        rules=new.rules,
        match=new.match,
        image_kind=new.image_kind,
    )


def _certainty(request: BattleRequest, pairing: Pairing) -> UnratedReason | None:
    return UnratedReason.CERTAIN_PAIR if request.after.models and pairing.is_certain else None
