"""One strict reader for every CSV file that is imported.

UTF-8 with or without a byte order mark, a header with exactly the expected columns (in any order), every row
with as many fields as the header. Anything else is a Problem that names the line; nothing is guessed. Places
are JSON Pointers of the shape `/lines/<number>/<column>`; line 1 is the header.
"""

import csv
import io
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Protocol

from treasury.core.errors import Problem

Row = tuple[int, dict[str, str]]


class _Reader(Protocol):
    """What `csv.reader` makes: rows, and how many lines have been read."""

    @property
    def line_num(self) -> int: ...
    def __next__(self) -> list[str]: ...
    def __iter__(self) -> Iterator[list[str]]: ...


def read_rows(path: Path | str, columns: Sequence[str]) -> Iterator[Row]:
    """Yields (line number, {column: text}) for every row; wholly empty lines are passed over.

    Problems: `file_unreadable`, `file_encoding`, `file_columns` (header), `file_row` (a row that is cut short,
    too long or badly quoted), each with `file` and `path`. The number is that of the line on which a row begins.
    """
    name = Path(path).name
    reader = csv.reader(io.StringIO(_text(Path(path)), newline=""), strict=True)
    header = _header(reader, columns, name)
    line_no = reader.line_num + 1
    while (fields := _next(reader, line_no, name)) is not None:
        if len(fields) == len(header):
            yield line_no, dict(zip(header, fields, strict=True))
        elif fields:
            raise row_problem(line_no, f"{len(fields)} fields instead of {len(header)}", file=name)
        line_no = reader.line_num + 1


def row_problem(line_no: int, detail: str, *, column: str = "", file: str, code: str = "file_row") -> Problem:
    """The problem of one row, with the pointer to its line and, when given, its column."""
    pointer = f"/lines/{line_no}"
    if column:
        pointer += "/" + column.replace("~", "~0").replace("/", "~1")
    return Problem(code, f"line {line_no}: {detail}", path=pointer, file=file)


def _text(path: Path) -> str:
    try:
        content = path.read_bytes()
    except OSError as error:
        raise Problem("file_unreadable", f"cannot read the file: {error.strerror}", file=path.name) from error
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line_no = content.count(b"\n", 0, error.start) + 1
        raise row_problem(line_no, "not UTF-8", file=path.name, code="file_encoding") from error
    if "\0" in text:
        line_no = text.count("\n", 0, text.index("\0")) + 1
        raise row_problem(line_no, "a NUL character", file=path.name, code="file_encoding")
    return text


def _header(reader: _Reader, columns: Sequence[str], file: str) -> list[str]:
    header = _next(reader, 1, file) or []
    if sorted(header) != sorted(columns):
        raise row_problem(1, f"the columns must be {', '.join(columns)}", file=file, code="file_columns")
    return header


def _next(reader: _Reader, line_no: int, file: str) -> list[str] | None:
    try:
        return next(reader, None)
    except csv.Error as error:
        raise row_problem(line_no, str(error), file=file) from error
