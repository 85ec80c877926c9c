from __future__ import annotations

import re
from typing import TYPE_CHECKING

from bot.config import BattleDefaults, Config
from bot.domain.battle import FinishReason
from tests.behaviour.place import COMPARE, START, answer_to, buttons_of, place, text_of
from tests.competitors import ScriptedBackend, asked, competitor

if TYPE_CHECKING:
    from pathlib import Path

PAIR = ("Zephyrine", "Quillon")


async def test_the_card_shows_the_prompt_both_replies_and_the_end_of_the_vote(tmp_path: Path) -> None:
    async with place(tmp_path, [competitor("Zephyrine", "Sun."), competitor("Quillon", "Rain.")]) as here:
        card = await here.battle("What is a good day?")

        text = text_of(card)
        assert "What is a good day?" in text
        assert "Reply A" in text
        assert "Reply B" in text
        assert "Sun." in text
        assert "Rain." in text
        assert f"<t:{START + 120}:T> (<t:{START + 120}:R>)" in text


async def test_four_reactions_are_put_under_the_card_in_the_order_of_the_ballot(tmp_path: Path) -> None:
    async with place(tmp_path, map(competitor, PAIR)) as here:
        card = await here.battle()

        assert [str(reaction.emoji) for reaction in card.reactions] == ["🅰️", "🅱️", "🤝", "👎"]
        assert [reaction.count for reaction in card.reactions] == [1, 1, 1, 1]


async def test_until_the_reveal_nothing_that_is_sent_names_a_model(tmp_path: Path) -> None:
    async with place(tmp_path, map(competitor, PAIR)) as here:
        card = await here.battle()
        await here.bob.react(card, "🅰️")
        await here.alice.click(card, custom_id=COMPARE)
        before = here.bodies
        await here.close()

        assert not [name for name in PAIR if name in before]
        assert all(name in here.bodies for name in PAIR)


async def test_the_custom_ids_are_the_same_whichever_model_is_on_which_side(tmp_path: Path) -> None:
    async with place(tmp_path, map(competitor, PAIR)) as here:
        card = await here.battle()

        assert buttons_of(card) == [COMPARE, "arena:continue:1", "arena:close:1"]


async def test_the_reveal_tells_names_tally_winner_ratings_times_and_tokens(tmp_path: Path) -> None:
    async with place(tmp_path, [competitor("Zephyrine", "Sun."), competitor("Quillon", "Rain.")]) as here:
        card = await here.battle()
        side_of_sun = "🅰️" if text_of(card).find("Sun.") < text_of(card).find("Rain.") else "🅱️"
        await here.alice.react(card, side_of_sun)
        await here.bob.react(card, side_of_sun)
        await here.carol.react(card, "🤝")
        text = text_of(await here.close())

        assert "🏆 Zephyrine wins" in text
        assert re.search(rf"{side_of_sun} 2 .*🤝 1 · 👎 0 \(3 votes\)", text)
        assert re.search(r"\*\*Zephyrine\*\* · rating 1000 → \*\*10\d\d\*\* ▲ \d+ \(provisional\)\n", text)
        assert re.search(r"\n-# \d\.\d s to the first word, .* 5 tokens", text)
        assert f"### {side_of_sun} Zephyrine 🏆\n" in text
        assert "Quillon 🏆" not in text
        assert re.search(r"\*\*Quillon\*\* · rating 1000 → \*\*9\d\d\*\* ▼ \d+", text)
        assert "Sun." in text
        assert "Rain." in text


async def test_the_reveal_takes_the_vote_away_and_keeps_the_reading(tmp_path: Path) -> None:
    async with place(tmp_path, map(competitor, PAIR)) as here:
        await here.battle()
        card = await here.close()

        assert buttons_of(card) == [COMPARE, "arena:rematch:1"]
        assert "<t:" not in text_of(card)


async def test_a_battle_takes_at_most_six_of_the_bots_requests_until_its_reveal(tmp_path: Path) -> None:
    async with place(tmp_path, map(competitor, PAIR)) as here:
        card = await here.battle()
        await here.alice.react(card, "🅰️")
        await here.bob.react(card, "🅱️")
        await here.close()

        later = [each for each in here.limited_requests if each.startswith("DELETE") and "/@me" in each]
        assert here.limited_requests
        assert len(here.limited_requests) - len(later) <= 6
        assert len(later) <= 4


async def test_both_models_are_asked_the_prompt_once(tmp_path: Path) -> None:
    competitors = [competitor(name) for name in PAIR]
    async with place(tmp_path, competitors) as here:
        await here.battle("Why is the sky blue?")
        await here.close()

        assert [asked(one) for one in competitors] == [["Why is the sky blue?"]] * 2


async def test_a_reply_that_hit_its_length_limit_is_kept_and_marked(tmp_path: Path) -> None:
    short = competitor("Zephyrine", "A half")
    assert isinstance(short.backend, ScriptedBackend)
    short.backend.reason = FinishReason.LENGTH
    async with place(tmp_path, [short, competitor("Quillon")]) as here:
        before = text_of(await here.battle())
        after = text_of(await here.close())

        assert "A half" in before
        assert before.count("cut off by the model's length limit") == 1
        assert after.count("cut off by the model's length limit") == 1


async def test_with_fewer_than_two_models_the_member_is_told_and_none_is_asked(tmp_path: Path) -> None:
    alone = competitor("Zephyrine")
    async with place(tmp_path, [alone]) as here:
        result = await here.alice.slash(here.channel, "battle", prompt="Anyone?")

        assert "needs two models" in answer_to(result)
        assert "Zephyrine" not in answer_to(result)
        assert not asked(alone)
        assert len(here.env.errors) == 1


async def test_commands_exist_in_servers_only(tmp_path: Path) -> None:
    async with place(tmp_path, map(competitor, PAIR)) as here:
        stranger = here.env.create_user("dora")

        assert {"battle", "leaderboard", "model"} <= set(here.alice.available_commands(here.channel))
        assert stranger.available_commands() == ()


async def test_two_battles_at_the_same_time_do_not_mix(tmp_path: Path) -> None:
    async with place(tmp_path, map(competitor, PAIR)) as here:
        first = await here.battle("One?")
        await here.env.advance_time(60)
        await here.bob.slash(here.channel, "battle", prompt="Two?")
        second = here.channel.history()[1]
        await here.alice.react(first, "🅰️")
        await here.alice.react(second, "👎")
        await here.env.advance_time(60)

        assert "🅰️ 1 · 🅱️ 0 · 🤝 0 · 👎 0 (1 vote)" in text_of(here.channel.history()[0])
        assert "Two?" in text_of(here.channel.history()[1])
        assert "arena:close:2" in buttons_of(here.channel.history()[1])


async def test_a_model_with_votes_enough_is_not_called_provisional(tmp_path: Path) -> None:
    config = Config(battle=BattleDefaults(min_votes_ranked=1, min_battles_ranked=1))
    async with place(tmp_path, map(competitor, PAIR), config) as here:
        card = await here.battle()
        await here.bob.react(card, "🅰️")

        assert "(provisional)" not in text_of(await here.close())
