"""What the tests of leaderboards share."""

from __future__ import annotations

from typing import TYPE_CHECKING

import discord

from bot.errors import ArenaError
from tests.behaviour.place import answer_to, text_of, without_prompt

if TYPE_CHECKING:
    import simcord

    from tests.behaviour.place import SimulatedServer


def admin(here: SimulatedServer) -> simcord.MemberActor:
    role = here.guild.create_role("Admins", permissions=discord.Permissions(manage_guild=True))
    return here.guild.add_member(here.env.create_user("ada"), roles=[role])


async def leaderboard(here: SimulatedServer, **options: str) -> str:
    """Return what everyone is shown."""
    result = await here.alice.slash(here.channel, "leaderboard", **options)
    assert result.response
    return text_of(result.response.message)


def description_of(message: discord.Message) -> str:
    """Return what the picture of a message is described by."""
    shown = discord.ui.LayoutView.from_message(message).walk_children()
    (gallery,) = [item for item in shown if isinstance(item, discord.ui.MediaGallery)]
    (item,) = gallery.items
    return item.description or ""


async def decided(
    here: SimulatedServer, prompt: str = "What is a good day?", **options: str
) -> discord.Message:
    """Hold a battle in which Bob and Carol vote for A; return its card at the end."""
    await here.alice.slash(here.channel, "battle", prompt=prompt, **options)
    card = here.channel.history()[-1]
    for member in (here.bob, here.carol):
        await member.react(card, "🅰️")
    await here.alice.click(card, label="🔒 Close (asker)")
    await here.env.settle()
    return here.channel.history()[-1]


def refusal(here: SimulatedServer, result: simcord.InteractionResult) -> str:
    """Return what the member is told; nothing but a refusal went wrong."""
    assert all(isinstance(getattr(error, "original", error), ArenaError) for error in here.env.errors)
    return without_prompt(answer_to(result))
