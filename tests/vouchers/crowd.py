"""Many vouchers at once, behind the guards of the tables: only how many there are matters."""

import json
from collections.abc import Sequence
from datetime import date
from typing import Any

from django.db import connection

# Each stands in the next state in turn. The guards of the tables would have each of them walk its way.
_GROW = """
INSERT INTO vouchers_voucher (agency_code, fiscal_year, number, revision, kind, method, state, origin, issue_on,
                              payable_on, purpose, total_twd, payee_count, content, created_at)
SELECT %(agency)s, 114, 'Q' || n, 1, 'payment', 'remittance', (%(states)s::text[])[1 + n %% %(count)s], 'file', %(on)s,
       %(on)s, %(purpose)s, %(total_twd)s, 1, %(content)s::jsonb || jsonb_build_object('number', 'Q' || n),
       %(on)s::timestamptz + n * interval '1 second'
FROM generate_series(%(first)s, %(last)s) AS n
"""
_REMEMBER = """
INSERT INTO core_history (at, machine, subject_id, verb, source, target, actor_name, actor_role, actor_agency_code,
                          address, because, details)
SELECT created_at, 'voucher', id, 'create', '', state, '', 'clerk', agency_code, '', '', '{}' FROM vouchers_voucher AS v
WHERE NOT EXISTS (SELECT FROM core_history AS h WHERE h.subject_id = v.id AND h.machine = 'voucher')
"""


def crowd_grow(
    first: int, last: int, *, agency_code: str, states: Sequence[str], on: date, content: dict[str, Any]
) -> None:
    """Adds the vouchers Q`first` to Q`last` of an agency, saying `content`, standing in each of `states` in turn."""
    given: dict[str, Any] = {
        "agency": agency_code,
        "states": list(states),
        "count": len(states),
        "on": on,
        "purpose": content["purpose"],
        "total_twd": content["total_twd"],
        "content": json.dumps(content),
        "first": first,
        "last": last,
    }
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        cursor.execute(_GROW, given)
        cursor.execute(_REMEMBER)
        cursor.execute("SET session_replication_role = origin")
