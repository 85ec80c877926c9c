from __future__ import annotations

from typing import TYPE_CHECKING

from tests.behaviour.pages import offer_everything
from tests.behaviour.place import answer_to, place
from tests.behaviour.ratings.boards import admin, decided, leaderboard, refusal
from tests.competitors import competitor

if TYPE_CHECKING:
    from pathlib import Path

PAIR = ("Zephyrine", "Quillon")


async def test_a_battle_counts_for_the_language_of_its_prompt(tmp_path: Path) -> None:
    async with place(tmp_path, map(competitor, PAIR)) as here:
        await decided(here, "今日はどんな日になりますか?")
        japanese = await leaderboard(here, category="Japanese")
        overall = await leaderboard(here)

        assert japanese.startswith("## 🏆 Leaderboard · Japanese")
        assert "1 battle, 2 votes" in japanese
        assert "1 battle, 2 votes" in overall


async def test_the_board_of_a_category_shows_the_models_that_had_votes_there(tmp_path: Path) -> None:
    async with place(tmp_path, map(competitor, (*PAIR, "Marrowby"))) as here:
        await decided(here)
        english = await leaderboard(here, category="English")

        assert english.count("(provisional)") == 2


async def test_a_battle_can_join_a_category_that_moderators_made(tmp_path: Path) -> None:
    async with place(tmp_path, map(competitor, PAIR)) as here:
        made = await admin(here).slash(here.channel, "categories add", name="  Tall   tales ")
        await decided(here, category="tall tales")
        board = await leaderboard(here, category="Tall tales")

        assert "The category is made" in answer_to(made)
        assert board.startswith("## 🏆 Leaderboard · Tall tales")
        assert "1 battle, 2 votes" in board


async def test_every_battle_of_a_bound_channel_belongs_to_its_category(tmp_path: Path) -> None:
    async with place(tmp_path, map(competitor, PAIR)) as here:
        boss = admin(here)
        await boss.slash(here.channel, "categories add", name="Poems")
        await boss.slash(here.channel, "categories bind", channel=here.channel, name="Poems")
        await decided(here)
        bound = here.rows("select category from battle_categories order by category")
        await boss.slash(here.channel, "categories bind", channel=here.channel)
        await decided(here)

        assert bound == [("lang:en",), ("own:1",)]
        assert here.row("select count(*) from battle_categories where category = 'own:1'") == (1,)


async def test_a_closed_category_takes_no_battle_and_keeps_its_board(tmp_path: Path) -> None:
    async with place(tmp_path, map(competitor, PAIR)) as here:
        boss = admin(here)
        await boss.slash(here.channel, "categories add", name="Poems")
        await decided(here, category="Poems")
        await boss.slash(here.channel, "categories close", name="poems")
        refused = await here.alice.slash(here.channel, "battle", prompt="Why?", category="Poems")
        board = await leaderboard(here, category="Poems")
        listed = await boss.slash(here.channel, "categories list")

        assert refusal(here, refused) == (
            "This server has no category named Poems. Moderators make one with /categories add."
        )
        assert "1 battle, 2 votes" in board
        assert "- **Poems** · 1 battle · closed" in answer_to(listed)


async def test_who_names_no_category_is_told_those_that_can_be_chosen(tmp_path: Path) -> None:
    async with place(tmp_path, map(competitor, PAIR)) as here:
        boss = admin(here)
        for name in ("Poems", "Riddles", "Old tales"):
            await boss.slash(here.channel, "categories add", name=name)
        await boss.slash(here.channel, "categories close", name="Old tales")
        for refused in (
            await here.alice.slash(here.channel, "battle", prompt="Why?", category="Poem"),
            await boss.slash(here.channel, "categories close", name="Poem"),
        ):
            assert refusal(here, refused) == (
                "This server has no category named Poem. You can choose: Poems · Riddles"
            )


async def test_a_refusal_is_shown_however_long_what_it_quotes_is(tmp_path: Path) -> None:
    async with place(tmp_path, map(competitor, PAIR)) as here:
        publicly = await here.alice.slash(here.channel, "battle", prompt="Why?", category="_" * 6000)
        offer_everything(here)
        privately = await admin(here).slash(here.channel, "categories close", name="x" * 6000)

        for refused in (publicly, privately):
            assert refusal(here, refused).startswith("This server has no category named ")
            assert len(answer_to(refused)) == 2000
        assert answer_to(publicly).endswith("…\n\nYour prompt, to copy:\n```\nWhy?\n```")


async def test_a_category_that_is_made_again_goes_on(tmp_path: Path) -> None:
    async with place(tmp_path, map(competitor, PAIR)) as here:
        boss = admin(here)
        await boss.slash(here.channel, "categories add", name="Poems")
        twice = await boss.slash(here.channel, "categories add", name="POEMS")
        await boss.slash(here.channel, "categories close", name="Poems")
        await boss.slash(here.channel, "categories add", name="POEMS")

        assert "There is a category of this name already: Poems" in refusal(here, twice)
        assert here.rows("select name, is_open from categories") == [("Poems", 1)]


async def test_a_server_can_have_twenty_categories(tmp_path: Path) -> None:
    async with place(tmp_path, map(competitor, PAIR)) as here:
        boss = admin(here)
        for number in range(20):
            await boss.slash(here.channel, "categories add", name=f"Category {number}")
        refused = await boss.slash(here.channel, "categories add", name="One more")

        assert (
            "A server can have 20 categories of its own. Please close one first: /categories close"
            in refusal(here, refused)
        )


async def test_members_can_list_categories_and_change_none(tmp_path: Path) -> None:
    async with place(tmp_path, map(competitor, PAIR)) as here:
        await admin(here).slash(here.channel, "categories add", name="Poems")
        offer_everything(here)
        for command, options in (
            ("categories add", {"name": "Mine"}),
            ("categories close", {"name": "Poems"}),
            ("categories bind", {"channel": here.channel}),
        ):
            refused = await here.bob.slash(here.channel, command, **options)
            assert refusal(here, refused) == (
                "Only members with Manage Server can do that. They can let a role do it too: /models access"
            )
        listed = await here.bob.slash(here.channel, "categories list")

        assert "- **Poems** · 0 battles" in answer_to(listed)


async def test_only_categories_with_battles_or_of_the_server_s_own_are_offered(tmp_path: Path) -> None:
    async with place(tmp_path, map(competitor, PAIR)) as here:
        await admin(here).slash(here.channel, "categories add", name="Poems")
        await decided(here)
        offered = await here.bob.autocomplete(here.channel, "leaderboard", "category", "")
        narrowed = await here.bob.autocomplete(here.channel, "leaderboard", "category", "eng")

        assert [choice["name"] for choice in offered] == ["All prompts", "English", "Poems"]
        assert [choice["value"] for choice in narrowed] == ["lang:en"]


async def test_what_is_no_category_is_said(tmp_path: Path) -> None:
    async with place(tmp_path, map(competitor, PAIR)) as here:
        refused = await here.bob.slash(here.channel, "leaderboard", category="nonsense")

        assert "There is no category named nonsense here." in refusal(here, refused)
