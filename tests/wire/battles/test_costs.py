"""What replies cost that nobody keeps, over the wire."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import pytest

from tests.wire.battles.test_follow_up import ask_on
from tests.wire.battles.test_stopping import CANCEL, CLOSE, until_both_stopped
from tests.wire.scenes import connected_bot, scene

if TYPE_CHECKING:
    from pathlib import Path

    from bot.playground import Message
    from tests.wire.scenes import RunningBot

PRICES = "price_in = 3.0\nprice_out = 6.0"
PROMPT, WORD = "x" * 30, "y" * 299
"""Where no server counted, three bytes are taken for a token."""
WRITTEN = 100 * 6.0 / 1e6


def costs(arena: RunningBot) -> list[float]:
    rows = arena.installation.rows("select cost from contestants order by side")
    return [float(str(cost)) for (cost,) in rows if cost is not None]


def price(arena: RunningBot) -> None:
    arena.installation.edit('protocol = "openai"', f'protocol = "openai"\n{PRICES}')


def read(text: str) -> float:
    """Return what it costs that a model reads so much."""
    return math.ceil(len(text) / 3) * 3.0 / 1e6


async def cancel(arena: RunningBot, card: Message, said: str) -> None:
    await arena.until(card, "Both models are writing")
    arena.playground.people.press(arena.members[0], card, CANCEL)
    await until_both_stopped(arena)
    await arena.until(card, said)


async def test_a_cancelled_battle_has_cost_what_was_written_of_it(tmp_path: Path) -> None:
    async with scene(tmp_path, reply=WORD) as arena:
        price(arena)
        for server in arena.servers:
            server.hangs = True
        async with connected_bot(arena):
            await cancel(arena, await arena.battle(PROMPT), "cancelled by the member who asked")

        assert costs(arena) == pytest.approx([read(PROMPT) + WRITTEN] * 2)


async def test_a_cancelled_turn_is_added_to_what_the_turns_before_have_cost_and_once(tmp_path: Path) -> None:
    async with scene(tmp_path, reply=WORD) as arena:
        price(arena)
        async with connected_bot(arena):
            card = await arena.battle(PROMPT)
            await arena.until(card, "Vote with the reactions below")
            before = costs(arena)
            for server in arena.servers:
                server.hangs = True
            await ask_on(arena, card, PROMPT)
            await cancel(arena, card, "Vote with the reactions below")
            after = costs(arena)
            arena.playground.people.press(arena.members[0], card, CLOSE)
            await arena.until(card, "No votes")

        replies = arena.installation.rows("select reply from contestants order by side")
        turns = [read(f"{PROMPT}\n{reply}\n{PROMPT}") + WRITTEN for (reply,) in replies]
        assert after == pytest.approx([cost + turn for cost, turn in zip(before, turns, strict=True)])
        assert costs(arena) == after
