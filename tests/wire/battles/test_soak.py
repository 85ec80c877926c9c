"""The soak that `python -m bench.soak` is, in short; and that it would notice what it looks for."""

from __future__ import annotations

import asyncio
import sys

import pytest

from bench.setup.contest import Counted, compare
from bench.setup.trouble import BotLogLine
from bot.domain.vote import Vote
from tests.wire.processes import ROOT

ANN, BEN = 1, 2
CARD = "🅰️ 1 · 🅱️ 0 · 🤝 0 · 👎 0 (1 vote)"


@pytest.mark.timeout(300)  # it gives up by itself before, and says on what
async def test_some_battles_with_trouble_end_as_they_should() -> None:
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "bench.soak", "--battles", "20"),
        cwd=ROOT,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    try:
        said, _ = await process.communicate()
    finally:
        if process.returncode is None:
            process.terminate()

    assert process.returncode == 0, said.decode()


def test_what_was_counted_rightly_is_not_complained_of() -> None:
    counted = {ANN: Counted("a", unclear=False), BEN: Counted(None, unclear=False)}

    assert compare({ANN: [Vote.B, Vote.A], BEN: []}, counted, CARD) == ([], 0)


@pytest.mark.parametrize(
    ("counted", "card"),
    [
        ({ANN: Counted("b", unclear=False)}, CARD),
        ({}, CARD),
        ({ANN: Counted("a", unclear=True)}, CARD),
        ({ANN: Counted("a", unclear=False), BEN: Counted("b", unclear=False)}, CARD),
        ({ANN: Counted("a", unclear=False)}, CARD.replace("1", "2")),
    ],
    ids=["another choice", "no vote", "unclear for no reason", "a vote of nobody", "another tally"],
)
def test_a_vote_or_tally_that_differs_is_found(counted: dict[int, Counted], card: str) -> None:
    wrong, _ = compare({ANN: [Vote.A]}, counted, card)

    assert wrong


def test_several_reactions_of_unknown_order_are_rightly_not_counted() -> None:
    card = "🅰️ 0 · 🅱️ 0 · 🤝 0 · 👎 0"

    assert compare({ANN: [Vote.A, Vote.B]}, {ANN: Counted(None, unclear=True)}, card) == ([], 1)


def test_only_known_lines_of_the_log_are_explained() -> None:
    known = BotLogLine("Discord did not take a card", "warning", "bot.arena.battles.retries")
    unknown = BotLogLine("a battle failed", "error", "bot.arena.battles.service")

    assert known.explanation
    assert unknown.explanation is None
