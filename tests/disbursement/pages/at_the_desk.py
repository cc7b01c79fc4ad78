"""People at their browsers, and queues as long as a test needs."""

import uuid
from typing import Any

from django.test import Client

from agencies.models import User
from tests.factories import Desk, by_force
from tests.pages import client_of
from vouchers.models import Voucher

TICKED = {"check": ["B-23.2.3", "B-23.3"]}
_COPY = """
INSERT INTO vouchers_voucher (agency_code, fiscal_year, number, revision, kind, method, state, origin, issue_on,
    payable_on, purpose, total_twd, payee_count, content, created_at)
SELECT agency_code, fiscal_year, left(number, 9) || '-' || %s || n, revision, kind, method, state, origin, issue_on,
    payable_on, purpose, total_twd, payee_count, content, created_at
FROM vouchers_voucher, generate_series(1, %s) AS n WHERE id = %s
"""
_REMEMBERED = """
INSERT INTO core_history (at, machine, subject_id, verb, source, target, actor_name, actor_role, actor_agency_code,
    address, because, details)
SELECT h.at, h.machine, v.id, h.verb, h.source, h.target, h.actor_name, h.actor_role, h.actor_agency_code, h.address,
    h.because, h.details
FROM vouchers_voucher AS v, core_history AS h
WHERE h.machine = 'voucher' AND h.subject_id = %s AND v.number LIKE %s ORDER BY h.id
"""
_TAKEN_IN = """
INSERT INTO disbursement_reception (voucher_id, revision, fiscal_year, receipt_no, received_on, received_at, verdict)
SELECT v.id, v.revision, v.fiscal_year, 1000 + v.id, r.received_on, r.received_at, r.verdict
FROM vouchers_voucher AS v, disbursement_reception AS r
WHERE r.voucher_id = %s AND v.number LIKE %s
"""


def at_desk(desk: Desk, role: str, agency_code: str = "", *, language: str = "zh-hant") -> Client:
    """Somebody of the treasury, or of an agency, logged in."""
    actor = desk.actor(role, agency_code)
    return client_of(User.objects.get(pk=actor.user_id).username, language=language)


def step_form(voucher: Voucher, **more: Any) -> dict[str, Any]:
    """What a step form of a page opened just now would send."""
    seen = {"seen_revision": voucher.revision, "seen_state": voucher.state, "submission": str(uuid.uuid4())}
    return seen | more


def step_address(voucher: Voucher, verb: str) -> str:
    """Where a step form goes."""
    return f"/desk/vouchers/{voucher.pk}/steps/{verb}/"


def multiplied(voucher: Voucher, count: int) -> None:
    """So many more vouchers like one, with receptions like its own, written behind everybody's back."""
    series = chr(ord("a") + Voucher.objects.filter(number__contains="-a").count() % 25)
    by_force(_COPY, series, count, voucher.pk)
    by_force(_REMEMBERED, voucher.pk, f"%-{series}%")
    by_force(_TAKEN_IN, voucher.pk, f"%-{series}%")
