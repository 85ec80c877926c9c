"""Battles put into the database of a place as if they had been held there."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import discord

from bot.arena.battles.closing import decide
from bot.arena.moderation.rulings import Rulings
from bot.domain.audit import Actor
from bot.domain.battle import BattleState
from bot.domain.vote import Vote
from bot.storage import battles, models, votes
from bot.storage.battles import NewBattle
from bot.storage.database import open_database
from bot.storage.votes import StoredVote
from tests.behaviour.place import START
from tests.databases import added

if TYPE_CHECKING:
    from collections.abc import Mapping

    import simcord

    from bot.domain.battle import UnratedReason
    from bot.storage.database import Database
    from tests.behaviour.place import SimulatedServer

FIRST_MESSAGE = 900_001
"""The message of the battle with the id 1; the others follow."""


@dataclass(frozen=True, slots=True)
class HeldBattle:
    """Ids left out are those of the place's channel and of Alice; a battle that is not ended is open."""

    a: str = "Zephyrine"
    b: str = "Quillon"
    votes: Mapping[int, Vote] = field(default_factory=dict[int, Vote])
    channel_id: int | None = None
    asker_id: int | None = None
    prompt: str = "Why?"
    unrated: UnratedReason | None = None
    void_note: str | None = None
    ended: bool = True


def crowd(a: int = 0, b: int = 0, tie: int = 0, both_bad: int = 0) -> dict[int, Vote]:
    """Return the votes of as many members who are none of the place's."""
    cast = [Vote.A] * a + [Vote.B] * b + [Vote.TIE] * tie + [Vote.BOTH_BAD] * both_bad
    return dict(enumerate(cast, start=1))


def hidden_channel(here: SimulatedServer) -> simcord.ChannelHandle:
    """Create a channel that Alice sees and the bot, and Bob does not."""
    assert here.env.bot.user
    seen = discord.PermissionOverwrite(view_channel=True)
    return here.guild.create_text_channel(
        "hidden",
        overwrites={
            here.guild.default_role: discord.PermissionOverwrite(view_channel=False),
            here.alice: seen,
            here.env.bot.user: seen,
        },
    )


async def hold(here: SimulatedServer, *held: HeldBattle) -> None:
    """Let the battles be held one after another, a minute each."""
    async with open_database(here.folder / "arena.sqlite3") as database:
        for battle in held:
            await _hold(here, database, battle)


async def _hold(here: SimulatedServer, database: Database, held: HeldBattle) -> None:
    async with database.write() as connection:
        await models.ensure(connection, here.guild.id, [held.a, held.b], START)
        ids = {model.name: model.model_id for model in await models.of_guild(connection, here.guild.id)}
        new = NewBattle(
            guild_id=here.guild.id,
            channel_id=held.channel_id or here.channel.id,
            asker_id=held.asker_id or here.alice.id,
            prompt=held.prompt,
            locale="en-US",
            opened_at=START,
            interaction_token="token",
            drawn_probability=0.5,
            model_a=ids[held.a],
            model_b=ids[held.b],
        )
        battle = await added(connection, new)
        moment = START + 60 * battle.battle_id
        await battles.set_message(connection, battle.battle_id, FIRST_MESSAGE - 1 + battle.battle_id)
        battle = replace(battle, state=BattleState.VOTING, closes_at=moment, unrated=held.unrated)
        await battles.begin_voting(connection, battle, voting_at=START, drawn_probability=0.5)
        rows = [
            StoredVote(battle.battle_id, user_id, vote, unclear=False, member_ballot="||", changed_at=START)
            for user_id, vote in held.votes.items()
        ]
        await votes.save(connection, rows)
    if not held.ended:
        return
    await decide(database, battle, moment)
    async with database.write() as connection:
        await battles.set_redrawn(connection, battle.battle_id, moment)
    if held.void_note:
        actor = Actor(here.guild.id, here.bob.id)
        await Rulings(database, lambda: moment).void(actor, battle.battle_id, held.void_note)
