"""`/votes`: what moderators learn of votes that stand out, and what they can do about them."""

from __future__ import annotations

import re
import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING

from bot.domain.vote import Vote
from tests.behaviour.pages import change_settings, offer_everything, press
from tests.behaviour.past import HeldBattle, hold
from tests.behaviour.place import START, answer_to, buttons_of, place, speak, text_of
from tests.behaviour.ratings.boards import admin, decided, leaderboard, refusal
from tests.competitors import competitor

if TYPE_CHECKING:
    from pathlib import Path

    import simcord

    from tests.behaviour.place import SimulatedServer

PAIR = ("Zephyrine", "Quillon")
SUMS = "select * from pair_sums order by category"
DAYS = "select * from pair_days order by category, day"
TALLY = "select votes_a, votes_b, votes_tie, votes_both_bad from battles where battle_id = 1"
HONEST = range(1, 7)
MOVED = "### Whose votes move the ratings most"


def trolled(trolls: dict[int, Vote], number: int = 30) -> list[HeldBattle]:
    """Return battles that Zephyrine wins, if it were for honest members alone."""
    return [HeldBattle(*PAIR, votes={**dict.fromkeys(HONEST, Vote.A), **trolls}) for _ in range(number)]


def hurry(here: SimulatedServer, *members: int) -> None:
    """Let only these members have voted before the replies could be read."""
    with closing(sqlite3.connect(here.folder / "arena.sqlite3")) as connection:
        connection.execute("update battles set readable_at = ?", (START + 1,))
        connection.execute("update votes set changed_at = ?", (START + 2,))
        connection.executemany(
            "update votes set changed_at = ? where user_id = ?", [(START, member) for member in members]
        )
        connection.commit()


async def shown(here: SimulatedServer, asker: simcord.MemberActor, command: str, **options: object) -> str:
    result = await asker.slash(here.channel, f"votes {command}", **options)
    await here.env.settle()
    return answer_to(result)


async def test_members_can_neither_audit_nor_exclude(tmp_path: Path) -> None:
    async with place(tmp_path, map(competitor, PAIR)) as here:
        await decided(here)
        offer_everything(here)
        options: dict[str, dict[str, object]] = {
            "audit": {},
            "exclude": {"member": here.carol, "reason": "She lost"},
            "include": {"member": here.carol},
        }
        for command, given in options.items():
            refused = await here.bob.slash(here.channel, f"votes {command}", **given)
            assert "Only members with Manage Server" in refusal(here, refused)

        assert here.rows("select * from excluded_voters") == []


async def test_an_audit_names_who_votes_against_everyone_else_and_pings_nobody(tmp_path: Path) -> None:
    async with place(tmp_path, map(competitor, PAIR)) as here:
        await hold(here, *trolled({here.bob.id: Vote.B}))
        said = await shown(here, admin(here), "audit")

        assert "Looked at: 210 votes of 7 members" in said
        assert f"- <@{here.bob.id}> · 30 votes" in said
        assert "votes against the server's ratings and the other voters (overwhelming signs)" in said
        assert "nothing has been done, and nobody was told" in said
        assert "Excluded" not in said
        assert '"allowed_mentions": {"parse": []}' in here.bodies


async def test_an_audit_says_how_many_votes_were_faster_than_reading(tmp_path: Path) -> None:
    async with place(tmp_path, map(competitor, PAIR)) as here:
        await hold(here, *trolled({here.bob.id: Vote.A}, 12))
        hurry(here, here.bob.id)
        said = await shown(here, admin(here), "audit")

        assert f"- <@{here.bob.id}> · 12 votes" in said
        assert "12 of 12 votes faster than the replies can be read" in said
        assert said.partition(MOVED)[0].count("<@") == 1


async def test_an_audit_says_how_much_of_the_board_is_one_members_work(tmp_path: Path) -> None:
    async with place(tmp_path, map(competitor, PAIR)) as here:
        alone = [HeldBattle(*PAIR, votes={here.bob.id: Vote.B}) for _ in range(6)]
        await hold(here, *alone, HeldBattle(*PAIR, votes={here.carol.id: Vote.A}))
        _, _, moved = (await shown(here, admin(here), "audit")).partition(MOVED)
        bob, carol = moved.strip().split("\n")

    assert bob.startswith(f"- <@{here.bob.id}> · 6 votes, 86% of all · without them, ")
    assert re.search(r"(Zephyrine|Quillon) would be rated \d\d+ (higher|lower)$", bob)
    assert carol.startswith(f"- <@{here.carol.id}> · 1 vote, 14% of all")


async def test_where_nobody_stands_out_that_is_said(tmp_path: Path) -> None:
    async with place(tmp_path, map(competitor, PAIR)) as here:
        await decided(here)
        said = await shown(here, admin(here), "audit")

        assert "Looked at: 2 votes of 2 members" in said
        assert "Nobody's votes stand out." in said
        assert "nothing has been done" not in said


async def test_many_suspects_are_shown_page_by_page_without_who_was_excluded_since(tmp_path: Path) -> None:
    async with place(tmp_path, map(competitor, PAIR)) as here:
        hasty = range(1001, 1012)
        await hold(here, *trolled({**dict.fromkeys(hasty, Vote.A), here.bob.id: Vote.A}, 12))
        hurry(here, *hasty, here.bob.id)
        boss = admin(here)
        asked = await boss.slash(here.channel, "votes audit")
        assert asked.response
        first, buttons = answer_to(asked), buttons_of(asked.response.message)
        await shown(here, boss, "exclude", member=here.bob, reason="In a hurry")
        await boss.click(asked.response.message, label="Next page")
        await here.env.settle()
        second = answer_to(asked)

        assert "(1/2)" in first
        assert first.count("- <@10") == 10
        assert buttons == ["arena:audit:0", "arena:audit:1"]
        assert "(2/2)" in second
        assert second.count("- <@") == 2
        assert f"- <@{here.bob.id}>, <t:" in second


async def test_who_is_a_moderator_no_more_cannot_turn_the_pages(tmp_path: Path) -> None:
    async with place(tmp_path, map(competitor, PAIR)) as here:
        hasty = range(1001, 1012)
        await hold(here, *trolled(dict.fromkeys(hasty, Vote.A), 12))
        hurry(here, *hasty)
        boss, role = admin(here), here.guild.create_role("Wardens")
        warden = here.guild.add_member(here.env.create_user("wanda"), roles=[role])
        await boss.slash(here.channel, "models access", role=role)
        offer_everything(here)
        asked = await warden.slash(here.channel, "votes audit")
        assert asked.response
        await press(boss, await boss.slash(here.channel, "models access"), "Only Manage Server")
        refused = await warden.click(asked.response.message, label="Next page")

        assert "(1/2)" in answer_to(asked)
        assert "Only members with Manage Server" in refusal(here, refused)


async def test_an_excluded_member_s_votes_leave_board_and_tally_and_come_back_exactly(tmp_path: Path) -> None:
    async with place(tmp_path, map(competitor, PAIR)) as here:
        card = text_of(await decided(here))
        await decided(here, "def f(x):\n    return x + 1")
        board, sums, days = await leaderboard(here), here.rows(SUMS), here.rows(DAYS)
        boss = admin(here)
        out = await shown(here, boss, "exclude", member=here.bob, reason="A *coin* @everyone")
        without, tally = await leaderboard(here), here.row(TALLY)
        back = await shown(here, boss, "include", member=here.bob)

        assert "The member's votes do not count any more" in out
        assert f"<@{here.bob.id}>" in out
        assert "2 battles, 4 votes" in board
        assert "2 battles, 2 votes" in without
        assert tally == (1, 0, 0, 0)
        assert "The member's votes count again" in back
        assert here.row(TALLY) == (2, 0, 0, 0)
        assert (await leaderboard(here), here.rows(SUMS), here.rows(DAYS)) == (board, sums, days)
        assert text_of(here.card) == card


async def test_new_votes_of_an_excluded_member_are_kept_and_do_not_count(tmp_path: Path) -> None:
    async with place(tmp_path, map(competitor, PAIR)) as here:
        boss = admin(here)
        await shown(here, boss, "exclude", member=here.bob, reason="A coin")
        card = text_of(await decided(here))
        kept = here.rows("select user_id, vote, excluded from votes order by user_id")
        await shown(here, boss, "include", member=here.bob)

        assert "🅰️ 1" in card
        assert sorted(kept) == sorted([(here.bob.id, "a", 1), (here.carol.id, "a", 0)])
        assert "1 battle, 2 votes" in await leaderboard(here)


async def test_who_is_excluded_is_listed_with_the_reason_and_flagged_no_more(tmp_path: Path) -> None:
    async with place(tmp_path, map(competitor, PAIR)) as here:
        await hold(here, *trolled({here.bob.id: Vote.B}))
        boss = admin(here)
        await shown(here, boss, "exclude", member=here.bob, reason="**Trolls**\nalways")
        said = await shown(here, boss, "audit")

        assert "Looked at: 180 votes of 6 members" in said
        assert "Nobody's votes stand out." in said
        assert rf"- <@{here.bob.id}>, <t:{START}:d>, by <@{boss.id}>: \*\*Trolls\*\* always" in said


async def test_the_log_channel_learns_that_votes_were_excluded_and_not_whose(tmp_path: Path) -> None:
    async with place(tmp_path, map(competitor, PAIR)) as here:
        boss = admin(here)
        log = here.guild.create_text_channel("log")
        await change_settings(here, log_channel_id=log.id)
        await shown(here, boss, "exclude", member=here.bob, reason="Trolls Quillon")
        posted = text_of(log.history()[-1])
        history = answer_to(await boss.slash(here.channel, "models changes"))

        assert "took a member's votes out of the ratings" in posted
        assert str(here.bob.id) not in posted
        assert "Trolls" not in posted
        assert f"<@{here.bob.id}>" in history
        assert "Trolls Quillon" in history


async def test_an_excluded_member_learns_it_from_me_alone(tmp_path: Path) -> None:
    async with place(tmp_path, map(competitor, PAIR)) as here:
        await decided(here)
        await shown(here, admin(here), "exclude", member=here.bob, reason="Trolls")
        bobs, carols = [
            answer_to(await member.slash(here.channel, "me")) for member in (here.bob, here.carol)
        ]

        assert "have taken your votes out of the ratings" in bobs
        assert "**1** vote of yours counts" in carols
        assert "Nobody else voted in these battles" in carols


async def test_what_was_done_already_is_said(tmp_path: Path) -> None:
    async with place(tmp_path, map(competitor, PAIR)) as here:
        boss = admin(here)
        nothing = await boss.slash(here.channel, "votes include", member=here.bob)
        await shown(here, boss, "exclude", member=here.bob, reason="Trolls")
        twice = await boss.slash(here.channel, "votes exclude", member=here.bob, reason="Trolls")

        assert "not excluded" in refusal(here, nothing)
        assert "excluded already" in refusal(here, twice)


async def test_a_japanese_moderator_reads_japanese(tmp_path: Path) -> None:
    async with place(tmp_path, map(competitor, PAIR)) as here:
        await hold(here, *trolled({here.bob.id: Vote.B}))
        boss = admin(here)
        speak(here, "ja")
        said = await shown(here, boss, "audit")

        assert said.startswith("## 🔎 不自然な投票\n")
        assert "メンバー7人の210票を調べました。" in said
        assert "逆に投票している（きわめて強い疑い）" in said
        assert "不正の判定ではありません" in said


async def test_a_vote_at_once_is_faster_than_a_long_reply_can_be_read(tmp_path: Path) -> None:
    async with place(tmp_path, [competitor("Zephyrine", "word " * 400), competitor("Quillon")]) as here:
        card = await here.battle()
        await here.bob.react(card, "🅰️")
        await here.env.advance_time(30)
        await here.carol.react(card, "🅰️")
        await here.close()
        fast = "select user_id from votes join battles using (battle_id) where changed_at < readable_at"

        assert here.rows(fast) == [(here.bob.id,)]
