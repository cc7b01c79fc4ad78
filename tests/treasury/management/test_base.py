"""Exit codes and problem objects: what every command owes to whoever calls it from a script."""

import json
from typing import Any

import pytest
from django.core.management import load_command_class
from django.core.management.base import CommandParser
from django.db import OperationalError

from treasury.core.errors import Problem
from treasury.embedded import ChildFailed, EmbeddedError
from treasury.environment import NotConfigured
from treasury.management.base import DONE, FINDINGS, ContractCommand

FAILURES: dict[str, Exception] = {
    "problem": Problem("bad_row", "the amount is missing", file="a.csv", path="/3/amount"),
    "unset": NotConfigured("SECRET_KEY must be set"),
    "database": OperationalError("connection refused\n\tIs the server running?"),
    "silent": OperationalError(),
    "servers": EmbeddedError("no temporary directory"),
    "disk": FileExistsError(17, "File exists", "/out"),
    "counterpart": ChildFailed("bank was not ready"),
    "slip": ZeroDivisionError("division by zero"),
}


class Counting(ContractCommand):
    """Counts to a number; finds something when it is odd, fails when it is told to."""

    help = "Counts."
    takes_books = False

    def arguments(self, parser: CommandParser) -> None:
        parser.add_argument("number", type=int)
        parser.add_argument("--fail", choices=FAILURES)

    def run(self, **options: Any) -> int:
        if options["fail"]:
            raise FAILURES[options["fail"]]
        for number in range(options["number"]):
            self.line(number=number, name="憑單")
        return FINDINGS if options["number"] % 2 else DONE


def call(*arguments: str) -> int:
    """Runs the command as the command line does; returns its exit code."""
    try:
        Counting().run_from_argv(["manage.py", "counting", *arguments])
    except SystemExit as ended:
        return int(str(ended.code))
    return 0


def test_done_is_zero_and_findings_are_one(capsys: pytest.CaptureFixture[str]) -> None:
    codes = [call("2", "--json"), call("1", "--json")]

    assert codes == [0, 1]
    assert capsys.readouterr().out == (
        '{"number": 0, "name": "憑單"}\n{"number": 1, "name": "憑單"}\n{"number": 0, "name": "憑單"}\n'
    )


@pytest.mark.parametrize(
    ("failure", "code", "detail"),
    [
        ("problem", "bad_row", "the amount is missing"),
        ("unset", "not_configured", "SECRET_KEY must be set"),
        ("database", "database_unavailable", "connection refused Is the server running?"),
        ("silent", "database_unavailable", "OperationalError"),
        ("servers", "database_unavailable", "no temporary directory"),
        ("disk", "system_error", "[Errno 17] File exists: '/out'"),
        ("counterpart", "process_failed", "bank was not ready"),
        ("slip", "internal_error", "ZeroDivisionError: division by zero"),
    ],
)
def test_whatever_keeps_it_from_running_is_one_problem_object(
    capsys: pytest.CaptureFixture[str], failure: str, code: str, detail: str
) -> None:
    ended = call("2", "--fail", failure)

    output, errors = capsys.readouterr()
    problem = json.loads(errors)
    assert (ended, output) == (2, "")
    assert (problem["code"], problem["detail"]) == (code, detail)
    assert set(problem) == {"type", "title", "code", "file", "path", "detail"}


@pytest.mark.parametrize("arguments", [(), ("two",), ("2", "--unknown"), ("2", "--fail", "otherwise")])
def test_arguments_it_cannot_read_are_a_problem_too(
    capsys: pytest.CaptureFixture[str], arguments: tuple[str, ...]
) -> None:
    ended = call(*arguments)

    output, errors = capsys.readouterr()
    assert (ended, output) == (2, "")
    assert json.loads(errors)["code"] == "bad_arguments"


def test_a_developer_may_see_where_an_error_came_from() -> None:
    with pytest.raises(ZeroDivisionError):
        call("2", "--fail", "slip", "--traceback")


@pytest.mark.parametrize("name", ["demo", "run_day", "serve"])
def test_production_refuses_simulated_cards_and_banks(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], name: str
) -> None:
    monkeypatch.setenv("ENV", "production")
    command = load_command_class("treasury", name)
    day = ["--date", "2025-03-07", "--vouchers", "in", "--out", "out"] if name == "run_day" else []

    with pytest.raises(SystemExit) as ended:
        command.run_from_argv(["manage.py", name, *day])

    assert ended.value.code == 2
    assert json.loads(capsys.readouterr().err)["code"] == "not_in_production"
