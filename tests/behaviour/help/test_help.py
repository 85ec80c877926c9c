from __future__ import annotations

from typing import TYPE_CHECKING

from tests.behaviour.place import answer_to, place, speak
from tests.behaviour.settings.settings import SettingsDesk
from tests.competitors import competitor

if TYPE_CHECKING:
    from pathlib import Path

PAIR = ("Zephyrine", "Quillon")


async def test_a_member_is_told_what_the_bot_is_and_what_they_can_do(tmp_path: Path) -> None:
    async with place(tmp_path, map(competitor, PAIR)) as here:
        said = answer_to(await here.alice.slash(here.channel, "help"))

        assert "Two models answer the same prompt without their names" in said
        assert "</leaderboard:" in said
        assert "</about ratings:" in said
        assert "For moderators" not in said
        assert "/models" not in said


async def test_a_moderator_is_told_of_the_commands_for_moderators_too(tmp_path: Path) -> None:
    async with place(tmp_path, map(competitor, PAIR)) as here:
        desk = await SettingsDesk.opened(here)
        said = answer_to(await desk.olga.slash(here.channel, "help"))

        assert "`/settings` `show`, `export`, `import`\n-# How battles are held in this server" in said
        assert "`/models` `list`, `add`, `changes`, `budget`, `access`" in said


async def test_help_speaks_japanese(tmp_path: Path) -> None:
    async with place(tmp_path, map(competitor, PAIR)) as here:
        speak(here, "ja")
        said = answer_to(await here.alice.slash(here.channel, "help"))

        assert "2つのモデルが名前を伏せて" in said
