"""The formats of exports."""

from __future__ import annotations

from enum import StrEnum


class Format(StrEnum):
    LMARENA = "lmarena"
    JSONL = "jsonl"
    BATTLES = "battles"
    CSV = "csv"
    PARQUET = "parquet"
    EVALICA = "evalica"

    @property
    def file_name(self) -> str:
        """Return what the file is called; it names no server, for it may be published."""
        return _FILE_NAMES[self]

    @property
    def has_everything(self) -> bool:
        """Its rows are battles, also those that do not count; those of the others are votes that do."""
        return self in (Format.JSONL, Format.BATTLES)


_FILE_NAMES = {
    Format.LMARENA: "votes-lmarena.parquet",
    Format.JSONL: "battles.jsonl",
    Format.BATTLES: "battles.parquet",
    Format.CSV: "votes.csv",
    Format.PARQUET: "votes.parquet",
    Format.EVALICA: "votes-evalica.csv",
}
