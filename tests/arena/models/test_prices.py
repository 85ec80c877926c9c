"""What a model's work costs, and what was noted of it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

import pytest

from bot.arena.models.breaker import CircuitBreakers
from bot.arena.models.prices import UNBILLED, Exchange, Prices
from bot.arena.models.probe import QUESTION, attempt
from bot.arena.models.spending import Spending
from bot.backends.base import BackendError, Failure, TextPiece, Usage, Waiting
from bot.storage import usage
from tests.arena.models.test_breaker import ask, error, passing
from tests.competitors import ScriptedBackend

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator

    from bot.backends.base import ChatMessage, Event
    from bot.storage.database import Database
    from tests.arena.conftest import Clock

GUILD = 10
DOLLAR_A_TOKEN = Prices(1e6, 1e6)
QUESTION_TOKENS = -(-len(QUESTION) // 3)


async def noted(database: Database) -> tuple[int, float]:
    """Return how many questions the server asked outside battles, and what all cost."""
    async with database.read() as connection:
        found = await usage.used_since(connection, GUILD, 0.0)
        in_all = await usage.cost_since(connection, 0.0)
    assert found.usd in (0.0, in_all)
    return found.questions, in_all


@pytest.mark.parametrize("failure", Failure)
def test_a_failure_costs_what_was_read_unless_no_work_was_done(failure: Failure) -> None:
    silent, spoke = Exchange("Why?", failure=failure), Exchange("Why?", reply="So", failure=failure)
    counted = Exchange("Why?", usage=Usage(7, 900), failure=failure)

    assert DOLLAR_A_TOKEN.cost(silent) == (0.0 if failure in UNBILLED else 2.0)
    assert DOLLAR_A_TOKEN.cost(spoke) == 3.0
    assert DOLLAR_A_TOKEN.cost(counted) == 907.0


@pytest.mark.parametrize(
    ("pieces", "cost"),
    [
        (("A", "B", "C"), 3 + 5),
        (("ABC", BackendError(Failure.BROKE_OFF, "cut")), QUESTION_TOKENS + 1),
        ((BackendError(Failure.TIMEOUT, "slow"),), QUESTION_TOKENS),
        ((BackendError(Failure.AUTH, "key"),), 0),
    ],
)
async def test_a_question_outside_battles_is_counted_and_paid_however_it_ends(
    database: Database, clock: Clock, pieces: tuple[str | BackendError, ...], cost: float
) -> None:
    spend = partial(Spending(database, clock).note_question, DOLLAR_A_TOKEN, GUILD)
    await attempt(ScriptedBackend(pieces), spend)

    assert await noted(database) == (1, cost)


@dataclass(frozen=True)
class Queued:
    """A backend whose model is busy: it tells the places in its queue, and then answers or fails."""

    places: tuple[int, ...]
    failure: Failure | None = None

    async def reply(
        self, conversation: tuple[ChatMessage, ...], guild_id: int = 0
    ) -> AsyncGenerator[Event, None]:
        del conversation, guild_id
        for place in self.places:
            yield Waiting(place)
        if self.failure:
            raise BackendError(self.failure, "busy")
        yield TextPiece("ABC")


async def test_a_question_that_was_never_sent_is_not_counted(database: Database, clock: Clock) -> None:
    spend = partial(Spending(database, clock).note_question, DOLLAR_A_TOKEN, GUILD)
    await attempt(Queued((2, 1), Failure.CROWDED), spend)
    before = await noted(database)
    await attempt(Queued((2, 1, 0)), spend)

    assert before == (0, 0.0)
    assert await noted(database) == (1, QUESTION_TOKENS + 1)


async def test_a_benched_models_own_probes_are_paid_and_no_servers(database: Database, clock: Clock) -> None:
    spend = partial(Spending(database, clock).note_question, DOLLAR_A_TOKEN, None)
    backend = ScriptedBackend(troubles=[error()] * 3)
    breaker = CircuitBreakers(3, clock).watch(backend, "Zephyrine", spend)
    for _ in range(3):
        await ask(breaker)
    before = await noted(database)
    while not breaker.is_ready:
        await passing(clock, 1)

    assert before == (0, 0.0)
    assert await noted(database) == (0, 8.0)


async def test_what_lies_behind_all_limits_is_forgotten(database: Database, clock: Clock) -> None:
    spend = partial(Spending(database, clock).note_question, DOLLAR_A_TOKEN, GUILD)
    await attempt(ScriptedBackend(), spend)
    clock.passed += 2.1 * 86_400
    await attempt(ScriptedBackend(), spend)

    assert await noted(database) == (1, 8.0)
