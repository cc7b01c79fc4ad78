"""Books with the published sample day played in them."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.journeys.days import PlayedDays, play_sample


@pytest.fixture(scope="session")
def sample_days(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PlayedDays]:
    """Both days of the sample, played once for all tests that look at them."""
    with play_sample(tmp_path_factory.mktemp("sample"), "sample") as played:
        yield played


@pytest.fixture
def out(tmp_path: Path) -> Path:
    """Where a day writes to."""
    return tmp_path / "out"
