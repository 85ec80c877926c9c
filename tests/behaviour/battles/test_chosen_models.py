from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from bot.backends.base import BackendError, Failure
from tests.behaviour.pages import decide
from tests.behaviour.place import place, text_of
from tests.behaviour.ratings.boards import admin, leaderboard, refusal
from tests.competitors import asked, competitor

if TYPE_CHECKING:
    from pathlib import Path

    import discord
    import simcord

    from tests.behaviour.place import SimulatedServer

FOUR = ("Zephyrine", "Quillon", "Marrowby", "Aurelian")


async def shown(here: SimulatedServer, models: str = "Zephyrine / Quillon") -> discord.Message:
    """Let a moderator show two models; return the card as it is then."""
    await admin(here).slash(here.channel, "battle", prompt="Why?", models=models)
    await here.env.settle()
    return here.card


async def offered(here: SimulatedServer, member: simcord.MemberActor, typed: str) -> list[str]:
    found = await member.autocomplete(here.channel, "battle", "models", typed, prompt="Why?")
    return [choice["name"] for choice in found]


async def test_a_moderator_chooses_who_answers(tmp_path: Path) -> None:
    competitors = [competitor(name) for name in FOUR]
    async with place(tmp_path, competitors) as here:
        await shown(here, "Marrowby / Quillon")

        assert [len(asked(one)) for one in competitors] == [0, 1, 1, 0]


async def test_the_names_stay_hidden_until_the_reveal(tmp_path: Path) -> None:
    async with place(tmp_path, map(competitor, FOUR)) as here:
        await shown(here)
        before = here.bodies
        end = text_of(await here.close())

        assert not any(name in before for name in FOUR)
        assert "Zephyrine" in end
        assert "Quillon" in end


async def test_both_models_come_to_both_sides(tmp_path: Path) -> None:
    async with place(tmp_path, map(competitor, FOUR)) as here:
        ada = admin(here)
        for _ in range(8):
            await ada.slash(here.channel, "battle", prompt="Why?", models="Zephyrine / Quillon")
            await here.env.settle()

        assert {model for (model,) in here.rows("select model_id from contestants where side = 'a'")} == {
            1,
            2,
        }


async def test_such_a_battle_is_not_rated_and_says_so(tmp_path: Path) -> None:
    async with place(tmp_path, map(competitor, FOUR)) as here:
        card = await shown(here)
        await here.bob.react(card, "🅰️")
        end = text_of(await here.close())
        board = await leaderboard(here)

        assert "Not rated: a moderator chose the models." in end
        assert here.row("select unrated, votes_a, drawn_probability from battles") == ("chosen", 1, 1.0)
        assert "No votes yet" in board
        assert here.rows("select * from draws") == []


async def test_nobody_steps_in_for_a_model_that_fails(tmp_path: Path) -> None:
    competitors = [competitor(name) for name in FOUR]
    competitors[0] = competitor(FOUR[0], troubles=[BackendError(Failure.OVERLOADED, "tired")] * 9)
    async with place(tmp_path, competitors) as here:
        card = await shown(here)

        assert "called off" in text_of(card)
        assert here.row("select voided from battles") == ("models_failed",)
        assert not asked(competitors[2]) + asked(competitors[3])


async def test_members_cannot_choose_and_are_told_no_name(tmp_path: Path) -> None:
    competitors = [competitor(name) for name in FOUR]
    async with place(tmp_path, competitors) as here:
        refused = await here.bob.slash(here.channel, "battle", prompt="Why?", models="Zephyrine / Somebody")

        assert refusal(here, refused) == (
            "Only moderators can choose the models. Leave `models` out, and two are drawn."
        )
        assert await offered(here, here.bob, "") == []
        assert here.row("select count(*) from battles") == (0,)


async def test_moderators_are_offered_the_pairs_that_hold_what_they_typed(tmp_path: Path) -> None:
    async with place(tmp_path, map(competitor, FOUR)) as here:
        ada = admin(here)

        assert len(await offered(here, ada, "")) == 6
        assert await offered(here, ada, "zeph / quil") == ["Quillon / Zephyrine"]
        assert await offered(here, ada, "nobody") == []


async def test_a_masked_model_is_offered_under_its_code_name_alone(tmp_path: Path) -> None:
    async with place(tmp_path, map(competitor, FOUR[:2])) as here:
        ada = admin(here)
        await decide(ada, here.channel, "mask", "Quillon", "Mystery")
        names = await offered(here, ada, "")
        refused = await ada.slash(here.channel, "battle", prompt="Why?", models="Zephyrine / Quillon")
        await ada.slash(here.channel, "battle", prompt="Why?", models="Zephyrine / Mystery")
        await here.env.settle()
        here_end = text_of(await here.close())

        assert names == ["Mystery / Zephyrine"]
        assert "no model named Quillon" in refusal(here, refused)
        assert "Mystery" in here_end
        assert "Quillon" not in here_end


async def test_what_is_offered_can_be_chosen_however_long_the_names_are(tmp_path: Path) -> None:
    names = ["A" * 80, "家族👨‍👩‍👧‍👦" * 8]
    async with place(tmp_path, map(competitor, names)) as here:
        ada = admin(here)
        (choice,) = await ada.autocomplete(here.channel, "battle", "models", "", prompt="Why?")
        await ada.slash(here.channel, "battle", prompt="Why?", models=choice["value"])
        await here.env.settle()

        assert len(choice["name"]) <= 100
        assert here.row("select unrated from battles") == ("chosen",)


async def test_a_model_that_cannot_take_what_is_asked_is_named_to_the_moderator(tmp_path: Path) -> None:
    short = replace(competitor("Quillon"), max_prompt_chars=3)
    async with place(tmp_path, [competitor("Zephyrine"), short]) as here:
        ada, pair = admin(here), "Zephyrine / Quillon"
        refused = await ada.slash(here.channel, "battle", prompt="Why?", models=pair)
        await ada.slash(here.channel, "battle", prompt="Eh?", models=pair)
        await here.env.settle()

        assert "Quillon can be asked 3 characters at most" in refusal(here, refused)
        assert here.rows("select prompt from battles") == [("Eh?",)]
