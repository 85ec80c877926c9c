"""What members and moderators do on the pages of the bot, as one step each."""

from __future__ import annotations

from typing import TYPE_CHECKING

import discord

from bot.client import ArenaBot
from bot.domain.audit import Actor
from tests.behaviour.place import answer_to, buttons_of, text_of

if TYPE_CHECKING:
    import simcord

    from bot.arena.settings.kinds import Value
    from tests.behaviour.place import SimulatedServer

DEEDS = {"mask": ("Code name", "code_name"), "family": ("Family", "family")}
BUTTONS = {
    "test": ("Test",),
    "edit": ("Edit",),
    "enable": ("Let it fight",),
    "disable": ("Switch off",),
    "retire": ("Retire", "Retire it"),
    "remove": ("Remove", "Remove it"),
}


async def change_settings(here: SimulatedServer, **changed: Value) -> None:
    """Let the server have other settings, whoever changed them."""
    assert isinstance(here.env.bot, ArenaBot)
    await here.env.bot.arena.moderation.change(Actor(here.guild.id, 1), changed)


def offer_everything(here: SimulatedServer) -> None:
    """Let Discord offer every command to everyone, as Server Settings → Integrations can."""
    for command in here.env.backend.visible_commands(user_id=here.guild.owner.id, channel_id=here.channel.id):
        here.guild.set_command_permissions(int(command["id"]), {here.guild.default_role: True})


async def page_of(
    member: simcord.MemberActor, channel: simcord.ChannelHandle, name: str
) -> simcord.InteractionResult:
    """Open the page of a model, named by its true name."""
    listed = await member.slash(channel, "models list")
    assert listed.response
    items = discord.ui.LayoutView.from_message(listed.response.message).walk_children()
    (menu,) = (item for item in items if isinstance(item, discord.ui.Select))
    called = {option.label.partition(" (")[0].casefold(): option.value for option in menu.options}
    await member.select(listed.response.message, [called[name.casefold()]], custom_id="arena:roster:chosen")
    return listed


async def decide(
    member: simcord.MemberActor, channel: simcord.ChannelHandle, deed: str, name: str, typed: str = ""
) -> str:
    """Decide something about a model on its page; returns what the moderator is told."""
    page = await page_of(member, channel, name)
    if deed in DEEDS:
        label, field = DEEDS[deed]
        form = await press(member, page, label)
        return told(page, await member.submit_modal(form, {field: typed}))
    pressed = page
    for label in BUTTONS[deed]:
        pressed = await press(member, page, label)
    return told(page, pressed)


async def unmask(
    member: simcord.MemberActor,
    channel: simcord.ChannelHandle,
    name: str,
    where: simcord.ChannelHandle | None = None,
) -> str:
    page = await page_of(member, channel, name)
    await press(member, page, "Unmask")
    if where:
        assert page.response
        items = discord.ui.LayoutView.from_message(page.response.message).walk_children()
        (menu,) = (item for item in items if isinstance(item, discord.ui.ChannelSelect))
        await member.select(page.response.message, [where], custom_id=menu.custom_id)
    return told(page, await press(member, page, "Announce it"))


async def end_season(member: simcord.MemberActor, channel: simcord.ChannelHandle, name: str) -> str:
    asked = await member.slash(channel, "season end", name=name)
    await press(member, asked, "End the season")
    return answer_to(asked)


async def privacy(
    member: simcord.MemberActor, channel: simcord.ChannelHandle, *buttons: str
) -> simcord.InteractionResult:
    """Open `/privacy` and press buttons there, named by the ends of their ids."""
    shown = await member.slash(channel, "privacy")
    for button in buttons:
        assert shown.response
        await member.click(shown.response.message, custom_id=f"arena:{button}")
    return shown


async def privacy_file(
    member: simcord.MemberActor, channel: simcord.ChannelHandle
) -> simcord.InteractionResult:
    """Ask for all that is kept, as a file."""
    shown = await member.slash(channel, "privacy")
    assert shown.response
    return await member.click(shown.response.message, custom_id="arena:privacy:file")


async def suggest(
    member: simcord.MemberActor, channel: simcord.ChannelHandle, prompt: str
) -> simcord.InteractionResult:
    """Suggest a prompt with the button under what the channel was told of its tournament."""
    told_of = [each for each in channel.history(viewer=member) if "arena:suggest" in buttons_of(each)]
    form = await member.click(told_of[-1], custom_id="arena:suggest")
    return await member.submit_modal(form, {"prompt": prompt})


async def press(
    member: simcord.MemberActor, shown: simcord.InteractionResult, label: str
) -> simcord.InteractionResult:
    """Press a button of what a command answered, as it is now."""
    assert shown.response
    return await member.click(shown.response.message, label=label)


def told(page: simcord.InteractionResult, pressed: simcord.InteractionResult) -> str:
    """Return what a press came to: a refusal of its own, or what the page says now."""
    if pressed.followups:
        return pressed.followups[-1].content
    assert page.response
    return text_of(page.response.message)
