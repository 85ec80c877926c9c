"""The record of what the bot asked for."""

from __future__ import annotations

from collections import Counter, deque
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

KEPT = 50_000


@dataclass(slots=True, frozen=True)
class RequestRecord:
    """One request and its outcome.

    `template` is the route as Discord writes it, `/channels/{channel_id}/messages`; `limited` says whether
    it counts under the global fifty a second; `body` is the decoded JSON, of a form its `payload_json`;
    `at` is the world's time; `response` is the encoded answer.
    """

    number: int
    method: str
    template: str
    path: str
    status: int
    limited: bool
    body: object
    files: tuple[str, ...]
    at: float
    response: bytes


class Requests:
    """The last requests, oldest first, and counts of all."""

    def __init__(self) -> None:
        self._kept: deque[RequestRecord] = deque(maxlen=KEPT)
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

    def matching(
        self, method: str | None = None, template: str | None = None, *, since: int = 0
    ) -> list[RequestRecord]:
        """List those of a method and a template, numbered `since` or later (`total` is the next number)."""
        return [
            record
            for record in self._kept
            if record.number >= since
            and method in (None, record.method)
            and template in (None, record.template)
        ]

    def limited_since(self, number: int) -> list[RequestRecord]:
        """List the requests from this number on that count under the global limit."""
        return [record for record in self.matching(since=number) if record.limited]
