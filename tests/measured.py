"""Which tests are measured for coverage: those of the parts that promise every branch, and no others.

Measuring costs more than half as much again. What decides on money and law is to be covered by tests of its own, not
by a journey that happens to come by; `make coverage` measures every test for the overall figure.
"""

import os
import pkgutil
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Final

import coverage
import pytest

_TESTS: Final = Path(__file__).parent
MEASURED: Final = (
    "agencies/pages/test_audit.py",
    "agencies/pages/test_tables.py",
    "api/test_log.py",
    "core/test_st",
    "disbursement/test_evidence.py",
    "disbursement/test_states.py",
    "ledger/",
    "signing/",
    "treasury/test_log_pages.py",
    "vouchers/rules/",
    "vouchers/test_",
)
PROMISED: Final = ("signing", "treasury.ledger", "vouchers.rules")
EVERYTHING: Final = os.environ.get("MEASURE", "") == "everything"


def is_measured(path: Path) -> bool:
    """Whether the tests of a module are measured."""
    return EVERYTHING or (path.is_relative_to(_TESTS) and str(path.relative_to(_TESTS)).startswith(MEASURED))


def pytest_collection_finish() -> None:
    """Imports the promised parts while it is measured: a test that is not may be the first that needs one."""
    if coverage.Coverage.current() is not None:
        for package in PROMISED:
            for module in pkgutil.walk_packages(import_module(package).__path__, f"{package}."):
                import_module(module.name)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Iterator[None]:
    """Lets go of the measuring for as long as a test runs that is not measured, its fixtures included."""
    measuring = coverage.Coverage.current()
    if measuring is None or is_measured(item.path):
        return (yield)
    measuring.stop()
    try:
        return (yield)
    finally:
        measuring.start()
