from __future__ import annotations

import threading
from typing import TYPE_CHECKING

from bot.pictures import cache as subject
from bot.pictures.cache import KEPT, PictureCache
from bot.pictures.specs import RatingsPicture, Theme

if TYPE_CHECKING:
    import pytest

    from bot.pictures.specs import Picture


def titled(title: str) -> RatingsPicture:
    return RatingsPicture(title, "", (), Theme.DARK)


def painted(_picture: Picture) -> bytes:
    return b"picture"


async def test_a_picture_is_drawn_once_and_off_the_loop(monkeypatch: pytest.MonkeyPatch) -> None:
    drawn: list[tuple[Picture, str]] = []

    def paint(picture: Picture) -> bytes:
        drawn.append((picture, threading.current_thread().name))
        return b"picture"

    monkeypatch.setattr(subject, "_paint", paint)
    gallery = PictureCache()
    assert not gallery.has(titled("one"))
    assert await gallery.show(titled("one")) == b"picture"
    assert gallery.has(titled("one"))
    await gallery.show(titled("one"))
    await gallery.show(titled("two"))
    gallery.close()

    assert [picture for picture, _ in drawn] == [titled("one"), titled("two")]
    assert {thread for _, thread in drawn} == {"painter_0"}


async def test_the_picture_that_was_not_asked_for_longest_is_forgotten(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(subject, "_paint", painted)
    gallery = PictureCache()
    for number in range(KEPT):
        await gallery.show(titled(str(number)))
    await gallery.show(titled("0"))
    await gallery.show(titled("one more"))
    gallery.close()

    assert gallery.has(titled("0"))
    assert not gallery.has(titled("1"))
