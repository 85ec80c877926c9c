from __future__ import annotations

import sqlite3
from contextlib import closing
from random import Random
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import BigInteger

from bot.arena.battles.closing import call_off, decide
from bot.arena.battles.deps import BattleDeps
from bot.arena.battles.runner import BattleRunner
from bot.arena.models.spending import Spending
from bot.arena.moderation.rulings import Rulings
from bot.arena.privacy.member_data import Privacy
from bot.arena.ratings.leaderboards import rate
from bot.arena.voting.ballots import Ballots
from bot.config import BattleDefaults, Config
from bot.domain.audit import Actor
from bot.domain.battle import Answer, Side, Turn, UnratedReason, VoidReason
from bot.domain.pauses import USUAL
from bot.domain.report import Reply, Report
from bot.domain.vote import Vote
from bot.storage import models, pair_recounts, reports, tournament_prompts, tournaments
from bot.storage.database import open_database
from bot.storage.schema import metadata
from bot.storage.tournaments import NewTournament
from tests.cards import PlainCard
from tests.exports.history import GUILD, OPENED, VOTER, PlannedBattle, held
from tests.traces import traces

if TYPE_CHECKING:
    from pathlib import Path

    from bot.domain.battle import Battle
    from bot.storage.database import Database
    from bot.storage.erasures import Erased
    from bot.storage.pair_recounts import Sums

SECRET = "Fukuzawa"
MEMBER, OTHER, MODERATOR = VOTER, VOTER + 1, 828282828282828282
NOW = OPENED + 500.0
PERSONS = {
    "battles.asker_id",
    "votes.user_id",
    "voters.user_id",
    "export_opt_outs.user_id",
    "erasures.user_id",
    "reports.user_id",
    "tournament_prompts.author_id",
    # What moderators did stays on record, and whom they excluded: who comes back is no stranger.
    "audit.actor_id",
    "contestants.hidden_by",
    "excluded_voters.actor_id",
    "excluded_voters.user_id",
}
"""Every column that holds a member; `erasures.erase` must know each of them, but what moderators did."""

FIGURES = {"draws.model_a", "draws.model_b", "model_draws.expected", "model_draws.variance"} | {
    "tournaments.running_in",  # a channel
    "tournament_battles.failed_model_id",
}
THINGS = {f"{thing}_id" for thing in ("guild", "channel", "message", "application")} | {
    f"{row}_id"
    for row in ("audit", "battle", "category", "model", "parent", "prompt", "spending", "tournament")
}
TEXTS = {
    "battles.prompt",
    "battles.interaction_token",
    "battles.rules",
    "battles.void_note",
    "contestants.reply",
    "contestants.leak",
    "turns.prompt",
    "turns.reply_a",
    "turns.reply_b",
    "draws.chances",
    "draws.failed",
    "draws.stepped_in",
    "excluded_voters.reason",
    "reports.reason",
    "tournament_prompts.prompt",
    "audit.changes",
    "guild_settings.document",
    "models.settings",
    "models.sealed",
}
"""Every column of long texts; `texts.remove` must know those that a prompt could stand in."""


def holds(path: Path, data: bytes) -> bool:
    return data in path.read_bytes()


def now() -> float:
    return NOW


def privacy(database: Database) -> Privacy:
    return Privacy(database, BattleDefaults(), now)


async def eventful(database: Database, seed: int) -> list[Battle]:
    """Hold battles of all kinds, some of them asked by the member; returns those that are still open."""
    random = Random(seed)
    rulings = Rulings(database, now)
    undecided: list[Battle] = []
    for _ in range(40):
        told = some_battle(random)
        battle = await held(database, told)
        match random.choice(["closed", "closed", "taken out", "called off", "open"]):
            case "open":
                undecided.append(battle)
            case "called off":
                await void(database, battle)
            case end:
                await decide(database, battle, told.at + 120.0)
                if end == "taken out":
                    reason = f"<@{random.choice([MEMBER, OTHER])}> spammed"
                    await rulings.void(Actor(GUILD, MODERATOR), battle.battle_id, reason)
    return undecided


def some_battle(random: Random) -> PlannedBattle:
    asker = random.choice([MEMBER, OTHER])
    word = SECRET if asker == MEMBER else "weather"
    a, b = random.sample(["Zephyrine", "Quillon", "Marrowby"], 2)
    later = Turn(2, f"More of {word}", Answer(f"{word}, then"), Answer(f"{word} again"))
    leak = f"I am {word}" if random.random() < 0.3 else None
    return PlannedBattle(
        random.choices([*Vote, None], k=random.randrange(4)),
        a,
        b,
        asker=asker,
        prompt=f"What of {word}?",
        replies=(f"Of {word} nothing", word),
        categories=frozenset(random.sample(["lang:en", "code", "long"], 2)),
        unrated=UnratedReason.LEAK if leak else None,
        leak=leak,
        turns=[later] if random.random() < 0.3 else [],
        at=OPENED + random.randrange(3 * 24 * 3600),
    )


async def void(database: Database, battle: Battle) -> None:
    async with database.write() as connection:
        await call_off(connection, battle.battle_id, VoidReason.MESSAGE_GONE, NOW)


async def counted(database: Database) -> Sums:
    """Count the votes anew, and see that the running sums are the same."""
    async with database.read() as connection:
        stored = await pair_recounts.stored(connection, GUILD)
        found = await pair_recounts.counted(connection, GUILD)
    assert stored == found
    return found


@pytest.mark.parametrize("seed", range(6))
async def test_nothing_of_a_member_is_left_and_every_vote_counts_on(
    database: Database, path: Path, seed: int
) -> None:
    undecided = await eventful(database, seed)
    await privacy(database).leave_out_of_exports(GUILD, MEMBER)
    sums = await counted(database)
    async with database.read() as connection:
        names = await models.names(connection, GUILD)
        ratings = (await rate(connection, GUILD, names)).rows
    others = traces(path, str(OTHER))
    erased = await privacy(database).erase(GUILD, MEMBER)
    async with database.read() as connection:
        assert (await rate(connection, GUILD, names)).rows == ratings
    assert await counted(database) == sums
    assert (erased.pending > 0) == bool(traces(path, str(MEMBER)))
    for number, battle in enumerate(undecided):
        if number % 2:
            await void(database, battle)
        else:
            await decide(database, battle, NOW)

    await counted(database)
    assert traces(path, str(MEMBER)) == traces(path, SECRET) == []
    assert traces(path, str(OTHER)) == others
    assert traces(path, "weather")


async def test_no_number_stands_for_a_member_twice(database: Database) -> None:
    for number in range(30):
        battle = await held(database, PlannedBattle((Vote.A,), asker=MEMBER))
        await decide(database, battle, OPENED + number)
    await privacy(database).erase(GUILD, MEMBER)
    async with database.read() as connection:
        cast = (await connection.exec_driver_sql("select user_id from votes")).scalars().all()
        asked = (await connection.exec_driver_sql("select asker_id from battles")).scalars().all()

    assert len({*cast, *asked}) == 60
    assert max(*cast, *asked) < 0


async def test_a_deletion_says_what_it_did_and_done_again_does_nothing(database: Database) -> None:
    await decide(database, await held(database, PlannedBattle((Vote.A,), asker=MEMBER)), NOW)
    await decide(database, await held(database, PlannedBattle((Vote.A, Vote.B))), NOW)
    await held(database, PlannedBattle((Vote.A,)))
    once: Erased = await privacy(database).erase(GUILD, MEMBER)
    again = await privacy(database).erase(GUILD, MEMBER)

    assert tuple(once) == (1, 2, 1)
    assert tuple(again) == (0, 0, 1)


async def test_a_vote_that_is_not_written_yet_when_its_battle_is_called_off_is_forgotten_too(
    database: Database, path: Path
) -> None:
    ballots = Ballots(database, now, USUAL)
    battle = await held(database, PlannedBattle(()))
    ballots.watch(0, battle.battle_id)
    ballots.open(0, NOW + 60)
    await privacy(database).erase(GUILD, MEMBER)
    ballots.add(0, MEMBER, Vote.A)
    deps = BattleDeps(database, ballots, Config(), now, USUAL, Spending(database, now))
    runner = BattleRunner(deps, battle, PlainCard())
    await runner.void(VoidReason.MESSAGE_GONE)
    await ballots.flush()

    assert len(traces(path, str(battle.asker_id))) == 1
    assert traces(path, str(MEMBER)) == []


async def test_the_very_bytes_are_gone_from_the_file(path: Path) -> None:
    async with open_database(path) as database:
        told = PlannedBattle(
            asker=MEMBER, prompt=f"What of {SECRET}? " * 2000, replies=(SECRET * 2000, SECRET)
        )
        await decide(database, await held(database, told), NOW)
        await privacy(database).erase(GUILD, MEMBER)

    with closing(sqlite3.connect(path)) as connection:
        connection.execute("pragma wal_checkpoint(truncate)")
    assert not holds(path, SECRET.encode())


async def test_what_a_member_reported_is_deleted_and_what_others_reported_is_not(path: Path) -> None:
    async with open_database(path) as database:
        battle = await held(database, PlannedBattle(asker=OTHER))
        async with database.write() as connection:
            for user_id in (MEMBER, OTHER):
                report = Report(user_id, f"says {SECRET}", NOW)
                await reports.add(connection, Reply(battle.battle_id, Side.A), report)
        before = (await privacy(database).kept(GUILD, MEMBER)).traces.reports
        await privacy(database).erase(GUILD, MEMBER)
        after = (await privacy(database).kept(GUILD, MEMBER)).traces.reports
        async with database.read() as connection:
            left = await reports.of_reply(connection, Reply(battle.battle_id, Side.A))

    assert (before, after) == (1, 0)
    assert [report.user_id for report in left] == [OTHER]


async def test_prompts_that_wait_in_a_tournament_are_deleted_with_who_suggested_them(
    database: Database, path: Path
) -> None:
    await decide(database, await held(database, PlannedBattle(asker=OTHER)), NOW)
    async with database.write() as connection:
        new = NewTournament(
            GUILD, 20, None, "en", is_rated=False, voting_seconds=60, model_ids=(1, 2), started_at=NOW
        )
        tournament_id = await tournaments.add(connection, new)
        assert tournament_id
        for user_id in (MEMBER, OTHER):
            await tournament_prompts.add(connection, tournament_id, user_id, f"What of {SECRET}?", NOW)
    before = (await privacy(database).kept(GUILD, MEMBER)).traces.suggestions
    await privacy(database).erase(GUILD, MEMBER)
    async with database.read() as connection:
        left = await tournament_prompts.next_one(connection, tournament_id)

    assert before == 1
    assert traces(path, str(MEMBER)) == []
    assert left
    assert left.author_id == OTHER


def test_every_column_that_may_hold_a_member_is_known() -> None:
    columns = [column for table in metadata.tables.values() for column in table.columns]
    found = {
        str(column)
        for column in columns
        if type(column.type) is BigInteger and not column.foreign_keys and column.name not in THINGS
    }

    assert found == PERSONS | FIGURES


def test_every_column_that_may_hold_a_prompt_is_known() -> None:
    columns = [column for table in metadata.tables.values() for column in table.columns]

    assert {str(column) for column in columns if str(column.type) == "TEXT"} == TEXTS
