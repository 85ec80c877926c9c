from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from bot.config import BattleDefaults, Config
from tests.behaviour.place import VOTING_SECONDS, buttons_of, place, restarted, speak, text_of
from tests.behaviour.ratings.boards import admin, refusal
from tests.competitors import asked, competitor

if TYPE_CHECKING:
    from pathlib import Path

    import discord

    from tests.behaviour.place import SimulatedServer

FOUR = ("Zephyrine", "Quillon", "Marrowby", "Aurelian")
REMATCH = "arena:rematch:1"


async def revealed(here: SimulatedServer, prompt: str = "Why?", **options: str) -> discord.Message:
    """Let Alice ask and close the vote; return the card with the names."""
    await here.alice.slash(here.channel, "battle", prompt=prompt, **options)
    await here.alice.click(here.card, label="🔒 Close (asker)")
    await here.env.settle()
    return here.card


async def rematch(here: SimulatedServer, card: discord.Message | None = None) -> discord.Message:
    """Let Bob ask for a rematch; return its card."""
    await here.bob.click(card or here.card, custom_id=REMATCH)
    await here.env.settle()
    return here.channel.history()[-1]


def fought(here: SimulatedServer, battle_id: int) -> set[object]:
    seats = here.rows("select battle_id, model_id from contestants")
    return {model_id for battle, model_id in seats if battle == battle_id}


async def test_the_reveal_offers_a_rematch_and_an_open_vote_does_not(tmp_path: Path) -> None:
    async with place(tmp_path, map(competitor, FOUR)) as here:
        before = buttons_of(await here.battle())
        after = buttons_of(await here.close())

        assert REMATCH not in before
        assert after == ["arena:compare:1", REMATCH]


async def test_a_rematch_asks_the_same_of_two_other_models(tmp_path: Path) -> None:
    competitors = [competitor(name) for name in FOUR]
    async with place(tmp_path, competitors) as here:
        await revealed(here, "Why is the sky blue?")
        card = await rematch(here)

        assert [asked(one) for one in competitors] == [["Why is the sky blue?"]] * 4
        assert fought(here, 1).isdisjoint(fought(here, 2))
        assert "Vote with the reactions below" in text_of(card)
        assert not any(name in text_of(card) for name in FOUR)
        assert here.row("select drawn_probability > 0.999 from battles where battle_id = 2") == (1,)


@pytest.mark.parametrize("models", [2, 4])
async def test_a_rematch_whose_pair_is_certain_is_not_rated_and_says_so(tmp_path: Path, models: int) -> None:
    async with place(tmp_path, map(competitor, FOUR[:models])) as here:
        await revealed(here)
        card = await rematch(here)
        await here.carol.react(card, "🅰️")
        await here.env.advance_time(VOTING_SECONDS)
        said = text_of(here.channel.history()[-1])

        assert here.rows("select unrated from battles") == [(None,), ("certain_pair",)]
        assert "Not rated: no other two models were left for this rematch." in said
        assert here.row("select count(*) from pair_sums") == (0,)


async def test_a_rematch_that_several_pairs_could_fight_is_rated(tmp_path: Path) -> None:
    async with place(tmp_path, map(competitor, (*FOUR, "Oxlade"))) as here:
        await revealed(here)
        await rematch(here)

        assert here.rows("select unrated from battles") == [(None,), (None,)]


async def test_the_rematch_is_of_the_member_who_pressed_and_stands_below_the_old_card(tmp_path: Path) -> None:
    async with place(tmp_path, map(competitor, FOUR)) as here:
        old = await revealed(here)
        card = await rematch(here)

        assert len(here.channel.history()) == 2
        assert "arena:close:2" in buttons_of(card)
        assert "Why?" in text_of(old)
        assert here.row("select asker_id from battles where battle_id = 2") == (here.bob.id,)


async def test_of_two_models_the_same_pair_meets_again(tmp_path: Path) -> None:
    async with place(tmp_path, map(competitor, FOUR[:2])) as here:
        await revealed(here)
        await rematch(here)

        assert fought(here, 1) == fought(here, 2) == {1, 2}


async def test_a_rematch_of_a_conversation_asks_its_first_prompt(tmp_path: Path) -> None:
    competitors = [competitor(name) for name in FOUR]
    async with place(tmp_path, competitors) as here:
        await here.battle("Why?")
        form = await here.alice.click(here.card, custom_id="arena:continue:1")
        await here.alice.submit_modal(form, {"prompt": "And then?"})
        await here.env.settle()
        await here.close()
        card = await rematch(here)

        assert sorted(asked(one) for one in competitors) == [["Why?"]] * 2 + [["Why?", "And then?"]] * 2
        assert "Why?" in text_of(card)
        assert "And then?" not in text_of(card)


async def test_a_chosen_category_goes_on_as_long_as_it_is_open(tmp_path: Path) -> None:
    async with place(tmp_path, map(competitor, FOUR)) as here:
        ada = admin(here)
        await ada.slash(here.channel, "categories add", name="Haiku")
        await ada.slash(here.channel, "categories add", name="Riddles")
        await revealed(here, category="Haiku")
        await rematch(here)
        joined = here.rows("select battle_id from battle_categories where category = 'own:1'")
        await ada.slash(here.channel, "categories close", name="Haiku")
        await here.carol.click(here.card, custom_id=REMATCH)
        await here.env.settle()

        assert joined == [(1,), (2,)]
        assert here.rows("select battle_id from battle_categories where category = 'own:1'") == joined
        assert here.row("select count(*) from battles") == (3,)


async def test_the_cool_down_is_that_of_the_member_who_presses(tmp_path: Path) -> None:
    config = Config(battle=BattleDefaults(cooldown_seconds=3600))
    async with place(tmp_path, map(competitor, FOUR), config) as here:
        card = await revealed(here)
        refused = await here.alice.click(card, custom_id=REMATCH)
        await rematch(here)

        assert "wait a while between two battles" in refusal(here, refused)
        assert here.row("select asker_id from battles where battle_id = 2") == (here.bob.id,)


async def test_a_battle_that_was_called_off_has_no_rematch(tmp_path: Path) -> None:
    async with place(tmp_path, map(competitor, FOUR)) as here:
        await revealed(here)
        here.change(
            "update battles set state = 'voided', voided = 'moderator'"
        )  # the card is not redrawn yet
        refused = await here.bob.click(here.card, custom_id=REMATCH)
        here.change("update battles set state = 'closed', voided = null")
        await admin(here).slash(here.channel, "void", battle="1", reason="A test.")
        await here.env.settle()

        assert REMATCH not in buttons_of(here.card)
        assert "no rematch of a battle that was called off" in refusal(here, refused)


async def test_a_prompt_that_is_gone_has_no_rematch(tmp_path: Path) -> None:
    async with place(tmp_path, map(competitor, FOUR)) as here:
        await revealed(here)
        here.change("update battles set prompt = ''")
        refused = await here.bob.click(here.card, custom_id=REMATCH)

        assert "The prompt of this battle was deleted" in refusal(here, refused)


async def test_an_image_that_is_gone_has_no_rematch(tmp_path: Path) -> None:
    async with place(tmp_path, map(competitor, FOUR)) as here:
        await revealed(here)
        here.change("update battles set image_kind = 'png'")
        refused = await here.bob.click(here.card, custom_id=REMATCH)

        assert "I do not have the image of this battle any more" in refusal(here, refused)


async def test_an_old_card_offers_its_rematch_after_a_restart(tmp_path: Path) -> None:
    competitors = [competitor(name) for name in FOUR]
    async with place(tmp_path, competitors) as here:
        await revealed(here)
        async with restarted(here, competitors):
            card = await rematch(here)

        assert "arena:close:2" in buttons_of(card)


@pytest.mark.parametrize(("locale", "label"), [("en-US", "🔁 Rematch"), ("ja", "🔁 再戦")])
async def test_the_button_is_named_in_the_language_of_the_server(
    tmp_path: Path, locale: str, label: str
) -> None:
    async with place(tmp_path, map(competitor, FOUR)) as here:
        speak(here, locale)
        await here.battle()
        await here.close()
        await here.bob.click(here.card, label=label)

        assert here.row("select count(*) from battles") == (2,)
