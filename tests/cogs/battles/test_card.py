from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from discord import ui
from hypothesis import given
from hypothesis import strategies as st

from bot.arena.battles.card import PartialReply
from bot.domain.battle import Battle, BattleState, Contestant, FinishReason, Side, UnratedReason, VoidReason
from bot.domain.image import Image, ImageKind
from bot.domain.rules import BattleRules
from bot.domain.vote import Tally
from bot.i18n import translations
from cogs.battles.card import ballot_card, end_card, replies_card
from cogs.battles.replies.read_reply import pages_of, reading_page
from tests.examples import examples

if TYPE_CHECKING:
    from cogs.ui.layout import Layout

NAMES = ("Zephyrine-9000", "Quillon-9000")
MARKDOWN = [
    "**",
    "__",
    "```",
    "```python\n",
    "`",
    "||",
    "~~",
    "\n",
    " ",
    "# ",
    "> ",
    "[a](http://b)",
    "@everyone",
]
WORDS = [
    "word",
    "@everyone",
    "だった。",
    "👩‍👩‍👧",
    "é",
    "<@123456789012345678>",
    "discord.gg/abc",
    "\u202e",
    "x" * 200,
]

CALLED_OFF = [reason for reason in VoidReason if reason is not VoidReason.MODERATOR]
"""Before any verdict; what a moderator took out was decided, and keeps its names."""


def repeated(word: str, times: int) -> str:
    return word * times


texts = st.one_of(
    st.text(max_size=300),
    st.lists(st.sampled_from(MARKDOWN + WORDS), max_size=60).map("".join),
    st.builds(repeated, st.sampled_from(MARKDOWN + WORDS), st.integers(0, 3000)),
)
locales = st.sampled_from(["en-US", "ja", "fr"])
tallies = st.builds(Tally, *[st.integers(0, 10_000)] * 4)
seconds = st.floats(0, 3600, allow_nan=False)


@st.composite
def battles(draw: st.DrawFn) -> Battle:
    a, b = (
        Contestant(
            side=side,
            model_id=number,
            model=name,
            reply=draw(texts),
            finish=draw(st.sampled_from(FinishReason)),
            first_token_seconds=draw(seconds),
            total_seconds=draw(seconds),
            output_tokens=draw(st.integers(0, 10**6)),
            leak=draw(st.none() | texts),
            rating_before=draw(st.floats(-500, 3000)),
            rating_after=draw(st.floats(-500, 3000)),
        )
        for number, (side, name) in enumerate(zip(Side, NAMES, strict=True))
    )
    return Battle(
        battle_id=draw(st.integers(1, 2**63 - 1)),
        guild_id=1,
        channel_id=2,
        message_id=3,
        asker_id=4,
        prompt=draw(texts),
        locale=draw(locales),
        state=BattleState.GENERATING,
        opened_at=0.0,
        closes_at=draw(st.floats(0, 4e9)),
        a=a,
        b=b,
        unrated=draw(st.none() | st.sampled_from(UnratedReason)),
        tally=draw(tallies),
        unclear=draw(st.integers(0, 1000)),
        image_kind=draw(st.none() | st.sampled_from(ImageKind)),
        hidden=draw(st.frozensets(st.sampled_from(Side))),
        rules=BattleRules(ballot=draw(st.sampled_from(["reactions", "secret"]))),
    )


def displays(card: Layout) -> list[str]:
    return [item.content for item in card.walk_children() if isinstance(item, ui.TextDisplay)]


def custom_ids(card: Layout) -> list[str]:
    return [item.custom_id or "" for item in card.walk_children() if isinstance(item, ui.Button)]


def assert_fits(card: Layout) -> None:
    contents, ids = displays(card), custom_ids(card)
    assert all(content.strip() for content in contents)
    assert sum(map(len, contents)) <= 4000
    assert len(list(card.walk_children())) <= 40
    assert len(set(ids)) == len(ids)
    assert all(0 < len(custom_id) <= 100 for custom_id in ids)


def names_in(card: Layout) -> list[str]:
    drawn = str(card.to_components())
    return [name for name in NAMES if name in drawn]


def cards(battle: Battle) -> list[object]:
    """Draw a battle at every stage that shows its replies."""
    partial_replies = {side: PartialReply(battle.contestant(side).reply, 50) for side in Side}
    voting, closed = (replace(battle, state=state) for state in (BattleState.VOTING, BattleState.CLOSED))
    return [
        card.to_components()
        for card in (replies_card(battle, partial_replies), ballot_card(voting, 2), end_card(closed))
    ]


@given(battles(), st.integers(0, 5000))
def test_replies_in_progress_fit_and_name_nobody(battle: Battle, count: int) -> None:
    partial_replies = {
        side: PartialReply(battle.contestant(side).reply, min(count, len(battle.contestant(side).reply)))
        for side in Side
    }
    card = replies_card(battle, partial_replies)

    assert_fits(card)
    assert names_in(card) == []


@given(battles())
def test_an_open_ballot_fits_and_names_nobody(battle: Battle) -> None:
    image = Image(battle.image_kind, 640, 480, b"") if battle.image_kind else None
    card = ballot_card(replace(battle, state=BattleState.VOTING, image=image), max_turns=2)

    assert_fits(card)
    assert names_in(card) == []
    assert f"arena:close:{battle.battle_id}" in custom_ids(card)
    assert f"arena:continue:{battle.battle_id}" in custom_ids(card)


@given(battles())
def test_a_reveal_fits_and_names_both(battle: Battle) -> None:
    card = end_card(replace(battle, state=BattleState.CLOSED))

    assert_fits(card)
    assert "Zephyrine" in str(card.to_components())
    assert "Quillon" in str(card.to_components())


@given(battles(), st.sampled_from(Side))
def test_a_card_does_not_depend_on_what_a_hidden_reply_says(battle: Battle, side: Side) -> None:
    hidden = replace(battle, hidden=frozenset({side}))
    changed = replace(battle.contestant(side), reply="Something else.", finish=FinishReason.UNKNOWN)
    other = replace(hidden, **{side.value: changed})

    assert cards(hidden) == cards(other)


@given(battles(), st.sampled_from(CALLED_OFF))
def test_a_battle_called_off_fits_and_names_nobody(battle: Battle, reason: VoidReason) -> None:
    card = end_card(replace(battle, state=BattleState.VOIDED, voided=reason))

    assert_fits(card)
    assert names_in(card) == []
    assert custom_ids(card) == []


def galleries(card: Layout) -> list[str]:
    items = [item for item in card.walk_children() if isinstance(item, ui.MediaGallery)]
    return [image.media.url for gallery in items for image in gallery.items]


@given(battles(), st.sampled_from(ImageKind))
def test_the_image_of_a_prompt_is_on_the_card_from_the_first_word_to_the_reveal(
    battle: Battle, kind: ImageKind
) -> None:
    shown = replace(battle, image_kind=kind)
    cards = [
        replies_card(shown, dict.fromkeys(Side, PartialReply("", 0))),
        ballot_card(replace(shown, state=BattleState.VOTING), max_turns=2),
        end_card(replace(shown, state=BattleState.CLOSED)),
        end_card(replace(shown, state=BattleState.VOIDED, voided=VoidReason.RESTARTED)),
    ]

    assert [galleries(card) for card in cards] == [[f"attachment://image.{kind.value}"]] * 4


@given(battles())
def test_a_card_that_was_perhaps_never_posted_refers_to_no_image(battle: Battle) -> None:
    lost = replace(battle, state=BattleState.VOIDED, voided=VoidReason.NOT_POSTED)

    assert galleries(end_card(lost)) == []


@given(battles())
def test_a_conversation_whose_image_is_gone_cannot_be_continued(battle: Battle) -> None:
    lost = replace(battle, state=BattleState.VOTING, image_kind=ImageKind.PNG, image=None)

    assert f"arena:continue:{battle.battle_id}" not in custom_ids(ballot_card(lost, max_turns=2))


@examples(50)
@given(battles(), st.sampled_from(["a", "b", "prompt"]), st.integers(0, 50), locales)
def test_every_page_of_a_reading_fits(battle: Battle, subject: str, page: int, locale: str) -> None:
    texts = translations(locale)
    layout = reading_page(
        pages_of(battle, subject, texts), f"arena:read:{battle.battle_id}:{subject}", page, texts
    )

    assert_fits(layout)
    assert names_in(layout) == []


@given(battles(), st.integers(0, 5000))
def test_the_card_does_not_depend_on_who_the_models_are(battle: Battle, count: int) -> None:
    partial_replies = {side: PartialReply(battle.contestant(side).reply, count) for side in Side}
    others = replace(battle, a=replace(battle.a, model="A", model_id=8), b=replace(battle.b, model="B"))

    assert (
        replies_card(battle, partial_replies).to_components()
        == replies_card(others, partial_replies).to_components()
    )
    assert ballot_card(battle, 2).to_components() == ballot_card(others, 2).to_components()


@pytest.mark.parametrize("reason", CALLED_OFF)
def test_every_reason_to_call_a_battle_off_is_told_in_words_of_its_own(reason: VoidReason) -> None:
    a, b = (Contestant(side, 1, "Zephyrine") for side in Side)
    battle = Battle(1, 2, 3, 4, 5, "Why?", "en-US", BattleState.VOIDED, 0.0, a, b, voided=reason)
    told = {why: displays(end_card(replace(battle, voided=why)))[-1] for why in CALLED_OFF}

    assert list(told.values()).count(told[reason]) == 1
    assert "called off" in told[reason]


def test_sentences_in_one_line_are_spaced_as_their_language_does() -> None:
    a, b = (Contestant(side, 1, "Zephyrine") for side in Side)
    battle = Battle(1, 2, 3, 4, 5, "Why?", "en-US", BattleState.GENERATING, 0.0, a, b)
    waiting = dict.fromkeys(Side, PartialReply("", 0, place=2))
    english = str(replies_card(battle, waiting).to_components())
    japanese = str(replies_card(replace(battle, locale="ja"), waiting).to_components())

    assert "number 2 in the queue. Reactions added" in english
    assert "（2番目）。投票が始まる前に" in japanese
