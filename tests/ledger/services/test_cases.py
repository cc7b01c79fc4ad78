"""Taking in approved advances."""

from pathlib import Path

import pytest

from tests.ledger.world import ADVANCE, ADVANCE_TWD, CABINET, CASES_CSV, CASES_HEAD, MUSEUM, ON, figures
from treasury.core.errors import Problem
from treasury.ledger import selectors
from treasury.ledger.models import AdvanceCase
from treasury.ledger.services import ImportResult, cases_import

pytestmark = pytest.mark.usefixtures("db", "morning")
ROW = CASES_CSV.removeprefix(CASES_HEAD)


def take(folder: Path, text: str) -> ImportResult:
    (folder / "cases.csv").write_text(text, "utf-8")
    return cases_import(path=folder / "cases.csv", on=ON)


def test_what_is_approved_may_be_spent(tmp_path: Path) -> None:
    result = take(tmp_path, CASES_CSV)

    assert result == ImportResult(created=1, changed=0, unchanged=0)
    assert figures(ADVANCE) == (ADVANCE_TWD, 0, 0, 0, 0)
    assert str(AdvanceCase.objects.get()) == f"{CABINET} {ADVANCE}"


def test_the_same_file_again_changes_nothing(tmp_path: Path) -> None:
    take(tmp_path, CASES_CSV)

    assert take(tmp_path, CASES_CSV) == ImportResult(created=0, changed=0, unchanged=1)
    assert figures(ADVANCE) == (ADVANCE_TWD, 0, 0, 0, 0)


def test_two_agencies_may_have_a_case_of_one_number(tmp_path: Path) -> None:
    take(tmp_path, CASES_CSV + ROW.replace(CABINET, MUSEUM).replace("3700000", "5"))

    found = selectors.case(MUSEUM, ADVANCE)
    assert found is not None
    assert (found.approved_twd, found.left_twd) == (5, 5)


@pytest.mark.parametrize(
    ("row", "path"),
    [
        (ROW.replace("3700000", "3700001"), "/lines/2/approved_twd"),
        (ROW.replace("1149231463", "1149231464"), "/lines/2/approved_twd"),
    ],
)
def test_a_known_case_does_not_change(tmp_path: Path, row: str, path: str) -> None:
    take(tmp_path, CASES_CSV)

    with pytest.raises(Problem) as refused:
        take(tmp_path, CASES_HEAD + row)

    assert (refused.value.code, refused.value.path) == ("file_row", path)
    assert figures(ADVANCE) == (ADVANCE_TWD, 0, 0, 0, 0)


@pytest.mark.parametrize(
    ("row", "path"),
    [
        (ROW.replace(CABINET, ""), "/lines/2/agency_code"),
        (ROW.replace(ADVANCE, ""), "/lines/2/case_no"),
        (ROW.replace(ADVANCE, "ADV/4"), "/lines/2/case_no"),
        (ROW.replace("3700000", "0"), "/lines/2/approved_twd"),
        (ROW.replace("3700000", "x"), "/lines/2/approved_twd"),
        (ROW.replace("院授主預字第1149231463號", ""), "/lines/2/approval_doc_no"),
        (ROW + ROW, "/lines/3/agency_code"),
    ],
)
def test_one_bad_row_refuses_the_whole_file(tmp_path: Path, row: str, path: str) -> None:
    with pytest.raises(Problem) as refused:
        take(tmp_path, CASES_HEAD + row)

    assert (refused.value.code, refused.value.path) == ("file_row", path)
    assert not AdvanceCase.objects.exists()
