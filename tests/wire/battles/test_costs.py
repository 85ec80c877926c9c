"""What replies cost that nobody keeps, over the wire."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import pytest

from bot.playground.world.permissions import Permission
from tests.wire.battles.test_follow_up import ask_on
from tests.wire.battles.test_stopping import CANCEL, CLOSE, until_both_stopped
from tests.wire.scenes import connected_bot, scene

if TYPE_CHECKING:
    from pathlib import Path

    from bot.playground import Member, Message
    from bot.playground.world.interactions.resolved import OptionValue
    from tests.wire.scenes import RunningBot

PROMPT, WORD = "x" * 30, "y" * 299
"""Where no server counted, three bytes are taken for a token."""
COUNTED = 1000 * (7 * 3.0 + 2 * 6.0) / 1e6
"""What the server says that it read and wrote for a whole reply of two words."""
WRITTEN = 100 * 6.0 / 1e6


def costs(arena: RunningBot) -> list[float]:
    rows = arena.installation.rows("select cost from contestants order by side")
    return [float(str(cost)) for (cost,) in rows if cost is not None]


def price(arena: RunningBot, times: int = 1) -> None:
    prices = f"price_in = {3.0 * times}\nprice_out = {6.0 * times}"
    arena.installation.edit('protocol = "openai"', f'protocol = "openai"\n{prices}')


def read(text: str) -> float:
    """Return what it costs that a model reads so much."""
    return math.ceil(len(text) / 3) * 3.0 / 1e6


def spent_elsewhere(arena: RunningBot) -> list[float]:
    """Return what is noted beside the replies of battles."""
    rows = arena.installation.rows("select usd from spending order by spending_id")
    return [float(str(usd)) for (usd,) in rows]


async def asked_of(arena: RunningBot, member: Member, command: str, **options: OptionValue) -> str:
    asked = arena.playground.people.slash(member, arena.channel, command, **options)
    return (await asked.finished()).content


async def outcome_of_tests(arena: RunningBot, member: Member) -> str:
    """Have all models tested; returns what is said in the end."""
    shown = await arena.press_in_answer(member, arena.channel, "models list", "arena:roster:test")
    await arena.until(shown, "2 of 2 models asked")
    return shown.text


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


async def test_an_attempt_that_failed_has_cost_what_was_written_and_is_told_once_it_tells_nothing(
    tmp_path: Path,
) -> None:
    async with scene(tmp_path, reply=WORD, models=3) as arena:
        price(arena, times=1000)
        broken = arena.servers[0]
        broken.breaks = True
        mona = arena.member_with(Permission.MANAGE_GUILD, "mona")
        async with connected_bot(arena):
            card = await arena.battle(PROMPT)
            await arena.until(card, "Vote with the reactions below")
            cards = [card]
            while not broken.asked:
                cards.append(await arena.battle(PROMPT))
                await arena.until(cards[-1], "Vote with the reactions below")
            open_still = await asked_of(arena, mona, "models budget")
            for number, posted in enumerate(cards, 1):
                arena.playground.people.press(arena.members[0], posted, f"arena:close:{number}")
                await arena.until(posted, "No votes")
            decided = await asked_of(arena, mona, "models budget")

        (failed,) = spent_elsewhere(arena)
        # The last word may come together with the failure, and is not counted then.
        words = [math.ceil(len(text) / 3) * 6.0 / 1e6 for text in (f"{WORD} ", f"{WORD} One. ")]
        assert failed in [pytest.approx(1000 * (read(PROMPT) + each)) for each in words]
        assert "$0.00 today" in open_still
        assert f"${sum(costs(arena)) + failed:.2f} today" in decided


async def test_tests_of_models_cost_money_and_battles_of_the_day_and_end_with_both(tmp_path: Path) -> None:
    async with scene(tmp_path, reply=WORD) as arena:
        price(arena, times=1000)
        mona = arena.member_with(Permission.MANAGE_GUILD, "mona")
        async with connected_bot(arena):
            await asked_of(arena, mona, "models budget", usd_per_day=0.05)
            await outcome_of_tests(arena, mona)
            told = await asked_of(arena, mona, "models budget")
            refused = await outcome_of_tests(arena, mona)
            battle = arena.playground.people.slash(arena.members[0], arena.channel, "battle", prompt="Why?")
            unheld = await battle.told()
            await asked_of(arena, mona, "models budget", usd_per_day=0.0, battles_per_day=1)
            used_up = await outcome_of_tests(arena, mona)

        spent = spent_elsewhere(arena)
        assert len(spent) == 2
        assert spent == pytest.approx([COUNTED, COUNTED])
        assert f"${sum(spent):.2f} of $0.05 today" in told
        assert "1 of" in told
        assert refused.count("have cost what this server allows") == 2
        assert "have cost what this server allows" in unheld.text
        assert used_up.count("has used up its battles of today (1)") == 2
        assert [server.asked for server in arena.servers] == [1, 1]
