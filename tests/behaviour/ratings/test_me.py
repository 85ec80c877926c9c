"""`/me`: what a member is told of their own votes."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import TYPE_CHECKING

from bot.domain.battle import UnratedReason
from bot.domain.vote import Vote
from tests.behaviour.models.office import office
from tests.behaviour.past import HeldBattle, crowd, hold
from tests.behaviour.place import answer_to, place, speak
from tests.competitors import competitor

if TYPE_CHECKING:
    from pathlib import Path

    import simcord

    from tests.behaviour.place import SimulatedServer

COMPETITORS = [competitor("Zephyrine"), competitor("Quillon"), competitor("Marrowby")]


async def asked(here: SimulatedServer, member: simcord.MemberActor) -> str:
    return answer_to(await member.slash(here.channel, "me"))


async def test_who_has_no_vote_that_counts_is_told_when_one_does(tmp_path: Path) -> None:
    async with place(tmp_path, COMPETITORS) as here:
        await hold(here, HeldBattle(votes={here.bob.id: Vote.A}, unrated=UnratedReason.LEAK))
        card = await here.battle()
        await here.bob.react(card, "🅰️")
        said = await asked(here, here.bob)

        assert said.split("\n")[0] == "## 🗳️ Your votes"
        assert said.split("\n")[1].startswith("No counted votes yet")
        assert "Zephyrine" not in said


async def test_a_vote_counts_once_its_battle_is_revealed(tmp_path: Path) -> None:
    async with place(tmp_path, COMPETITORS) as here:
        card = await here.battle()
        await here.bob.react(card, "🅰️")
        await here.close()
        said = await asked(here, here.bob)

        assert "**1** vote of yours counts in the ratings." in said
        assert "Nobody else voted in these battles" in said


async def test_habits_and_agreement_are_what_one_counts_by_hand(tmp_path: Path) -> None:
    async with place(tmp_path, COMPETITORS) as here:
        bob = here.bob.id
        await hold(
            here,
            HeldBattle(votes={**crowd(a=2, b=1), bob: Vote.A}),
            HeldBattle(votes={**crowd(a=2, b=1), bob: Vote.B}),
            HeldBattle(votes={**crowd(a=1, b=1), bob: Vote.TIE}),
            HeldBattle(votes={**crowd(both_bad=1), bob: Vote.A}),
            HeldBattle(votes={bob: Vote.A}),
            HeldBattle(votes={**crowd(a=9), bob: Vote.A}, void_note="A test"),
        )
        lines = (await asked(here, here.bob)).split("\n")

        assert lines[1] == "**5** votes of yours count in the ratings."
        assert lines[2] == "🅰️ 60% · 🅱️ 20% · 🤝 20% · 👎 0%"
        assert lines[3] == (
            "In **2** of 4 battles where others voted too, you chose what most of them chose (50%)."
        )


async def test_the_own_leaderboard_is_made_of_the_own_votes_alone(tmp_path: Path) -> None:
    async with place(tmp_path, COMPETITORS) as here:
        bob = here.bob.id
        liked = HeldBattle("Quillon", "Zephyrine", votes={**crowd(b=3), bob: Vote.A})
        other_side = HeldBattle("Zephyrine", "Quillon", votes={**crowd(a=3), bob: Vote.B})
        once = HeldBattle("Marrowby", "Quillon", votes={bob: Vote.A})
        await hold(here, *([liked, other_side] * 6), once)
        lines = (await asked(here, here.bob)).split("\n")

        first, second, third = (lines[start : start + 2] for start in (5, 7, 9))
        assert lines[4] == "### 🏆 Your own leaderboard"
        assert first[0] == "**1.** **Quillon**"
        assert re.fullmatch(r"-# \*\*1\d\d\d\*\* ± \d+ · 13 battles · 13 votes · wins 92%", first[1])
        assert second[0] == "**2.** **Zephyrine**"
        assert third[0] == "(provisional) **Marrowby**"


async def test_each_member_sees_their_own(tmp_path: Path) -> None:
    async with place(tmp_path, COMPETITORS) as here:
        await hold(here, HeldBattle(votes={here.bob.id: Vote.A, here.carol.id: Vote.B}))
        bobs, carols = await asked(here, here.bob), await asked(here, here.carol)

        assert bobs.index("Zephyrine") < bobs.index("Quillon")
        assert carols.index("Quillon") < carols.index("Zephyrine")


async def test_a_masked_model_stands_under_its_code_name(tmp_path: Path) -> None:
    async with office(tmp_path) as at:
        await hold(at.here, HeldBattle(votes={at.mona.id: Vote.A}))
        await at.decide("mask", "Zephyrine", "Kite")
        said = await asked(at.here, at.mona)

        assert "**Kite**" in said
        assert "Zephyrine" not in said


async def test_ten_models_with_the_longest_names_fit_into_a_message(tmp_path: Path) -> None:
    names = [f"{number:02}" + "_" * 78 for number in range(12)]
    async with place(tmp_path, map(competitor, names)) as here:
        votes = {here.bob.id: Vote.A}
        await hold(here, *(HeldBattle(a, b, votes=votes) for a, b in pairwise(names)))
        said = await asked(here, here.bob)

        assert said.count("(provisional)") == 10
        assert len(said) <= 4000


async def test_a_japanese_member_reads_japanese(tmp_path: Path) -> None:
    async with place(tmp_path, COMPETITORS) as here:
        speak(here, "ja")
        await hold(here, HeldBattle(votes={**crowd(a=2), here.bob.id: Vote.A}))
        said = await asked(here, here.bob)

        assert said.startswith("## 🗳️ あなたの投票\nレーティングに反映されているあなたの票：**1**票\n")
        assert "ほかの人も投票した対戦1件のうち、**1**件で多数派と同じ選択をしました（100%）。" in said
        assert "### 🏆 自分だけのランキング" in said
