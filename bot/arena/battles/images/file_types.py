"""What a file is by its first bytes, and which files are refused unread."""

from __future__ import annotations

import math

from bot.errors import ArenaError
from bot.i18n import N_

READABLE = ("png", "jpeg", "webp", "gif")
"""Formats that members may attach, as in their media types."""

_MAGIC = {
    b"\x89PNG\r\n\x1a\n": "png",
    b"\xff\xd8\xff": "jpeg",
    b"GIF8": "gif",
    b"BM": "BMP",
    b"II*\0": "TIFF",
    b"MM\0*": "TIFF",
    b"%PDF": "PDF",
}
_HEIF = {b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1"}
_AVIF = {b"avif", b"avis"}
_HEIF_TYPES = {"image/heic", "image/heif", "image/heic-sequence", "image/heif-sequence"}


def check_declared(media_type: str | None, size: int, most_bytes: int) -> None:
    """Refuse by what Discord says of a file, before it is fetched; a type that it does not know may pass."""
    if media_type is not None:
        declared = media_type.partition(";")[0].strip().lower()
        if declared in _HEIF_TYPES:
            raise _heif()
        if declared not in {f"image/{name}" for name in READABLE}:
            raise _wrong_type(media_type)
    _check_size(size, most_bytes)


def check_content(content: bytes, most_bytes: int) -> None:
    """Refuse by the file's own first bytes, before anything reads it."""
    _check_size(len(content), most_bytes)
    name = _name_of(content)
    if name == "HEIC":
        raise _heif()
    if name not in READABLE:
        raise _wrong_type(name)


def _check_size(size: int, most_bytes: int) -> None:
    if size > most_bytes:
        raise ArenaError(
            N_("An image may have {most} MB at most. This one has {given} MB."),
            most=f"{most_bytes / 1e6:g}",
            given=f"{math.ceil(size / 1e4) / 100:g}",
        )


def _wrong_type(given: str | None) -> ArenaError:
    if given is None:
        return ArenaError(
            N_("This file is not an image. Models here can be shown PNG, JPEG, WebP and GIF images.")
        )
    return ArenaError(
        N_("Models here can be shown PNG, JPEG, WebP and GIF images. This file is {given}."), given=given
    )


def _heif() -> ArenaError:
    return ArenaError(
        N_(
            "This photo is a HEIC file, which models cannot be shown. Please attach it as a JPEG; a"
            " screenshot of it will do. An iPhone takes JPEGs with Settings → Camera → Formats → Most"
            " Compatible."
        )
    )


def _name_of(content: bytes) -> str | None:
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return "webp"
    if content[4:8] == b"ftyp":
        brand = content[8:12]
        return "HEIC" if brand in _HEIF else "AVIF" if brand in _AVIF else None
    return next((name for magic, name in _MAGIC.items() if content.startswith(magic)), None)
