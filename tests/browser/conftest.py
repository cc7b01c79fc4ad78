"""The served product, once for the journeys that a test process makes one after another, and people at it."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from tests.browser.person import Person, Sits
from tests.browser.served import Served, serving
from tests.browser.way import Way


@pytest.fixture(scope="package")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A treasury at work, its desks empty."""
    with serving("journeys", tmp_path_factory.mktemp("served"), "--empty") as started:
        yield started


@pytest.fixture
def sits(browser: Browser, served: Served) -> Iterator[Sits]:
    """Has somebody sit down at a browser of their own, by user name; everybody leaves at the end."""
    people: dict[str, Person] = {}

    def sit(username: str) -> Person:
        if username not in people:
            people[username] = Person(browser, served, username)
        return people[username]

    yield sit
    for person in people.values():
        person.close()


@pytest.fixture
def way(served: Served, sits: Sits) -> Way:
    """The way of the museum's vouchers."""
    return Way(served, sits)
