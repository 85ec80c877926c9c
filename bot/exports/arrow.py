"""What is used of pyarrow, with types, for it has none of its own. Slow to import: only when exporting."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Protocol, cast

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path
    from typing import Any, BinaryIO


class Field(Protocol):
    name: str
    type: DataType


class DataType(Protocol):
    def __iter__(self) -> Iterator[Field]:
        """Yield the fields of a struct."""
        ...


class Schema(Protocol):
    names: list[str]

    def field(self, name: str) -> Field: ...


class RecordBatch(Protocol):
    num_rows: int
    nbytes: int

    def from_pylist(self, mapping: Sequence[object], schema: Schema) -> RecordBatch: ...


class ArrowTable(Protocol):
    num_rows: int

    def from_batches(self, batches: Sequence[RecordBatch]) -> ArrowTable: ...


class Arrow(Protocol):
    """The module `pyarrow`; its classes are seen as the instances whose class methods are called."""

    RecordBatch: RecordBatch
    Table: ArrowTable

    def bool_(self) -> DataType: ...
    def float64(self) -> DataType: ...
    def int32(self) -> DataType: ...
    def int64(self) -> DataType: ...
    def string(self) -> DataType: ...
    def timestamp(self, unit: str, tz: str) -> DataType: ...
    def list_(self, value_type: Field) -> DataType: ...
    def struct(self, fields: Iterable[Field]) -> DataType: ...
    def field(self, name: str, type: DataType, *, nullable: bool = True) -> Field: ...  # noqa: A002 - its name
    def schema(self, fields: Iterable[Field]) -> Schema: ...


class ArrowWriter(Protocol):
    def write_table(self, table: ArrowTable, row_group_size: int) -> None: ...
    def close(self) -> None: ...


class ReadBatch(Protocol):
    def to_pylist(self) -> list[dict[str, Any]]: ...


class FileMetadata(Protocol):
    num_rows: int


class ArrowFile(Protocol):
    metadata: FileMetadata

    def iter_batches(self, *, batch_size: int) -> Iterator[ReadBatch]: ...
    def close(self) -> None: ...


class Parquet(Protocol):
    def ParquetFile(self, source: Path) -> ArrowFile: ...  # noqa: N802 - a class
    def ParquetWriter(self, where: BinaryIO, schema: Schema, *, compression: str) -> ArrowWriter: ...  # noqa: N802 - a class


arrow = cast("Arrow", import_module("pyarrow"))
parquet = cast("Parquet", import_module("pyarrow.parquet"))
