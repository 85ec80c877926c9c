"""How long the images of battles are kept: in memory alone, and the newest first."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from bot.arena.battles.runner import BattleRunner

IMAGE_MEMORY = 64 << 20
"""Bytes that the images of all battles may take: votes can last a week."""


def let_images_go(runners: Iterable[BattleRunner], most_bytes: int = IMAGE_MEMORY) -> None:
    """Free the images of the oldest battles where all together take more than `most_bytes`.

    What ends with it is that the conversation can go on. Models that are at work keep theirs.
    """
    held = 0
    for runner in sorted(runners, key=lambda runner: -runner.battle.battle_id):
        if image := runner.battle.image:
            held += len(image.content)
            if held > most_bytes and not runner.is_writing:
                runner.let_image_go()
