"""Files on their way into a message."""

from __future__ import annotations

import mimetypes
import re
from dataclasses import dataclass

import msgspec
from msgspec import UNSET, UnsetType

BYTES = "application/octet-stream"
UNKEPT = re.compile(r"[^\w.-]")


@dataclass(slots=True, frozen=True)
class Upload:
    """A file as it came in a multipart form, `files[index]`."""

    index: int
    filename: str
    content_type: str
    content: bytes

    @property
    def kind(self) -> str:
        """Its type; where that was left open, as it is by discord.py, the one that its name says."""
        guessed = mimetypes.guess_type(self.filename)[0] if self.content_type == BYTES else None
        return guessed or self.content_type


def sanitised(filename: str) -> str:
    """Keep of a file's name the letters, digits, dots, dashes and underscores; spaces become the last."""
    return UNKEPT.sub("", filename.replace(" ", "_")) or "unknown"


class AttachmentReference(msgspec.Struct, kw_only=True):
    """An upload's index in the form, or the id of an attachment to keep."""

    id: int | str
    filename: str | UnsetType | None = UNSET
    description: str | UnsetType | None = UNSET
