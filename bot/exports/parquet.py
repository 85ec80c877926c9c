"""Parquet files of rows that are msgspec structs."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Generic, TypeVar

import msgspec
from msgspec import inspect

from bot.exports import columns
from bot.exports.arrow import arrow, parquet

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

    from bot.domain.exported_battle import ExportedBattle
    from bot.exports.arrow import DataType, Field, RecordBatch

_KEPT = (datetime,)

R = TypeVar("R", bound=msgspec.Struct)

PACK_ROWS = 500
PACK_CHARACTERS = 2_000_000
"""Rows are packed into Arrow's own form when they are so many, or their battles have so many characters: as
Python's objects they take far more."""
GROUP_ROWS = 10_000
GROUP_BYTES = 32 * 1024**2
"""A row group is written when it has this many rows or bytes, whichever comes first."""


class ParquetSheet(Generic[R]):
    def __init__(
        self, path: Path, row_type: type[R], rows_of: Callable[[ExportedBattle], Iterable[R]]
    ) -> None:
        self._rows_of = rows_of
        self._schema = arrow.schema(_type(inspect.type_info(row_type)))
        self._rows: list[dict[str, object]] = []
        self._characters = 0
        self._packed: list[RecordBatch] = []
        self._file = path.open("xb")
        self._writer = parquet.ParquetWriter(self._file, self._schema, compression="zstd")

    def add(self, battles: Iterable[ExportedBattle]) -> int:
        count = 0
        for battle in battles:
            characters = battle.characters
            for row in self._rows_of(battle):
                self._rows.append(msgspec.to_builtins(row, builtin_types=_KEPT))
                self._characters += characters
                count += 1
                if len(self._rows) >= PACK_ROWS or self._characters >= PACK_CHARACTERS:
                    self._pack()
        return count

    def close(self) -> None:
        with self._file:
            self._pack()
            self._write()
            self._writer.close()

    def _pack(self) -> None:
        if self._rows:
            self._packed.append(arrow.RecordBatch.from_pylist(self._rows, schema=self._schema))
            self._rows = []
            self._characters = 0
        rows = sum(batch.num_rows for batch in self._packed)
        if rows >= GROUP_ROWS or sum(batch.nbytes for batch in self._packed) >= GROUP_BYTES:
            self._write()

    def _write(self) -> None:
        if self._packed:
            table = arrow.Table.from_batches(self._packed)
            self._writer.write_table(table, row_group_size=table.num_rows)
            self._packed = []


def _field(name: str, shape: inspect.Type) -> Field:
    if not isinstance(shape, inspect.UnionType):
        return arrow.field(name, _type(shape), nullable=False)
    (present,) = (each for each in shape.types if not isinstance(each, inspect.NoneType))
    return arrow.field(name, _type(present))


def _type(shape: inspect.Type) -> DataType:
    match shape:
        case inspect.StructType():
            return arrow.struct(_field(each.encode_name, each.type) for each in shape.fields)
        case inspect.ListType() | inspect.VarTupleType():
            return arrow.list_(_field("element", shape.item_type))
        case inspect.DateTimeType():
            return arrow.timestamp("s", tz="UTC")
        case inspect.IntType(lt=columns.INT32_LIMIT):
            return arrow.int32()
        case _:
            return _SCALARS[type(shape)]


_SCALARS: dict[type[inspect.Type], DataType] = {
    inspect.StrType: arrow.string(),
    inspect.IntType: arrow.int64(),
    inspect.FloatType: arrow.float64(),
    inspect.BoolType: arrow.bool_(),
}
