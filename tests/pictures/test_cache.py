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


async def test_a_picture_is_drawn_once_and_off_the_loop(monkeypatch: pytest.MonkeyPatch) -> None:
    drawn: list[tuple[Picture, str]] = []

    def paint(picture: Picture) -> bytes:
        drawn.append((picture, threading.current_thread().name))
        return b"picture"

    monkeypatch.setattr(subject, "_paint", paint)
    pictures = PictureCache()
    assert await pictures.show(titled("one")) == b"picture"
    await pictures.show(titled("one"))
    await pictures.show(titled("two"))
    pictures.close()

    assert [picture for picture, _ in drawn] == [titled("one"), titled("two")]
    assert {thread for _, thread in drawn} == {"painter_0"}


async def test_the_picture_that_was_not_asked_for_longest_is_forgotten(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    drawn: list[str] = []

    def paint(picture: Picture) -> bytes:
        drawn.append(picture.title)
        return b"picture"

    monkeypatch.setattr(subject, "_paint", paint)
    pictures = PictureCache()
    for number in range(KEPT):
        await pictures.show(titled(str(number)))
    for title in ("0", "one more", "0", "1"):
        await pictures.show(titled(title))
    pictures.close()

    assert drawn[KEPT:] == ["one more", "1"]
