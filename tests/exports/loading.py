"""Exports as researchers load them: with pandas and with pyarrow, neither of which has types."""

from __future__ import annotations

import json
from importlib import import_module
from typing import TYPE_CHECKING, Protocol, TypeAlias, cast

if TYPE_CHECKING:
    from pathlib import Path

    from bot.exports.arrow import Schema

Value: TypeAlias = "str | int | float | bool | list[Value] | dict[str, Value] | None"
Row: TypeAlias = dict[str, Value]


class PandasFrame(Protocol):
    columns: list[str]

    def to_dict(self, orient: str) -> list[Row]: ...


class Pandas(Protocol):
    def read_parquet(self, path: Path) -> PandasFrame: ...
    def read_csv(self, path: Path) -> PandasFrame: ...
    def read_json(self, path: Path, *, lines: bool) -> PandasFrame: ...


class LoadedTable(Protocol):
    schema: Schema

    def to_pylist(self) -> list[Row]: ...


class ParquetModule(Protocol):
    def read_table(self, source: Path) -> LoadedTable: ...


class JsonModule(Protocol):
    def read_json(self, input_file: Path) -> LoadedTable: ...


class ParseOptions(Protocol):
    def __call__(self, *, newlines_in_values: bool) -> object: ...


class CsvModule(Protocol):
    ParseOptions: ParseOptions

    def read_csv(self, input_file: Path, *, parse_options: object) -> LoadedTable: ...


def frame(path: Path) -> PandasFrame:
    """Load with pandas."""
    pandas = cast("Pandas", import_module("pandas"))
    match path.suffix:
        case ".parquet":
            return pandas.read_parquet(path)
        case ".csv":
            return pandas.read_csv(path)
        case _:
            return pandas.read_json(path, lines=True)


def table(path: Path) -> LoadedTable:
    """Load with pyarrow."""
    match path.suffix:
        case ".parquet":
            return cast("ParquetModule", import_module("pyarrow.parquet")).read_table(path)
        case ".csv":
            module = cast("CsvModule", import_module("pyarrow.csv"))
            return module.read_csv(path, parse_options=module.ParseOptions(newlines_in_values=True))
        case _:
            return cast("JsonModule", import_module("pyarrow.json")).read_json(path)


def rows(path: Path) -> list[Row]:
    if path.suffix == ".jsonl":
        return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    return table(path).to_pylist()
