from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from discord import ui

from bot.arena.battles.card import PartialReply
from bot.arena.voting.ballots import Receipt
from bot.domain.battle import Battle, BattleState, Contestant, Side, Turn
from bot.domain.rules import BattleRules
from bot.domain.vote import Uncounted, Vote
from bot.i18n import translations
from cogs.battles.card import ballot_card, end_card, replies_card
from cogs.battles.vote_buttons import confirmation

if TYPE_CHECKING:
    from cogs.ui.layout import Layout

SECRET = BattleRules(ballot="secret", min_account_days=7, min_member_days=1)
BATTLE = Battle(
    battle_id=7,
    guild_id=1,
    channel_id=2,
    message_id=3,
    asker_id=4,
    prompt="Why?",
    locale="en-US",
    state=BattleState.VOTING,
    opened_at=0.0,
    closes_at=1_767_225_720.0,
    a=Contestant(Side.A, 1, "Zephyrine", "Because."),
    b=Contestant(Side.B, 2, "Quillon", "Why not?"),
    rules=SECRET,
)
ENDS = "<t:1767225720:T> (<t:1767225720:R>)"
NOTHING_YET = dict.fromkeys(Side, PartialReply("", 0))


def texts_of(card: Layout) -> list[str]:
    return [item.content for item in card.walk_children() if isinstance(item, ui.TextDisplay)]


def rows_of(card: Layout) -> list[list[str | None]]:
    """Return the labels of each row of buttons."""
    return [
        [item.label for item in row.children if isinstance(item, ui.Button)]
        for row in card.children
        if isinstance(row, ui.ActionRow)
    ]


def test_a_secret_ballot_in_english() -> None:
    card = ballot_card(BATTLE, max_turns=1)

    assert texts_of(card) == [
        "### Prompt",
        "Why?",
        "### 🅰️ Reply A",
        "Because.",
        "### 🅱️ Reply B",
        "Why not?",
        f"Vote with the buttons below until {ENDS}. Votes are secret; the reveal shows counts.",
    ]
    assert rows_of(card) == [
        ["🔍 Compare"],
        ["🅰️ A is better", "🅱️ B is better", "🤝 A tie", "👎 Both are bad"],
        ["🔒 Close (asker)"],
    ]


def test_a_secret_ballot_in_japanese() -> None:
    card = ballot_card(replace(BATTLE, locale="ja"), max_turns=1)

    assert texts_of(card)[-1] == (
        "<t:1767225720:T>（<t:1767225720:R>）までに、下のボタンで投票してください。"
        "誰がどう投票したかは公開されません。票数は結果発表で表示されます。"
    )
    assert rows_of(card)[1] == ["🅰️ Aのほうが良い", "🅱️ Bのほうが良い", "🤝 引き分け", "👎 どちらもいまいち"]


def test_a_ballot_with_reactions_has_no_such_buttons() -> None:
    card = ballot_card(replace(BATTLE, rules=BattleRules()), max_turns=1)

    assert rows_of(card) == [["🔍 Compare"], ["🔒 Close (asker)"]]
    assert "Vote with the reactions below" in texts_of(card)[-1]


def test_there_is_nothing_to_vote_on_before_the_ballot_opens_nor_after_it_closed() -> None:
    writing = replies_card(replace(BATTLE, state=BattleState.GENERATING), NOTHING_YET)
    closed = end_card(replace(BATTLE, state=BattleState.CLOSED))

    assert rows_of(writing) == [["✖️ Cancel"]]
    assert rows_of(closed) == [["🔍 Compare"], ["🔁 Rematch"]]


def test_while_a_further_turn_is_written_the_vote_goes_on() -> None:
    turn = Turn(2, "And then?")
    card = replies_card(replace(BATTLE, state=BattleState.GENERATING, turns=(turn,)), NOTHING_YET)

    assert rows_of(card) == [
        ["🅰️ A is better", "🅱️ B is better", "🤝 A tie", "👎 Both are bad"],
        ["✖️ Cancel"],
    ]


@pytest.mark.parametrize(
    ("objection", "english", "japanese"),
    [
        (Uncounted.ASKER, "the vote of the member who asked does not count", "質問した人の票は数えない"),
        (Uncounted.NEW_ACCOUNT, "accounts must be at least 7 days old here", "作成から7日以上"),
        (Uncounted.NEW_MEMBER, "members must have been here for at least 1 day.", "参加から1日以上"),
        (Uncounted.UNKNOWN, "Discord does not say since when", "Discordから確認できない"),
    ],
)
def test_a_vote_that_does_not_count_is_acknowledged_with_the_reason(
    objection: Uncounted, english: str, japanese: str
) -> None:
    receipt = Receipt(Vote.A, objection, SECRET, 1_767_225_720.0)

    assert english in confirmation(receipt, translations("en-US"))
    assert japanese in confirmation(receipt, translations("ja"))


def test_while_the_end_is_open_no_time_is_named() -> None:
    receipt = Receipt(Vote.TIE, None, SECRET, float("inf"))

    assert confirmation(receipt, translations("en-US")) == (
        "Your vote: **🤝 A tie**\n"
        "-# You can change it until the vote ends. Press the same button again to take it back."
    )


def test_a_vote_taken_back_is_said_to_be() -> None:
    receipt = Receipt(None, Uncounted.ASKER, SECRET, 1_767_225_720.0)

    assert confirmation(receipt, translations("en-US")) == "You took your vote back."
