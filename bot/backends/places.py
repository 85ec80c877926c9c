"""How many replies there may be at a time, and who of those that wait is next."""

from __future__ import annotations

import asyncio
from collections import Counter, deque
from heapq import heapify, heappop, heappush
from itertools import count
from typing import TYPE_CHECKING, Self

from bot.backends.base import BackendError, Failure, Waiting

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Callable, Iterator


class SharedPlaces:
    """So many places of which no Discord server takes more than it leaves to the others.

    One that is alone here has half of them, two have a third each, and there is room for one server more.
    """

    def __init__(self, number: int) -> None:
        self._free = number
        self._held = Counter[int]()
        self._blocked: dict[Places, None] = {}

    def has_room(self, guild_id: int) -> bool:
        return self._held[guild_id] < self._free

    def take(self, guild_id: int) -> None:
        self._free -= 1
        self._held[guild_id] += 1

    def free(self, guild_id: int) -> None:
        self._free += 1
        self._held[guild_id] -= 1
        if not self._held[guild_id]:
            del self._held[guild_id]

    def block(self, places: Places) -> None:
        """Note that some wait here for nothing but this."""
        self._blocked[places] = None

    def unblock(self) -> list[Places]:
        """Return where some waited for this, those first who have waited longest."""
        blocked, self._blocked = list(self._blocked), {}
        return blocked


class Places:
    """So many places of one model, each of which one reply takes, as far as the `shares` have room for it.

    A place that becomes free goes to the Discord server that holds the fewest, which take turns where they
    are several, and there to whoever came first.
    """

    def __init__(self, number: int, *shares: SharedPlaces) -> None:
        self._free = number
        self._shares = shares
        self._held = Counter[int]()
        self._waiting: dict[int, deque[PlaceRequest]] = {}
        self._is_numbering = False

    def join(self, guild_id: int) -> PlaceRequest:
        """Take a place, or queue for one; the turn is to be left in the end."""
        turn = PlaceRequest(self, guild_id)
        self._waiting.setdefault(guild_id, deque()).append(turn)
        self.advance()
        return turn

    def leave(self, turn: PlaceRequest) -> None:
        """Free the place of a turn, or take it out of the queue."""
        guild_id = turn.guild_id
        blocked: list[Places] = []
        if turn.place:
            self._waiting[guild_id].remove(turn)
        else:
            self._free += 1
            self._held[guild_id] -= 1
            for share in self._shares:
                share.free(guild_id)
                blocked += share.unblock()
        self._tidy(guild_id)
        for places in dict.fromkeys([*blocked, self]):
            places.advance()

    def _tidy(self, guild_id: int) -> None:
        if not self._waiting.get(guild_id, True):
            del self._waiting[guild_id]
        if not self._held[guild_id]:
            del self._held[guild_id]

    def advance(self) -> None:
        """Give the places that are free."""
        blocked = set[int]()
        for turn in self._in_order():
            if not self._free or len(blocked) == len(self._waiting):
                break
            if full := [share for share in self._shares if not share.has_room(turn.guild_id)]:
                blocked.add(turn.guild_id)
                for share in full:
                    share.block(self)
            else:
                self._give(turn)
        if self._waiting and not self._is_numbering:
            self._is_numbering = True
            asyncio.get_running_loop().call_soon(self._number)

    def _number(self) -> None:
        """Tell all that wait their places, once after however many came and went."""
        self._is_numbering = False
        for place, turn in enumerate(self._in_order(), start=1):
            turn.move(place)

    def _give(self, turn: PlaceRequest) -> None:
        guild_id = turn.guild_id
        queue = self._waiting.pop(guild_id)
        queue.popleft()
        for share in self._shares:
            share.take(guild_id)
        if queue:  # at the end, because the others have waited longer now
            self._waiting[guild_id] = queue
        self._held[guild_id] += 1
        self._free -= 1
        turn.move(0)

    def _in_order(self) -> Iterator[PlaceRequest]:
        """Yield who waits, the next one first, as it is if nobody comes or goes."""
        numbers = count()
        queues = [
            (self._held[guild_id], next(numbers), iter(list(queue)))
            for guild_id, queue in self._waiting.items()
        ]
        heapify(queues)
        while queues:
            held, _, queue = heappop(queues)
            if turn := next(queue, None):
                yield turn
                heappush(queues, (held + 1, next(numbers), queue))


class PlaceRequest:
    """Somebody's place, or their place in the queue; leaving the context gives it up."""

    def __init__(self, places: Places, guild_id: int) -> None:
        self.guild_id = guild_id
        self.place = -1
        """1 is next; 0 has a place; -1 has just come."""
        self._places = places
        self._moved = asyncio.Event()
        self._has_left = False

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_exc: object) -> None:
        self.leave()

    def leave(self) -> None:
        if not self._has_left:
            self._has_left = True
            self._places.leave(self)

    def hand_on(self) -> Callable[[], None]:
        """Return what frees the place, which the end of the context does not do any more."""
        self._has_left = True
        return lambda: self._places.leave(self)

    def move(self, place: int) -> None:
        if place != self.place:
            self.place = place
            self._moved.set()

    async def wait(self, deadline: QueueDeadline) -> AsyncGenerator[Waiting, None]:
        """Yield each place in the queue and 0 at its end, or nothing where there is no wait.

        Raises `BackendError`.
        """
        if not self.place:
            return
        while self.place:
            self._moved.clear()
            if self.place > 0:
                yield Waiting(self.place)
            await self._until_moved(deadline)
        yield Waiting(0)

    async def _until_moved(self, deadline: QueueDeadline) -> None:
        try:
            async with asyncio.timeout_at(deadline.moment):
                await self._moved.wait()
        except TimeoutError as exc:
            if self.place:
                raise deadline.expired() from exc


class QueueDeadline:
    """How long somebody waits for a place, in however many queues."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self.moment = asyncio.get_running_loop().time() + seconds

    def expired(self) -> BackendError:
        return BackendError(Failure.CROWDED, f"no place became free in {self._seconds:g} s")
