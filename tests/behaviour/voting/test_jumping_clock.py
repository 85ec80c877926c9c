"""A machine's clock that is set an hour on or back while members vote."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from bot.config import BattleDefaults, Config
from tests.behaviour.place import VOTING_SECONDS, place, text_of
from tests.competitors import competitor

if TYPE_CHECKING:
    from pathlib import Path

HOUR = 3600.0
MODELS = ("Zephyrine", "Quillon")


@pytest.mark.parametrize("jump", [HOUR, -HOUR])
@pytest.mark.parametrize("before", [0, VOTING_SECONDS - 1])
async def test_it_loses_no_vote_and_prolongs_none(tmp_path: Path, jump: float, before: int) -> None:
    async with place(tmp_path, map(competitor, MODELS)) as here:
        card = await here.battle()
        await here.env.advance_time(before)
        here.clock.jumped = jump
        await here.bob.react(card, "🅰️")
        await here.env.advance_time(VOTING_SECONDS - before - 0.5)
        asked = here.row("select state from battles")
        await here.carol.react(card, "🅰️")
        await here.env.advance_time(1)

    assert asked == ("voting",)
    assert "2 votes" in text_of(here.card)


@pytest.mark.parametrize("jump", [HOUR, -HOUR])
async def test_nor_with_buttons(tmp_path: Path, jump: float) -> None:
    config = Config(battle=BattleDefaults(ballot="secret"))
    async with place(tmp_path, map(competitor, MODELS), config) as here:
        card = await here.battle()
        here.clock.jumped = jump
        await here.bob.click(card, custom_id="arena:vote:1:a")
        card = await here.close()

    assert "1 vote" in text_of(card)
