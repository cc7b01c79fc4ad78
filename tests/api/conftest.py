"""An accounting system of 行政院 that asks over the API, and one of 國立臺灣美術館."""

from collections.abc import Callable

import pytest
from pytest_django import Settings

from tests.api.system import System, system_of
from tests.factories import CABINET, MUSEUM, Desk


@pytest.fixture(autouse=True)
def no_limit(settings: Settings) -> None:
    """Tests ask more often than a client may."""
    settings.API_REQUESTS_PER_MINUTE = 1_000_000


@pytest.fixture
def system(desk: Desk) -> System:
    """The accounting system of 行政院, allowed everything."""
    return system_of(desk, CABINET)


@pytest.fixture
def other_system(desk: Desk) -> System:
    """The one of 國立臺灣美術館."""
    return system_of(desk, MUSEUM)


@pytest.fixture
def system_with(desk: Desk) -> Callable[..., System]:
    """A system of 行政院 with some scopes only."""
    return lambda *scopes: system_of(desk, CABINET, scopes=scopes)
