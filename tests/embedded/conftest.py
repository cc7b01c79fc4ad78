"""Fixtures: servers of a test's own, so that killing them disturbs nobody."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.embedded.homes import Home


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Home]:
    home = Home(tmp_path / "var")
    yield home
    home.close()
