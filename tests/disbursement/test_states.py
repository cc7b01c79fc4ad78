"""Instruction, batch and cheque: who may take which step from where, and what PostgreSQL refuses whoever asks."""

from collections.abc import Callable
from itertools import product

import pytest
from django.db import DatabaseError, connection, models, transaction

from agencies.duty import SEPARATIONS
from disbursement.models import Cheque, PaymentInstruction, RemittanceBatch
from tests.core.drafts import force_state
from tests.factories import Desk, lines_of
from tests.step_rights import Rights, separations_of, wrong_rights, wrong_separations, wrong_starts
from treasury.core.steps import machine_of, machines

WORKERS = frozenset({"payer", "system"})
SUPERVISOR = frozenset({"supervisor"})
CORRECTORS = frozenset({"clerk", "payer"})


def _instruction(desk: Desk) -> PaymentInstruction:
    return lines_of(desk.brought("paying"))[0]


def _batch(desk: Desk) -> RemittanceBatch:
    desk.brought("paying")
    return desk.batch()


def _cheque(desk: Desk) -> Cheque:
    desk.stock(1)
    voucher = desk.draft()
    cheque = Cheque.objects.get()
    Cheque.objects.filter(pk=cheque.pk).update(voucher=voucher, payee_seq=1, amount_twd=30_000, issued_on="2025-03-10")
    return cheque


SUBJECTS: dict[type[models.Model], tuple[Callable[[Desk], models.Model], Rights]] = {
    PaymentInstruction: (
        _instruction,
        {
            "put_in_batch": WORKERS,
            "send": WORKERS,
            "lose_sight": WORKERS,
            "credit": WORKERS,
            "return_by_bank": WORKERS,
            "correct_payee": CORRECTORS,
            "ready_again": WORKERS,
            "return_to_treasury": CORRECTORS,
        },
    ),
    RemittanceBatch: (
        _batch,
        {
            "deliver": WORKERS,
            "lose_batch": WORKERS,
            "answer": WORKERS,
            "settle": WORKERS,
            "reject_batch": WORKERS,
        },
    ),
    Cheque: (
        _cheque,
        {
            "issue": WORKERS,
            "spoil": WORKERS,
            "hand_over": WORKERS,
            "stop": SUPERVISOR,
            "lift_stop": SUPERVISOR,
            "clear": WORKERS,
            "cancel_cheque": SUPERVISOR,
        },
    ),
}
EACH = pytest.mark.parametrize("model", SUBJECTS, ids=lambda model: model.__name__)


@EACH
def test_a_step_is_taken_by_those_the_table_names_and_by_nobody_else(desk: Desk, model: type[models.Model]) -> None:
    make, rights = SUBJECTS[model]
    subject = make(desk)

    assert set(rights) == {step.verb for step in machine_of(model).steps}
    assert wrong_rights(desk, subject, rights) == {}


@EACH
def test_a_step_starts_nowhere_but_where_the_table_says(desk: Desk, model: type[models.Model]) -> None:
    make, rights = SUBJECTS[model]
    subject = make(desk)

    assert wrong_starts(desk, subject, rights) == {}


@EACH
def test_one_person_does_not_take_two_steps_that_are_kept_apart(desk: Desk, model: type[models.Model]) -> None:
    make, rights = SUBJECTS[model]
    subject = make(desk)

    assert wrong_separations(desk, subject, rights) == {}


def test_every_rule_of_separation_binds_the_steps_of_some_machine() -> None:
    bound = {rule for machine in machines().values() for rule, _, _ in separations_of(machine)}
    taken = {step.permission for machine in machines().values() for step in machine.steps}
    births = {f"{model._meta.app_label}.create_{machine.name}" for model, machine in machines().items()}
    born = {rule for rule in SEPARATIONS if rule.permission_a in births and rule.permission_b in taken}

    assert bound | born == set(SEPARATIONS)


FROZEN = {
    "voucher_id": ("voucher_id + 1", set()),
    "seq": ("2", set()),
    "amount_twd": ("1", set()),
    "network": ("'entrusted'", {"returned_by_bank", "corrected"}),
    "bank_code": ("'0040059'", {"returned_by_bank", "corrected"}),
    "account_no": ("'99999999'", {"returned_by_bank", "corrected"}),
    "account_name": ("'王大明'", {"returned_by_bank", "corrected"}),
    "end_to_end_id": ("'another'", {"corrected"}),
    "attempt": ("2", {"corrected"}),
}


def test_postgresql_lets_an_instruction_change_only_once_its_money_has_come_back(desk: Desk) -> None:
    line = _instruction(desk)
    other = desk.draft()
    taken: dict[str, set[str]] = {column: set() for column in FROZEN}

    for state, (column, (value, _)) in product(machine_of(PaymentInstruction).states, FROZEN.items()):
        force_state(line, state)
        if _taken(line, column, str(other.pk) if column == "voucher_id" else value):
            taken[column].add(state)

    assert taken == {column: states for column, (_, states) in FROZEN.items()}


def _taken(line: PaymentInstruction, column: str, value: str) -> bool:
    """Whether PostgreSQL takes another value; it is not kept."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"UPDATE disbursement_paymentinstruction SET {column} = {value} WHERE id = %s", [line.pk])
            transaction.set_rollback(True)
    except DatabaseError:
        return False
    return True
