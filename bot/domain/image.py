"""Images that members show to models; they are kept in memory alone."""

from __future__ import annotations

from binascii import b2a_base64
from dataclasses import dataclass, field
from enum import StrEnum

PIECE = 3 << 18
"""Bytes; without a remainder, so that the pieces' codes are the code of the whole."""


class ImageKind(StrEnum):
    """File formats that every protocol's servers can read: Gemini takes no GIF, llama.cpp no WebP.

    Members may attach others, which become one of these.
    """

    PNG = "png"
    JPEG = "jpeg"

    @property
    def media_type(self) -> str:
        return f"image/{self.value}"

    @property
    def file_name(self) -> str:
        """Under which a card shows it: always the same, for a member's own name for it may say anything."""
        return f"image.{self.value}"


@dataclass(frozen=True, slots=True)
class Image:
    """An image without metadata; width and height are pixels."""

    kind: ImageKind
    width: int
    height: int
    content: bytes = field(repr=False)

    @property
    def base64(self) -> str:
        """Encode the content in pieces: other threads wait for all that one call of Python does."""
        return b"".join(
            b2a_base64(self.content[at : at + PIECE], newline=False)
            for at in range(0, len(self.content), PIECE)
        ).decode()
