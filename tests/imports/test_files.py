"""Files: read in parts, whatever they are, with every row by its number."""

from __future__ import annotations

import json
import sys
import tracemalloc
from typing import TYPE_CHECKING

import pytest

from bot.errors import StartupError
from bot.imports import files
from bot.imports.files import FileRow, open_source
from bot.imports.names import read_mapping

if TYPE_CHECKING:
    from pathlib import Path

ROWS = [{"id": number, "text": "“é”" * (number % 50)} for number in range(1000)]


def read(path: Path) -> list[FileRow]:
    return [row for batch in open_source(path).batches() for row in batch]


def put(folder: Path, text: str) -> Path:
    file = folder / "file"
    file.write_text(text, encoding="utf-8")
    return file


@pytest.mark.parametrize("mark", ["", "\ufeff"])
@pytest.mark.parametrize("indent", [None, 2])
@pytest.mark.parametrize("chunk", [7, 100, 256 * 1024])
def test_an_array_is_read_element_by_element(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, mark: str, indent: int | None, chunk: int
) -> None:
    monkeypatch.setattr(files, "CHUNK_BYTES", chunk)
    found = read(put(tmp_path, mark + json.dumps(ROWS, indent=indent, ensure_ascii=False)))

    assert [row.record for row in found] == ROWS
    assert [row.number for row in found] == list(range(1, 1001))


@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_so_is_one_object_a_line_and_what_is_none_is_told(tmp_path: Path, mark: str) -> None:
    lines = [json.dumps(row) for row in ROWS]
    lines[3], lines[4] = "{broken", "[]"
    found = read(put(tmp_path, mark + "\n\n".join(lines)))

    assert [row.record for row in found if row.record] == [*ROWS[:3], *ROWS[5:]]
    assert [(row.number, row.problem[:10]) for row in found if not row.record] == [
        (7, "it is no J"),
        (9, "it is no o"),
    ]


def test_an_array_that_breaks_off_is_one_line_with_the_row(tmp_path: Path) -> None:
    file = put(tmp_path, json.dumps(ROWS)[:-20])
    with pytest.raises(StartupError, match=r"row 1000: it is no JSON"):
        read(file)


@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_a_table_is_read_by_its_columns(tmp_path: Path, mark: str) -> None:
    file = put(tmp_path, f'{mark}id,text\r\n1,"a\r\nb"\r\n2,\r\n3,x,y\r\n4,\'=1\r\n')
    found = read(file)

    assert [row.record for row in found] == [
        {"id": "1", "text": "a\r\nb"},
        {"id": "2"},
        None,
        {"id": "4", "text": "'=1"},
    ]
    assert found[2].problem == "it has 3 columns in place of 2"


def test_in_an_export_of_this_bot_the_mark_of_formulas_is_taken_off(tmp_path: Path) -> None:
    (row,) = read(put(tmp_path, "vote_id,battle_id,vote_order,prompt\n1,2,3,'=1+1\n"))

    assert row.record == {"vote_id": "1", "battle_id": "2", "vote_order": "3", "prompt": "=1+1"}


def test_parquet_without_pyarrow_says_how_to_get_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = put(tmp_path, "PAR1")
    monkeypatch.delitem(sys.modules, "bot.exports.arrow", raising=False)
    for name in ("pyarrow", "pyarrow.parquet"):
        monkeypatch.setitem(sys.modules, name, None)
    with pytest.raises(StartupError, match=r"pip install 'arena-bot\[export\]'"):
        open_source(file)


def test_a_broken_parquet_file_is_one_line(tmp_path: Path) -> None:
    with pytest.raises(StartupError, match="no Parquet file that can be read"):
        open_source(put(tmp_path, "PAR1 and no more"))


def test_memory_does_not_grow_with_the_file(tmp_path: Path) -> None:
    file = tmp_path / "long.json"
    with file.open("w") as out:
        out.write("[")
        for number in range(20_000):
            out.write(("," if number else "") + json.dumps({"id": number, "text": "x" * 1000}))
        out.write("]")
    tracemalloc.start()
    count = sum(len(batch) for batch in open_source(file).batches())
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert count == 20_000
    assert peak < 4 * 1024**2 < file.stat().st_size


@pytest.mark.parametrize(
    ("text", "wrong"),
    [("a", "Expected"), ('"a" = 5', "'a' must be mapped to a name"), ('"a" = " "', "'a' must be mapped")],
)
def test_a_mapping_that_is_none_is_one_line(tmp_path: Path, text: str, wrong: str) -> None:
    with pytest.raises(StartupError, match=wrong):
        read_mapping(put(tmp_path, text))


def test_a_mapping_says_names_for_names(tmp_path: Path) -> None:
    file = put(tmp_path, '"gpt-4o-2024-05-13" = "GPT-4o"\nclaude = "Claude"\n')

    assert read_mapping(file) == {"gpt-4o-2024-05-13": "GPT-4o", "claude": "Claude"}
