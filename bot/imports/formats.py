"""The formats that are imported."""

from __future__ import annotations

from enum import StrEnum


class ImportFormat(StrEnum):
    LMARENA = "lmarena"
    FASTCHAT = "fastchat"
    OPENWEBUI = "openwebui"
