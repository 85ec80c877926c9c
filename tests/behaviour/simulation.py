"""simcord's simulation of Discord, in which nothing depends on how fast the machine is."""

from __future__ import annotations

from typing import TYPE_CHECKING

import simcord

if TYPE_CHECKING:
    from bot.client import ArenaBot

IDLE_SECONDS = 0.002
SETTLE_SECONDS = 60.0
"""What takes longer than this, however busy the machine, is a fault."""


class Simulation(simcord.Env):
    """An environment that looks every 2 ms whether the bot is done, and where time passes by command alone.

    simcord would let the bot's timers go off in real time too: those that are due within the time that a
    test may take are waited for, and on a busy machine they come before what the test does next.
    """

    async def settle(self, timeout: float | None = None, idle: float = IDLE_SECONDS) -> None:  # noqa: ASYNC109 - as it is called
        await super().settle(timeout, idle)

    async def _settle_internal(
        self,
        *,
        timeout: float | None = None,  # noqa: ASYNC109 - as it is called
        idle: float = IDLE_SECONDS,
        dispatch: str | None = None,
        _deadline: float | None = None,
    ) -> None:
        await super()._settle_internal(timeout=timeout, idle=idle, dispatch=dispatch, _deadline=_deadline)

    def _schedule_timer(
        self,
        record: object,
        callback: object,
        args: tuple[object, ...],
        schedule_context: object,
    ) -> None:
        """Arm no timer of the event loop beside the simulated one."""


class Simulated(simcord.run):
    def __init__(self, bot: ArenaBot) -> None:
        self._env = Simulation(bot, shard_count=1, settle_timeout=SETTLE_SECONDS)
