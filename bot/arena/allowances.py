"""How much a server may use: battles at a time and a day, and money a day."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.arena.settings import guild_settings
from bot.errors import ArenaError, Moment
from bot.i18n import N_
from bot.storage import battles

if TYPE_CHECKING:
    from collections.abc import Callable

    from bot.config import Limits
    from bot.storage.database import Database

DAY_SECONDS = 24 * 3600.0


@dataclass(frozen=True, slots=True)
class Allowance:
    """What a server may use from midnight to midnight UTC, and what it used today; money in US dollars."""

    concurrent_battles: int
    battles_per_day: int
    usd_per_day: float | None
    battles_today: int
    usd_today: float
    ends_at: float


class Allowances:
    """A server's own limits, where they are tighter than the operator's."""

    def __init__(self, database: Database, limits: Limits, clock: Callable[[], float]) -> None:
        self._database = database
        self._limits = limits
        self._clock = clock

    async def today(self, guild_id: int) -> Allowance:
        midnight = self._clock() // DAY_SECONDS * DAY_SECONDS
        async with self._database.read() as connection:
            own = await guild_settings.read(connection, guild_id)
            return Allowance(
                concurrent_battles=min(
                    own.concurrent_battles or self._limits.concurrent_battles,
                    self._limits.concurrent_battles,
                ),
                battles_per_day=min(
                    own.battles_per_day or self._limits.battles_per_day, self._limits.battles_per_day
                ),
                usd_per_day=own.usd_per_day,
                battles_today=await battles.begun_since(connection, guild_id, midnight),
                usd_today=await battles.cost_since(connection, guild_id, midnight),
                ends_at=midnight + DAY_SECONDS,
            )

    async def check(self, guild_id: int, writing: int) -> None:
        """Refuse one battle more; `writing` are the server's battles whose models are at work."""
        today = await self.today(guild_id)
        _check_turn(today, writing)
        if today.battles_today >= today.battles_per_day:
            raise ArenaError(
                N_("This server has used up its battles of today ({count}). The next day begins {when}."),
                count=today.battles_per_day,
                when=Moment(today.ends_at),
            )

    async def check_turn(self, guild_id: int, writing: int) -> None:
        """Refuse one turn more of a battle."""
        _check_turn(await self.today(guild_id), writing)


def _check_turn(today: Allowance, writing: int) -> None:
    if writing >= today.concurrent_battles:
        raise ArenaError(
            N_(
                "As many battles are being written here as may be at the same time ({count})."
                " Please ask again as soon as one of them is open for votes."
            ),
            count=writing,
        )
    if today.usd_per_day is not None and today.usd_today >= today.usd_per_day:
        raise ArenaError(
            N_("The models have cost what this server allows for a day. The next day begins {when}."),
            when=Moment(today.ends_at),
        )
