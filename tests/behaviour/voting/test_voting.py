from __future__ import annotations

from typing import TYPE_CHECKING

from tests.behaviour.place import gateway_session_is_new, place, restarted, text_of, unnoticed
from tests.competitors import competitor

if TYPE_CHECKING:
    from pathlib import Path

PAIR = ("Zephyrine", "Quillon")


async def test_a_second_reaction_replaces_the_first_vote(tmp_path: Path) -> None:
    async with place(tmp_path, map(competitor, PAIR)) as here:
        card = await here.battle()
        await here.bob.react(card, "🅰️")
        await here.bob.react(card, "👎")
        text = text_of(await here.close())

        assert "🅰️ 0 · 🅱️ 0 · 🤝 0 · 👎 1 (1 vote)" in text


async def test_withdrawing_the_last_reaction_brings_back_the_one_that_still_stands(tmp_path: Path) -> None:
    async with place(tmp_path, map(competitor, PAIR)) as here:
        card = await here.battle()
        await here.bob.react(card, "🅰️")
        await here.bob.react(card, "🅱️")
        await here.bob.unreact(card, "🅱️")
        text = text_of(await here.close())

        assert "🅰️ 1 · 🅱️ 0 · 🤝 0 · 👎 0 (1 vote)" in text


async def test_withdrawing_an_earlier_reaction_leaves_the_last_one(tmp_path: Path) -> None:
    async with place(tmp_path, map(competitor, PAIR)) as here:
        card = await here.battle()
        await here.bob.react(card, "🅰️")
        await here.bob.react(card, "🅱️")
        await here.bob.unreact(card, "🅰️")
        text = text_of(await here.close())

        assert "🅰️ 0 · 🅱️ 1 · 🤝 0 · 👎 0 (1 vote)" in text


async def test_a_reaction_put_back_is_the_last_again(tmp_path: Path) -> None:
    async with place(tmp_path, map(competitor, PAIR)) as here:
        card = await here.battle()
        await here.bob.react(card, "🅰️")
        await here.bob.react(card, "🅱️")
        await here.bob.unreact(card, "🅰️")
        await here.bob.react(card, "🅰️")
        text = text_of(await here.close())

        assert "🅰️ 1 · 🅱️ 0 · 🤝 0 · 👎 0 (1 vote)" in text


async def test_a_vote_taken_back_leaves_no_votes(tmp_path: Path) -> None:
    async with place(tmp_path, map(competitor, PAIR)) as here:
        card = await here.battle()
        await here.bob.react(card, "🅰️")
        await here.bob.unreact(card, "🅰️")
        text = text_of(await here.close())

        assert "No votes" in text
        assert "(0 votes)" in text
        assert "rating 1000" in text
        assert "→" not in text


async def test_other_bots_do_not_vote(tmp_path: Path) -> None:
    async with place(tmp_path, map(competitor, PAIR)) as here:
        robot = here.guild.add_member(here.env.create_user("robot", bot=True))
        card = await here.battle()
        await robot.react(card, "🅰️")
        text = text_of(await here.close())

        assert "No votes" in text


async def test_other_emojis_do_not_vote(tmp_path: Path) -> None:
    async with place(tmp_path, map(competitor, PAIR)) as here:
        card = await here.battle()
        await here.bob.react(card, "🎉")
        await here.carol.react(card, "🆎")
        text = text_of(await here.close())

        assert "No votes" in text


async def test_a_reaction_without_its_variation_selector_is_the_same_vote(tmp_path: Path) -> None:
    async with place(tmp_path, map(competitor, PAIR)) as here:
        card = await here.battle()
        await here.bob.react(card, "🅰")
        await here.carol.react(card, "🅰️")
        text = text_of(await here.close())

        assert "🅰️ 2 · 🅱️ 0 · 🤝 0 · 👎 0 (2 votes)" in text


async def test_a_reaction_after_the_end_changes_nothing(tmp_path: Path) -> None:
    async with place(tmp_path, map(competitor, PAIR)) as here:
        card = await here.battle()
        await here.bob.react(card, "🅰️")
        revealed = text_of(await here.close())
        await here.bob.unreact(card, "🅰️")
        await here.carol.react(card, "🅱️")
        await here.env.advance_time(600)

        assert text_of(here.card) == revealed
        assert here.rows("select user_id, vote from votes") == [(here.bob.id, "a")]


async def test_a_tie_of_a_and_b_is_shown_as_a_tie(tmp_path: Path) -> None:
    async with place(tmp_path, map(competitor, PAIR)) as here:
        card = await here.battle()
        await here.bob.react(card, "🅰️")
        await here.carol.react(card, "🅱️")
        text = text_of(await here.close())

        assert "🤝 A tie" in text
        assert "🅰️ 1 · 🅱️ 1 · 🤝 0 · 👎 0 (2 votes)" in text


async def test_most_votes_for_both_bad_are_shown_as_such(tmp_path: Path) -> None:
    async with place(tmp_path, map(competitor, PAIR)) as here:
        card = await here.battle()
        await here.bob.react(card, "👎")
        await here.carol.react(card, "👎")
        await here.alice.react(card, "🅰️")
        text = text_of(await here.close())

        assert "👎 Both are bad" in text
        assert "🅰️ 1 · 🅱️ 0 · 🤝 0 · 👎 2 (3 votes)" in text


async def test_votes_stay_where_a_moderator_clears_all_reactions(tmp_path: Path) -> None:
    async with place(tmp_path, map(competitor, PAIR)) as here:
        card = await here.battle()
        await here.bob.react(card, "🅰️")
        await here.carol.react(card, "🅱️")
        here.env.backend.clear_reactions(here.channel.id, card.id)
        await here.env.settle()
        text = text_of(await here.close())

        assert "🅰️ 1 · 🅱️ 1 · 🤝 0 · 👎 0 (2 votes)" in text
        assert here.rows("select vote from votes order by vote") == [("a",), ("b",)]


async def test_a_member_whose_reaction_was_cleared_can_vote_otherwise_and_take_it_back(
    tmp_path: Path,
) -> None:
    async with place(tmp_path, map(competitor, PAIR)) as here:
        card = await here.battle()
        for member in (here.bob, here.carol):
            await member.react(card, "🅰️")
        here.env.backend.clear_reactions(here.channel.id, card.id)
        await here.env.settle()
        for member in (here.bob, here.carol):
            await member.react(card, "🅱️")
        await here.carol.unreact(card, "🅱️")
        text = text_of(await here.close())

        assert "🅰️ 0 · 🅱️ 1 · 🤝 0 · 👎 0 (1 vote)" in text


async def test_cleared_votes_outlive_a_restart(tmp_path: Path) -> None:
    competitors = list(map(competitor, PAIR))
    async with place(tmp_path, competitors) as here:
        card = await here.battle()
        await here.bob.react(card, "🅰️")
        here.env.backend.clear_reactions(here.channel.id, card.id)
        await here.env.settle()
        await gateway_session_is_new(here)
        async with restarted(here, competitors):
            text = text_of(await here.close())

    assert "🅰️ 1 · 🅱️ 0 · 🤝 0 · 👎 0 (1 vote)" in text


async def test_votes_stay_where_a_moderator_clears_one_emoji(tmp_path: Path) -> None:
    async with place(tmp_path, map(competitor, PAIR)) as here:
        card = await here.battle()
        await here.bob.react(card, "🅰️")
        await here.bob.react(card, "🅱️")
        await here.carol.react(card, "🅱️")
        here.env.backend.clear_reaction(here.channel.id, card.id, "🅱️")
        await here.env.settle()
        text = text_of(await here.close())

        assert "🅰️ 0 · 🅱️ 2 · 🤝 0 · 👎 0 (2 votes)" in text


async def test_votes_whose_events_were_missed_are_found_at_the_end(tmp_path: Path) -> None:
    async with place(tmp_path, map(competitor, PAIR)) as here:
        card = await here.battle()
        await here.alice.react(card, "🅱️")
        with unnoticed(here):
            await here.bob.react(card, "🅰️")
            await here.alice.unreact(card, "🅱️")
        text = text_of(await here.close())

        assert "🅰️ 1 · 🅱️ 0 · 🤝 0 · 👎 0 (1 vote)" in text


async def test_where_no_event_was_missed_no_voters_are_read(tmp_path: Path) -> None:
    async with place(tmp_path, map(competitor, PAIR)) as here:
        card = await here.battle()
        await here.bob.react(card, "🅰️")
        await here.close()

        assert [request.split()[0] for request in here.limited_requests].count("GET") == 1


async def test_a_new_gateway_session_repairs_the_open_ballots_at_once(tmp_path: Path) -> None:
    async with place(tmp_path, map(competitor, PAIR)) as here:
        card = await here.battle()
        with unnoticed(here):
            await here.bob.react(card, "🅰️")
        await gateway_session_is_new(here)

        assert here.rows("select user_id, vote from votes") == [(here.bob.id, "a")]


async def test_several_missed_reactions_of_one_member_are_reported_as_unclear(tmp_path: Path) -> None:
    async with place(tmp_path, map(competitor, PAIR)) as here:
        card = await here.battle()
        await here.carol.react(card, "🤝")
        with unnoticed(here):
            await here.bob.react(card, "🅰️")
            await here.bob.react(card, "🅱️")
        text = text_of(await here.close())

        assert "🅰️ 0 · 🅱️ 0 · 🤝 1 · 👎 0 (1 vote)" in text
        assert "1 vote was unclear and is not counted" in text
