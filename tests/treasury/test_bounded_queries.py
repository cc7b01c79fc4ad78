"""Every page asks the database as often with ten thousand vouchers as with ten."""

import json
from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.db import connection, reset_queries
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import get_resolver
from django.urls.resolvers import URLPattern, URLResolver

from agencies.models import User
from agencies.roles import AGENCY_ROLES, TREASURY_ROLES
from tests.factories import CABINET, OFFICE, ON, Desk
from tests.vouchers.examples import remittance
from vouchers.states import STATES

FEW, MANY = 10, 10_000
_NOT_PAGES = ("admin", "api", "i18n")
# Every place a voucher can stand, in turn. The guards of the tables would have each of them walk its way.
_GROW = """
INSERT INTO vouchers_voucher (agency_code, fiscal_year, number, revision, kind, method, state, origin, issue_on,
                              payable_on, purpose, total_twd, payee_count, content, created_at)
SELECT %(agency)s, 114, 'Q' || n, 1, 'payment', 'remittance', (%(states)s::text[])[1 + n %% %(count)s], 'file', %(on)s,
       %(on)s, '114年3月份文具用品費', 30000, 1, %(content)s::jsonb || jsonb_build_object('number', 'Q' || n),
       %(on)s::timestamptz + n * interval '1 second'
FROM generate_series(%(first)s, %(last)s) AS n
"""
_REMEMBER = """
INSERT INTO core_history (at, machine, subject_id, verb, source, target, actor_name, actor_role, actor_agency_code,
                          address, because, details)
SELECT created_at, 'voucher', id, 'create', '', state, '', 'clerk', agency_code, '', '', '{}' FROM vouchers_voucher AS v
WHERE NOT EXISTS (SELECT FROM core_history AS h WHERE h.subject_id = v.id AND h.machine = 'voucher')
"""


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
    given = {
        "agency": CABINET,
        "states": list(STATES),
        "count": len(STATES),
        "on": ON - timedelta(days=1),
        "content": json.dumps(remittance() | {"account_lines": [{"account_code": OFFICE, "amount_twd": 30_000}]}),
        "first": first,
        "last": last,
    }
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        cursor.execute(_GROW, given)
        cursor.execute(_REMEMBER)
        cursor.execute("SET session_replication_role = origin")


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
    found = {}
    for role in (*AGENCY_ROLES, *TREASURY_ROLES):
        actor = desk.actor(role) if role in AGENCY_ROLES else desk.treasurer(role)
        found[str(role)] = Client()
        person = User.objects.get(pk=actor.user_id)
        found[str(role)].force_login(person, "django.contrib.auth.backends.ModelBackend")
    return found


def test_every_page_takes_as_many_statements_with_ten_thousand_vouchers_as_with_ten(clients: dict[str, Client]) -> None:
    grow(1, FEW * len(STATES))
    few = asked(clients)
    grow(FEW * len(STATES) + 1, MANY)
    many = asked(clients)

    assert few.keys() == many.keys()
    assert len({path for _, path in few}) > 25
    assert {where: (few[where], many[where]) for where in few if many[where] != few[where]} == {}
    assert {where: count for where, count in many.items() if count > 60} == {}
