"""Credentials are sealed with the first key, opened with any, and sealed anew by `arena-bot rotate-keys`."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from bot.arena.models.keyring import Keyring, new_key
from bot.cli.rotate_keys import rotate
from bot.domain.model import Model
from bot.errors import ArenaError, StartupError
from bot.storage import models
from bot.storage.database import open_database

if TYPE_CHECKING:
    from pathlib import Path

OLD, NEW = new_key(), new_key()


def test_what_was_sealed_can_be_opened_and_does_not_show() -> None:
    sealed = Keyring([NEW]).seal("sk-secret")

    assert "sk-secret" not in sealed
    assert Keyring([NEW]).open(sealed) == "sk-secret"


def test_old_keys_open_and_the_first_one_seals() -> None:
    both = Keyring([NEW, OLD])
    rotated = both.rotate(Keyring([OLD]).seal("sk-secret"))

    assert Keyring([NEW]).open(rotated) == "sk-secret"
    with pytest.raises(ArenaError, match="ARENA_SECRET_KEYS do not hold the key"):
        Keyring([OLD]).open(rotated)


@pytest.mark.parametrize("keys", ["{},{}", " {} {}\n", "{}, {}"])
def test_keys_are_separated_by_commas_or_spaces(keys: str) -> None:
    assert Keyring.from_environment({"ARENA_SECRET_KEYS": keys.format(NEW, OLD)}).keys == (NEW, OLD)


def test_without_keys_nothing_can_be_sealed() -> None:
    assert not Keyring.from_environment({}).can_seal


def test_a_key_that_is_none_is_named_but_not_repeated() -> None:
    with pytest.raises(StartupError, match="arena-bot new-key") as caught:
        Keyring.from_environment({"ARENA_SECRET_KEYS": f"{NEW},hunter2"})

    assert "hunter2" not in str(caught.value)
    assert NEW not in str(caught.value)


def test_a_keyring_prints_no_key() -> None:
    assert NEW not in repr(Keyring([NEW]))


async def sealed_in(path: Path, *sealed: str) -> None:
    async with open_database(path) as database, database.write() as connection:
        await models.ensure_guild(connection, 10, 0.0)
        for number, each in enumerate(sealed):
            await models.add(connection, Model(0, 10, f"M{number}", settings="{}", sealed=each), 0.0)


async def test_all_credentials_are_sealed_anew(tmp_path: Path) -> None:
    path = tmp_path / "arena.sqlite3"
    await sealed_in(path, Keyring([OLD]).seal("one"), Keyring([NEW]).seal("two"))
    count = await rotate(path, Keyring([NEW, OLD]))
    async with open_database(path) as database, database.read() as connection:
        found = await models.with_credentials(connection)

    assert count == 2
    assert [Keyring([NEW]).open(each.sealed or "") for each in found] == ["one", "two"]


async def test_where_one_cannot_be_opened_none_is_changed(tmp_path: Path) -> None:
    path = tmp_path / "arena.sqlite3"
    await sealed_in(path, Keyring([OLD]).seal("one"), Keyring([new_key()]).seal("two"))
    async with open_database(path) as database, database.read() as connection:
        before = await models.with_credentials(connection)
    with pytest.raises(StartupError, match="Nothing was changed"):
        await rotate(path, Keyring([NEW, OLD]))
    async with open_database(path) as database, database.read() as connection:
        assert await models.with_credentials(connection) == before


async def test_rotation_without_keys_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(StartupError, match="ARENA_SECRET_KEYS is not set"):
        await rotate(tmp_path / "arena.sqlite3", Keyring([]))


def test_a_model_prints_nothing_of_its_credentials() -> None:
    model = replace(Model(1, 10, "M"), sealed="gAAAA-sealed", settings="{}")

    assert "gAAAA" not in repr(model)
