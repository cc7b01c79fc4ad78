"""The fields of the ledger's import files, checked one by one; every refusal names line and column."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from treasury.core.csvfiles import read_rows, row_problem
from treasury.core.errors import Problem

_CODE: Final = re.compile(r"[0-9A-Za-z._-]{1,20}")
_AMOUNT: Final = re.compile(r"[0-9]{1,13}")


@dataclass(frozen=True, slots=True)
class ImportResult:
    """How many rows of a file were new, changed something, or were there already."""

    created: int
    changed: int
    unchanged: int


@dataclass(frozen=True, slots=True)
class Row:
    """One row of an import file."""

    file: str
    line_no: int
    values: dict[str, str]

    def problem(self, column: str, detail: str) -> Problem:
        """The Problem of one field, naming its line."""
        return row_problem(self.line_no, detail, column=column, file=self.file)

    def text(self, column: str, max_length: int) -> str:
        """A text without blanks around it, 1 to `max_length` signs on one line."""
        value = self.values[column]
        if value != value.strip() or not 1 <= len(value) <= max_length or not value.isprintable():
            raise self.problem(column, f"{column} must be 1 to {max_length} signs without blanks around, not {value!r}")
        return value

    def code(self, column: str) -> str:
        """A code of letters, digits, dot, hyphen and underscore, at most 20."""
        return self._matching(column, _CODE, "a code of 1 to 20 letters and digits")

    def amount_twd(self, column: str) -> int:
        """A whole amount in TWD, zero or more, plain digits."""
        return int(self._matching(column, _AMOUNT, "a whole amount in plain digits"))

    def _matching(self, column: str, pattern: re.Pattern[str], wanted: str) -> str:
        value = self.values[column]
        if not pattern.fullmatch(value):
            raise self.problem(column, f"{column} must be {wanted}, not {value!r}")
        return value


def rows_of(path: Path | str, columns: tuple[str, ...], key: Callable[[Row], object]) -> Iterator[Row]:
    """The rows of a file; Problem when two of them have one key."""
    seen: dict[object, int] = {}
    for line_no, values in read_rows(path, columns):
        row = Row(Path(path).name, line_no, values)
        first = seen.setdefault(key(row), line_no)
        if first != line_no:
            raise row.problem(columns[0], f"the same as line {first}")
        yield row
