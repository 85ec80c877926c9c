"""Images that members show to models; they are kept in memory alone."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum


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
