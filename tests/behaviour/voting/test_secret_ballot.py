from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from bot.config import BattleDefaults, Config
from tests.behaviour.place import (
    START,
    VOTING_SECONDS,
    answer_to,
    buttons_of,
    place,
    restarted,
    speak,
    text_of,
    unnoticed,
)
from tests.behaviour.ratings.boards import refusal
from tests.behaviour.settings.settings import SettingsDesk
from tests.competitors import competitor

if TYPE_CHECKING:
    from pathlib import Path

    import discord
    import simcord

    from tests.behaviour.place import SimulatedServer

PAIR = ("Zephyrine", "Quillon")
SECRET = Config(battle=BattleDefaults(ballot="secret"))
VOTES = ["arena:vote:1:a", "arena:vote:1:b", "arena:vote:1:tie", "arena:vote:1:both_bad"]


def votes_of(card: discord.Message) -> list[str]:
    return [each for each in buttons_of(card) if each and each.startswith("arena:vote:")]


async def vote(here: SimulatedServer, member: simcord.MemberActor, choice: str) -> str:
    """Press a button of the card; return what the member is told."""
    return answer_to(await member.click(here.card, custom_id=f"arena:vote:1:{choice}"))


async def test_the_card_has_buttons_in_place_of_reactions(tmp_path: Path) -> None:
    async with place(tmp_path, map(competitor, PAIR), SECRET) as here:
        card = await here.battle()

        assert votes_of(card) == VOTES
        assert "Vote with the buttons below" in text_of(card)
        assert card.reactions == []


async def test_a_secret_ballot_needs_none_of_the_requests_that_are_limited(tmp_path: Path) -> None:
    async with place(tmp_path, map(competitor, PAIR), SECRET) as here:
        await here.battle()
        await vote(here, here.bob, "a")
        await here.close()

        assert here.limited_requests == []
        assert here.row("select state, votes_a from battles") == ("closed", 1)


async def test_a_vote_is_told_to_the_voter_alone_and_is_on_record_then(tmp_path: Path) -> None:
    async with place(tmp_path, map(competitor, PAIR), SECRET) as here:
        await here.battle()
        told = await vote(here, here.bob, "a")
        kept = here.rows("select user_id, vote from votes")

        ends = START + VOTING_SECONDS
        assert told == (
            "Your vote: **🅰️ A is better**\n"
            f"-# You can change it until <t:{ends}:T> (<t:{ends}:R>). "
            "Press the same button again to take it back."
        )
        assert kept == [(here.bob.id, "a")]


async def test_another_button_changes_the_vote(tmp_path: Path) -> None:
    async with place(tmp_path, map(competitor, PAIR), SECRET) as here:
        await here.battle()
        await vote(here, here.bob, "a")
        told = await vote(here, here.bob, "both_bad")
        text = text_of(await here.close())

        assert told.startswith("Your vote: **👎 Both are bad**")
        assert "🅰️ 0 · 🅱️ 0 · 🤝 0 · 👎 1 (1 vote)" in text


async def test_the_same_button_again_takes_the_vote_back(tmp_path: Path) -> None:
    async with place(tmp_path, map(competitor, PAIR), SECRET) as here:
        await here.battle()
        await vote(here, here.bob, "tie")
        told = await vote(here, here.bob, "tie")
        text = text_of(await here.close())

        assert told == "You took your vote back."
        assert "No votes" in text


async def test_nothing_tells_how_the_vote_stands_before_the_reveal(tmp_path: Path) -> None:
    async with place(tmp_path, map(competitor, PAIR), SECRET) as here:
        before = text_of(await here.battle())
        await vote(here, here.bob, "a")
        sent = len(here.env.http_requests)
        told = await vote(here, here.carol, "a")
        answers = here.env.http_requests[sent:]
        history = answer_to(await here.carol.slash(here.channel, "history"))
        during = text_of(here.card)
        after = text_of(await here.close())

        assert told.startswith("Your vote: **🅰️ A is better**\n")
        assert [entry.path.split("/")[1] for entry in answers] == ["interactions", "webhooks"]
        assert during == before
        assert "What is a good day?" not in history
        assert "🅰️ 2 · 🅱️ 0 · 🤝 0 · 👎 0 (2 votes)" in after


async def test_reactions_under_the_card_do_not_count(tmp_path: Path) -> None:
    async with place(tmp_path, map(competitor, PAIR), SECRET) as here:
        card = await here.battle()
        await vote(here, here.bob, "a")
        await here.bob.react(card, "🅱️")
        await here.carol.react(card, "🅱️")
        await here.bob.unreact(card, "🅱️")
        text = text_of(await here.close())

        assert "🅰️ 1 · 🅱️ 0 · 🤝 0 · 👎 0 (1 vote)" in text


async def test_a_button_pressed_after_the_end_says_that_it_is_over(tmp_path: Path) -> None:
    async with place(tmp_path, map(competitor, PAIR), SECRET) as here:
        await here.battle()
        here.env.inject_error("PATCH", "*", status=403, times=2)  # so the card keeps its buttons
        await here.close()
        late = await here.bob.click(here.card, custom_id="arena:vote:1:a")

        assert refusal(here, late).startswith("This vote is not open any more.")
        assert here.row("select state from battles") == ("closed",)
        assert here.rows("select * from votes") == []


async def test_the_askers_vote_can_be_kept_without_counting(tmp_path: Path) -> None:
    rules = BattleDefaults(ballot="secret", asker_votes=False)
    async with place(tmp_path, map(competitor, PAIR), Config(battle=rules)) as here:
        await here.battle()
        told = await vote(here, here.alice, "a")
        await vote(here, here.bob, "b")
        text = text_of(await here.close())

        assert (
            "It is kept, but not counted: in this server the vote of the member who asked does not count."
            in told
        )
        assert "🅰️ 0 · 🅱️ 1 · 🤝 0 · 👎 0 (1 vote)" in text
        assert "1 vote is not counted by the rules of this server." in text


@pytest.mark.parametrize(
    ("rules", "reason"),
    [
        (
            BattleDefaults(ballot="secret", min_account_days=30),
            "It is kept, but not counted: accounts must be at least 30 days old here.",
        ),
        (
            BattleDefaults(ballot="secret", min_member_days=1),
            "It is kept, but not counted: members must have been here for at least 1 day.",
        ),
    ],
)
async def test_a_newcomer_is_told_since_when_votes_count(
    tmp_path: Path, rules: BattleDefaults, reason: str
) -> None:
    async with place(tmp_path, map(competitor, PAIR), Config(battle=rules)) as here:
        await here.battle()
        told = await vote(here, here.bob, "a")
        text = text_of(await here.close())

        assert reason in told
        assert "No votes" in text
        assert here.row("select votes_uncounted from battles") == (1,)


@pytest.mark.parametrize("days", [1, 5])
async def test_who_has_been_there_long_enough_counts(tmp_path: Path, days: int) -> None:
    rules = BattleDefaults(ballot="secret", min_account_days=days, min_member_days=days)
    async with place(tmp_path, map(competitor, PAIR), Config(battle=rules)) as here:
        await here.env.advance_time(days * 86_400)
        await here.battle()
        told = await vote(here, here.bob, "a")

        assert "not counted" not in told


async def test_the_vote_ends_at_once_with_enough_votes_that_count(tmp_path: Path) -> None:
    rules = BattleDefaults(ballot="secret", asker_votes=False, close_at_votes=2)
    async with place(tmp_path, map(competitor, PAIR), Config(battle=rules)) as here:
        await here.battle()
        await vote(here, here.alice, "a")
        await vote(here, here.bob, "a")
        between = here.row("select state from battles")
        told = await vote(here, here.carol, "b")
        await here.env.settle()

        assert between == ("voting",)
        assert told.startswith("Your vote: **🅱️ B is better**")
        assert here.row("select state, votes_a, votes_b from battles") == ("closed", 1, 1)


async def test_a_restart_keeps_the_votes_and_the_buttons_work(tmp_path: Path) -> None:
    async with place(tmp_path, map(competitor, PAIR), SECRET) as here:
        card = await here.battle()
        await vote(here, here.alice, "a")
        await vote(here, here.bob, "a")
        with unnoticed(here):
            await here.carol.react(card, "👎")
        async with restarted(here, map(competitor, PAIR)):
            told = await vote(here, here.bob, "tie")
            text = text_of(await here.close())

        assert told.startswith("Your vote: **🤝 A tie**")
        assert "🅰️ 1 · 🅱️ 0 · 🤝 1 · 👎 0 (2 votes)" in text
        assert [request.split()[0] for request in here.limited_requests] == ["GET", "PATCH"]


async def test_a_server_decides_for_a_secret_ballot_and_against_it(tmp_path: Path) -> None:
    async with place(tmp_path, map(competitor, PAIR)) as here:
        desk = await SettingsDesk.opened(here)
        await desk.decide("vote", ballot=["secret"])
        said = desk.text
        await here.alice.slash(here.channel, "battle", prompt="First?")
        await desk.choose("vote", "ballot", "reactions")
        await here.alice.slash(here.channel, "battle", prompt="Second?")
        first, second = here.channel.history()[-2:]

        assert "**How members vote** · set here\nwith buttons, in secret" in said
        assert votes_of(first) == VOTES
        assert not first.reactions
        assert len(second.reactions) == 4
        assert "arena:vote:2:a" not in buttons_of(second)


async def test_in_a_japanese_server_the_ballot_is_japanese(tmp_path: Path) -> None:
    async with place(tmp_path, map(competitor, PAIR), SECRET) as here:
        speak(here, "ja")
        card = await here.battle("良い一日とは？")
        told = await vote(here, here.bob, "a")
        back = await vote(here, here.bob, "a")

        assert "下のボタンで投票してください" in text_of(card)
        assert told.startswith("あなたの投票：**🅰️ Aのほうが良い**\n-# ")
        assert back == "投票を取り消しました。"
