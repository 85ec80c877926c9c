"""The calls on one database, in a process of its own: `python -m bench.setup.growth.process DATABASE`."""

from __future__ import annotations

import asyncio
import gc
import sys
import time
from functools import partial
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING

import msgspec

from bench.setup.growth.calls import CALLS
from bench.setup.growth.measured import Cost, measured
from bench.setup.past import END
from bot import logs
from bot.app import run_arena
from bot.arena.models.factory import open_factory
from bot.arena.models.keyring import Keyring
from bot.arena.models.roster import Competitor
from bot.backends.toy import toys
from bot.config import BattleDefaults, Config
from bot.storage.database import open_database

if TYPE_CHECKING:
    from bench.setup.growth.calls import PastCall
    from bot.services import Arena

MODELS = 50
MOST_CALLS = 3
ENOUGH_SECONDS = 10.0
"""After which a call is not made again."""


async def costs_of(database: Path) -> dict[str, Cost]:
    config = Config(battle=BattleDefaults(cooldown_seconds=0, member_battles_per_day=0))
    (toy, *_) = toys(0.0)
    names = [f"Model {number:03}" for number in range(1, MODELS + 1)]
    competitors = [Competitor(name, toy.backend, (name,)) for name in names]
    async with (
        open_factory(config, Keyring([])) as factory,
        open_database(database) as opened,
        run_arena(factory, opened, competitors, lambda: END, Random(1)) as arena,
    ):
        await arena.leaderboards.board(0)  # numpy takes a moment to load
        await arena.audits.make(0)
        gc.collect()
        gc.freeze()  # as once the bot is connected
        return {call.name: await _cost(arena, call) for call in CALLS}


async def _cost(arena: Arena, call: PastCall) -> Cost:
    costs: list[Cost] = []
    begun = time.monotonic()
    while not costs or (len(costs) < MOST_CALLS and time.monotonic() < begun + ENOUGH_SECONDS):
        costs.append(await measured(partial(call.run, arena, len(costs))))
    return Cost.least(costs)


def main(database: str) -> None:
    logs.configure(as_json=False, level="ERROR")
    sys.stdout.buffer.write(msgspec.json.encode(asyncio.run(costs_of(Path(database)))))


if __name__ == "__main__":
    main(*sys.argv[1:])
