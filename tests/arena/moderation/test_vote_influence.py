"""What an audit says of one member's part in the ratings is what taking their votes out does."""

from __future__ import annotations

from random import Random
from typing import TYPE_CHECKING

from bot.arena.battles.closing import decide
from bot.arena.moderation.exclusions import Exclusions
from bot.arena.moderation.vote_audits import Audits
from bot.arena.ratings.bradley_terry import fit
from bot.domain.audit import Actor
from bot.domain.pair_sums import Scope
from bot.domain.vote import Vote
from bot.storage import models, pairs
from tests.arena.moderation.test_vote_audits import AuditClock, held
from tests.arena.stored_battles import GUILD, NAMES, OPENED

if TYPE_CHECKING:
    from bot.storage.database import Database

MEMBERS = range(1, 9)


async def held_at_random(database: Database, random: Random, number: int = 40) -> None:
    """Let the members with low numbers vote the most, and some battles have one voter alone."""
    for _ in range(number):
        cast = {user: random.choice(list(Vote)) for user in MEMBERS if random.random() < 1.2 / user}
        battle = await held(database, cast, *random.sample(NAMES, 2))
        await decide(database, battle, OPENED + 120.0)


async def ratings(database: Database) -> dict[int, float]:
    async with database.read() as connection:
        known = await models.names(connection, GUILD)
        rows = fit(sorted(known), await pairs.load(connection, GUILD, Scope())).rows
    return {row.model: row.rating for row in rows}


async def test_it_is_what_excluding_the_member_does(database: Database) -> None:
    await held_at_random(database, Random(4))
    before = await ratings(database)
    audit = await Audits(database, AuditClock()).make(GUILD)
    exclusions, moved = Exclusions(database, AuditClock()), dict[int, tuple[int, float]]()
    for user in (each.user_id for each in audit.influences):
        await exclusions.exclude(Actor(GUILD, 99), user, "A test")
        change = {model: after - before[model] for model, after in (await ratings(database)).items()}
        await exclusions.include(Actor(GUILD, 99), user)
        most = max(change, key=lambda model: abs(change[model]))
        moved[user] = most, round(change[most], 6)

    assert {each.user_id: (each.model_id, round(each.points, 6)) for each in audit.influences} == moved
    assert {each.user_id for each in audit.influences} == {1, 2, 3, 4, 5}
    points = [abs(each.points) for each in audit.influences]
    assert points == sorted(points, reverse=True)


async def test_where_nobody_voted_nobody_moved_anything(database: Database) -> None:
    audit = await Audits(database, AuditClock()).make(GUILD)

    assert audit.influences == ()
