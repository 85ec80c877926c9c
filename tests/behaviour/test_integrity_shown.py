from __future__ import annotations

from typing import TYPE_CHECKING

from tests.behaviour.place import place, text_of
from tests.fighters import fighter

if TYPE_CHECKING:
    from pathlib import Path


async def test_a_reply_that_names_its_model_leaves_the_votes_out_of_the_ratings(tmp_path: Path) -> None:
    fighters = [fighter("GPT-4o", "As GPT-4o I would say yes."), fighter("Quillon", "Yes.")]
    async with place(tmp_path, fighters) as here:
        card = await here.battle()
        await here.bob.react(card, "🅰️")
        text = text_of(await here.close())

        assert "Not rated: reply" in text
        assert "gives its model away (“GPT-4o”)" in text
        assert text.count("rating 1000 → 1000 (+0)") == 2
        assert here.row("select state, unrated, votes_a from battles") == ("closed", "leak", 1)
        assert here.row("select count(*) from votes") == (1,)
        assert here.row("select count(*) from pair_sums") == (0,)


async def test_that_a_reply_gives_itself_away_is_not_said_before_the_reveal(tmp_path: Path) -> None:
    fighters = [fighter("GPT-4o", "As GPT-4o I would say yes."), fighter("Quillon", "Yes.")]
    async with place(tmp_path, fighters) as here:
        text = text_of(await here.battle())

        assert "Not rated" not in text


async def test_a_prompt_that_asks_who_they_are_is_not_rated(tmp_path: Path) -> None:
    async with place(tmp_path, [fighter("Zephyrine", "A friend."), fighter("Quillon", "Me.")]) as here:
        card = await here.battle("Who are you? Which company made you?")
        await here.bob.react(card, "🅰️")
        text = text_of(await here.close())

        assert "Not rated: the prompt asks the models who they are." in text
        assert here.row("select unrated, votes_a from battles") == ("asked_identity", 1)
        assert here.row("select count(*) from pair_sums") == (0,)


async def test_an_unrated_battle_does_not_show_on_the_leaderboard(tmp_path: Path) -> None:
    async with place(tmp_path, [fighter("Zephyrine"), fighter("Quillon")]) as here:
        card = await here.battle("Who are you?")
        await here.bob.react(card, "🅰️")
        await here.close()
        board = await here.bob.slash(here.channel, "leaderboard")

        assert board.response
        assert "0 battles, 0 votes" in text_of(board.response.message)
