"""Battles in a database, brought to the point where a test begins."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from bot.domain.battle import Battle, BattleState, UnratedReason
from bot.storage import battles, models
from bot.storage.battles import NewBattle
from tests.databases import added

if TYPE_CHECKING:
    from bot.storage.database import Database

GUILD, CHANNEL, ASKER = 10, 20, 30
OPENED = 1_767_225_600.0
NAMES = ("Zephyrine", "Quillon", "Marrowby")


async def asked(database: Database, a: str = NAMES[0], b: str = NAMES[1]) -> Battle:
    """Add a battle whose models are being asked."""
    async with database.write() as connection:
        await models.ensure(connection, GUILD, NAMES, OPENED)
        ids = {name: model for model, name in (await models.names(connection, GUILD)).items()}
        new = NewBattle(
            guild_id=GUILD,
            channel_id=CHANNEL,
            asker_id=ASKER,
            prompt="Why?",
            locale="en-US",
            opened_at=OPENED,
            interaction_token="token",
            drawn_probability=0.5,
            model_a=ids[a],
            model_b=ids[b],
        )
        battle = await added(connection, new)
        await battles.set_message(connection, battle.battle_id, 900 + battle.battle_id)
    return replace(battle, message_id=900 + battle.battle_id)


async def begun(
    database: Database,
    a: str = NAMES[0],
    b: str = NAMES[1],
    *,
    seconds: float = 120.0,
    unrated: UnratedReason | None = None,
) -> Battle:
    """Add a battle that is open for votes."""
    battle = replace(
        await asked(database, a, b),
        state=BattleState.VOTING,
        closes_at=OPENED + seconds,
        unrated=unrated,
    )
    async with database.write() as connection:
        await battles.begin_voting(connection, battle, voting_at=OPENED, drawn_probability=0.5)
    return battle
