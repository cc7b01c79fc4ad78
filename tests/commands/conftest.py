"""Books with the sample's tables, for commands that only look at them."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.journeys.books import SAMPLE, Books
from tests.journeys.days import own_books

IMPORTS: dict[str, tuple[str, ...]] = {
    "import_agencies": (str(SAMPLE / "agencies.csv"),),
    "import_banks": (str(SAMPLE / "banks.csv"),),
    "import_budget": (str(SAMPLE / "budget.csv"), "--fiscal-year", "114"),
    "import_cases": (str(SAMPLE / "advance_cases.csv"),),
}


@pytest.fixture(scope="session")
def books() -> Iterator[Books]:
    """Books into which the four tables were imported by their commands."""
    with own_books("commands") as books:
        for command, arguments in IMPORTS.items():
            ended = books.manage(command, *arguments)
            assert (ended.code, ended.err) == (0, "")
        yield books


@pytest.fixture
def out(tmp_path: Path) -> Path:
    """Where a day writes to."""
    return tmp_path / "out"
