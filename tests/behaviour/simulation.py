"""simcord's simulation of Discord, in which nothing depends on how fast the machine is."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest
import simcord
from sqlalchemy import event
from sqlalchemy.pool import Pool

from bot.client import command_payload

if TYPE_CHECKING:
    from discord import app_commands

    from bot.client import ArenaBot

IDLE_SECONDS = 0.002
SETTLE_SECONDS = 60.0
"""What takes longer than this, however busy the machine, is a fault."""

_lent: set[object] = set()
"""The connections that some transaction has."""


@event.listens_for(Pool, "checkout")
def _note_lent(_connection: object, record: object, _proxy: object) -> None:
    _lent.add(record)


@event.listens_for(Pool, "checkin")
def _note_returned(_connection: object, record: object) -> None:
    _lent.discard(record)


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
        """Settle as simcord does, but do not ask it, which is costly, while a transaction is under way."""
        loop = asyncio.get_running_loop()
        deadline = _deadline or loop.time() + (timeout or SETTLE_SECONDS)
        while True:
            if not _lent or loop.time() > deadline:
                try:
                    await super()._settle_internal(idle=idle, dispatch=dispatch, _deadline=loop.time() + idle)
                except TimeoutError:
                    if loop.time() > deadline:
                        raise
                else:
                    return
            await asyncio.sleep(idle)

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


def _translate_commands_once() -> None:
    """Have all bots of this process register the same translations; they cost as much as a bot's cogs do."""
    payloads: list[dict[str, object]] = []

    async def payload(tree: app_commands.CommandTree[ArenaBot]) -> list[dict[str, object]]:
        payloads[:] = payloads or await command_payload(tree)
        return payloads

    pytest.MonkeyPatch().setattr("bot.client.command_payload", payload)


_translate_commands_once()
