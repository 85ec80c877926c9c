"""Files that battles are added to. They block, so they are written in threads."""

from __future__ import annotations

import csv
from typing import TYPE_CHECKING, Protocol

import msgspec

from bot.errors import ArenaError
from bot.exports import battle_records, lmarena, vote_rows
from bot.exports.formats import Format
from bot.i18n import N_

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

    from bot.domain.exported_battle import ExportedBattle
    from bot.exports.pseudonyms import Pseudonyms

# What a spreadsheet takes for a formula, its full-width forms too; the apostrophe makes the rule reversible.
_MARKED = tuple("=+-@＝＋－＠\t\r\n'")

NO_PYARROW = N_(
    "The format {format} needs pyarrow, which is not installed here. The operator of this bot can add it (pip"
    " install 'arena-bot[export]'); the formats jsonl, csv and evalica work without it."
)


class ExportWriter(Protocol):
    def add(self, battles: Iterable[ExportedBattle]) -> int:
        """Write battles; returns how many rows or lines that made."""
        ...

    def close(self) -> None: ...


def open_sheet(format_: Format, path: Path, pseudonyms: Pseudonyms) -> ExportWriter:
    """Begin a file, which must not be there yet."""
    match format_:
        case Format.JSONL:
            return JsonlSheet(path, pseudonyms)
        case Format.CSV:
            return CsvSheet(
                path, vote_rows.VoteRow, lambda battle: vote_rows.rows(battle, pseudonyms), "utf-8-sig"
            )
        case Format.EVALICA:
            return CsvSheet(
                path, vote_rows.EvalicaRow, lambda battle: vote_rows.evalica_rows(battle, pseudonyms), "utf-8"
            )
        case Format.LMARENA | Format.PARQUET | Format.BATTLES:
            return _open_parquet(format_, path, pseudonyms)


def _open_parquet(format_: Format, path: Path, pseudonyms: Pseudonyms) -> ExportWriter:
    try:
        from bot.exports.parquet import ParquetSheet  # noqa: PLC0415 - big, and an extra
    except ModuleNotFoundError as exc:
        raise ArenaError(NO_PYARROW, format=format_) from exc
    match format_:
        case Format.LMARENA:
            return ParquetSheet(path, lmarena.LmarenaRow, lambda battle: lmarena.rows(battle, pseudonyms))
        case Format.BATTLES:
            return ParquetSheet(
                path, battle_records.BattleRecord, lambda battle: [battle_records.record(battle, pseudonyms)]
            )
        case _:
            return ParquetSheet(path, vote_rows.VoteRow, lambda battle: vote_rows.rows(battle, pseudonyms))


class JsonlSheet:
    def __init__(self, path: Path, pseudonyms: Pseudonyms) -> None:
        self._pseudonyms = pseudonyms
        self._encoder = msgspec.json.Encoder()
        self._file = path.open("xb")

    def add(self, battles: Iterable[ExportedBattle]) -> int:
        lines = 0
        for battle in battles:
            record = battle_records.record(battle, self._pseudonyms)
            self._file.write(self._encoder.encode(record) + b"\n")
            lines += 1
        return lines

    def close(self) -> None:
        self._file.close()


class CsvSheet:
    """Safe in a spreadsheet, for no text is a formula; the mark of `utf-8-sig` tells it the encoding."""

    def __init__(
        self,
        path: Path,
        row_type: type[msgspec.Struct],
        rows_of: Callable[[ExportedBattle], Iterable[msgspec.Struct]],
        encoding: str,
    ) -> None:
        self._rows_of = rows_of
        self._file = path.open("x", encoding=encoding, newline="")
        self._writer = csv.writer(self._file)
        self._writer.writerow(row_type.__struct_fields__)

    def add(self, battles: Iterable[ExportedBattle]) -> int:
        count = 0
        for battle in battles:
            for row in self._rows_of(battle):
                self._writer.writerow([_cell(value) for value in msgspec.to_builtins(row).values()])
                count += 1
        return count

    def close(self) -> None:
        self._file.close()


def _cell(value: object) -> str:
    match value:
        case None:
            return ""
        case bool():
            return "true" if value else "false"
        case str():
            return f"'{value}" if value.startswith(_MARKED) else value
        case _:
            return str(value)
