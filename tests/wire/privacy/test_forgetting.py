"""What a member had deleted is in no file of the database any more, while the bot runs on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.wire.scenes import connected_bot, scene

if TYPE_CHECKING:
    from pathlib import Path

    from tests.wire.scenes import RunningBot

SECRET = "Fukuzawa"


async def delete_data(arena: RunningBot) -> None:
    buttons = ("arena:privacy:delete", "arena:erase")
    told = await arena.press_in_answer(arena.members[0], arena.channel, "privacy", *buttons)
    await arena.until(told, "was deleted")


async def test_after_a_deletion_no_file_of_the_database_holds_the_prompt(tmp_path: Path) -> None:
    async with scene(tmp_path) as arena, connected_bot(arena) as process:
        people, installation = arena.playground.people, arena.installation
        card = await arena.battle(f"What did {SECRET} write?")
        await arena.until(card, "Your last reaction counts")
        await people.press(arena.members[0], card, "arena:close:1").finished()
        await installation.until("select state from battles", [("closed",)])
        told = installation.holds(SECRET)
        await delete_data(arena)
        await installation.until_true(lambda: not installation.holds(SECRET))

        assert told
        assert process.returncode is None


async def test_what_an_open_vote_had_to_keep_is_gone_once_it_is_decided(tmp_path: Path) -> None:
    async with scene(tmp_path) as arena, connected_bot(arena):
        people, installation = arena.playground.people, arena.installation
        card = await arena.battle(f"What did {SECRET} write?")
        await arena.until(card, "Your last reaction counts")
        await delete_data(arena)
        await people.press(arena.members[0], card, "arena:close:1").finished()
        await installation.until_true(lambda: not installation.holds(SECRET))

        assert installation.rows("select state, prompt from battles") == [("closed", "")]
