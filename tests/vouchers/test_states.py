"""The voucher's life: who may take which step from where, and what PostgreSQL refuses whoever asks."""

from itertools import product

import pytest
from django.db import DatabaseError, connection, transaction

from tests.core.drafts import force_state
from tests.factories import Desk, fresh
from tests.step_rights import wrong_rights, wrong_separations, wrong_starts
from vouchers.models import Voucher
from vouchers.states import STATES, VOUCHER

AGENCY_CHAIN = frozenset({"reviewer", "accountant", "head", "releaser"})
RIGHTS = {
    "change": frozenset({"clerk"}),
    "submit": frozenset({"clerk"}),
    "pass_review": frozenset({"reviewer"}),
    "print_for_paper": frozenset({"reviewer"}),
    "certify_accountant": frozenset({"accountant"}),
    "certify_head": frozenset({"head"}),
    "release": frozenset({"releaser"}),
    "send_back": AGENCY_CHAIN,
    "withdraw": frozenset({"clerk", "releaser"}),
    "receive": frozenset({"examiner", "system"}),
    "reject": frozenset({"examiner", "system"}),
    "hold_for_paper": frozenset({"examiner"}),
    "resume": frozenset({"examiner"}),
    "accept": frozenset({"examiner"}),
    "return_to_agency": frozenset({"examiner"}),
    "post": frozenset({"examiner"}),
    "postpone": frozenset({"supervisor"}),
    "schedule": frozenset({"payer", "supervisor", "system"}),
    "begin_payment": frozenset({"payer", "system"}),
    "complete_payment": frozenset({"payer", "system"}),
    "correct": frozenset({"clerk"}),
    "cancel": frozenset({"clerk"}),
    "sign_paper": frozenset({"clerk", "releaser"}),
    "mail": frozenset({"clerk", "releaser"}),
    "receive_paper": frozenset({"examiner"}),
}
# Another value for every column that says what is paid, by whom and under which name.
NAME = {"agency_code": "'0061400000'", "fiscal_year": "113", "number": "'P0310-999'"}
CONTENT = {
    "kind": "'transfer'",
    "method": "'cheque_self'",
    "issue_on": "'2025-03-11'",
    "payable_on": "'2025-03-09'",
    "purpose": "'other'",
    "total_twd": "1",
    "payee_count": "2",
    "content": "content || '{\"total_twd\": 1}'",
}


def test_a_step_is_taken_by_those_the_table_names_and_by_nobody_else(desk: Desk) -> None:
    voucher = desk.draft()

    assert set(RIGHTS) == {step.verb for step in VOUCHER.steps}
    assert wrong_rights(desk, voucher, RIGHTS) == {}


def test_a_step_starts_nowhere_but_where_the_table_says(desk: Desk) -> None:
    voucher = desk.draft()

    assert wrong_starts(desk, voucher, RIGHTS) == {}


def test_one_person_does_not_take_two_steps_that_are_kept_apart(desk: Desk) -> None:
    voucher = desk.draft()

    assert wrong_separations(desk, voucher, RIGHTS) == {}


def test_every_state_but_the_first_is_reached_and_the_last_ones_are_final() -> None:
    reached = {target for _, target in VOUCHER.edges()}

    assert reached == set(STATES)
    assert {state for state in STATES if not VOUCHER.steps_from(state)} == {"paid", "posted", "cancelled"}


def test_postgresql_lets_only_a_drafts_content_change(desk: Desk) -> None:
    voucher = desk.draft()
    changed = []

    for state, (column, value) in product(STATES, CONTENT.items()):
        force_state(voucher, state)
        if _taken(voucher, column, value):
            changed.append((state, column))

    assert changed == [("draft", column) for column in CONTENT]


@pytest.mark.parametrize("column", NAME)
def test_postgresql_keeps_a_vouchers_name_in_every_state(desk: Desk, column: str) -> None:
    voucher = desk.draft()

    for state in STATES:
        force_state(voucher, state)
        assert not _taken(voucher, column, NAME[column])

    assert fresh(voucher).reference == voucher.reference


def _taken(voucher: Voucher, column: str, value: str) -> bool:
    """Whether PostgreSQL takes another value; it is not kept."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"UPDATE vouchers_voucher SET {column} = {value} WHERE id = %s", [voucher.pk])
            transaction.set_rollback(True)
    except DatabaseError:
        return False
    return True
