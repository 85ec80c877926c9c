"""Whether a file is an image that models can be shown. Only its structure is read, nothing is unpacked.

Pure; a file made of very many parts takes a while, so call `read_image` in a thread.
"""

from __future__ import annotations

import math
import struct
import zlib
from typing import TYPE_CHECKING

from bot.domain.image import Image, ImageKind
from bot.errors import ArenaError
from bot.i18n import N_

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from bot.arena.battles.runner import BattleRunner

MOST_PIXELS = 8000
"""Of a side; Anthropic refuses more."""

PNG_MAGIC = b"\x89PNG\r\n\x1a\n"
JPEG_MAGIC = b"\xff\xd8\xff"
OTHERS = {
    b"GIF8": "GIF",
    b"RIFF": "WebP",
    b"BM": "BMP",
    b"II*\0": "TIFF",
    b"MM\0*": "TIFF",
    b"%PDF": "PDF",
}

_HEADER = struct.Struct(">II")
_LENGTH = struct.Struct(">H")
_FRAME = struct.Struct(">xHH")
_ENDS_OF_JPEG = b"\xff\xd9"
_START_OF_SCAN = 0xDA
_BARE_MARKERS = frozenset({0x01, *range(0xD0, 0xD8)})
_START_OF_FRAME = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}

IMAGE_MEMORY = 64 << 20
"""Bytes that the images of all battles may take: votes can last a week."""


class _DamagedError(Exception):
    """The file is not what its first bytes promise."""


def check_declared(media_type: str | None, size: int, most_bytes: int) -> None:
    """Refuse by what Discord says of a file, before it is fetched; a type that it does not know may pass."""
    known = {kind.media_type for kind in ImageKind}
    if media_type is not None and media_type.partition(";")[0].strip().lower() not in known:
        raise _wrong_type(media_type)
    _check_size(size, most_bytes)


def read_image(content: bytes, most_bytes: int) -> Image:
    """Return the image that a file holds; raises `ArenaError` where models cannot be shown it."""
    _check_size(len(content), most_bytes)
    try:
        if content.startswith(PNG_MAGIC):
            image = Image(ImageKind.PNG, *_png_size(content), content)
        elif content.startswith(JPEG_MAGIC):
            image = Image(ImageKind.JPEG, *_jpeg_size(content), content)
        else:
            raise _wrong_type(_name_of(content))
    except (_DamagedError, struct.error, IndexError) as exc:
        raise ArenaError(N_("This image is damaged or incomplete. Please attach it anew.")) from exc
    if max(image.width, image.height) > MOST_PIXELS:
        raise ArenaError(
            N_("An image may be {most} pixels wide and high at most. This one is {width} × {height}."),
            most=MOST_PIXELS,
            width=image.width,
            height=image.height,
        )
    return image


def _check_size(size: int, most_bytes: int) -> None:
    if size > most_bytes:
        raise ArenaError(
            N_("An image may have {most} MB at most. This one has {given} MB."),
            most=f"{most_bytes / 1e6:g}",
            given=f"{math.ceil(size / 1e4) / 100:g}",
        )


def _wrong_type(given: str | None) -> ArenaError:
    if given is None:
        return ArenaError(N_("This file is no image. Models here can be shown PNG and JPEG images."))
    return ArenaError(N_("Models here can be shown PNG and JPEG images. This file is {given}."), given=given)


def _name_of(content: bytes) -> str | None:
    return next((name for magic, name in OTHERS.items() if content.startswith(magic)), None)


def _png_size(content: bytes) -> tuple[int, int]:
    """Walk from part to part up to the last, and see that each is as it was written."""
    size: tuple[int, int] | None = None
    for name, data in _png_parts(memoryview(content)):
        if size is None and name != b"IHDR":
            raise _DamagedError
        if name == b"IHDR":
            size = _HEADER.unpack_from(data)
        elif name == b"acTL":
            raise ArenaError(N_("This image is animated, and models see still images only."))
    if size is None or 0 in size:
        raise _DamagedError
    return size


def _png_parts(content: memoryview) -> Iterator[tuple[bytes, memoryview]]:
    at, name = len(PNG_MAGIC), b""
    while name != b"IEND":
        length, _ = _HEADER.unpack_from(content, at)
        name, end = bytes(content[at + 4 : at + 8]), at + 8 + length
        (checksum,) = struct.unpack_from(">I", content, end)
        if zlib.crc32(content[at + 4 : end]) != checksum:
            raise _DamagedError
        yield name, content[at + 8 : end]
        at = end + 4


def _jpeg_size(content: bytes) -> tuple[int, int]:
    """Walk from segment to segment up to the pixels, and see that these have an end."""
    at, size = 2, (0, 0)
    while (marker := content[at + 1]) != _START_OF_SCAN:
        if content[at] != 0xFF:  # noqa: PLR2004 - what every marker begins with
            raise _DamagedError
        if marker == 0xFF:  # noqa: PLR2004 - padding before a marker
            at += 1
            continue
        if marker in _BARE_MARKERS:
            at += 2
            continue
        (length,) = _LENGTH.unpack_from(content, at + 2)
        if marker in _START_OF_FRAME:
            height, width = _FRAME.unpack_from(content, at + 4)
            size = (width, height)
        at += 2 + length
    if 0 in size or content.find(_ENDS_OF_JPEG, at) < 0:
        raise _DamagedError
    return size


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
