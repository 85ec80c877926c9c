"""`/model`: what is told of one model."""

from __future__ import annotations

from typing import TYPE_CHECKING

import discord

from tests.behaviour.past import FIRST_MESSAGE, HeldBattle, crowd, hold
from tests.behaviour.place import START, answer_to, moderator, place, speak
from tests.behaviour.ratings.test_leaderboard import APART, history
from tests.competitors import competitor

if TYPE_CHECKING:
    from pathlib import Path

    from tests.behaviour.place import SimulatedServer

COMPETITORS = [competitor("Zephyrine"), competitor("Quillon"), competitor("Marrowby")]


async def info(here: SimulatedServer, name: str = "Zephyrine") -> str:
    return answer_to(await here.bob.slash(here.channel, "model", name=name))


async def test_opponents_are_told_with_shares_and_their_intervals(tmp_path: Path) -> None:
    async with place(tmp_path, COMPETITORS) as here:
        await hold(
            here,
            *([HeldBattle("Zephyrine", "Quillon", votes=crowd(a=1))] * 8),
            *([HeldBattle("Quillon", "Zephyrine", votes=crowd(a=1))] * 2),
            *([HeldBattle("Marrowby", "Zephyrine", votes=crowd(a=1))] * 2),
            HeldBattle("Marrowby", "Zephyrine", votes=crowd(both_bad=1)),
        )
        lines = (await info(here)).split("\n")

        assert "Best against **Quillon**: won 80% (49–94%)" in lines
        assert "Worst against **Marrowby**: won 17% (2–69%)" in lines
        assert lines[-2:] == [
            "- against **Quillon**: won 80% (49–94%); 8 won, 2 lost, 0 tied, 0 both bad",
            "- against **Marrowby**: won 17% (2–69%); 0 won, 2 lost, 0 tied, 1 both bad",
        ]
        assert lines[1].endswith("13 battles · 13 votes · both bad 8%")


async def test_the_profile_says_what_a_rating_of_both_bad_means(tmp_path: Path) -> None:
    async with place(tmp_path, COMPETITORS) as here:
        await hold(
            here,
            *([HeldBattle("Zephyrine", "Quillon", votes=crowd(both_bad=2))] * 3),
            *([HeldBattle("Marrowby", "Quillon", votes=crowd(a=3))] * 3),
        )
        bad, other = await info(here), await info(here, "Quillon")

        assert "both bad 100%\n👎 More than half of its votes say that both replies were bad." in bad
        assert "not that its replies are any good" in bad
        assert "More than half" not in other


async def test_with_one_opponent_none_is_the_best_or_the_worst(tmp_path: Path) -> None:
    async with place(tmp_path, COMPETITORS) as here:
        await hold(here, *([HeldBattle(votes=crowd(a=1))] * 5))
        said = await info(here)

        assert "Which opponents suit it best and worst, the votes do not tell yet." in said
        assert "est against" not in said


async def test_a_model_without_battles_has_its_rating_alone(tmp_path: Path) -> None:
    async with place(tmp_path, COMPETITORS) as here:
        said = await info(here)

        assert said.startswith("## Zephyrine\nrating 1000 ± ")
        assert said.endswith("0 battles · 0 votes")


async def test_the_latest_battles_are_linked_and_hidden_ones_are_not(tmp_path: Path) -> None:
    async with place(tmp_path, COMPETITORS) as here:
        unseen = discord.PermissionOverwrite(view_channel=False)
        hidden = here.guild.create_text_channel("hidden", overwrites={here.guild.default_role: unseen})
        await hold(
            here,
            HeldBattle("Quillon", "Marrowby"),
            HeldBattle(votes=crowd(b=1), void_note="A test"),
            HeldBattle(votes=crowd(a=1), channel_id=hidden.id),
        )
        said = await info(here)
        mark = "Taken out of the ratings by a moderator: A test"
        link = f"https://discord.com/channels/{here.guild.id}/{here.channel.id}/{FIRST_MESSAGE + 1}"

        assert said.split("### Latest battles\n")[1].split("\n")[:2] == [
            f"- A battle in a channel that you cannot see · <t:{START + 180}:d>",
            f"- 🏆 🅱️ **Quillon** beat 🅰️ **Zephyrine** · {mark} · <t:{START + 120}:d> · {link}",
        ]
        assert str(hidden.id) not in said
        assert said.count("<t:") == 2


async def test_of_many_opponents_with_the_longest_names_as_many_as_fit_are_told(tmp_path: Path) -> None:
    names = [f"{number:02}" + "_" * 78 for number in range(30)]
    async with place(tmp_path, map(competitor, names)) as here:
        held = [HeldBattle(names[0], other, votes=crowd(a=1)) for other in names[1:]]
        await hold(here, *held)
        everyone = await info(here, names[0])
        mona = moderator(here)
        moderators = answer_to(await mona.slash(here.channel, "model", name=names[0]))

        for said in (everyone, moderators):
            assert 3000 < len(said) <= 4000
            assert "… and " in everyone.split("\n")[-1]
            assert "<t:" in said
            assert said.count("- against") > 6, "the latest battles leave room"


async def test_a_japanese_member_reads_japanese(tmp_path: Path) -> None:
    async with place(tmp_path, COMPETITORS) as here:
        speak(here, "ja")
        await hold(
            here,
            *([HeldBattle("Zephyrine", "Quillon", votes=crowd(a=1))] * 3),
            *([HeldBattle("Marrowby", "Zephyrine", votes=crowd(a=1))] * 3),
        )
        said = await info(here)

        assert "最も得意な相手：**Quillon**、勝率100% (44–100%)" in said
        assert "最も苦手な相手：**Marrowby**、勝率0% (0–56%)" in said
        assert "### 最近の対戦\n" in said
        assert "- 対**Quillon**：勝率100% (44–100%)、3勝0敗0分、どちらもいまいち0" in said


async def test_the_profile_says_when_a_model_is_ranked_in_a_group_that_never_met_the_largest(
    tmp_path: Path,
) -> None:
    names = ("Zephyrine", "Quillon", "Marrowby", "Hermit", "Stranger", "Newcomer")
    async with place(tmp_path, map(competitor, names)) as here:
        await history(here, APART, times=4)
        told = {name: await info(here, name) for name in names}
        speak(here, "ja")
        japanese = await info(here, "Hermit")

        line = "In group 2 of the leaderboard: it never met the models of group 1, not even by way of others,"
        assert [name for name, text in told.items() if line in text] == ["Hermit", "Stranger"]
        assert [name for name, text in told.items() if "never met" in text] == ["Hermit", "Stranger"]
        assert "グループ2のモデルです。グループ1のモデルとは" in japanese
