"""Votes at the very moment of closing: acknowledged and counted, or refused."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple, TypeAlias, cast

from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from bot.arena.voting.ballots import Ballots, Receipt
from bot.arena.voting.eligibility import VoterEligibility
from bot.arena.voting.member_ballot import MemberBallot
from bot.domain.pauses import USUAL
from bot.domain.rules import BattleRules
from bot.domain.vote import Vote
from bot.errors import ArenaError, StorageError
from bot.storage import votes
from bot.storage.database import open_database
from tests.arena.conftest import Clock
from tests.arena.stored_battles import begun
from tests.arena.transactions import WatchedDatabase
from tests.databases import put_database
from tests.examples import examples

if TYPE_CHECKING:
    from pathlib import Path

    from bot.storage.database import Database

MEMBERS = (101, 102)


class ButtonPress(NamedTuple):
    member: int
    vote: Vote


Step: TypeAlias = tuple[ButtonPress, ...] | str | float
"""Presses that come together, something that happens to the database, or seconds that pass."""

presses = st.builds(ButtonPress, st.sampled_from(MEMBERS), st.sampled_from(Vote))
steps = st.lists(
    st.lists(presses, min_size=1, max_size=3).map(tuple)
    | st.sampled_from(["write", "fail", "hold", "release"])
    | st.floats(1.0, 60.0),
    max_size=10,
)
IN_THE_MIDDLE_OF_A_TRANSACTION: list[Step] = [
    "hold",
    (ButtonPress(101, Vote.A), ButtonPress(102, Vote.B)),
    "write",
]


@dataclass(slots=True)
class Poll:
    """One secret ballot; all that happens to it happens when a test says so."""

    ballots: Ballots
    database: WatchedDatabase
    clock: Clock
    battle_id: int
    presses: list[tuple[int, asyncio.Task[Receipt]]] = field(
        default_factory=list["tuple[int, asyncio.Task[Receipt]]"]
    )
    others: list[asyncio.Task[None]] = field(default_factory=list["asyncio.Task[None]"])

    async def follow(self, plan: list[Step]) -> None:
        for step in plan:
            self._take(step)
            for _ in range(5):
                await asyncio.sleep(0)

    def _take(self, step: Step) -> None:
        match step:
            case "write":
                self.others.append(asyncio.create_task(self._write()))
            case "fail":
                self.database.refusals += 1
            case "hold":
                self.database.gate.clear()
            case "release":
                self.database.gate.set()
            case float():
                self.clock.passed += step
            case _:
                for member, vote in cast("tuple[ButtonPress, ...]", step):
                    pressed = self.ballots.cast(self.battle_id, member, vote, None)
                    self.presses.append((member, asyncio.create_task(pressed)))

    async def close(self) -> dict[int, Vote | None]:
        """Do what the runner does at the end; returns what is counted then."""
        self.ballots.shut(self.battle_id)
        while True:
            with suppress(StorageError):
                await self.ballots.flush()
                return await self.recorded()

    async def recorded(self) -> dict[int, Vote | None]:
        async with self.database.inner.read() as connection:
            kept = await votes.member_ballots(connection, self.battle_id)
        return {
            user_id: MemberBallot.decode(member_ballot).vote
            for user_id, (member_ballot, _reason) in kept.items()
        }

    async def acknowledged(self) -> dict[int, Vote | None]:
        """Return what each member was told last."""
        while not all(pressed.done() for _member, pressed in self.presses):
            await self._write()
            await asyncio.sleep(0)
        told: dict[int, Vote | None] = {}
        for member, pressed in self.presses:
            with suppress(ArenaError):
                told[member] = (await pressed).vote
        await asyncio.gather(*self.others)
        return told

    async def _write(self) -> None:
        with suppress(StorageError):
            await self.ballots.flush()


async def opened(database: Database) -> Poll:
    battle = await begun(database)
    clock, watched = Clock(), WatchedDatabase(database)
    watched.gate.set()
    ballots = Ballots(watched, clock, USUAL)
    ballots.watch(
        battle.battle_id, battle.battle_id, eligibility=VoterEligibility(rules=BattleRules(ballot="secret"))
    )
    ballots.open(battle.battle_id, clock() + 120.0)
    return Poll(ballots, watched, clock, battle.battle_id)


async def race(file: Path, before: list[Step], after: list[Step]) -> None:
    async with open_database(put_database(file)) as database:
        poll = await opened(database)
        await poll.follow(before)
        closing = asyncio.create_task(poll.close())
        await poll.follow(after)
        poll.database.gate.set()
        counted = await closing
        told = await poll.acknowledged()

        assert counted == told
        assert await poll.recorded() == told


@settings(examples(60), suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(before=steps, after=steps)
@example(before=IN_THE_MIDDLE_OF_A_TRANSACTION, after=[])
def test_a_vote_is_acknowledged_and_counted_or_refused(
    tmp_path: Path, before: list[Step], after: list[Step]
) -> None:
    asyncio.run(race(tmp_path / "arena.sqlite3", before, after))
