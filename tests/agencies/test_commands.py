"""The two import commands: what they print, and what they exit with."""

import io
import json
from collections.abc import Callable
from pathlib import Path

import pytest
from django.core.management import call_command

from agencies.models import Agency, BankBranch

SAMPLE = Path(__file__).parent.parent / "sample_day"

pytestmark = pytest.mark.django_db


def run(*arguments: str) -> tuple[int, str, str]:
    """Exit code, standard output, standard error."""
    out, err = io.StringIO(), io.StringIO()
    try:
        call_command(*arguments, stdout=out, stderr=err)
    except SystemExit as end:
        return int(str(end.code)), out.getvalue(), err.getvalue()
    return 0, out.getvalue(), err.getvalue()


def test_banks_are_imported_and_counted() -> None:
    code, out, err = run("import_banks", str(SAMPLE / "banks.csv"), "--json")

    assert (code, err) == (0, "")
    assert json.loads(out) == {
        "created": BankBranch.objects.count(),
        "changed": 0,
        "unchanged": 0,
        "closed": 0,
    }


def test_agencies_are_imported_and_counted() -> None:
    code, out, _ = run("import_agencies", str(SAMPLE / "agencies.csv"), "--json")

    assert code == 0
    assert json.loads(out) == {"created": Agency.objects.count(), "changed": 0, "unchanged": 0}


def test_without_json_they_speak_in_sentences() -> None:
    assert run("import_agencies", str(SAMPLE / "agencies.csv"))[1].startswith("14 agencies new")
    assert "branches new" in run("import_banks", str(SAMPLE / "banks.csv"))[1]


@pytest.mark.parametrize("command", ["import_banks", "import_agencies"])
def test_a_bad_file_is_a_problem_object_and_exit_two(command: str, table: Callable[..., Path]) -> None:
    code, out, err = run(command, str(table("what,is,this", "1,2,3")))

    assert (code, out) == (2, "")
    assert {"code": "file_columns", "file": "table.csv", "path": "/lines/1"}.items() <= json.loads(err).items()


def test_a_missing_file_is_a_problem_object_and_exit_two(tmp_path: Path) -> None:
    code, _, err = run("import_banks", str(tmp_path / "none.csv"))

    assert (code, json.loads(err)["code"]) == (2, "file_unreadable")
