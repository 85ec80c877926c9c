"""The record of what the bot asked for."""

from __future__ import annotations

from collections import Counter, deque
from dataclasses import dataclass
from itertools import takewhile
from typing import TYPE_CHECKING

import msgspec

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator


@dataclass(slots=True, frozen=True)
class RequestRecord:
    """One request and its outcome.

    `template` is the route as Discord writes it, `/channels/{channel_id}/messages`; `limited` says whether
    it counts under the global fifty a second; `content` is the JSON that was sent, of a form its
    `payload_json`; `at` is the world's time; `response` is the encoded answer.
    """

    number: int
    method: str
    template: str
    path: str
    status: int
    limited: bool
    content: bytes
    files: tuple[str, ...]
    at: float
    response: bytes

    @property
    def body(self) -> object:
        """What was sent, decoded; None where that was nothing, or no JSON."""
        try:
            return msgspec.json.decode(self.content) if self.content else None
        except msgspec.DecodeError:
            return None


class Requests:
    """The last requests, oldest first, and counts of all. The observers see each as it comes."""

    def __init__(self, *, kept: int, observers: Iterable[Callable[[RequestRecord], None]] = ()) -> None:
        self._kept: deque[RequestRecord] = deque(maxlen=kept)
        self.observers = list(observers)
        self.by_route: Counter[tuple[str, str]] = Counter()
        self.by_status: Counter[int] = Counter()
        self.total = 0
        self.limited = 0

    def __iter__(self) -> Iterator[RequestRecord]:
        return iter(self._kept)

    def __len__(self) -> int:
        return len(self._kept)

    def add(self, record: RequestRecord) -> None:
        self._kept.append(record)
        self.by_route[record.method, record.template] += 1
        self.by_status[record.status] += 1
        self.total += 1
        self.limited += record.limited
        for observer in self.observers:
            observer(record)

    def matching(
        self, method: str | None = None, template: str | None = None, *, since: int = 0
    ) -> list[RequestRecord]:
        """List those of a method and a template, numbered `since` or later (`total` is the next number)."""
        recent = takewhile(lambda record: record.number >= since, reversed(self._kept))
        found = [
            record
            for record in recent
            if method in (None, record.method) and template in (None, record.template)
        ]
        return found[::-1]

    def limited_since(self, number: int) -> list[RequestRecord]:
        """List the requests from this number on that count under the global limit."""
        return [record for record in self.matching(since=number) if record.limited]
