"""A model that fails again and again sits out, and comes back by itself."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, cast

import pytest

from bot.arena.models.breaker import (
    FIRST_PAUSE_SECONDS,
    LENGTH_KNOWN_SECONDS,
    LONGEST_PAUSE_SECONDS,
    SHORT_CHARS,
    CircuitBreaker,
    CircuitBreakers,
)
from bot.arena.models.probe import IMAGE
from bot.backends.base import BackendError, ChatMessage, Failure
from tests.competitors import ScriptedBackend

if TYPE_CHECKING:
    from tests.arena.conftest import Clock

WHY = (ChatMessage("user", "Why?"),)


def of_chars(count: int) -> tuple[ChatMessage, ...]:
    return (ChatMessage("user", "x" * count),)


LONG = of_chars(SHORT_CHARS)


def error(failure: Failure = Failure.UNREACHABLE, retry_after: float | None = None) -> BackendError:
    return BackendError(failure, "no", retry_after=retry_after)


async def ask(breaker: CircuitBreaker, conversation: tuple[ChatMessage, ...] = WHY) -> None:
    try:
        async for _ in breaker.reply(conversation):
            pass
    except BackendError:
        pass


async def passing(clock: Clock, seconds: float) -> None:
    """Let time pass, and what waits for it go on."""
    for _ in range(int(seconds)):
        clock.passed += 1.0
        await asyncio.sleep(0)
    for _ in range(10):
        await asyncio.sleep(0)


def watched(clock: Clock, *troubles: BackendError) -> tuple[CircuitBreaker, ScriptedBackend]:
    backend = ScriptedBackend(troubles=list(troubles))
    return CircuitBreakers(3, clock).watch(backend, "Zephyrine"), backend


async def test_three_failures_in_a_row_bench_a_model(clock: Clock) -> None:
    breaker, _ = watched(clock, error(), error(), error())
    states: list[bool] = []
    for _ in range(3):
        await ask(breaker)
        states.append(breaker.is_ready)
    await breaker.close()

    assert states == [True, True, False]
    assert breaker.outage
    assert breaker.outage.failure is Failure.UNREACHABLE


async def test_a_success_in_between_begins_the_count_anew(clock: Clock) -> None:
    breaker, backend = watched(clock)
    for round_ in range(4):
        backend.troubles[:] = [error()] if round_ % 2 == 0 else []
        await ask(breaker)

    assert breaker.is_ready


@pytest.mark.parametrize(
    "failure",
    [Failure.FILTERED, Failure.TOO_LONG, Failure.PROMPT_TOO_LONG, Failure.EMPTY, Failure.CROWDED],
)
async def test_what_is_not_the_model_s_doing_does_not_count(clock: Clock, failure: Failure) -> None:
    breaker, _ = watched(clock, *(error(failure) for _ in range(5)))
    for _ in range(5):
        await ask(breaker, LONG)

    assert breaker.is_ready


async def test_a_benched_model_is_asked_after_its_pause_and_comes_back(clock: Clock) -> None:
    breaker, backend = watched(clock, error(), error(), error())
    for _ in range(3):
        await ask(breaker)
    before = len(backend.asked)
    await passing(clock, FIRST_PAUSE_SECONDS - 1)
    still = (breaker.is_ready, len(backend.asked))
    await passing(clock, 2)

    assert still == (False, before)
    assert breaker.is_ready
    assert len(backend.asked) == before + 1


async def test_each_failed_probe_doubles_the_pause_up_to_an_hour(clock: Clock) -> None:
    breaker, _ = watched(clock, *(error() for _ in range(20)))
    for _ in range(3):
        await ask(breaker)
    pauses: list[float] = []
    for _ in range(8):
        assert breaker.outage
        pauses.append(breaker.outage.pause)
        await passing(clock, breaker.outage.until - clock() + 1)
    await breaker.close()

    assert pauses[:3] == [60.0, 120.0, 240.0]
    assert pauses[-1] == LONGEST_PAUSE_SECONDS


async def test_a_model_that_asked_for_a_rest_comes_back_by_itself(clock: Clock) -> None:
    breaker, backend = watched(clock, error(Failure.RATE_LIMITED, retry_after=20.0))
    await ask(breaker)
    resting = (breaker.is_ready, breaker.rests_until)
    clock.passed += 20.0

    assert resting == (False, clock())
    assert breaker.is_ready
    assert len(backend.asked) == 1


async def test_an_answer_to_somebody_else_ends_the_absence(clock: Clock) -> None:
    breaker, backend = watched(clock, error(), error(), error())
    for _ in range(3):
        await ask(breaker)
    await ask(breaker)
    await passing(clock, 2 * FIRST_PAUSE_SECONDS)

    assert breaker.is_ready
    assert len(backend.asked) <= 5
    await breaker.close()


async def test_a_model_that_is_not_to_fight_is_asked_nothing_and_comes_back_unblamed(clock: Clock) -> None:
    breaker, backend = watched(clock, error(), error(), error())
    for _ in range(3):
        await ask(breaker)
    before = len(backend.asked)
    await breaker.forgive()
    await passing(clock, 2 * FIRST_PAUSE_SECONDS)

    assert len(backend.asked) == before
    assert breaker.is_ready


async def test_a_server_that_asks_for_years_of_rest_gets_an_hour(clock: Clock) -> None:
    breaker, _ = watched(clock, error(Failure.RATE_LIMITED, retry_after=1e9))
    await ask(breaker)

    assert breaker.rests_until == clock() + LONGEST_PAUSE_SECONDS


async def test_a_probe_that_fails_inside_the_bot_leaves_no_model_out_for_ever(clock: Clock) -> None:
    breaker, backend = watched(clock, error(), error(), error())
    for _ in range(3):
        await ask(breaker)
    backend.pieces = (cast("str", object()),)
    await passing(clock, FIRST_PAUSE_SECONDS + 1)
    still = breaker.outage
    backend.pieces = ("Back.",)
    await passing(clock, 2 * FIRST_PAUSE_SECONDS + 1)

    assert still
    assert still.pause == 2 * FIRST_PAUSE_SECONDS
    assert breaker.is_ready


async def test_a_model_is_not_drawn_again_for_a_prompt_of_a_size_that_it_refused(clock: Clock) -> None:
    breaker, _ = watched(clock, error(Failure.PROMPT_TOO_LONG), error(Failure.PROMPT_TOO_LONG))
    await ask(breaker, of_chars(900))
    first = breaker.max_prompt_chars
    await ask(breaker, of_chars(700))

    assert breaker.is_ready
    assert (first, breaker.max_prompt_chars) == (899, 699)


async def test_a_server_that_calls_a_short_prompt_too_long_has_failed_and_teaches_nothing(
    clock: Clock,
) -> None:
    breaker, _ = watched(clock, *(error(Failure.PROMPT_TOO_LONG) for _ in range(3)))
    with pytest.raises(BackendError) as told:
        await anext(breaker.reply(of_chars(SHORT_CHARS - 1)))
    for _ in range(2):
        await ask(breaker)
    await breaker.close()

    assert told.value.failure is Failure.OVERLOADED
    assert "the prompt has 499 characters" in told.value.detail
    assert breaker.max_prompt_chars is None
    assert not breaker.is_ready


async def test_an_image_that_was_too_large_says_nothing_of_the_words_beside_it(clock: Clock) -> None:
    breaker, _ = watched(clock, *(error(Failure.PROMPT_TOO_LONG) for _ in range(6)))
    for words in ("What?", "What? " * SHORT_CHARS) * 3:
        await ask(breaker, (ChatMessage("user", words, IMAGE),))

    assert breaker.max_prompt_chars is None
    assert breaker.is_ready


async def test_an_answer_to_a_longer_prompt_refutes_what_was_refused(clock: Clock) -> None:
    breaker, backend = watched(clock, error(Failure.PROMPT_TOO_LONG))
    await ask(breaker, of_chars(900))
    await ask(breaker, of_chars(899))
    still = breaker.max_prompt_chars
    await ask(breaker, of_chars(900))

    assert still == 899
    assert breaker.max_prompt_chars is None
    assert backend.troubles == []


async def test_a_refused_size_is_tried_again_after_an_hour_and_then_learned_anew(clock: Clock) -> None:
    breaker, _ = watched(clock, error(Failure.PROMPT_TOO_LONG), error(Failure.PROMPT_TOO_LONG))
    await ask(breaker, of_chars(700))
    clock.passed += LENGTH_KNOWN_SECONDS - 1
    still = breaker.max_prompt_chars
    clock.passed += 1
    forgotten = breaker.max_prompt_chars
    await ask(breaker, of_chars(900))

    assert (still, forgotten) == (699, None)
    assert breaker.max_prompt_chars == 899
