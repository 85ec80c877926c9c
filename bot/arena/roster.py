"""The operator's models, and which of them asked for a rest."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from bot.backends.base import Backend


@dataclass(frozen=True, slots=True)
class Fighter:
    """A model that can be drawn."""

    name: str
    backend: Backend
    gives_away: tuple[str, ...]
    """Names whose appearance in a reply tells which model wrote it."""


class Roster:
    """The enabled models by name. One that said `Retry-After` is not drawn until then."""

    def __init__(self, fighters: Iterable[Fighter], clock: Callable[[], float]) -> None:
        self._fighters = {fighter.name: fighter for fighter in fighters}
        self._resting: dict[str, float] = {}
        self._clock = clock

    def names(self) -> tuple[str, ...]:
        return tuple(self._fighters)

    def ready(self) -> tuple[str, ...]:
        """Return the models that do not rest at present."""
        now = self._clock()
        return tuple(name for name in self._fighters if self._resting.get(name, 0.0) <= now)

    def __getitem__(self, name: str) -> Fighter:
        return self._fighters[name]

    def rest(self, name: str, seconds: float) -> None:
        self._resting[name] = self._clock() + seconds
