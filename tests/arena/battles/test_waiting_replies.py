"""What is shown of a battle whose models cannot be asked yet."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest

from bot.arena.battles.closing import OutOfModelsError
from bot.arena.battles.replies import PAUSES_IN_QUEUE, ReplyStream
from bot.backends.base import BackendError, ChatMessage, Failure, TextPiece, Waiting
from bot.domain.battle import Side, VoidReason
from bot.domain.pauses import USUAL
from tests.arena.battles.test_replies import stepped
from tests.arena.waiting import until
from tests.competitors import asked, competitor

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bot.arena.battles.card import PartialReply
    from bot.arena.models.roster import Competitor
    from bot.domain.rules import Streaming
    from tests.arena.conftest import Clock

STYLES = ("lockstep", "together", "off")


def stream(a: Competitor, b: Competitor, style: Streaming, *substitutes: Competitor) -> ReplyStream:
    bench = list(substitutes)
    return ReplyStream(
        dict.fromkeys(Side, (ChatMessage("user", "Why?"),)),
        {Side.A: a, Side.B: b},
        lambda _side: bench.pop(0) if bench else None,
        60.0,
        USUAL.between_edits,
        style,
    )


@pytest.mark.parametrize("style", STYLES)
async def test_a_battle_shows_its_place_in_the_queue_until_its_models_are_asked(
    clock: Clock, style: Streaming
) -> None:
    one, (third, moved, begun, said) = stepped(Waiting(3), Waiting(1), Waiting(0), TextPiece("Late"))
    end, places = asyncio.Event(), list[int]()

    async def show(replies: Mapping[Side, PartialReply]) -> None:
        places.append(replies[Side.A].place)

    running = asyncio.create_task(stream(one, competitor("Quillon", "uv", end), style).run(show))
    for step, place in ((third, 3), (moved, 1), (begun, 0)):
        step.set()
        while places[-1:] != [place]:
            clock.passed += 0.02
            await asyncio.sleep(0)
    said.set()
    end.set()
    await running

    assert places[:3] == [3, 1, 0]


async def test_a_new_place_is_shown_seldom_and_at_once_that_the_wait_is_over(clock: Clock) -> None:
    one, (third, moved, begun, said) = stepped(Waiting(3), Waiting(1), Waiting(0), TextPiece("Late"))
    shown_at = dict[int, float]()

    async def show(replies: Mapping[Side, PartialReply]) -> None:
        shown_at.setdefault(replies[Side.A].place, clock.passed)

    running = asyncio.create_task(stream(one, competitor("Quillon", "uv"), "lockstep").run(show))
    third.set()
    await until(lambda: 3 in shown_at)
    moved.set()
    while 1 not in shown_at:
        clock.passed += 0.02
        await asyncio.sleep(0)
    begun.set()
    await until(lambda: 0 in shown_at)
    said.set()
    await running

    assert shown_at[1] - shown_at[3] >= PAUSES_IN_QUEUE * USUAL.between_edits
    assert shown_at[0] == shown_at[1]


@pytest.mark.parametrize("style", STYLES)
async def test_no_task_waits_beside_the_models_while_there_is_nothing_to_be_shown(style: Streaming) -> None:
    end, here = asyncio.Event(), asyncio.all_tasks()
    a, b = competitor("Zephyrine", end, "abc"), competitor("Quillon", end, "uv")

    async def show(_: Mapping[Side, PartialReply]) -> None:
        raise AssertionError

    running = asyncio.create_task(stream(a, b, style).run(show))
    await until(lambda: bool(asked(a) and asked(b)))
    beside = asyncio.all_tasks() - here - {running}
    end.set()
    await running

    assert len(beside) == len(Side)


async def test_no_other_model_is_asked_for_one_that_others_kept_busy() -> None:
    crowded = competitor("Zephyrine", BackendError(Failure.CROWDED, "no place became free in 1 s"))
    spare = competitor("Vesper", "abc")

    async def show(_: Mapping[Side, PartialReply]) -> None:
        pass

    with pytest.raises(OutOfModelsError) as caught:
        await stream(crowded, competitor("Quillon", "uv"), "off", spare).run(show)

    assert caught.value.void_reason is VoidReason.CROWDED
    assert not caught.value.is_the_models_doing
    assert not asked(spare)
