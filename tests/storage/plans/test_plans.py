"""What is asked often, or of a long history, begins where an index leads to the few rows that matter."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from bot.domain.pair_sums import OVERALL, Key, PairSums, Scope
from bot.domain.vote import Tally
from bot.storage import battles, erasures, exclusions, history, models, pairs, reports, voters
from bot.storage.schema import pair_days, pair_sums
from tests.storage.plans.sent import sent

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from sqlalchemy import Table

    from bot.storage.database import Connection, Database
    from tests.storage.cuts import DatabaseFile

GUILD, MEMBER, MODEL = 10, 40, 3
BY_ID = "SEARCH battles USING INTEGER PRIMARY KEY (rowid=?)"
SORTED = "USE TEMP B-TREE FOR ORDER BY"


def _given(table: Table) -> str:
    """Return how a plan says that the whole primary key leads to a row."""
    return " AND ".join(f"{column.name}=?" for column in table.primary_key)


async def plan_of(
    database: Database, file: DatabaseFile, ask: Callable[[Connection], Awaitable[object]]
) -> list[str]:
    """Return the steps of the only statement of what is read."""
    with sent() as statements:
        async with database.read() as connection:
            await ask(connection)
    (plan,) = statements.plans(file.connection)
    return plan


async def test_a_member_s_votes_are_read_in_parts_without_sorting_them_all(
    database: Database, file: DatabaseFile
) -> None:
    with sent() as statements:
        async with database.read() as connection:
            async for _part in exclusions.rated_votes(connection, GUILD, MEMBER, excluded=False):
                pass
    (plan,) = statements.plans(file.connection)

    assert plan[0] == "SEARCH votes USING INDEX ix_votes_user_id_battle_id (user_id=? AND battle_id>?)"
    assert SORTED not in plan


async def test_a_start_reads_only_the_battles_whose_end_was_not_shown(
    database: Database, file: DatabaseFile
) -> None:
    plan = await plan_of(database, file, battles.unfinished)

    assert plan[0] == "SCAN battles USING INDEX ix_battles_not_redrawn"
    assert not [step for step in plan[1:] if step.startswith("SCAN")]
    assert SORTED not in plan


async def test_a_start_reads_the_last_results_alone(database: Database, file: DatabaseFile) -> None:
    with sent() as statements:
        async with database.read() as connection:
            await battles.last_drawn(connection, seconds=180.0)
    found, *_ = statements.plans(file.connection)

    assert found[0] == "SEARCH battles USING COVERING INDEX ix_battles_first_drawn_at (first_drawn_at>?)"
    assert not [step for step in found if step.startswith("SCAN")]


async def test_the_battles_that_moderators_took_out_are_found_among_those_alone(
    database: Database, file: DatabaseFile
) -> None:
    plan = await plan_of(database, file, partial(history.latest, guild_id=GUILD, voided=True, most=25))

    assert plan[0] == "SEARCH battles USING INDEX ix_battles_voided (guild_id=? AND voided=?)"
    assert SORTED not in plan


async def test_the_battles_of_a_model_are_told_by_an_index_alone(
    database: Database, file: DatabaseFile
) -> None:
    plan = await plan_of(database, file, partial(history.past, guild_id=GUILD, model_id=MODEL, most=10))

    used = [step for step in plan if "ix_contestants_model_id" in step]
    assert used == ["SEARCH contestants USING COVERING INDEX ix_contestants_model_id_battle_id (model_id=?)"]


async def test_a_battle_that_is_taken_out_deletes_by_key_the_sums_that_it_alone_made(
    database: Database, file: DatabaseFile
) -> None:
    async with database.write() as connection:
        await models.ensure(connection, GUILD, ("Zephyrine", "Quillon"), 0.0)
        i, j = sorted(await models.names(connection, GUILD))
        key = Key(OVERALL, season=1, day=20_000, model_i=i, model_j=j)
        await pairs.add(connection, GUILD, {key: PairSums.of(Tally(a=1))})
    with sent() as statements:
        async with database.write() as connection:
            await pairs.add(connection, GUILD, {key: PairSums() - PairSums.of(Tally(a=1))})

    assert statements.plans(file.connection, beginning="DELETE") == [
        [f"SEARCH pair_days USING INDEX sqlite_autoindex_pair_days_1 ({_given(pair_days)})"],
        [f"SEARCH pair_sums USING INDEX sqlite_autoindex_pair_sums_1 ({_given(pair_sums)})"],
    ]
    assert not file.connection.execute("SELECT 1 FROM pair_days UNION ALL SELECT 1 FROM pair_sums").fetchall()


async def test_voters_are_counted_without_a_look_at_their_votes(
    database: Database, file: DatabaseFile
) -> None:
    ever = await plan_of(database, file, partial(voters.count, guild_id=GUILD, scope=Scope()))
    month = await plan_of(database, file, partial(voters.count, guild_id=GUILD, scope=Scope(since_day=9)))
    season = await plan_of(database, file, partial(voters.count, guild_id=GUILD, scope=Scope("code", 1)))

    key = "SEARCH voters USING COVERING INDEX sqlite_autoindex_voters_1 (guild_id=? AND category=?"
    assert ever[1] == "SEARCH voters USING INDEX ix_voters_guild_id_user_id (guild_id=?)"
    assert f"{key} AND season=?)" in season
    assert not [step for step in (*ever, *season) if "votes" in step]
    assert ever[1] in month
    assert "SEARCH votes USING INDEX ix_votes_user_id_battle_id (user_id=? AND battle_id>?)" in month
    assert BY_ID in month


async def test_a_battle_s_and_a_member_s_votes_are_counted_from_these_alone(
    database: Database, file: DatabaseFile
) -> None:
    with sent() as statements:
        async with database.write() as connection:
            await voters.add_battle(connection, 1, -1)
            await voters.recount(connection, GUILD, [MEMBER])
            await voters.forget(connection, GUILD, MEMBER)
    plans = statements.plans(file.connection)

    assert len(plans) == 7
    assert not [step for plan in plans for step in plan if step.startswith("SCAN") and "battles" in step]
    assert not [step for plan in plans for step in plan if step.startswith("SCAN vo")]
    assert not [step for plan in plans for step in plan if "battles USING INDEX ix_battles_guild" in step]


async def test_a_deletion_looks_at_no_battle_that_is_not_the_member_s_open_or_voided(
    database: Database, file: DatabaseFile
) -> None:
    with sent() as statements:
        async with database.write() as connection:
            await erasures.erase(connection, GUILD, MEMBER, now=0.0)
    steps = [step for plan in statements.plans(file.connection) for step in plan if "battles" in step]

    assert steps
    assert not [step for step in steps if step.startswith("SCAN battles")]
    assert not [step for step in steps if step.endswith("(guild_id=?)") and "voided" not in step]


async def test_reports_are_found_among_the_reports_not_among_the_guild_s_battles(
    database: Database, file: DatabaseFile
) -> None:
    with sent() as statements:
        async with database.read() as connection:
            await reports.latest(connection, GUILD, offset=0, most=1)
            await reports.count(connection, GUILD)
            await reports.made_since(connection, GUILD, MEMBER, 0.0)
    latest, count, made = statements.plans(file.connection)
    all_reports = "SCAN reports USING COVERING INDEX sqlite_autoindex_reports_1"
    of_member = "SEARCH reports USING INDEX ix_reports_user_id_reported_at (user_id=? AND reported_at>?)"

    for plan in (latest, count, made):
        assert BY_ID in plan
        assert not [step for step in plan if "BLOOM" in step]
    assert latest[0].startswith("SCAN reports")
    assert all_reports in count
    assert made[0] == of_member


async def test_a_member_s_reports_are_withdrawn_without_a_look_at_the_guild_s_battles(
    database: Database, file: DatabaseFile
) -> None:
    with sent() as statements:
        async with database.write() as connection:
            await erasures.erase(connection, GUILD, MEMBER, now=0.0)
    plans = [plan for plan in statements.plans(file.connection, beginning="DELETE") if "reports" in plan[0]]

    assert len(plans) == 1
    assert plans[0][0].startswith("SEARCH reports USING INDEX ix_reports_user_id_reported_at (user_id=?)")
    assert [step for step in plans[0] if "battles" in step] == [BY_ID]
