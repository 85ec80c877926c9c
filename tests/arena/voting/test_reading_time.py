from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from bot.arena.voting.reading_time import SHOWN, readable_at, reading_seconds
from bot.domain.rules import BattleRules
from tests.arena.stored_battles import OPENED, begun

if TYPE_CHECKING:
    from bot.domain.battle import Battle
    from bot.storage.database import Database

WHOLE_AT = OPENED + 10.0


def told(battle: Battle, a: str, b: str, first_word: float | None) -> Battle:
    return replace(
        battle,
        a=replace(battle.a, reply=a, first_token_seconds=first_word),
        b=replace(battle.b, reply=b, first_token_seconds=first_word and first_word + 3),
    )


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("", 0.0),
        ("a" * 100, 1.0),
        ("é" * 100, 1.0),
        ("猫" * 36, 1.0),
        ("ひらがなカタカナ漢字。，！" * 36, 13.0),
        ("𠮷" * 36, 1.0),
        ("한글" * 18, 1.0),
        ("ｶﾀｶﾅ" * 25, 1.0),
        ("a" * 50 + "猫" * 18, 1.0),
    ],
)
def test_wide_characters_take_longer_to_read(text: str, seconds: float) -> None:
    assert reading_seconds(text) == pytest.approx(seconds)


async def test_reading_begins_with_the_first_word_that_is_shown(database: Database) -> None:
    battle = told(await begun(database), "a" * 200, "b" * 100, first_word=2.0)

    assert readable_at(battle, WHOLE_AT) == pytest.approx(OPENED + 2.0 + 3.0)


async def test_where_no_word_was_timed_it_begins_with_the_battle(database: Database) -> None:
    battle = told(await begun(database), "a" * 200, "", first_word=None)

    assert readable_at(battle, WHOLE_AT) == pytest.approx(OPENED + 2.0)


async def test_what_a_card_does_not_show_need_not_be_read(database: Database) -> None:
    battle = told(await begun(database), "a" * 100_000, "b" * SHOWN, first_word=1.0)

    assert readable_at(battle, WHOLE_AT) == pytest.approx(OPENED + 1.0 + 2 * SHOWN / 100)


async def test_where_nothing_is_shown_meanwhile_it_begins_when_the_replies_are_whole(
    database: Database,
) -> None:
    battle = told(await begun(database), "a" * 200, "b" * 100, first_word=2.0)
    hidden = replace(battle, rules=BattleRules(stream="off"))

    assert readable_at(hidden, WHOLE_AT) == pytest.approx(WHOLE_AT + 3.0)
