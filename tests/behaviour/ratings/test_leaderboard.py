from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

import discord
import pytest

from bot.arena.models.prices import Prices
from bot.config import BattleDefaults, Config
from bot.domain import pair_sums
from bot.domain.days import day_of
from bot.domain.pair_sums import OVERALL, Key
from bot.domain.vote import Tally
from bot.storage import models, pairs
from bot.storage.database import open_database
from cogs.ratings.pages import INVITATION
from tests.behaviour.pages import decide
from tests.behaviour.place import START, answer_to, buttons_of, place, text_of
from tests.competitors import competitor

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from tests.behaviour.place import SimulatedServer


async def history(here: SimulatedServer, battles: Mapping[tuple[str, str], Tally], times: int = 1) -> None:
    """Put rated battles between models into the running sums, as if each had been held so many times."""
    names = sorted({name for pair in battles for name in pair})
    async with open_database(here.folder / "arena.sqlite3") as database, database.write() as connection:
        await models.ensure(connection, here.guild.id, names, 0.0)
        ids = {name: model for model, name in (await models.names(connection, here.guild.id)).items()}
        for (winner, loser), tally in battles.items():
            (i, j), sums = pair_sums.in_order(ids[winner], ids[loser], tally)
            for _ in range(times):
                await pairs.add(connection, here.guild.id, {Key(OVERALL, 1, day_of(START), i, j): sums})


async def board(here: SimulatedServer) -> discord.Message:
    result = await here.alice.slash(here.channel, "leaderboard")
    assert result.response
    return result.response.message


async def test_a_clear_winner_ranks_first_with_its_figures(tmp_path: Path) -> None:
    async with place(tmp_path, [competitor("Zephyrine"), competitor("Quillon")]) as here:
        await history(here, {("Zephyrine", "Quillon"): Tally(a=15, b=1)}, times=4)
        lines = text_of(await board(here)).split("\n")

        assert lines[1] == "**1.** **Zephyrine**"
        assert re.fullmatch(r"-# \*\*1\d\d\d\*\* ± \d+ · 4 battles · 64 votes · wins 94%", lines[2])
        assert lines[3] == "**2.** **Quillon**"
        assert lines[4].endswith("wins 6%")
        assert re.fullmatch(rf"-# 4 battles, 64 votes of \d+ members since <t:{START}:D>", lines[5])
        assert lines[6].startswith("-# ± is the 95% range")


async def test_models_whose_intervals_meet_share_their_ranks(tmp_path: Path) -> None:
    async with place(tmp_path, [competitor("Zephyrine"), competitor("Quillon")]) as here:
        await history(here, {("Zephyrine", "Quillon"): Tally(a=4, b=4)}, times=3)
        text = text_of(await board(here))

        assert text.count("**1–2.**") == 2


async def test_models_with_few_votes_are_provisional_and_come_last(tmp_path: Path) -> None:
    competitors = [competitor("Zephyrine"), competitor("Quillon"), competitor("Marrowby")]
    async with place(tmp_path, competitors) as here:
        await history(
            here,
            {("Zephyrine", "Quillon"): Tally(a=7, b=7), ("Marrowby", "Quillon"): Tally(a=1)},
            times=3,
        )
        lines = text_of(await board(here)).split("\n")

        assert lines[5] == "(provisional) **Marrowby**"
        assert sum("(provisional)" in line for line in lines) == 1


@pytest.mark.parametrize(("battles", "provisional"), [(2, 2), (3, 0)])
async def test_votes_in_fewer_than_three_battles_give_no_rank(
    tmp_path: Path, battles: int, provisional: int
) -> None:
    """One popular prompt says how the models did on that prompt."""
    async with place(tmp_path, [competitor("Zephyrine"), competitor("Quillon")]) as here:
        await history(here, {("Zephyrine", "Quillon"): Tally(a=200, b=100)}, times=battles)

        assert text_of(await board(here)).count("(provisional)") == provisional


async def test_a_model_whose_votes_are_mostly_both_bad_is_marked(tmp_path: Path) -> None:
    async with place(
        tmp_path, [competitor("Zephyrine"), competitor("Quillon"), competitor("Bungler")]
    ) as here:
        await history(here, {("Zephyrine", "Quillon"): Tally(a=15, b=1)}, times=4)
        await history(here, {("Zephyrine", "Bungler"): Tally(a=1, both_bad=2)}, times=4)
        found = text_of(await board(here))
        (line,) = re.findall(r"\*\*Bungler\*\*\n(.*)", found)

        assert line.endswith(" · 👎 both bad 67%")
        assert found.count("👎") == 1


APART = {
    ("Zephyrine", "Quillon"): Tally(a=15, b=1),
    ("Quillon", "Marrowby"): Tally(a=9, b=7),
    ("Hermit", "Stranger"): Tally(a=16),
}


async def test_groups_that_never_met_are_told_apart_and_have_ranks_of_their_own(tmp_path: Path) -> None:
    names = ("Zephyrine", "Quillon", "Marrowby", "Hermit", "Stranger", "Newcomer")
    async with place(tmp_path, map(competitor, names)) as here:
        await history(here, APART, times=4)
        text = text_of(await board(here))
        lines = text.split("\n")

        assert lines[1:3] == ["### Group 1", "**1.** **Zephyrine**"]
        assert lines[8] == "### Group 2: never met group 1"
        assert lines[9] == "**1.** **Hermit**"
        assert lines[11] == "**2.** **Stranger**"
        assert lines[13:15] == ["### Without a rank", "(provisional) **Newcomer**"]
        assert "-# Groups never met, not even by way of others:" in text


@pytest.mark.parametrize("style", ["trend", "value"])
async def test_nothing_is_compared_across_groups(tmp_path: Path, style: str) -> None:
    names = ("Zephyrine", "Quillon", "Marrowby", "Hermit", "Stranger")
    competitors = [replace(competitor(name), prices=Prices(0.0, 0.0)) for name in names]
    async with place(tmp_path, competitors) as here:
        await history(here, APART, times=4)
        text = text_of(await styled(here, style=style))

        assert "Left out, because they never met the others: **Hermit**, **Stranger**" in text
        assert text.count("Hermit") == 1


async def test_where_all_met_nothing_is_said_of_groups(tmp_path: Path) -> None:
    async with place(tmp_path, map(competitor, ("Zephyrine", "Quillon", "Marrowby"))) as here:
        await history(here, APART | {("Hermit", "Zephyrine"): Tally(a=1)}, times=4)
        text = text_of(await board(here))

        assert "roup" not in text
        assert "never met" not in text


async def test_models_that_join_blur_nobody_elses_line(tmp_path: Path) -> None:
    """Neither without a vote, nor with one, nor retired."""
    known = {("Zephyrine", "Quillon"): Tally(a=6, b=2), ("Quillon", "Marrowby"): Tally(a=5, b=3)}
    later = {("Zephyrine", "Oldtimer"): Tally(a=2, b=2), ("Quillon", "Newcomer"): Tally(tie=1)}
    names = ("Zephyrine", "Quillon", "Marrowby", "Newcomer", *(f"Model {letter}" for letter in "ABCDE"))
    async with place(tmp_path, [competitor(name) for name in names[:3]]) as here:
        await history(here, known, times=20)
        before = widths(text_of(await board(here)))
    (tmp_path / "joined").mkdir()
    async with place(tmp_path / "joined", [competitor(name) for name in names]) as here:
        await history(here, known, times=20)
        await history(here, later)
        after = widths(text_of(await board(here)))

    assert before.keys() == set(names[:3])
    assert {name: after[name] for name in before} == pytest.approx(before, rel=0.05)


def widths(text: str) -> dict[str, float]:
    """Return the half width of each model on a board that has votes."""
    found = re.findall(r"\*\*([\w ]+)\*\*(?: \(retired\))?\n-# \*\*\d+\*\* ± (\d+)", text)
    return {name: float(width) for name, width in found}


async def test_how_many_votes_and_battles_a_rank_needs_is_configured(tmp_path: Path) -> None:
    config = Config(battle=BattleDefaults(min_votes_ranked=1, min_battles_ranked=1))
    async with place(tmp_path, [competitor("Zephyrine"), competitor("Quillon")], config) as here:
        card = await here.battle()
        await here.bob.react(card, "🅰️")
        await here.close()
        text = text_of(await board(here))

        assert "(provisional)" not in text


async def test_a_retired_model_keeps_its_place_and_is_marked(tmp_path: Path) -> None:
    async with place(tmp_path, [competitor("Zephyrine"), competitor("Quillon")]) as here:
        await history(here, {("Oldtimer", "Quillon"): Tally(a=15, b=1)}, times=4)
        lines = text_of(await board(here)).split("\n")
        listed = answer_to(await here.bob.slash(here.channel, "model"))

        assert lines[1] == "**1.** **Oldtimer** (retired)"
        assert "**Oldtimer** (retired)" in listed
        assert "**Quillon**\n**Zephyrine**" in listed


async def test_a_server_without_votes_is_invited_to_a_battle(tmp_path: Path) -> None:
    async with place(tmp_path, [competitor("Zephyrine"), competitor("Quillon")]) as here:
        message = await board(here)

        assert text_of(message) == f"## 🏆 Leaderboard\n{INVITATION}"
        assert not message.attachments


async def test_the_picture_is_described_with_the_server_and_what_was_counted(tmp_path: Path) -> None:
    async with place(tmp_path, [competitor("Zephyrine"), competitor("Quillon")]) as here:
        await history(here, {("Zephyrine", "Quillon"): Tally(a=15, b=1)}, times=4)
        described = picture_of(await board(here))

        assert described.startswith(f"Leaderboard · {here.guild.name} · ")
        assert "· This season · 4 battles, 64 votes of " in described


async def test_a_board_of_more_than_fifteen_models_has_pages(tmp_path: Path) -> None:
    async with place(tmp_path, [competitor(f"Model {number:02}") for number in range(17)]) as here:
        await history(here, {("Model 00", "Model 01"): Tally(a=1)})
        first = await board(here)
        before = text_of(first)
        await here.bob.click(first, label="Next page")
        after = text_of(here.channel.history()[0])

        assert before.startswith("## 🏆 Leaderboard (1/2)")
        assert before.count("(provisional)") == 15
        assert after.startswith("## 🏆 Leaderboard (2/2)")
        assert after.count("(provisional)") == 2
        assert buttons_of(first) == [
            "arena:board:-1:ratings:dark:season:all",
            "arena:board:1:ratings:dark:season:all",
        ]


async def test_each_server_has_a_board_of_its_own(tmp_path: Path) -> None:
    async with place(tmp_path, [competitor("Zephyrine"), competitor("Quillon")]) as here:
        await history(here, {("Zephyrine", "Quillon"): Tally(a=15, b=1)}, times=4)
        other = here.env.create_guild("Elsewhere")
        dora = other.add_member(here.env.create_user("dora"))
        result = await dora.slash(other.create_text_channel("arena"), "leaderboard")

        assert result.response
        assert INVITATION in text_of(result.response.message)


async def test_an_open_vote_does_not_move_the_board(tmp_path: Path) -> None:
    async with place(tmp_path, [competitor("Zephyrine"), competitor("Quillon")]) as here:
        card = await here.battle()
        await here.bob.react(card, "🅰️")
        text = text_of(await board(here))

        assert INVITATION in text


def picture_of(message: discord.Message) -> str:
    """Return how the only attachment, which the message shows, is described."""
    (attachment,) = message.attachments
    shown = discord.ui.LayoutView.from_message(message).walk_children()
    (gallery,) = [item for item in shown if isinstance(item, discord.ui.MediaGallery)]
    (item,) = gallery.items
    assert attachment.filename == "leaderboard.png"
    assert item.media.url.endswith("leaderboard.png")
    return item.description or ""


async def styled(here: SimulatedServer, **options: str) -> discord.Message:
    result = await here.alice.slash(here.channel, "leaderboard", **options)
    assert result.response
    return result.response.message


@pytest.mark.parametrize("style", ["ratings", "matrix", "trend", "value"])
async def test_each_style_shows_a_picture(tmp_path: Path, style: str) -> None:
    prices = Prices(1.0, 5.0)
    competitors = [competitor("Zephyrine"), replace(competitor("Quillon"), prices=prices)]
    async with place(tmp_path, competitors) as here:
        await history(here, {("Zephyrine", "Quillon"): Tally(a=15, b=1)}, times=4)
        first, again = await styled(here, style=style), await styled(here, style=style)

        assert picture_of(first)
        assert picture_of(again)


async def test_ratings_against_prices_name_the_models_that_nothing_beats(tmp_path: Path) -> None:
    competitors = [
        replace(competitor("Zephyrine"), prices=Prices(1.0, 5.0)),
        replace(competitor("Quillon"), prices=Prices(0.0, 0.0)),
        replace(competitor("Marrowby"), prices=Prices(8.0, 8.0)),
        competitor("Unpriced"),
    ]
    async with place(tmp_path, competitors) as here:
        await history(
            here, {("Zephyrine", "Quillon"): Tally(a=60, b=4), ("Zephyrine", "Marrowby"): Tally(a=60, b=4)}
        )
        text = text_of(await styled(here, style="value"))

        assert "**Zephyrine** · $2 · " in text
        assert "**Quillon** · free · " in text
        assert "Marrowby" not in text
        assert "Unpriced" not in text


async def test_the_price_of_a_masked_model_is_not_told(tmp_path: Path) -> None:
    async with place(
        tmp_path, [replace(competitor("Quillon"), prices=Prices(1.0, 5.0)), competitor("Z")]
    ) as here:
        role = here.guild.create_role("Boss", permissions=discord.Permissions(manage_guild=True))
        admin = here.guild.add_member(here.env.create_user("mona"), roles=[role])
        await decide(admin, here.channel, "mask", "Quillon", "Kite")
        text = text_of(await styled(here, style="value"))

        assert "No model here has a known price." in text


async def test_without_the_right_to_attach_files_the_board_is_text(tmp_path: Path) -> None:
    async with place(tmp_path, [competitor("Zephyrine"), competitor("Quillon")]) as here:
        await history(here, {("Zephyrine", "Quillon"): Tally(a=15, b=1)}, times=4)
        role = here.guild.default_role
        locked = here.guild.create_text_channel(
            "locked", overwrites={role: discord.PermissionOverwrite(attach_files=False)}
        )
        result = await here.alice.slash(locked, "leaderboard")
        assert result.response
        message = result.response.message

        assert not message.attachments
        assert "because I may not attach files" in text_of(message)
        assert re.search(rf"-# 4 battles, 64 votes of \d+ members since <t:{START}:D>", text_of(message))
