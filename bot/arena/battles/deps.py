"""What the battles of a process share."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from bot.arena.battles.retries import Redraws
from bot.arena.keyed_locks import Queues

if TYPE_CHECKING:
    from collections.abc import Callable

    from bot.arena.models.spending import Spending
    from bot.arena.voting.ballots import Ballots
    from bot.config import Config
    from bot.domain.pauses import Pauses
    from bot.storage.database import Database


@dataclass(frozen=True, slots=True)
class BattleDeps:
    """What the runners of all battles share."""

    database: Database
    ballots: Ballots
    config: Config
    clock: Callable[[], float]
    pauses: Pauses
    spending: Spending
    drawing: Queues[int] = field(default_factory=Queues[int])
    """Who draws a battle's card waits for who draws it already."""

    redraws: Redraws = field(default_factory=Redraws)
