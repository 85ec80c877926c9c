from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pytest

from bot.arena.battles.closing import OutOfModelsError
from bot.arena.battles.replies import ReplyStream
from bot.arena.models.roster import Competitor
from bot.backends.base import (
    BackendError,
    ChatMessage,
    Failure,
    Finished,
    Retraction,
    TextPiece,
    Usage,
)
from bot.domain.battle import FinishReason, Side, VoidReason
from bot.domain.pauses import USUAL
from bot.errors import MessageGoneError, MessageUnavailableError
from tests.arena.waiting import until
from tests.competitors import asked, competitor

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Callable, Mapping

    from bot.arena.battles.card import PartialReply
    from bot.arena.battles.replies import ReplyInProgress
    from bot.backends.base import Event
    from bot.domain.rules import Streaming
    from tests.arena.conftest import Clock

PATIENCE = 60.0
TOO_LONG = BackendError(Failure.PROMPT_TOO_LONG, "HTTP 413")


@dataclass(slots=True)
class Screen:
    """What members saw, frame by frame; after each frame something may happen."""

    after: list[Callable[[], None]] = field(default_factory=list["Callable[[], None]"])
    errors: list[Exception] = field(default_factory=list[Exception])
    frames: list[tuple[str, str]] = field(default_factory=list[tuple[str, str]])

    async def show(self, replies: Mapping[Side, PartialReply]) -> None:
        if self.errors:
            raise self.errors.pop(0)
        a, b = replies[Side.A], replies[Side.B]
        self.frames.append((a.text[: a.count], b.text[: b.count]))
        if self.after:
            self.after.pop(0)()


def bench(*substitutes: Competitor) -> Callable[[Side], Competitor | None]:
    """Hand out the substitutes in turn, then none."""
    waiting = list(substitutes)
    return lambda _side: waiting.pop(0) if waiting else None


def stream(
    a: Competitor, b: Competitor, *substitutes: Competitor, style: Streaming = "lockstep"
) -> ReplyStream:
    asked_alike = dict.fromkeys(Side, (ChatMessage("user", "Why?"),))
    return ReplyStream(
        asked_alike, {Side.A: a, Side.B: b}, bench(*substitutes), PATIENCE, USUAL.between_edits, style
    )


async def play(match: ReplyStream, screen: Screen, clock: Clock) -> Mapping[Side, ReplyInProgress]:
    """Run a stream to its end while time passes slowly beside it."""
    running = asyncio.create_task(match.run(screen.show))
    while not running.done():
        clock.passed += 0.02
        await asyncio.sleep(0)
    return running.result()


async def test_while_both_write_each_shows_the_same_number_of_characters(clock: Clock) -> None:
    more, end = asyncio.Event(), asyncio.Event()
    a = competitor("Zephyrine", "abcdef", more, "ghijkl", end)
    b = competitor("Quillon", "uvw", more, "xyz", end)
    screen = Screen([more.set, end.set])
    await play(stream(a, b), screen, clock)

    assert screen.frames[0] == ("abc", "uvw")
    assert screen.frames[1] == ("abcdef", "uvwxyz")


async def test_nothing_is_shown_while_one_side_has_nothing() -> None:
    late, end = asyncio.Event(), asyncio.Event()
    a = competitor("Zephyrine", "abcdef")
    b = competitor("Quillon", late, "uv", end, "w")
    screen = Screen([end.set])
    running = asyncio.create_task(stream(a, b).run(screen.show))
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    before = list(screen.frames)
    late.set()
    await running

    assert before == []
    assert screen.frames[0] == ("ab", "uv")


async def test_together_gives_one_sign_of_life_without_a_word_once_both_write() -> None:
    late, end = asyncio.Event(), asyncio.Event()
    a = competitor("Zephyrine", "abcdef", end)
    b = competitor("Quillon", late, "uv", end, "w")
    screen = Screen([end.set])
    running = asyncio.create_task(stream(a, b, style="together").run(screen.show))
    for _ in range(10):
        await asyncio.sleep(0)
    before = list(screen.frames)
    late.set()
    replies_in_progress = await running

    assert before == []
    assert screen.frames == [("", "")]
    assert replies_in_progress[Side.B].text == "uvw"


async def test_a_sign_of_life_that_got_lost_is_given_again() -> None:
    more, end = asyncio.Event(), asyncio.Event()
    a = competitor("Zephyrine", "abc", more, "def", end)
    b = competitor("Quillon", "uv", end)
    screen = Screen([end.set], errors=[MessageUnavailableError("busy")])
    running = asyncio.create_task(stream(a, b, style="together").run(screen.show))
    await until(lambda: not screen.errors)
    more.set()
    await running

    assert screen.frames == [("", "")]


async def test_off_shows_nothing_until_both_are_done(clock: Clock) -> None:
    screen = Screen()
    replies_in_progress = await play(
        stream(competitor("Zephyrine", "abc"), competitor("Quillon", "uv"), style="off"), screen, clock
    )

    assert screen.frames == []
    assert [replies_in_progress[side].text for side in Side] == ["abc", "uv"]


async def test_a_finished_reply_is_shown_whole_once_the_other_has_as_much(clock: Clock) -> None:
    more, end = asyncio.Event(), asyncio.Event()
    a = competitor("Zephyrine", "abc")
    b = competitor("Quillon", "uv", more, "wxyz", end, "!")
    screen = Screen([more.set, end.set])
    await play(stream(a, b), screen, clock)

    assert screen.frames == [("ab", "uv"), ("abc", "uvwxyz")]


async def test_edits_are_at_least_a_second_apart(clock: Clock) -> None:
    first, second = asyncio.Event(), asyncio.Event()
    a = competitor("Zephyrine", "a", first, "b", second)
    b = competitor("Quillon", "u", first, "v", second)
    screen = Screen([first.set])
    running = asyncio.create_task(stream(a, b).run(screen.show))
    await until(lambda: bool(screen.frames))
    for _ in range(10):
        await asyncio.sleep(0)
    within_the_second = len(screen.frames)
    clock.passed += 1.0
    await until(lambda: len(screen.frames) == 2)
    second.set()
    await running

    assert within_the_second == 1
    assert screen.frames == [("a", "u"), ("ab", "uv")]


async def test_the_whole_replies_their_times_and_tokens_are_returned() -> None:
    replies_in_progress = await stream(competitor("Zephyrine", "ab", "c"), competitor("Quillon", "xyz")).run(
        Screen().show
    )

    assert [replies_in_progress[side].text for side in Side] == ["abc", "xyz"]
    for reply_in_progress in replies_in_progress.values():
        assert reply_in_progress.first_token_seconds is not None
        assert reply_in_progress.total_seconds is not None
        assert reply_in_progress.total_seconds >= reply_in_progress.first_token_seconds >= 0
        assert reply_in_progress.usage.output_tokens == 5


async def test_a_replacement_begins_its_side_anew(clock: Clock) -> None:
    seen, end = asyncio.Event(), asyncio.Event()
    failing = competitor("Zephyrine", "old words", seen, BackendError(Failure.TIMEOUT, "cut"))
    screen = Screen([seen.set, end.set])
    match = stream(failing, competitor("Quillon", "uvwxyz", end), competitor("Marrowby", "new", end))
    replies_in_progress = await play(match, screen, clock)

    assert replies_in_progress[Side.A].competitor.name == "Marrowby"
    assert replies_in_progress[Side.A].text == "new"
    assert screen.frames[0] == ("old wo", "uvwxyz")
    assert ("new", "uvw") in screen.frames


async def test_the_model_that_steps_in_is_asked_the_same_prompt() -> None:
    failing = competitor("Zephyrine", BackendError(Failure.TIMEOUT, "cut"))
    substitute = competitor("Marrowby")
    await stream(failing, competitor("Quillon"), substitute).run(Screen().show)

    assert asked(substitute) == ["Why?"]


async def test_a_third_failure_on_a_side_ends_the_duel() -> None:
    broken = [competitor(name, BackendError(Failure.EMPTY, "")) for name in ("One", "Two", "Three")]
    spare = competitor("Spare")

    with pytest.raises(OutOfModelsError):
        await stream(broken[0], competitor("Quillon"), broken[1], broken[2], spare).run(Screen().show)
    assert not asked(spare)


async def test_the_only_model_that_asks_for_a_pause_is_waited_for(clock: Clock) -> None:
    troubles = [BackendError(Failure.RATE_LIMITED, "slow down", retry_after=30.0)]
    pausing = competitor("Zephyrine", "Here I am.", troubles=troubles)
    running = asyncio.create_task(stream(pausing, competitor("Quillon")).run(Screen().show))
    for _ in range(10):
        await asyncio.sleep(0)
    before = len(asked(pausing))
    clock.passed += 30.0
    replies_in_progress = await running

    assert before == 1
    assert len(asked(pausing)) == 2
    assert replies_in_progress[Side.A].text == "Here I am."


async def test_a_pause_longer_than_the_patience_ends_the_duel() -> None:
    pausing = competitor("Zephyrine", BackendError(Failure.RATE_LIMITED, "", retry_after=PATIENCE + 1))

    with pytest.raises(OutOfModelsError):
        await stream(pausing, competitor("Quillon")).run(Screen().show)


async def test_a_frame_that_discord_does_not_take_is_made_good_by_the_next(clock: Clock) -> None:
    first, end = asyncio.Event(), asyncio.Event()
    a = competitor("Zephyrine", "ab", first, "cd", end)
    b = competitor("Quillon", "uv", first, "wx", end)
    screen = Screen([end.set], errors=[MessageUnavailableError("503")])
    running = asyncio.create_task(stream(a, b).run(screen.show))
    await until(lambda: not screen.errors)
    first.set()
    while not screen.frames:
        clock.passed += 1.0
        await asyncio.sleep(0)
    replies_in_progress = await running

    assert screen.frames == [("abcd", "uvwx")]
    assert replies_in_progress[Side.B].text == "uvwx"


async def test_a_lost_stage_ends_the_duel_and_hangs_up_on_the_models() -> None:
    never = asyncio.Event()
    screen = Screen(errors=[MessageGoneError(VoidReason.MESSAGE_GONE)])
    a, b = competitor("Zephyrine", "ab", never), competitor("Quillon", "uv", never)

    with pytest.raises(MessageGoneError) as lost:
        await stream(a, b).run(screen.show)
    assert lost.value.reason is VoidReason.MESSAGE_GONE


async def test_as_many_models_are_asked_as_there_are_until_one_can_take_so_long_a_prompt() -> None:
    refusing = [competitor(name, TOO_LONG) for name in ("Zephyrine", "Marrowby", "Oxlade", "Thistle")]
    able = competitor("Umberto", "Yes.")
    replies = await stream(refusing[0], competitor("Quillon"), *refusing[1:], able).run(Screen().show)

    assert replies[Side.A].text == "Yes."
    assert [len(asked(one)) for one in refusing] == [1, 1, 1, 1]


async def test_where_no_model_is_left_for_so_long_a_prompt_it_is_the_prompt_s_doing() -> None:
    with pytest.raises(OutOfModelsError) as failure:
        await stream(competitor("Zephyrine", TOO_LONG), competitor("Quillon")).run(Screen().show)

    assert failure.value.void_reason is VoidReason.PROMPT_TOO_LONG


@dataclass(slots=True)
class SteppedBackend:
    """Says one event after the other, each once it is let."""

    events: list[Event]
    lets: list[asyncio.Event]

    async def reply(
        self, conversation: tuple[ChatMessage, ...], guild_id: int = 0
    ) -> AsyncGenerator[Event, None]:
        del guild_id
        del conversation
        for event, let in zip(self.events, self.lets, strict=True):
            await let.wait()
            yield event
        yield Finished(FinishReason.STOP, Usage())


def stepped(*events: Event) -> tuple[Competitor, list[asyncio.Event]]:
    lets = [asyncio.Event() for _ in events]
    return Competitor("Zephyrine", SteppedBackend(list(events), lets), ("Zephyrine",)), lets


async def test_what_may_turn_out_to_be_reasoning_is_in_no_frame_and_both_are_said_to_write(
    clock: Clock,
) -> None:
    one, (first, taken_back, answer) = stepped(
        TextPiece("Hm, let me", is_certain=False), Retraction(), TextPiece("Answer")
    )
    end = asyncio.Event()
    screen = Screen([taken_back.set, answer.set, end.set])
    first.set()
    replies = await play(stream(one, competitor("Quillon", "uvwxyz", end)), screen, clock)

    assert screen.frames == [("", ""), ("", ""), ("Answer", "uvwxyz")]
    assert replies[Side.A].text == "Answer"


async def test_what_was_shown_and_is_taken_back_disappears_even_for_a_text_of_the_same_length(
    clock: Clock,
) -> None:
    one, (first, taken_back, answer) = stepped(TextPiece("Hm, hm"), Retraction(), TextPiece("Answer"))
    end = asyncio.Event()

    def begin_anew() -> None:
        taken_back.set()
        answer.set()

    screen = Screen([begin_anew, end.set])
    first.set()
    await play(stream(one, competitor("Quillon", "uvwxyz", end)), screen, clock)

    assert screen.frames[:2] == [("Hm, hm", "uvwxyz"), ("Answer", "uvwxyz")]
