"""Every page asks the database as often with ten thousand vouchers as with ten."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.db import connection, reset_queries
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import get_resolver
from django.urls.resolvers import URLPattern, URLResolver

from agencies.roles import AGENCY_ROLES, TREASURY_ROLES
from tests.factories import CABINET, OFFICE, ON, Desk
from tests.pages import client_of
from tests.vouchers.crowd import crowd_grow
from tests.vouchers.examples import remittance
from vouchers.states import STATES

FEW, MANY = 10, 10_000
_NOT_PAGES = ("admin", "api", "i18n")


def pages() -> Iterator[str]:
    """The address of every page that is asked for without naming a thing."""

    def walk(resolver: URLResolver, prefix: str) -> Iterator[str]:
        for pattern in resolver.url_patterns:
            path = prefix + str(pattern.pattern)
            if isinstance(pattern, URLResolver):
                if not path.startswith(_NOT_PAGES):
                    yield from walk(pattern, path)
            elif isinstance(pattern, URLPattern) and "<" not in path and "(" not in path:
                yield f"/{path}"

    return walk(get_resolver(), "")


def grow(first: int, last: int) -> None:
    """Adds vouchers standing in every state in turn."""
    content = remittance() | {"account_lines": [{"account_code": OFFICE, "amount_twd": 30_000}]}
    crowd_grow(first, last, agency_code=CABINET, states=list(STATES), on=ON - timedelta(days=1), content=content)


def asked(clients: dict[str, Client]) -> dict[tuple[str, str], int]:
    """How many statements each page takes for each role that may open it."""
    found = {}
    for role, client in clients.items():
        for path in pages():
            reset_queries()
            with CaptureQueriesContext(connection) as captured:
                answer = client.get(path)
            if answer.status_code == 200:
                found[role, path] = len(captured)
    return found


@pytest.fixture
def clients(desk: Desk) -> dict[str, Client]:
    """One person of each role, logged in."""
    names = {str(role): f"{CABINET}-{role}" for role in AGENCY_ROLES}
    names |= {str(role): f"treasury-{role}" for role in TREASURY_ROLES}
    return {role: client_of(name) for role, name in names.items()}


def test_every_page_takes_as_many_statements_with_ten_thousand_vouchers_as_with_ten(clients: dict[str, Client]) -> None:
    grow(1, FEW * len(STATES))
    few = asked(clients)
    grow(FEW * len(STATES) + 1, MANY)
    many = asked(clients)

    assert few.keys() == many.keys()
    assert len({path for _, path in few}) > 25
    assert {where: (few[where], many[where]) for where in few if many[where] != few[where]} == {}
    assert {where: count for where, count in many.items() if count > 60} == {}
