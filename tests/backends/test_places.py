from __future__ import annotations

import asyncio
from collections import Counter
from contextlib import aclosing

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.backends.base import BackendError, Failure
from bot.backends.places import PlaceRequest, Places, QueueDeadline, SharedPlaces

ONE, TWO, THREE = 1, 2, 3


async def numbered() -> None:
    """Let those that wait be told their places."""
    await asyncio.sleep(0)


def order_of(places: Places, *guilds: int) -> list[int]:
    """Let these ask in turn, and each leave as soon as it has a place; return who had one when."""
    waiting = [places.join(guild) for guild in guilds]
    served: list[int] = []
    while waiting:
        turn = next(turn for turn in waiting if turn.place == 0)
        waiting.remove(turn)
        served.append(turn.guild_id)
        turn.leave()
    return served


async def wait_in_vain(places: Places) -> None:
    with places.join(ONE) as late:
        async with aclosing(late.wait(QueueDeadline(0.01))) as waits:
            async for _ in waits:
                pass


async def test_places_are_given_in_the_order_of_asking() -> None:
    places = Places(1)
    first, second, third = (places.join(ONE) for _ in range(3))
    await numbered()
    before = [first.place, second.place, third.place]

    first.leave()
    await numbered()

    assert before == [0, 1, 2]
    assert [second.place, third.place] == [0, 1]


async def test_servers_take_turns_however_much_one_of_them_asks() -> None:
    assert order_of(Places(1), ONE, ONE, ONE, ONE, TWO, TWO, THREE) == [ONE, ONE, TWO, THREE, ONE, TWO, ONE]


async def test_a_place_goes_to_who_holds_the_fewest() -> None:
    places = Places(3)
    held = [places.join(guild) for guild in (ONE, ONE, TWO)]
    busy, idle = places.join(ONE), places.join(THREE)

    held[2].leave()
    await numbered()

    assert (busy.place, idle.place) == (1, 0)


async def test_a_server_takes_no_more_than_it_leaves_to_the_others() -> None:
    places = Places(8, SharedPlaces(8))
    alone = [places.join(ONE) for _ in range(6)]
    others = [places.join(TWO) for _ in range(6)]
    await numbered()

    assert [turn.place for turn in alone] == [0, 0, 0, 0, 3, 5]
    assert [turn.place for turn in others] == [0, 0, 1, 2, 4, 6]
    assert places.join(THREE).place == 0


async def test_what_becomes_free_at_one_model_is_given_to_who_waits_at_another() -> None:
    connections = SharedPlaces(4)
    slow, other, third = (Places(4, connections) for _ in range(3))
    held = [slow.join(ONE) for _ in range(2)]
    first, second = other.join(ONE), third.join(ONE)
    await numbered()
    before = [first.place, second.place]

    held[0].leave()
    await numbered()
    between = [first.place, second.place]
    held[1].leave()

    assert before == [1, 1]
    assert between == [0, 1]
    assert [first.place, second.place] == [0, 0]


async def test_who_leaves_the_queue_lets_the_others_move_up() -> None:
    places = Places(1)
    first, second, third = (places.join(ONE) for _ in range(3))

    second.leave()
    second.leave()
    await numbered()
    moved = third.place
    first.leave()

    assert (moved, third.place) == (1, 0)


async def test_a_wait_that_is_too_long_ends_with_its_reason() -> None:
    places = Places(1)
    places.join(ONE)

    with pytest.raises(BackendError) as caught:
        await wait_in_vain(places)

    assert caught.value.failure is Failure.CROWDED
    next_one = places.join(ONE)
    await numbered()
    assert next_one.place == 1


@given(
    st.lists(st.tuples(st.integers(0, 3), st.integers(0, 1), st.integers(0, 9)), max_size=40),
    st.integers(1, 3),
    st.integers(1, 6),
)
def test_nobody_waits_for_what_they_may_have_and_no_place_is_given_twice(
    steps: list[tuple[int, int, int]], number: int, connections: int
) -> None:
    """A step lets a server's reply join at one of two models, or one of those that are there leave."""

    async def play() -> None:
        share = SharedPlaces(connections)
        models, there = (Places(number, share), Places(number, share)), list[tuple[int, PlaceRequest]]()
        for guild, model, leaves in steps:
            if leaves < len(there):
                there.pop(leaves)[1].leave()
            else:
                there.append((model, models[model].join(guild)))
            await numbered()
            held = Counter(turn.guild_id for _, turn in there if turn.place == 0)
            for each in range(2):
                queue = sorted(turn.place for at, turn in there if at == each and turn.place)
                assert queue == list(range(1, len(queue) + 1))
                asked = sum(at == each and turn.place == 0 for at, turn in there)
                assert asked <= number
                for at, turn in there:
                    if at == each and turn.place and asked < number:
                        assert held[turn.guild_id] >= connections - held.total()
            assert held.total() <= connections

    asyncio.run(play())


@given(st.lists(st.tuples(st.integers(0, 3), st.integers(0, 9)), max_size=40), st.integers(1, 3))
def test_no_place_is_idle_while_somebody_waits_and_none_is_given_twice(
    steps: list[tuple[int, int]], number: int
) -> None:
    """A step lets a server's reply join, or, with a number, one of those that are there leave."""

    async def play() -> None:
        places, there = Places(number), list[PlaceRequest]()
        for guild, leaves in steps:
            if leaves < len(there):
                there.pop(leaves).leave()
            else:
                there.append(places.join(guild))
            await numbered()
            holding = [turn for turn in there if turn.place == 0]
            queue = sorted(turn.place for turn in there if turn.place)
            assert len(holding) == min(number, len(there))
            assert queue == list(range(1, len(queue) + 1))

    asyncio.run(play())
