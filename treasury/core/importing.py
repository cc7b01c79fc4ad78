"""What every import of a CSV table shares: its result, and one row whose fields are checked one by one."""

import re
import unicodedata
from collections.abc import Callable, Hashable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from treasury.core.csvfiles import read_rows, row_problem
from treasury.core.errors import Problem

_CODE: Final = r"[0-9A-Za-z._-]{1,20}"
_AMOUNT: Final = r"[0-9]{1,13}"
# Control and invisible characters, lone surrogates, separators of lines. Full-width blanks and characters of
# private use stay: names of the real world have them.
_UNSEEN: Final = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})


@dataclass(frozen=True, slots=True)
class ImportResult:
    """How many rows an import made, changed, found as they were, and closed because the file lists them no more."""

    created: int = 0
    changed: int = 0
    unchanged: int = 0
    closed: int = 0


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a file; every refusal is a Problem `file_row` that names its line and column."""

    file: str
    line_no: int
    values: dict[str, str]

    def problem(self, column: str, detail: str) -> Problem:
        """The Problem of one field."""
        return row_problem(self.line_no, detail, column=column, file=self.file)

    def text(self, column: str, max_length: int, *, may_be_empty: bool = False) -> str:
        """A text of visible characters, without blanks around it and no longer than the table holds."""
        value = self.values[column]
        shortest = 0 if may_be_empty else 1
        if value != value.strip() or not shortest <= len(value) <= max_length or _hides_something(value):
            wanted = f"{shortest} to {max_length} visible characters without blanks around"
            raise self.problem(column, f"{column} must be {wanted}, not {value!r}")
        return value

    def matching(self, column: str, pattern: str, wanted: str) -> str:
        """A text that matches a pattern as a whole; `wanted` says in words what it must be."""
        value = self.values[column]
        if not re.fullmatch(pattern, value):
            raise self.problem(column, f"{column} must be {wanted}, not {value!r}")
        return value

    def code(self, column: str) -> str:
        """A code of letters, digits, dot, hyphen and underscore, at most 20."""
        return self.matching(column, _CODE, "a code of 1 to 20 letters and digits")

    def amount_twd(self, column: str) -> int:
        """A whole amount in TWD, zero or more, plain digits."""
        return int(self.matching(column, _AMOUNT, "a whole amount in plain digits"))


def rows_of(
    path: Path | str, columns: Sequence[str], *, key: Callable[[Row], Hashable], key_column: str
) -> Iterator[Row]:
    """The rows of a file; Problem at `key_column` of the second of two rows that have one key."""
    first_lines: dict[Hashable, int] = {}
    for line_no, values in read_rows(path, columns):
        row = Row(Path(path).name, line_no, values)
        first = first_lines.setdefault(key(row), line_no)
        if first != line_no:
            raise row.problem(key_column, f"the same as line {first}")
        yield row


def _hides_something(text: str) -> bool:
    """Whether a text has a character that nobody sees."""
    return not text.isprintable() and any(unicodedata.category(character) in _UNSEEN for character in text)
