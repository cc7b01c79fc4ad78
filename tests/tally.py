"""Counts that a test run prints at its end, gathered over all its processes.

`tally("PKITS paths", 1, 1)` in a test adds to the line of that name: how many passed of how many. A test that asserts
on a case tells its count first, so that the line shows what failed.
"""

from collections import defaultdict
from collections.abc import Callable
from typing import Final

import pytest

_PROPERTY: Final = "tally"

Tally = Callable[[str, int, int], None]


@pytest.fixture
def tally(request: pytest.FixtureRequest) -> Tally:
    """Adds to a line of the summary: its name, how many passed, of how many."""

    def count(name: str, passed: int, total: int) -> None:
        request.node.user_properties.append((_PROPERTY, [name, int(passed), total]))

    return count


class Counts:
    """Gathers what the reports of all processes tell, and prints it."""

    def __init__(self) -> None:
        self.found: dict[str, list[int]] = defaultdict(lambda: [0, 0])

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Each report repeats what the ones before it told: the last one of a test counts."""
        if report.when == "teardown":
            for key, value in report.user_properties:
                if key == _PROPERTY:
                    name, passed, total = value  # type: ignore[misc]
                    self.found[name][0] += passed
                    self.found[name][1] += total

    def lines(self) -> list[str]:
        """`PKITS paths 244 of 246`, by name."""
        return [f"{name} {passed} of {total}" for name, (passed, total) in sorted(self.found.items())]

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        """Prints the lines, if any."""
        if self.found:
            terminalreporter.section("counts")
            for line in self.lines():
                terminalreporter.write_line(line)


def pytest_configure(config: pytest.Config) -> None:
    """Gathers where the reports arrive: with several processes that is the one that started them."""
    if not hasattr(config, "workerinput"):
        config.pluginmanager.register(Counts(), "tally-counts")
