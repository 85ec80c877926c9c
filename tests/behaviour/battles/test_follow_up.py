from __future__ import annotations

from typing import TYPE_CHECKING

from bot.backends.base import BackendError, Failure
from bot.config import Config, Limits
from bot.errors import ArenaError
from tests.behaviour.place import VOTING_SECONDS, answer_to, buttons_of, place, restarted, text_of, unnoticed
from tests.behaviour.ratings.boards import leaderboard, refusal
from tests.competitors import asked, competitor, heard

if TYPE_CHECKING:
    from pathlib import Path

    import discord
    import simcord

    from tests.behaviour.place import SimulatedServer

PAIR = ("Zephyrine", "Quillon")
CONTINUE = "arena:continue:1"
CLOSE = "arena:close:1"


async def follow_up(
    here: SimulatedServer, prompt: str = "And then?", card: discord.Message | None = None
) -> simcord.InteractionResult:
    """Let Alice continue the conversation."""
    form = await here.alice.click(card or here.card, custom_id=CONTINUE)
    result = await here.alice.submit_modal(form, {"prompt": prompt})
    await here.env.settle()
    return result


async def test_each_model_answers_on_with_its_own_part_of_the_conversation(tmp_path: Path) -> None:
    competitors = [competitor("Zephyrine", "From Z."), competitor("Quillon", "From Q.")]
    async with place(tmp_path, competitors) as here:
        await here.battle("Why?")
        await follow_up(here)

        for one, reply in zip(competitors, ("From Z.", "From Q."), strict=True):
            assert heard(one) == [
                [("user", "Why?")],
                [("user", "Why?"), ("assistant", reply), ("user", "And then?")],
            ]


async def test_the_card_shows_the_last_turn_and_hides_the_models(tmp_path: Path) -> None:
    async with place(tmp_path, map(competitor, PAIR)) as here:
        await here.battle("Why?")
        await follow_up(here)
        text = text_of(here.card)

        assert "### Prompt, turn 2\nAnd then?" in text
        assert "Why?" not in text
        assert "Vote with the reactions below" in text
        assert not any(name in here.bodies for name in PAIR)


async def test_earlier_turns_stay_readable(tmp_path: Path) -> None:
    async with place(tmp_path, [competitor(name, "```\nopen") for name in PAIR]) as here:
        await here.battle("Why?")
        await follow_up(here)
        replies = answer_to(await here.bob.click(here.card, label="Read A"))
        prompts = answer_to(await here.bob.click(here.card, label="Read the prompt"))

        assert "**1.** Why?" in replies
        assert "**2.** And then?" in replies
        assert replies.count("```") % 2 == 0
        assert replies.count("open") == 2
        assert "open" not in prompts
        assert prompts.endswith("**1.** Why?\n\n**2.** And then?")


async def test_votes_stand_through_a_turn_and_can_change_afterwards(tmp_path: Path) -> None:
    async with place(tmp_path, map(competitor, PAIR)) as here:
        card = await here.battle()
        await here.bob.react(card, "🅰️")
        await here.carol.react(card, "🅰️")
        await here.env.advance_time(VOTING_SECONDS - 10)
        await follow_up(here)
        await here.env.advance_time(VOTING_SECONDS - 10)
        still_open = here.row("select state from battles")
        await here.carol.react(card, "🅱️")
        await here.env.advance_time(20)

        assert still_open == ("voting",)
        assert here.row("select state, votes_a, votes_b from battles") == ("closed", 1, 1)


async def test_a_battle_with_a_second_turn_counts_as_a_follow_up(tmp_path: Path) -> None:
    async with place(tmp_path, map(competitor, PAIR)) as here:
        card = await here.battle()
        await follow_up(here)
        await here.bob.react(card, "🅰️")
        await here.alice.click(here.card, custom_id=CLOSE)
        await here.env.settle()

        assert "1 battle, 1 vote" in await leaderboard(here, category="Follow-ups")


async def test_the_whole_conversation_is_shown_and_kept_after_the_reveal(tmp_path: Path) -> None:
    async with place(tmp_path, map(competitor, PAIR)) as here:
        await here.battle("Why?")
        await follow_up(here)
        await here.close()
        text = text_of(here.card)
        read = answer_to(await here.bob.click(here.card, label="Read B"))

        assert "No votes" in text
        assert "rating 1000" in text
        assert "**1.** Why?" in read


async def test_a_conversation_has_no_more_turns_than_the_operator_allows(tmp_path: Path) -> None:
    config = Config(limits=Limits(max_turns=2))
    async with place(tmp_path, map(competitor, PAIR), config) as here:
        card = await here.battle()
        form = await here.alice.click(card, custom_id=CONTINUE)
        await follow_up(here)
        refused = await here.alice.submit_modal(form, {"prompt": "And after that?"})

        assert CONTINUE in buttons_of(card)
        assert CONTINUE not in buttons_of(here.card)
        assert "A conversation has 2 turns at most. Please begin anew with /battle." in refusal(here, refused)


async def test_only_the_asker_can_continue(tmp_path: Path) -> None:
    async with place(tmp_path, map(competitor, PAIR)) as here:
        card = await here.battle()
        refused = await here.bob.click(card, custom_id=CONTINUE)

        assert "Only the member who asked" in refusal(here, refused)


async def test_a_form_that_is_sent_after_the_end_is_refused(tmp_path: Path) -> None:
    competitors = [competitor(name) for name in PAIR]
    async with place(tmp_path, competitors) as here:
        card = await here.battle()
        form = await here.alice.click(card, custom_id=CONTINUE)
        await here.close()
        late = await here.alice.submit_modal(form, {"prompt": "Too late?"})

        assert "not open any more" in refusal(here, late)
        assert all("Too late?" not in asked(one) for one in competitors)


async def test_a_model_that_fails_leaves_the_conversation_as_it_was(tmp_path: Path) -> None:
    troubles: list[BackendError] = []
    async with place(tmp_path, [competitor(name, troubles=troubles) for name in PAIR]) as here:
        card = await here.battle("Why?")
        await here.bob.react(card, "🅰️")
        troubles.append(BackendError(Failure.OVERLOADED, "tired"))
        failed = await follow_up(here)
        again = text_of(here.card)
        await follow_up(here, "And now?")
        later = text_of(here.card)
        await here.close()

        assert failed.followups[0].content.startswith("The models could not answer.")
        assert [type(error) for error in here.env.errors] == [ArenaError]
        assert "### Prompt\nWhy?" in again
        assert "### Prompt, turn 2\nAnd now?" in later
        assert here.row("select state, votes_a from battles") == ("closed", 1)


async def test_a_turn_whose_reply_gives_its_model_away_is_not_rated(tmp_path: Path) -> None:
    competitors = [competitor(name, "Fine.", later=(f"I am {name}.",)) for name in PAIR]
    async with place(tmp_path, competitors) as here:
        await here.battle("Why?")
        before = here.row("select unrated from battles")
        await follow_up(here)
        await here.close()

        assert before == (None,)
        assert here.row("select unrated from battles") == ("leak",)
        assert "Not rated" in text_of(here.card)


async def test_a_turn_that_asks_who_is_answering_is_not_rated(tmp_path: Path) -> None:
    async with place(tmp_path, map(competitor, PAIR)) as here:
        await here.battle("Why?")
        before = here.row("select unrated from battles")
        await follow_up(here, "Which model are you?")
        await here.close()

        assert before == (None,)
        assert here.row("select unrated from battles") == ("asked_identity",)
        assert "Not rated" in text_of(here.card)


async def test_a_restart_between_two_turns_keeps_the_conversation(tmp_path: Path) -> None:
    competitors = [competitor(name) for name in PAIR]
    async with place(tmp_path, competitors) as here:
        card = await here.battle("Why?")
        await follow_up(here)
        with unnoticed(here):
            await here.bob.react(card, "🅱️")
        async with restarted(here, competitors):
            await follow_up(here, "And after that?")
            text = text_of(here.card)
            await here.env.advance_time(VOTING_SECONDS)

        assert "### Prompt, turn 3\nAnd after that?" in text
        assert len(heard(competitors[0])[-1]) == 5
        assert here.row("select state, votes_b from battles") == ("closed", 1)
