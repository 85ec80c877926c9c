from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from bot.config import BattleDefaults, Config
from tests.behaviour.place import answer_to, place, speak
from tests.behaviour.ratings.boards import decided, leaderboard
from tests.competitors import competitor

if TYPE_CHECKING:
    from pathlib import Path

PAIR = ("Zephyrine", "Quillon")
ONE_SCREEN = 1500


@pytest.mark.parametrize(("language", "heading"), [("en-US", "How votes become ratings"), ("ja", "投票")])
async def test_the_ratings_are_explained_on_one_screen(tmp_path: Path, language: str, heading: str) -> None:
    config = Config(battle=BattleDefaults(min_votes_ranked=17, min_battles_ranked=23))
    async with place(tmp_path, map(competitor, PAIR), config) as here:
        speak(here, language)
        said = answer_to(await here.alice.slash(here.channel, "about ratings"))

        assert heading in said.splitlines()[0]
        assert "17" in said
        assert "23" in said
        assert len(said) < ONE_SCREEN


@pytest.mark.parametrize(
    "said",
    [
        "A battle weighs the square root of its votes",
        "All of this speaks of the members who voted",
        "a model with more than half of its votes both bad is marked 👎",
        "Groups of models that never met, not even by way of others, have no rank in common",
    ],
)
async def test_what_the_figures_rest_on_is_said(tmp_path: Path, said: str) -> None:
    async with place(tmp_path, map(competitor, PAIR)) as here:
        assert said in answer_to(await here.alice.slash(here.channel, "about ratings"))


async def test_the_leaderboard_says_where_that_is_explained(tmp_path: Path) -> None:
    async with place(tmp_path, map(competitor, PAIR)) as here:
        await decided(here)

        assert "/about ratings" in await leaderboard(here)
