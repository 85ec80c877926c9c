"""How much of two streaming replies a card may show, so that speed gives no model away; pure."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Progress:
    """How far one reply has come; `length` in characters."""

    length: int
    done: bool


def shown(a: Progress, b: Progress) -> tuple[int, int]:
    """Say how many characters of each reply to show.

    Both grow by the same count until the shorter one is finished and fully shown; from then on the other
    shows all it has. Nothing is shown while one side has nothing, not even beside an empty finished reply.
    """
    common = min(a.length, b.length)
    if common == 0 and not (a.done and b.done):
        return 0, 0
    return (a.length if b.done else common), (b.length if a.done else common)
