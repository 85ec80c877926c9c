"""Image files, written by Pillow."""

from __future__ import annotations

import struct
import zlib
from io import BytesIO

from PIL import Image

PNG_MAGIC = b"\x89PNG\r\n\x1a\n"


def picture(file_format: str = "PNG", size: tuple[int, int] = (640, 480), **options: object) -> bytes:
    file = BytesIO()
    Image.new("RGB", size, (200, 30, 30)).save(file, file_format, **options)
    return file.getvalue()


def animated(file_format: str) -> bytes:
    file = BytesIO()
    first, *others = (Image.new("RGB", (32, 32), (shade, 0, 0)) for shade in (10, 120, 250))
    first.save(file, file_format, save_all=True, append_images=others)
    return file.getvalue()


def part(name: bytes, data: bytes) -> bytes:
    """Return one part of a PNG."""
    checksum = zlib.crc32(name + data)
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", checksum)


def hollow_png(width: int, height: int) -> bytes:
    """Return a PNG that claims a size, and has no pixels."""
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return PNG_MAGIC + part(b"IHDR", header) + part(b"IDAT", b"") + part(b"IEND", b"")
