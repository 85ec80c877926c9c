from __future__ import annotations

from typing import TYPE_CHECKING

from tests.behaviour.pages import end_season, offer_everything, press
from tests.behaviour.place import VOTING_SECONDS, answer_to, place, refusals, restarted, text_of
from tests.behaviour.ratings.boards import admin, decided, leaderboard, refusal
from tests.competitors import competitor

if TYPE_CHECKING:
    from pathlib import Path

PAIR = ("Zephyrine", "Quillon")
DAY = 86_400
SUMS = "select * from pair_sums order by category"


async def test_a_voided_battle_leaves_the_ratings_and_is_marked_on_its_card(tmp_path: Path) -> None:
    async with place(tmp_path, map(competitor, PAIR)) as here:
        await decided(here)
        answer = await admin(here).slash(here.channel, "void", battle="1", reason="A *test* @everyone")
        await here.env.settle()
        card, board = text_of(here.card), await leaderboard(here)

        assert "The battle does not count any more" in answer_to(answer)
        assert r"A moderator took this battle out of the ratings: A \*test\* @" in card
        assert "@everyone" not in card
        assert "## 🏆" in card
        assert "No votes yet." in board
        assert "**1000**" not in board


async def test_an_unvoided_battle_counts_exactly_as_before(tmp_path: Path) -> None:
    async with place(tmp_path, map(competitor, PAIR)) as here:
        await decided(here)
        await decided(here, "def f(x):\n    return x + 1")
        before, board, sums = text_of(here.card), await leaderboard(here), here.rows(SUMS)
        boss = admin(here)
        await boss.slash(here.channel, "void", battle="#1", reason="Wrong channel")
        await here.env.settle()
        between = here.rows(SUMS)
        await boss.slash(here.channel, "unvoid", battle="1")
        await here.env.settle()

        assert between != sums
        assert here.rows(SUMS) == sums
        assert await leaderboard(here) == board
        assert text_of(here.card) == before


async def test_a_battle_can_be_named_by_the_link_to_its_card(tmp_path: Path) -> None:
    async with place(tmp_path, map(competitor, PAIR)) as here:
        card = await decided(here)
        boss = admin(here)
        link = f"https://discord.com/channels/{here.guild.id}/{here.channel.id}/{card.id}"
        await boss.slash(here.channel, "void", battle=link, reason="Spam")
        elsewhere = [
            await boss.slash(here.channel, "unvoid", battle=link.replace(str(card.id), number))
            for number in ("77", "9" * 19, "9" * 20)
        ]

        assert here.row("select voided, void_note from battles") == ("moderator", "Spam")
        told = refusals(here, *elsewhere)
        assert all("There is no battle in that message." in text for text in told)


async def test_what_cannot_be_voided_is_said(tmp_path: Path) -> None:
    async with place(tmp_path, map(competitor, PAIR)) as here:
        await here.battle()
        boss = admin(here)
        said = [
            refusal(here, await boss.slash(here.channel, "void", battle=named, reason="Because"))
            for named in ("1", "99", "the last one", "²")
        ]
        await decided(here)
        counted = await boss.slash(here.channel, "unvoid", battle="2")
        await boss.slash(here.channel, "void", battle="2", reason="Because")
        again = await boss.slash(here.channel, "void", battle="2", reason="Because")

        assert "This battle is not over yet." in said[0]
        assert "There is no such battle" in said[1]
        assert all("Please choose a battle" in text for text in said[2:])
        assert "This battle was not taken out of the ratings" in refusal(here, counted)
        assert "called off already" in refusal(here, again)


async def test_a_battle_that_failed_cannot_be_brought_back(tmp_path: Path) -> None:
    async with place(tmp_path, map(competitor, PAIR)) as here:
        card = await here.battle()
        await card.delete()
        await here.env.advance_time(VOTING_SECONDS)
        boss = admin(here)
        refused = await boss.slash(here.channel, "unvoid", battle="1")

        assert here.row("select state from battles") == ("voided",)
        assert "never decided" in refusal(here, refused)


async def test_members_can_rule_on_nothing_and_are_offered_no_battle(tmp_path: Path) -> None:
    async with place(tmp_path, map(competitor, PAIR)) as here:
        await decided(here)
        offer_everything(here)
        for command, options in (
            ("void", {"battle": "1", "reason": "Mine lost"}),
            ("unvoid", {"battle": "1"}),
            ("season end", {"name": "Mine"}),
        ):
            refused = await here.bob.slash(here.channel, command, **options)
            assert "Only members with Manage Server" in refusal(here, refused)

        assert await here.bob.autocomplete(here.channel, "void", "battle", "") == []
        assert here.row("select state from battles") == ("closed",)


async def test_moderators_are_offered_the_battles_that_can_be_ruled_on(tmp_path: Path) -> None:
    async with place(tmp_path, map(competitor, PAIR)) as here:
        await decided(here, "First?")
        await decided(here, "Second?")
        boss = admin(here)
        await boss.slash(here.channel, "void", battle="2", reason="Because")
        to_void = await boss.autocomplete(here.channel, "void", "battle", "")
        to_bring_back = await boss.autocomplete(here.channel, "unvoid", "battle", "")

        assert [choice["value"] for choice in to_void] == ["1"]
        assert to_void[0]["name"].endswith(": First?")
        assert [choice["value"] for choice in to_bring_back] == ["2"]


async def test_rulings_are_in_the_record_of_changes(tmp_path: Path) -> None:
    async with place(tmp_path, map(competitor, PAIR)) as here:
        await decided(here)
        boss = admin(here)
        await boss.slash(here.channel, "void", battle="1", reason="Spam")
        await boss.slash(here.channel, "unvoid", battle="1")
        await end_season(boss, here.channel, "Spring")
        record = answer_to(await boss.slash(here.channel, "models changes"))

        assert "took a battle out of the ratings" in record
        assert "reason: not set → Spam" in record
        assert "brought a battle back" in record
        assert "ended a season" in record


async def test_a_season_archives_the_board_and_begins_a_new_one(tmp_path: Path) -> None:
    async with place(tmp_path, map(competitor, PAIR)) as here:
        await decided(here)
        old = await leaderboard(here, period="This season")
        boss = admin(here)
        await end_season(boss, here.channel, "Spring")
        fresh = await leaderboard(here)
        await decided(here, "Another?")
        offered = await here.bob.autocomplete(here.channel, "leaderboard", "period", "")
        spring, present, ever = [
            await leaderboard(here, period=period) for period in ("Spring", "season", "all")
        ]

        assert "No votes yet" in fresh
        assert spring.replace(" · Spring", "") == old
        assert "1 battle, 2 votes" in present
        assert "2 battles, 4 votes" in ever
        assert offered[-1] == {"name": "Spring", "value": "s1"}


async def test_a_season_ends_after_a_question_and_the_channel_is_told(tmp_path: Path) -> None:
    async with place(tmp_path, map(competitor, PAIR)) as here:
        await decided(here)
        boss = admin(here)
        asked = await boss.slash(here.channel, "season end", name=" Spring  2026 ")
        question, before = answer_to(asked), here.rows("select name from seasons")
        await press(boss, asked, "Leave it as it is")
        left = answer_to(asked), here.rows("select name from seasons")
        await end_season(boss, here.channel, "Spring 2026")
        announced = text_of(here.channel.history(viewer=here.bob)[-1])

        assert "keep its board as **Spring 2026**?" in question
        assert "1 battle · 2 votes · 2 members voted" in question
        assert before == []
        assert left == ("The season goes on.", [])
        assert "🏁 The season **Spring 2026** is over." in announced
        assert here.rows("select number, name from seasons") == [(1, "Spring 2026")]


async def test_the_end_of_a_season_can_be_taken_back_for_a_day(tmp_path: Path) -> None:
    sums = "select category, season, votes, score, weight, weighted, u, battles from pair_sums order by 1"
    async with place(tmp_path, map(competitor, PAIR)) as here:
        await decided(here)
        boss = admin(here)
        await end_season(boss, here.channel, "Spring")
        await decided(here, "Another?")
        asked = await boss.slash(here.channel, "season undo")
        await press(boss, asked, "Take it back")
        board = await leaderboard(here)
        kept = here.rows(sums)
        again = await boss.slash(here.channel, "season undo")
        await end_season(boss, here.channel, "Summer")
        await here.env.advance_time(DAY + 1)
        late = await boss.slash(here.channel, "season undo")

        assert "2 battles, 4 votes" in board
        assert kept == [("all", 1, 4, *kept[0][3:7], 2), ("lang:en", 1, 4, *kept[0][3:7], 2)]
        assert here.rows("select season from battles") == [(1,), (1,)]
        assert all("so there is nothing to take back" in told for told in refusals(here, again, late))
        assert here.rows("select name from seasons") == [("Summer",)]


async def test_two_seasons_cannot_have_one_name(tmp_path: Path) -> None:
    async with place(tmp_path, map(competitor, PAIR)) as here:
        boss = admin(here)
        await end_season(boss, here.channel, "Spring")
        refused = await boss.slash(here.channel, "season end", name=" SPRING ")

        assert "Another season has this name already: SPRING" in refusal(here, refused)


async def test_a_battle_of_an_old_season_can_still_be_voided(tmp_path: Path) -> None:
    async with place(tmp_path, map(competitor, PAIR)) as here:
        await decided(here)
        boss = admin(here)
        await end_season(boss, here.channel, "Spring")
        await boss.slash(here.channel, "void", battle="1", reason="Late")

        assert "No votes yet." in await leaderboard(here, period="Spring")
        assert here.rows("select * from pair_days") == []


async def test_the_card_is_redrawn_after_a_restart_that_came_between(tmp_path: Path) -> None:
    async with place(tmp_path, map(competitor, PAIR)) as here:
        await decided(here)
        await admin(here).slash(here.channel, "void", battle="1", reason="Spam")
        async with restarted(here, list(map(competitor, PAIR))):
            await here.env.settle()

        assert "took this battle out of the ratings: Spam" in text_of(here.card)


async def test_only_the_last_days_count_where_they_are_asked_for(tmp_path: Path) -> None:
    async with place(tmp_path, map(competitor, PAIR)) as here:
        await decided(here)
        await here.env.advance_time(10 * 24 * 3600)
        await decided(here, "Later?")
        week, month = [await leaderboard(here, period=period) for period in ("7d", "Last 30 days")]
        refused = await here.bob.slash(here.channel, "leaderboard", period="s9")

        assert "1 battle, 2 votes" in week
        assert "2 battles, 4 votes" in month
        assert "There is no period named s9 here." in refusal(here, refused)
