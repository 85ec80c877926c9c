"""Pictures drawn off the event loop, one at a time, and kept until others need their place."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bot.pictures.specs import Picture

KEPT = 64
"""Pictures of some 100 kB each; a large matrix has almost a megabyte."""


class PictureCache:
    def __init__(self) -> None:
        self._drawn: OrderedDict[Picture, bytes] = OrderedDict()
        # matplotlib is not safe to use from several threads at once.
        self._painter = ThreadPoolExecutor(1, thread_name_prefix="painter")

    async def show(self, picture: Picture) -> bytes:
        """Return the PNG file, drawn now unless it was before."""
        if picture not in self._drawn:
            drawn = await asyncio.get_running_loop().run_in_executor(self._painter, _paint, picture)
            self._drawn[picture] = drawn
            while len(self._drawn) > KEPT:
                self._drawn.popitem(last=False)
        else:
            self._drawn.move_to_end(picture)
        return self._drawn[picture]

    def close(self) -> None:
        self._painter.shutdown(wait=False, cancel_futures=True)


def _paint(picture: Picture) -> bytes:
    from bot.pictures.render import paint  # noqa: PLC0415 - big, and many a server never asks for a picture

    return paint(picture)
