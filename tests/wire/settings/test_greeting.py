"""What a server is told that the bot joins."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

from bot.playground import Permission
from tests.wire.scenes import connected_bot, scene

if TYPE_CHECKING:
    from pathlib import Path

    from bot.playground import Channel, Message
    from tests.wire.scenes import RunningBot

SET_UP, TRY = "arena:greeting:setup", "arena:greeting:try"


def messages(channel: Channel) -> list[Message]:
    return list(channel.messages.values())


async def joined(arena: RunningBot, name: str, locale: str = "en-US") -> Channel:
    """Have the bot join another server; returns its channel, where it has been greeted."""
    world = arena.playground.world
    for _ in range(5):
        guild = world.create_guild(name, channels=("lobby", "second"), locale=locale)
        lobby, second = guild.channels.values()
        # A server that comes within two seconds after READY passes for one of those that were there.
        with suppress(TimeoutError):
            await world.until(lambda lobby=lobby: bool(lobby.messages), timeout=4)
            assert not second.messages
            return lobby
        world.delete_guild(guild)
    raise AssertionError("not greeted")


async def test_a_server_is_greeted_once(tmp_path: Path) -> None:
    async with scene(tmp_path) as arena, connected_bot(arena):
        lobby = await joined(arena, "Elsewhere")
        await arena.playground.gateway.drop(forget=True)
        await arena.playground.ready()
        later = await joined(arena, "Later", "ja")

        assert len(messages(lobby)) == len(messages(later)) == 1
        assert not arena.channel.messages
        assert "I hold blind battles" in messages(lobby)[0].text
        assert "はじめまして" in messages(later)[0].text


async def test_its_buttons_lead_to_the_setup_and_to_a_battle_also_after_a_restart(tmp_path: Path) -> None:
    async with scene(tmp_path) as arena:
        people, world = arena.playground.people, arena.playground.world
        async with connected_bot(arena):
            lobby = await joined(arena, "Elsewhere")
        guild = world.guild(lobby.guild_id)
        boss = world.create_role(guild, "Boss", Permission.MANAGE_GUILD)
        manager = world.create_member(guild, "manager", roles=[boss])
        member = world.create_member(guild, "member")
        (greeting,) = messages(lobby)
        async with connected_bot(arena):
            set_up = people.press(manager, greeting, SET_UP)
            await world.until(lambda: set_up.message is not None and "Step 1 of" in set_up.message.text)
            refused = people.press(member, greeting, SET_UP)
            await world.until(lambda: refused.message is not None and bool(refused.message.content))
            form = people.press(member, greeting, TRY)
            await world.until(lambda: form.modal is not None)
            asked = await arena.fill_in(form, {"prompt": "Why?"})
            await world.until(lambda: asked.message is not None and "Why?" in asked.message.text)

        assert refused.message
        assert "Manage Server" in refused.message.content


async def test_a_server_without_a_channel_that_takes_it_is_left_alone(tmp_path: Path) -> None:
    async with scene(tmp_path) as arena, connected_bot(arena):
        await joined(arena, "First")
        silent = arena.playground.world.create_guild(
            "Silent", channels=("lobby",), everyone=Permission.VIEW_CHANNEL
        )
        await joined(arena, "Elsewhere")

        assert not next(iter(silent.channels.values())).messages
        assert "could not be greeted" not in arena.installation.log()
