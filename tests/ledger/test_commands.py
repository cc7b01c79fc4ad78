"""import_budget and import_cases: exit codes, one line of JSON, one problem with its line."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from django.core.management import call_command

from tests.ledger.world import ADVANCE, BUDGET_CSV, CASES_CSV, OFFICE, figures
from treasury.ledger.models import BudgetLine

pytestmark = pytest.mark.usefixtures("db", "morning")


def run(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, str, str]:
    """Exit code, standard output, standard error."""
    try:
        call_command(*words)
    except SystemExit as end:
        code = int(str(end.code))
    else:
        code = 0
    out, err = capsys.readouterr()
    return code, out, err


@pytest.fixture
def file(tmp_path: Path) -> Callable[[str], str]:
    def written(text: str) -> str:
        (tmp_path / "table.csv").write_text(text, "utf-8")
        return str(tmp_path / "table.csv")

    return written


def test_a_budget_is_taken_in(capsys: pytest.CaptureFixture[str], file: Callable[[str], str]) -> None:
    code, out, err = run(capsys, "import_budget", file(BUDGET_CSV), "--fiscal-year", "114", "--json")

    assert (code, err) == (0, "")
    assert json.loads(out) == {"created": 5, "changed": 0, "unchanged": 0}
    assert BudgetLine.objects.filter(fiscal_year=114, account_code=OFFICE).exists()


def test_it_says_in_words_what_it_did(capsys: pytest.CaptureFixture[str], file: Callable[[str], str]) -> None:
    code, out, _ = run(capsys, "import_budget", file(BUDGET_CSV), "--fiscal-year", "114")

    assert code == 0
    assert out == "5 accounts new, 0 changed, 0 as they were\n"


def test_a_bad_row_is_named_and_nothing_stored(capsys: pytest.CaptureFixture[str], file: Callable[[str], str]) -> None:
    code, out, err = run(capsys, "import_budget", file(BUDGET_CSV.replace("capital", "both")), "--fiscal-year", "114")

    problem = json.loads(err)
    assert (code, out) == (2, "")
    assert (problem["code"], problem["path"]) == ("file_row", "/lines/4/gate")
    assert not BudgetLine.objects.exists()


def test_cases_are_taken_in(capsys: pytest.CaptureFixture[str], file: Callable[[str], str]) -> None:
    first = run(capsys, "import_cases", file(CASES_CSV), "--json")
    again = run(capsys, "import_cases", file(CASES_CSV))

    assert (first[0], json.loads(first[1])) == (0, {"created": 1, "unchanged": 0})
    assert again == (0, "0 cases new, 1 as they were\n", "")
    assert figures(ADVANCE)[0] == 3_700_000
