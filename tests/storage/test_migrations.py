"""A database of an earlier version keeps every row."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from importlib import resources
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING

import pytest
from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine

from bot.arena.battles.closing import decide
from bot.domain.battle import FinishReason
from bot.domain.draws import WHOLE, Drawing
from bot.domain.model import Model, ModelState
from bot.domain.vote import Vote
from bot.storage import battle_categories, battles, draws, erasures, models, pair_recounts, seasons, voters
from bot.storage.database import open_database
from bot.storage.seasons import Season
from tests.arena.moderation.test_vote_audits import held
from tests.arena.stored_battles import GUILD, NAMES, OPENED

if TYPE_CHECKING:
    from bot.storage.database import Database

ROWS = """
    insert into guilds values (10, 1.0);
    insert into models (model_id, guild_id, name, created_at) values (1, 10, 'A', 1.0), (2, 10, 'B', 1.0);
    insert into battles (battle_id, guild_id, channel_id, message_id, asker_id, prompt, locale, state,
        opened_at, drawn_probability) values (7, 10, 20, 30, 40, 'Why?', 'en', 'closed', 5.0, 1.0);
    insert into contestants (battle_id, side, model_id, reply, cut_off)
        values (7, 'a', 1, 'x', 1), (7, 'b', 2, 'y', 0);
    insert into votes values (7, 40, 'a', 0, '', 6.0);
"""


def make(path: Path, revision: str) -> None:
    config = Config()
    with resources.as_file(resources.files("bot") / "storage" / "migrations") as folder:
        config.set_main_option("script_location", str(folder))
        with create_engine(f"sqlite:///{path}").begin() as connection:
            config.attributes["connection"] = connection
            command.upgrade(config, revision)


def take_back(path: Path, revision: str) -> None:
    config = Config()
    with resources.as_file(resources.files("bot") / "storage" / "migrations") as folder:
        config.set_main_option("script_location", str(folder))
        with create_engine(f"sqlite:///{path}").begin() as connection:
            config.attributes["connection"] = connection
            command.downgrade(config, revision)


def test_each_file_is_named_after_its_revision() -> None:
    config = Config()
    with resources.as_file(resources.files("bot") / "storage" / "migrations") as folder:
        config.set_main_option("script_location", str(folder))
        script = ScriptDirectory.from_config(config)
        names = {Path(revision.path).name.partition("_")[0] for revision in script.walk_revisions()}
        revisions = sorted(revision.revision for revision in script.walk_revisions())

    assert names == set(revisions)
    assert script.get_heads() == [revisions[-1]]


async def test_a_start_with_nothing_to_migrate_does_without_alembic(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "arena.sqlite3"
    async with open_database(path):
        pass
    monkeypatch.setattr(command, "upgrade", None)
    async with open_database(path) as database, database.read() as connection:
        assert await models.of_guild(connection, 10) == []


async def test_the_first_schema_s_rows_are_all_there_afterwards(tmp_path: Path) -> None:
    path = tmp_path / "arena.sqlite3"
    make(path, "0001")
    with closing(sqlite3.connect(path)) as old:
        old.executescript(ROWS)
    async with open_database(path) as database, database.read() as connection:
        found = await models.of_guild(connection, 10)
        battle = await battles.get(connection, 10, 7)

    assert [(model.name, model.state, model.is_own) for model in found] == [
        ("A", ModelState.ENABLED, False),
        ("B", ModelState.ENABLED, False),
    ]
    assert battle
    assert (battle.a.reply, battle.b.model, battle.a.cost) == ("x", "B", None)
    assert (battle.a.finish, battle.b.finish) == (FinishReason.LENGTH, FinishReason.STOP)
    assert battle.readable_at is None
    with closing(sqlite3.connect(path)) as new:
        assert new.execute("select vote, excluded from votes").fetchall() == [("a", 0)]


async def test_battles_before_weigh_the_root_of_their_votes_too(tmp_path: Path) -> None:
    path = tmp_path / "arena.sqlite3"
    async with open_database(path) as database:
        await hold_at_random(database)
        async with database.read() as connection:
            before = await pair_recounts.stored(connection, GUILD)
    take_back(path, "0014")
    with closing(sqlite3.connect(path)) as old:
        assert "weight" not in {row[1] for row in old.execute("pragma table_info(pair_sums)")}
    async with open_database(path) as database, database.read() as connection:
        after = await pair_recounts.stored(connection, GUILD)

    assert after == before == await recounted(path)
    assert len(after.by_day) > len(after.by_season) > 6


async def test_the_voters_of_battles_before_are_counted(tmp_path: Path) -> None:
    path = tmp_path / "arena.sqlite3"
    async with open_database(path) as database:
        await hold_at_random(database)
        async with database.write() as connection:
            await erasures.erase(connection, GUILD, 1, OPENED)
            await erasures.erase(connection, GUILD, 2, OPENED)
    before = voters_in(path)
    take_back(path, "0016")
    async with open_database(path) as database, database.read() as connection:
        wrong = await voters.differences(connection, GUILD)

    assert voters_in(path) == before
    assert wrong == []
    assert {category for category, *_ in before} == {"all", "code"}
    assert {(season, user_id) for _, season, user_id, _ in before} >= {(1, -1), (2, -1), (1, 3), (2, 3)}


async def test_the_id_of_a_model_that_was_removed_before_does_not_come_again(tmp_path: Path) -> None:
    path = tmp_path / "arena.sqlite3"
    async with open_database(path) as database:
        battle = await held(database, {1: Vote.A})
        async with database.write() as connection:
            last = max(await models.names(connection, GUILD))
            chances = {1: WHOLE, last + 3: WHOLE}
            await draws.add(connection, battle.battle_id, Drawing(1, 2, chances))
    take_back(path, "0018")
    async with open_database(path) as database, database.write() as connection:
        new = await models.add(connection, Model(0, GUILD, "Newcomer"), OPENED)

    assert new == last + 4


def voters_in(path: Path) -> list[tuple[str, int, int, int]]:
    with closing(sqlite3.connect(path)) as file:
        return file.execute("select category, season, user_id, votes from voters order by 1, 2, 3").fetchall()


async def hold_at_random(database: Database) -> None:
    """Hold battles on two days in two seasons, every third of them in a category."""
    random = Random(5)
    for number in range(60):
        if number == 40:
            async with database.write() as connection:
                await seasons.end(connection, GUILD, Season(1, "First", OPENED))
        cast = {user: random.choice(list(Vote)) for user in range(1, random.randrange(2, 12))}
        battle = await held(database, cast, *random.sample(NAMES, 2))
        if number % 3 == 0:
            async with database.write() as connection:
                await battle_categories.add(connection, battle.battle_id, ["code"])
        await decide(database, battle, OPENED + random.randrange(2) * 86_400)


async def recounted(path: Path) -> pair_recounts.Sums:
    async with open_database(path) as database, database.read() as connection:
        return await pair_recounts.counted(connection, GUILD)


@pytest.mark.parametrize(("before", "after"), [("0013", "0014"), ("0015", "0016")])
def test_indexes_and_columns_are_added_without_copying_a_table(
    tmp_path: Path, before: str, after: str
) -> None:
    path = tmp_path / "arena.sqlite3"
    places = "select name, rootpage from sqlite_master where type = 'table' order by name"
    make(path, before)
    with closing(sqlite3.connect(path)) as file:
        were = file.execute(places).fetchall()
    make(path, after)
    with closing(sqlite3.connect(path)) as file:
        are = file.execute(places).fetchall()

    assert set(were) <= set(are)
