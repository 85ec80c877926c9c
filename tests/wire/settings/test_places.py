"""Where a battle can be held, and in which language, with the real bot over the wire."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from bot.playground import Permission
from bot.playground.world.messages.bodies import Upload
from tests.images import picture
from tests.wire.scenes import connected_bot, scene

if TYPE_CHECKING:
    from pathlib import Path

    from tests.wire.scenes import RunningBot

SMALL = Upload(0, "photo.png", "image/png", picture())


def deny(arena: RunningBot, permissions: Permission) -> None:
    """Take permissions from the bot in the channel."""
    world = arena.playground.world
    world.set_overwrite(arena.channel, arena.guild.members[world.bot.id], deny=permissions)


@pytest.mark.parametrize(
    ("locale", "refusal"),
    [
        ("en-US", "Please mention me in this thread first, and ask again."),
        ("ja", "先にこのスレッドで私をメンションしてから、もう一度お試しください。"),
    ],
)
async def test_in_a_private_thread_the_bot_asks_to_be_mentioned_before_any_model_is_asked(
    tmp_path: Path, locale: str, refusal: str
) -> None:
    async with scene(tmp_path) as arena, connected_bot(arena):
        people, world = arena.playground.people, arena.playground.world
        asker = world.create_member(arena.guild, "asker", locale=locale)
        thread = world.create_thread(arena.channel, "Just us", owner=asker, private=True)
        refused = people.slash(asker, thread, "battle", prompt="Why?")
        told = await refused.told()
        before = arena.installation.rows("select count(*) from battles")
        people.say(asker, thread, f"<@{world.bot.id}>")
        asked = people.slash(asker, thread, "battle", prompt="Why?")
        await asked.finished()
        await arena.installation.until("select state from battles", [("voting",)])

        assert told.ephemeral
        assert refusal in told.text
        assert before == [(0,)]


async def test_a_battle_needs_neither_embeds_nor_files(tmp_path: Path) -> None:
    async with scene(tmp_path) as arena:
        deny(arena, Permission.EMBED_LINKS | Permission.ATTACH_FILES)
        async with connected_bot(arena):
            card = await arena.battle()
            await arena.until(card, "Vote with the reactions below")


async def test_a_battle_about_an_image_names_the_permission_that_it_needs(tmp_path: Path) -> None:
    async with scene(tmp_path, sees=True) as arena:
        deny(arena, Permission.ATTACH_FILES)
        async with connected_bot(arena):
            asked = arena.playground.people.slash(
                arena.members[0], arena.channel, "battle", prompt="Why?", image=SMALL
            )
            told = await asked.told()

        assert "allow me: Attach Files\n" in told.text
        assert not arena.installation.rows("select 1 from battles")


async def test_the_setup_names_what_pictures_need_apart_from_what_battles_need(tmp_path: Path) -> None:
    async with scene(tmp_path) as arena:
        people = arena.playground.people
        olga = arena.member_with(Permission.MANAGE_GUILD, "olga")
        deny(arena, Permission.ATTACH_FILES)
        async with connected_bot(arena):
            shown = await people.slash(olga, arena.channel, "setup").finished()
            assert shown.message
            for step in ("step1", "step2", "step3", "step4", "check"):
                await arena.use(olga, shown.message, f"arena:settings:{step}")
            await arena.until(shown.message, "Attach Files")

        assert "all that battles need in every channel" in shown.message.text
        assert f"<#{arena.channel.id}>: Attach Files" in shown.message.text


@pytest.mark.parametrize(
    ("community", "said"),
    [(False, "下のリアクションで投票してください"), (True, "Vote with the reactions below")],
)
async def test_only_a_community_decides_on_the_language_of_its_cards(
    tmp_path: Path, said: str, *, community: bool
) -> None:
    async with scene(tmp_path) as arena, connected_bot(arena):
        people, world = arena.playground.people, arena.playground.world
        world.set_community(arena.guild, community=community)
        asker = world.create_member(arena.guild, "asker", locale="ja")
        asked = people.slash(asker, arena.channel, "battle", prompt="Why?")
        await asked.finished()
        assert asked.message
        await arena.until(asked.message, said)


async def test_the_role_of_a_pace_must_be_chosen(tmp_path: Path) -> None:
    async with scene(tmp_path) as arena, connected_bot(arena):
        people = arena.playground.people
        olga = arena.member_with(Permission.MANAGE_GUILD, "olga")
        shown = await people.slash(olga, arena.channel, "settings show").finished()
        assert shown.message
        people.select(olga, shown.message, "arena:settings", ["pace"])
        form = await arena.use(olga, shown.message, "arena:pace:pace")
        assert form.modal
        role, *numbers = [label.component for label in form.modal.components]

        assert role
        assert role.required is True
        assert not any(number and number.required for number in numbers)
