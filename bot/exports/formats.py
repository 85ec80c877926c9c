"""The formats of exports."""

from __future__ import annotations

from enum import StrEnum


class Format(StrEnum):
    LMARENA = "lmarena"
    JSONL = "jsonl"
    CSV = "csv"
    PARQUET = "parquet"

    @property
    def file_name(self) -> str:
        """Return what the file is called; it names no server, for it may be published."""
        return _FILE_NAMES[self]


_FILE_NAMES = {
    Format.LMARENA: "votes-lmarena.parquet",
    Format.JSONL: "battles.jsonl",
    Format.CSV: "votes.csv",
    Format.PARQUET: "votes.parquet",
}
