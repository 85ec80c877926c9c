"""Files of rows, read a batch at a time: CSV, JSON (an array, or one object a line) and Parquet.

They block, so they are read in threads.
"""

from __future__ import annotations

import csv
import json
from codecs import getincrementaldecoder
from contextlib import closing
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, cast

from bot.errors import StartupError

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterable, Iterator
    from pathlib import Path
    from typing import BinaryIO

    from bot.imports.source import Record, Value

BATCH_ROWS = 200
CHUNK_BYTES = 256 * 1024
MOST_ROW_CHARS = 64 * 1024**2
"""A row that is longer is none: all that follows would have to be held in memory."""

OWN_COLUMNS = {"vote_id", "battle_id", "vote_order"}
"""A CSV file that has these was exported by this bot, and texts that look like formulas are marked."""

NO_PYARROW = (
    "{path} is Parquet, which needs pyarrow, and that is not installed here: pip install 'arena-bot[export]'"
    " (the Docker image has it)"
)
_SEPARATORS = " \t\r\n,"


@dataclass(frozen=True, slots=True)
class FileRow:
    """A row by its number, from 1, or what is wrong with it; `read` is how far the file was read by then."""

    number: int
    read: int
    record: Record | None = None
    problem: str = ""


@dataclass(frozen=True, slots=True)
class SourceFile:
    """A file to import; `size` is how far it can be read, in bytes or rows."""

    path: Path
    size: int
    rows: Callable[[], Generator[FileRow]]

    def batches(self) -> Iterator[list[FileRow]]:
        with closing(self.rows()) as rows:
            while batch := list(islice(rows, BATCH_ROWS)):
                yield batch


def open_source(path: Path) -> SourceFile:
    """Look what a file is; raises `StartupError` where it cannot be read."""
    try:
        with path.open("rb") as file:
            beginning = file.read(CHUNK_BYTES)
            size = path.stat().st_size
    except OSError as exc:
        raise StartupError(f"{path}: {exc.strerror or exc}") from exc
    if beginning.startswith(b"PAR1"):
        return _open_parquet(path)
    text = beginning.decode("utf-8-sig", "replace").lstrip()
    if text.startswith("["):
        return SourceFile(path, size, lambda: _array(path))
    if text.startswith("{"):
        return SourceFile(path, size, lambda: _lines(path))
    return SourceFile(path, size, lambda: _table(path))


def _open_parquet(path: Path) -> SourceFile:
    try:
        from bot.exports.arrow import parquet  # noqa: PLC0415 - big, and an extra
    except ModuleNotFoundError as exc:
        raise StartupError(NO_PYARROW.format(path=path)) from exc
    try:
        with closing(parquet.ParquetFile(path)) as file:
            size = file.metadata.num_rows
    except (OSError, ValueError) as exc:
        raise StartupError(f"{path} is no Parquet file that can be read: {exc}") from exc

    def rows() -> Generator[FileRow]:
        with closing(parquet.ParquetFile(path)) as file:
            number = 0
            for batch in file.iter_batches(batch_size=BATCH_ROWS):
                for record in batch.to_pylist():
                    number += 1
                    yield FileRow(number, number, record)

    return SourceFile(path, size, rows)


def _lines(path: Path) -> Generator[FileRow]:
    with path.open("rb") as file:
        number = 0
        while line := file.readline(MOST_ROW_CHARS):
            number += 1
            if line.strip():
                yield _decoded(number, file.tell(), line)


def _decoded(number: int, read: int, line: bytes) -> FileRow:
    try:
        value = json.loads(line.decode("utf-8-sig" if number == 1 else "utf-8"))
    except ValueError as exc:
        return FileRow(number, read, problem=f"it is no JSON: {exc}")
    return _row(number, read, value)


def _row(number: int, read: int, value: Value) -> FileRow:
    if not isinstance(value, dict):
        return FileRow(number, read, problem="it is no object")
    return FileRow(number, read, value)


def _array(path: Path) -> Generator[FileRow]:
    """Decode the elements of an array one by one; raises `StartupError` where it breaks off."""
    with path.open("rb") as file:
        text, at, number = _Text(file), 0, 0
        text.more()
        at = text.held.index("[") + 1
        while True:
            at = text.skip(at, _SEPARATORS)
            if text.held[at : at + 1] == "]":
                return
            number += 1
            value, at = text.decode(at, f"{path}: row {number}")
            yield _row(number, text.read, value)
            at = text.drop(at)


class _Text:
    """The part of a text that is held: what was read and is not dropped yet."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._decoder = getincrementaldecoder("utf-8-sig")()
        self._decode = json.JSONDecoder().raw_decode
        self.held = ""
        self.read = 0

    def more(self, size: int = CHUNK_BYTES) -> bool:
        """Hold more of the text; `False` at its end."""
        chunk = self._file.read(size)
        self.read += len(chunk)
        self.held += self._decoder.decode(chunk, final=not chunk)
        return bool(chunk)

    def skip(self, at: int, characters: str) -> int:
        while True:
            while at < len(self.held) and self.held[at] in characters:
                at += 1
            if at < len(self.held) or not self.more():
                return at

    def drop(self, at: int) -> int:
        """Hold no longer what is before; returns where the rest begins."""
        if at < CHUNK_BYTES:
            return at
        self.held = self.held[at:]
        return 0

    def decode(self, at: int, where: str) -> tuple[Value, int]:
        """Decode a value, reading on until it is whole; each time twice as much, so that few are in vain."""
        while True:
            try:
                return cast("tuple[Value, int]", self._decode(self.held, at))
            except ValueError as exc:
                length = len(self.held) - at
                if length > MOST_ROW_CHARS or not self.more(max(length, CHUNK_BYTES)):
                    raise StartupError(f"{where}: it is no JSON: {exc}") from exc


def _table(path: Path) -> Generator[FileRow]:
    csv.field_size_limit(MOST_ROW_CHARS)
    with path.open("rb") as raw:
        reader = csv.reader(_decoded_lines(raw, path), strict=True)
        try:
            names = next(reader, list[str]())
            is_own = set(names) >= OWN_COLUMNS
            for number, cells in enumerate(reader, start=1):
                yield _cells(number, raw.tell(), names, cells, is_own=is_own)
        except csv.Error as exc:
            raise StartupError(f"{path}: line {reader.line_num}: it is no CSV: {exc}") from exc


def _decoded_lines(raw: Iterable[bytes], path: Path) -> Generator[str]:
    try:
        for number, line in enumerate(raw, start=1):
            yield line.decode("utf-8-sig" if number == 1 else "utf-8")
    except UnicodeDecodeError as exc:
        raise StartupError(f"{path} is no text in UTF-8: {exc}") from exc


def _cells(number: int, read: int, names: list[str], cells: list[str], *, is_own: bool) -> FileRow:
    """Return a row of a table; an empty cell is no value."""
    if len(cells) != len(names):
        return FileRow(number, read, problem=f"it has {len(cells)} columns in place of {len(names)}")
    values = (cell.removeprefix("'") if is_own else cell for cell in cells)
    return FileRow(number, read, {name: value for name, value in zip(names, values, strict=True) if value})
