"""Battles of a server's past, held through the real storage, and their exports."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass, field, replace
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING

from bot.arena.battles.closing import call_off, decide
from bot.domain.battle import BattleState, Side, UnratedReason, VoidReason
from bot.domain.vote import Vote
from bot.exports.service import Exports, Order
from bot.storage import battles, models, turns, votes
from bot.storage.battles import NewBattle
from bot.storage.database import open_database
from bot.storage.votes import StoredVote
from tests.databases import added, put_database

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.domain.battle import Battle, Turn
    from bot.domain.image import ImageKind
    from bot.exports.formats import Format
    from bot.storage.database import Database

GUILD, CHANNEL = 424242424242424242, 525252525252525252
ASKER, VOTER = 626262626262626000, 727272727272727000
OPENED = 1_767_225_600.0
NAMES = ("Zephyrine", "Quillon", "Marrowby")
SALT = "a salt for the tests"


@dataclass(frozen=True, slots=True)
class PlannedBattle:
    """A battle that a test wants held; `votes` are those of the members from VOTER on."""

    votes: Sequence[Vote | None] = (Vote.A,)
    a: str = NAMES[0]
    b: str = NAMES[1]
    asker: int = ASKER
    prompt: str = "Why?"
    replies: tuple[str, str] = ("Because.", "## Reasons\n\n1. **This** one\n- and that")
    categories: frozenset[str] = field(default_factory=frozenset[str])
    unrated: UnratedReason | None = None
    leak: str | None = None
    turns: Sequence[Turn] = ()
    image_kind: ImageKind | None = None
    at: float = OPENED


async def held(database: Database, told: PlannedBattle) -> Battle:
    """Hold a battle up to its open ballot, with its votes."""
    async with database.write() as connection:
        await models.ensure(connection, GUILD, NAMES, OPENED)
        ids = {model.name: model.model_id for model in await models.of_guild(connection, GUILD)}
        new = NewBattle(
            guild_id=GUILD,
            channel_id=CHANNEL,
            asker_id=told.asker,
            prompt=told.prompt,
            locale="ja",
            opened_at=told.at,
            interaction_token="token",
            drawn_probability=0.5,
            model_a=ids[told.a],
            model_b=ids[told.b],
            categories=told.categories,
            image_kind=told.image_kind,
        )
        asked = await added(connection, new)
        battle = replace(
            asked,
            state=BattleState.VOTING,
            closes_at=told.at + 120.0,
            unrated=told.unrated,
            a=replace(
                asked.a, reply=told.replies[0], leak=told.leak, input_tokens=7, output_tokens=3, cost=0.25
            ),
            b=replace(asked.b, reply=told.replies[1], input_tokens=9, output_tokens=12, cost=0.5),
        )
        await battles.begin_voting(connection, battle, voting_at=told.at + 10, drawn_probability=0.125)
        rows = [
            StoredVote(
                battle.battle_id,
                VOTER + number,
                vote,
                unclear=False,
                member_ballot="||",
                changed_at=told.at + 60.5,
            )
            for number, vote in enumerate(told.votes)
        ]
        await votes.save(connection, rows)
        for count in range(1, len(told.turns) + 1):
            battle = replace(battle, turns=tuple(told.turns[:count]))
            await turns.add(connection, battle, {Side.A: 0.25, Side.B: None}, "follow-up")
    return battle


async def decided(database: Database, told: PlannedBattle | None = None) -> Battle:
    told = told or PlannedBattle()
    battle = await decide(database, await held(database, told), told.at + 120.0)
    assert battle
    return battle


async def eventful(database: Database, number: int = 40) -> None:
    """Hold many battles of all kinds."""
    random = Random(5)
    for _ in range(number):
        a, b = random.sample(NAMES, 2)
        unrated = random.choice([None, None, UnratedReason.LEAK])
        cast = random.choices([*Vote, None], k=random.randrange(6))
        told = PlannedBattle(cast, a, b, asker=ASKER + random.randrange(3), unrated=unrated)
        if random.random() < 0.2:
            lost = await held(database, told)
            async with database.write() as connection:
                await call_off(connection, lost.battle_id, VoidReason.MESSAGE_GONE, OPENED)
        else:
            await decided(database, told)


_files: list[bytes] = []


async def eventful_file() -> bytes:
    """Return a database after `eventful`; made once a process, as that takes most of a second."""
    if not _files:
        with tempfile.TemporaryDirectory() as folder:
            file = put_database(Path(folder) / "arena.sqlite3")
            async with open_database(file) as database:
                await eventful(database)
            _files.append(file.read_bytes())
    return _files[0]


async def mask(database: Database, name: str, code_name: str) -> None:
    async with database.write() as connection:
        (model,) = [each for each in await models.of_guild(connection, GUILD) if each.name == name]
        await models.save(connection, replace(model, code_name=code_name))


async def exported(database: Database, folder: Path, format_: Format, salt: str = SALT) -> Path:
    """Write an export, in place of the last one; returns where it is."""
    order = Order(GUILD, format_, salt)
    written = await Exports(database).write(order, folder / format_.file_name, tell=lambda _: None)
    return written.path
