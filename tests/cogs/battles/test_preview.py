from __future__ import annotations

from dataclasses import replace
from unicodedata import east_asian_width

import pytest
from discord import ui
from hypothesis import given
from hypothesis import strategies as st

from bot.arena.battles.card import PartialReply
from bot.domain.battle import Battle, BattleState, Contestant, Side
from bot.domain.rules import BattleRules
from cogs.battles.card import ballot_card, end_card, replies_card
from cogs.battles.replies.preview import LINE_CELLS, PREVIEW_LINES, SHORT, SHOWN, previews
from cogs.ui.markdown import close
from tests.examples import examples

PROSE = "A sentence of a usual length, which is about weather. " * 60
LIST = "\n".join(f"- point {number}" for number in range(300))
JAPANESE = "空が青いのは、短い波長の光が散乱されるからです。" * 100
CODE = "Look:\n```python\n" + "\n".join(f"print({number})" for number in range(400)) + "\n```\nDone."
PARAGRAPHS = "One short paragraph.\n\n" * 80
LONG = (PROSE, LIST, JAPANESE, CODE, PARAGRAPHS)


def battle(a: str, b: str, state: BattleState = BattleState.VOTING) -> Battle:
    sides = (Contestant(Side.A, 1, "Zephyrine", a), Contestant(Side.B, 2, "Quillon", b))
    return Battle(1, 2, 3, 4, 5, "Why?", "en-US", state, 0.0, *sides, closes_at=0.0)


def height(text: str) -> int:
    """Count the lines on screen; the ellipsis and the fences of code take none of their own."""
    lines = [line for line in text.removesuffix("…").split("\n") if not line.startswith("```")]
    wide = [sum(2 if east_asian_width(each) in "WF" else 1 for each in line) for line in lines]
    return sum(max(1, -(-width // LINE_CELLS)) for width in wide)


@pytest.mark.parametrize("a", LONG)
@pytest.mark.parametrize("b", LONG)
def test_the_previews_of_long_replies_are_equally_high(a: str, b: str) -> None:
    shown = previews({Side.A: a, Side.B: b})

    assert height(shown[Side.A].text) == height(shown[Side.B].text) > 5
    assert all(len(each.text) <= SHOWN + 10 for each in shown.values())
    assert all(each.hidden > 0 for each in shown.values())


@pytest.mark.parametrize("other", ["Short.", PROSE])
def test_a_short_reply_is_whole_whatever_stands_beside_it(other: str) -> None:
    whole = "word " * (SHORT // 5 - 1) + "end."
    shown = previews({Side.A: whole, Side.B: other})[Side.A]

    assert (shown.text, shown.hidden) == (whole, 0)


def test_a_reply_of_few_characters_on_many_lines_is_a_preview_too() -> None:
    shown = previews({Side.A: "x\n" * 300, Side.B: "Short."})[Side.A]

    assert height(shown.text) == PREVIEW_LINES
    assert shown.hidden > 500


@examples(50)
@given(st.text(st.sampled_from("a 。空*_`|~[]()\n-#>\U0001f468\u200d"), max_size=3000), st.integers(1, 20))
def test_a_preview_is_short_and_leaves_nothing_open(text: str, times: int) -> None:
    shown = previews({Side.A: text * times, Side.B: PROSE})[Side.A]

    assert len(shown.text) <= SHORT + 60
    assert close(shown.text.removesuffix("…")) == shown.text.removesuffix("…")


@pytest.mark.parametrize("is_over", [False, True])
def test_where_a_reply_is_cut_the_card_says_how_much_follows_and_opens_it(*, is_over: bool) -> None:
    asked = battle("Short.", "word " * 400)
    card = end_card(replace(asked, state=BattleState.CLOSED)) if is_over else ballot_card(asked, 3)
    (section,) = [item for item in card.walk_children() if isinstance(item, ui.Section)]
    (said,) = [item.content for item in section.children if isinstance(item, ui.TextDisplay)]

    assert said == "-# continues: about 1,300 more characters"
    assert isinstance(section.accessory, ui.Button)
    assert section.accessory.label == "Read B"


def test_while_the_models_write_a_preview_says_how_much_there_is_and_opens_nothing() -> None:
    writing = battle("", "", BattleState.GENERATING)
    replies = {side: PartialReply("word " * 400, 1700) for side in Side}
    card = replies_card(writing, replies)

    assert str(card.to_components()).count("continues: about 1,000 more characters") == 2
    assert [item.label for item in card.walk_children() if isinstance(item, ui.Button)] == ["✖️ Cancel"]


def test_a_card_has_the_prompt_a_b_and_the_ballot_and_then_what_few_may_press() -> None:
    card = ballot_card(replace(battle("One.", "Two."), rules=BattleRules(ballot="secret")), 3)
    kinds = [type(item).__name__ for item in card.children]
    labels = [item.label for item in card.walk_children() if isinstance(item, ui.Button)]

    assert kinds == ["Container"] * 3 + ["ActionRow", "TextDisplay", "ActionRow", "ActionRow"]
    assert labels[0] == "🔍 Compare"
    assert labels[-2:] == ["💬 Continue", "🔒 Close (asker)"]


def test_the_verdict_and_the_names_are_on_top_of_a_reveal() -> None:
    card = end_card(battle("One.", "Two.", BattleState.CLOSED))
    first = next(item.content for item in card.walk_children() if isinstance(item, ui.TextDisplay))

    assert first.splitlines()[0] == "## No votes"
    assert "**Zephyrine**" in first
    assert "**Quillon**" in first
