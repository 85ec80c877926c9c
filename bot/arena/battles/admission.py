"""Who may ask for a battle where and how often, and by which rules it is held then."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from msgspec import structs

from bot.arena.settings.guild_settings import RoleAllowance, in_force
from bot.domain.battle import Side, UnratedReason
from bot.domain.days import DAY_SECONDS
from bot.errors import ArenaError, Moment
from bot.i18n import N_
from bot.storage import usage

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable

    from bot.arena.battles.request import BattleRequest, ChosenPair
    from bot.arena.settings.guild_settings import GuildSettings
    from bot.arena.settings.known_settings import KnownSettings
    from bot.config import Limits
    from bot.domain.rules import GuildRules
    from bot.storage.database import Connection, Database


@dataclass(frozen=True, slots=True)
class AdmittedRules:
    """How a battle is held, and why it will not be rated, where that is known from the start."""

    rules: GuildRules
    unrated: UnratedReason | None = None


class Admission:
    def __init__(
        self,
        database: Database,
        settings: KnownSettings,
        defaults: GuildRules,
        clock: Callable[[], float],
    ) -> None:
        self._database = database
        self._settings = settings
        self._defaults = defaults
        self._clock = clock
        self._turns: defaultdict[tuple[int, int], list[float]] = defaultdict(list)
        """When each member asked for further turns, of the last day; a start forgets it."""

    def rules(self, guild_id: int) -> GuildRules:
        """Return what holds in a server at present."""
        return in_force(self._defaults, self._settings.of(guild_id))

    def terms(self, guild_id: int, places: Collection[int], role_ids: Collection[int]) -> AdmittedRules:
        """Return how battles are held in a place; raises `ArenaError` where such members cannot hold any.

        `places` are the channel and, of a thread, the one that it hangs from.
        """
        own = self._settings.of(guild_id)
        _check_place(places, role_ids, own)
        return AdmittedRules(in_force(self._defaults, own), _unrated(places, own))

    async def admit(self, connection: Connection, request: BattleRequest, opening: int) -> AdmittedRules:
        """Refuse a battle that the server does not want here, of this member, or so soon.

        `opening` of the member's battles are on their way, and not stored yet. A match was admitted with its
        tournament.
        """
        own = self._settings.of(request.guild_id)
        rules = in_force(self._defaults, own)
        if not request.may_remove_reactions:
            rules = structs.replace(rules, single_reaction=False)
        if request.match is None:
            _check_place(request.places, request.role_ids, own)
            allowance = allowance_of(request.role_ids, own.role_allowances, rules)
            asker = (request.guild_id, request.asker_id)
            await self._check_pace(connection, asker, allowance, opening)
        unrated = _unrated(request.places, own)
        if request.chosen_pair is None:
            return AdmittedRules(rules, unrated)
        return AdmittedRules(
            _for_chosen_pair(rules, request.chosen_pair), request.chosen_pair.unrated or unrated
        )

    async def check_turn(
        self, asker: tuple[int, int], places: Collection[int], role_ids: Collection[int]
    ) -> None:
        """Refuse a further turn as a battle of the member would be refused; `asker`: guild and member."""
        own = self._settings.of(asker[0])
        _check_place(places, role_ids, own)
        allowance = allowance_of(role_ids, own.role_allowances, in_force(self._defaults, own))
        async with self._database.read() as connection:
            await self._check_pace(connection, asker, allowance, 0)

    def note_turn(self, asker: tuple[int, int]) -> None:
        """Count a turn that models are about to be asked, among the member's battles."""
        now = self._clock()
        self._turns[asker] = [moment for moment in self._turns[asker] if moment > now - DAY_SECONDS] + [now]

    async def _check_pace(
        self, connection: Connection, asker: tuple[int, int], allowance: RoleAllowance, opening: int
    ) -> None:
        if not (allowance.cooldown_seconds or allowance.battles_per_day):
            return
        now = self._clock()
        midnight = now // DAY_SECONDS * DAY_SECONDS
        since = min(midnight, now - allowance.cooldown_seconds)
        asked = await usage.asked_since(connection, *asker, since)
        asked += [moment for moment in self._turns.get(asker, []) if moment >= since]
        if allowance.cooldown_seconds and opening:
            raise ArenaError(N_("Your last battle is only just beginning. Please ask again in a moment."))
        if asked and max(asked) + allowance.cooldown_seconds > now:
            raise ArenaError(
                N_("Members wait a while between two battles here. You can ask again {when}."),
                when=Moment(max(asked) + allowance.cooldown_seconds),
            )
        today = opening + sum(moment >= midnight for moment in asked)
        if allowance.battles_per_day and today >= allowance.battles_per_day:
            raise ArenaError(
                N_("You have used up your battles of today ({count}). Limits reset {when}."),
                count=allowance.battles_per_day,
                when=Moment(midnight + DAY_SECONDS),
            )


def allowance_of(
    role_ids: Collection[int], daily_limits: Iterable[RoleAllowance], rules: GuildRules
) -> RoleAllowance:
    """Return the pace of a member: of several roles with one of their own, each time the freest."""
    found = [each for each in daily_limits if each.role_id in role_ids]
    if not found:
        return RoleAllowance(0, rules.cooldown_seconds, rules.member_battles_per_day)
    per_day = [each.battles_per_day for each in found]
    return RoleAllowance(0, min(each.cooldown_seconds for each in found), max(per_day) if all(per_day) else 0)


def _check_place(places: Collection[int], role_ids: Collection[int], own: GuildSettings) -> None:
    if own.battle_channel_ids and set(places).isdisjoint(own.battle_channel_ids):
        raise ArenaError(
            N_("Battles are not held in this channel, but here: {channels}"),
            channels=" ".join(f"<#{channel_id}>" for channel_id in own.battle_channel_ids),
        )
    if own.battle_role_ids and set(role_ids).isdisjoint(own.battle_role_ids):
        raise ArenaError(
            N_("Battles here are for members with one of these roles: {roles}"),
            roles=" ".join(f"<@&{role_id}>" for role_id in own.battle_role_ids),
        )


def _unrated(places: Collection[int], own: GuildSettings) -> UnratedReason | None:
    is_rated = not own.rated_channel_ids or not set(places).isdisjoint(own.rated_channel_ids)
    return None if is_rated else UnratedReason.CHANNEL


def _for_chosen_pair(rules: GuildRules, chosen_pair: ChosenPair) -> GuildRules:
    """Return how a match is held: for its own time, and not to be ended by whoever's prompt it asks.

    Its card has no interaction behind it, so that each redrawing would count under the bot's limit.
    """
    if chosen_pair.match is None:
        return rules
    return structs.replace(
        rules,
        voting_seconds=chosen_pair.voting_seconds or rules.voting_seconds,
        early_close="nobody" if rules.early_close == "nobody" else "moderators",
        stream="together" if rules.stream == "lockstep" else rules.stream,
    )


@dataclass(frozen=True, slots=True)
class Allowance:
    """What a server may use from midnight to midnight UTC, and what it used today; money in US dollars."""

    concurrent_battles: int
    battles_per_day: int
    usd_per_day: float | None
    battles_today: int
    """Questions that models were asked outside battles count as half a one each."""
    usd_today: float
    is_bot_out_of_money: bool
    """All servers together spent what the operator allows."""
    ends_at: float


class DailyLimits:
    """A server's own limits, where they are tighter than the operator's."""

    def __init__(
        self, database: Database, settings: KnownSettings, limits: Limits, clock: Callable[[], float]
    ) -> None:
        self._database = database
        self._settings = settings
        self._limits = limits
        self._clock = clock

    async def today(self, guild_id: int, *, decided_only: bool = False) -> Allowance:
        """`decided_only`: leave out what open battles cost, which may tell who is in them."""
        async with self._database.read() as connection:
            return await self._today(connection, guild_id, decided_only=decided_only)

    async def _today(self, connection: Connection, guild_id: int, *, decided_only: bool = False) -> Allowance:
        midnight = self._clock() // DAY_SECONDS * DAY_SECONDS
        own, limits = self._settings.of(guild_id), self._limits
        used = await usage.used_since(connection, guild_id, midnight, decided_only=decided_only)
        return Allowance(
            concurrent_battles=min(
                own.concurrent_battles or limits.concurrent_battles, limits.concurrent_battles
            ),
            battles_per_day=min(own.battles_per_day or limits.battles_per_day, limits.battles_per_day),
            usd_per_day=min(filter(None, (own.usd_per_day, limits.server_usd_per_day)), default=None),
            battles_today=used.battles + -(-used.questions // len(Side)),
            usd_today=used.usd,
            is_bot_out_of_money=await self._is_bot_out_of_money(connection, midnight),
            ends_at=midnight + DAY_SECONDS,
        )

    async def _is_bot_out_of_money(self, connection: Connection, midnight: float) -> bool:
        most = self._limits.usd_per_day
        return most is not None and await usage.cost_since(connection, midnight) >= most

    async def check(self, connection: Connection, guild_id: int, writing: int) -> None:
        """Refuse one battle more; `writing` are the server's battles whose models are at work."""
        today = await self._today(connection, guild_id)
        _check_turn(today, writing)
        _check_battles(today)

    async def check_question(self, guild_id: int) -> None:
        """Refuse a question to a model outside battles."""
        today = await self.today(guild_id)
        _check_money(today)
        _check_battles(today)

    async def check_turn(self, guild_id: int, writing: int) -> None:
        """Refuse one turn more of a battle."""
        _check_turn(await self.today(guild_id), writing)


def _check_turn(today: Allowance, writing: int) -> None:
    if writing >= today.concurrent_battles:
        raise ArenaError(
            N_(
                "As many battles are being answered here as the limit allows ({count}). Please ask again once"
                " one of them is open for votes."
            ),
            count=writing,
        )
    _check_money(today)


def _check_battles(today: Allowance) -> None:
    if today.battles_today >= today.battles_per_day:
        raise ArenaError(
            N_("This server has used up its battles of today ({count}). Limits reset {when}."),
            count=today.battles_per_day,
            when=Moment(today.ends_at),
        )


def _check_money(today: Allowance) -> None:
    if today.is_bot_out_of_money:
        raise ArenaError(
            N_("The models have cost what this bot's operator allows for a day. Limits reset {when}."),
            when=Moment(today.ends_at),
        )
    if today.usd_per_day is not None and today.usd_today >= today.usd_per_day:
        raise ArenaError(
            N_("The models have cost what this server allows for a day. Limits reset {when}."),
            when=Moment(today.ends_at),
        )
