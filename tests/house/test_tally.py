"""The counts at the end of a test run: added up over tests and processes, once each."""

import pytest

from tests.tally import Counts


def report(when: str, *counts: list[object]) -> pytest.TestReport:
    told = [("tally", one) for one in counts]
    return pytest.TestReport("test", ("test", 0, "test"), {}, "passed", None, when, user_properties=told)  # type: ignore[arg-type]


def test_every_test_counts_once_and_lines_are_sorted() -> None:
    counts = Counts()

    for when in ("setup", "call", "teardown"):
        counts.pytest_runtest_logreport(report(when, ["PKITS paths", 1, 1]))
        counts.pytest_runtest_logreport(report(when, ["PKITS paths", 0, 1], ["mutations refused", 2000, 2000]))

    assert counts.lines() == ["PKITS paths 1 of 2", "mutations refused 2000 of 2000"]
