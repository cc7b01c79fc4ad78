"""What the imports of code tables share: the result, and the checks of a field."""

import re
from collections.abc import Container
from dataclasses import dataclass
from typing import NoReturn

from treasury.core.csvfiles import row_problem


@dataclass(frozen=True, slots=True)
class ImportResult:
    """How many rows an import made, changed, closed and found as they were."""

    created: int = 0
    changed: int = 0
    unchanged: int = 0
    closed: int = 0


@dataclass(frozen=True, slots=True)
class Fields:
    """One row of a file while its fields are checked; every refusal names its line and column."""

    file: str
    line_no: int
    values: dict[str, str]

    def refuse(self, column: str, detail: str) -> NoReturn:
        """Raises Problem `file_row` at a column."""
        raise row_problem(self.line_no, detail, column=column, file=self.file)

    def text(self, column: str, *, max_length: int, may_be_empty: bool = False) -> str:
        """A text without blanks at its ends, no longer than the table holds."""
        value = self.values[column]
        if not value and not may_be_empty:
            self.refuse(column, f"{column} is empty")
        if value != value.strip():
            self.refuse(column, f"{column} begins or ends with a blank")
        if len(value) > max_length:
            self.refuse(column, f"{column} is longer than {max_length} characters")
        return value

    def matching(self, column: str, pattern: str, wanted: str) -> str:
        """A text that matches a pattern as a whole; `wanted` says in words what it must be."""
        value = self.values[column]
        if not re.fullmatch(pattern, value):
            self.refuse(column, f"{column} must be {wanted}, not {value!r}")
        return value

    def unseen(self, column: str, key: str, seen: Container[str]) -> str:
        """A key that no earlier row of the file has."""
        if key in seen:
            self.refuse(column, f"{key} occurs twice")
        return key
