"""Which images of battles stay in memory."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from bot.arena.battles.runner import Referee

IMAGE_MEMORY = 64 << 20
"""Bytes that the images of all battles may take: votes can last a week."""


def let_images_go(referees: Iterable[Referee], most_bytes: int = IMAGE_MEMORY) -> None:
    """Free the images of the oldest battles where all together take more than `most_bytes`.

    What ends with it is that the conversation can go on. Models that are at work keep theirs.
    """
    held = 0
    for referee in sorted(referees, key=lambda referee: -referee.battle.battle_id):
        if image := referee.battle.image:
            held += len(image.content)
            if held > most_bytes and not referee.is_writing:
                referee.let_image_go()
