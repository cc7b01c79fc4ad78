"""The import commands: the same table again changes nothing, a bad row is named by its line and stores nothing."""

import json
from pathlib import Path

import psycopg
import pytest

from tests.commands.conftest import IMPORTS
from tests.journeys.books import Books

STORED = (
    "SELECT (SELECT count(*) FROM agencies_agency), (SELECT count(*) FROM agencies_bankbranch),"
    " (SELECT count(*) FROM ledger_budgetline), (SELECT count(*) FROM ledger_advancecase),"
    " (SELECT count(*) FROM ledger_posting)"
)
BAD_ROWS = {
    "import_agencies": "9999999999,,agency",
    "import_banks": "004,12,臺灣銀行,某分行,地址",
    "import_budget": "9999999999,一般行政,目,0003010000,行政院,-5,current",
    "import_cases": "0003010000,ADV114-999,a lot,院授主預字第1號",
}


@pytest.mark.parametrize("command", IMPORTS)
def test_the_same_table_again_changes_nothing(books: Books, command: str) -> None:
    before = books.fetch(STORED)

    again = books.manage(command, *IMPORTS[command], "--json")

    (counted,) = again.lines
    assert (again.code, again.err) == (0, "")
    assert counted.pop("unchanged") > 0
    assert set(counted.values()) == {0}
    assert books.fetch(STORED) == before


@pytest.mark.parametrize("command", IMPORTS)
def test_a_bad_row_is_named_by_its_line_and_nothing_is_stored(books: Books, command: str, tmp_path: Path) -> None:
    good, *options = IMPORTS[command]
    header, *rows = Path(good).read_text("utf-8-sig").splitlines()
    table = tmp_path / "table.csv"
    table.write_text("\n".join([header, *reversed(rows), BAD_ROWS[command]]) + "\n", "utf-8")
    before = books.fetch(STORED)

    refused = books.manage(command, table, *options)

    line = f"/lines/{len(rows) + 2}"
    assert (refused.code, refused.out) == (2, "")
    assert refused.problem["file"] == "table.csv"
    assert refused.problem["path"] == line or refused.problem["path"].startswith(f"{line}/")
    assert books.fetch(STORED) == before


def test_the_url_of_the_books_opens_them(books: Books) -> None:
    told = books.manage("database_url")

    assert (told.code, told.err) == (0, "")
    with psycopg.connect(told.out.strip()) as connection:
        assert connection.execute("SELECT current_database()").fetchone() == (f"run_{books.name}",)
    assert books.manage("database_url", "--json").lines == [{"database_url": told.out.strip()}]


def test_a_name_that_is_none_is_refused(books: Books) -> None:
    refused = books.manage("check_books", "--books", "no name; DROP TABLE")

    assert (refused.code, refused.problem["code"]) == (2, "bad_books_name")


def test_books_with_tables_alone_are_sound_and_a_broken_invariant_is_named(books: Books) -> None:
    assert books.manage("check_books", "--json").lines == []
    books.force("UPDATE ledger_authority SET available_twd = available_twd + 1 WHERE id = 1")

    checked = books.manage("check_books", "--json")

    books.force("UPDATE ledger_authority SET available_twd = available_twd - 1 WHERE id = 1")
    assert (checked.code, checked.err) == (1, "")
    assert [(line["invariant"], line["name"]) for line in checked.lines] == [(2, "authorities_follow_entries")]
    assert json.dumps(checked.lines[0])


def test_generated_pages_are_up_to_date(books: Books) -> None:
    checked = books.plain("generate_docs", "--check")

    assert (checked.code, checked.out, checked.err) == (0, "", "")
