from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from hypothesis import given
from hypothesis import strategies as st

from bot.domain.battle import BattleState, Side
from bot.domain.report import Hiding, Report, ReportedReply
from bot.i18n import translations
from cogs.moderation.report_texts import notice
from tests.cogs.battles.test_card import NAMES, assert_fits, battles, locales, texts
from tests.examples import examples

if TYPE_CHECKING:
    from bot.domain.battle import Battle

reports = st.lists(
    st.builds(
        Report, st.integers(1, 2**63 - 1), st.none() | texts.map(lambda text: text[:500]), st.just(1e9)
    ),
    min_size=1,
    max_size=60,
)
hidings = st.none() | st.builds(Hiding, st.integers(1, 2**63 - 1), st.just(1e9))
sides = st.sampled_from(Side)


@examples(50)
@given(battles(), sides, reports, hidings, locales)
def test_a_notice_fits_and_names_nobody_before_the_reveal(
    battle: Battle, side: Side, told: list[Report], hiding: Hiding | None, locale: str
) -> None:
    voting = replace(battle, state=BattleState.VOTING)
    layout = notice(ReportedReply(voting, side, tuple(told), hiding), translations(locale), page=3)

    assert_fits(layout)
    assert not any(name.partition("-")[0] in str(layout.to_components()) for name in NAMES)


@examples(20)
@given(battles(), sides, reports)
def test_a_notice_names_the_model_after_the_reveal(battle: Battle, side: Side, told: list[Report]) -> None:
    closed = replace(battle, state=BattleState.CLOSED)
    layout = notice(ReportedReply(closed, side, tuple(told), None), translations("en"))

    named = [name for name in NAMES if name.partition("-")[0] in str(layout.to_components())]

    assert named == [closed.contestant(side).model]
