"""日結核對: the books against the bank, every difference with its reason."""

from collections.abc import Callable

import pytest
from django.db import DatabaseError, transaction

from disbursement.models import Reconciliation
from disbursement.services.batches import batch_send
from disbursement.services.reconciliation import day_reconcile
from disbursement.services.statements import statement_fetch
from tests.disbursement.bank.bank_process import BankProcess, wait_for_results
from tests.factories import ON, OPENING_TWD, Desk, answered, by_force, lines_of, many_payees
from tests.vouchers.examples import cheque

StartBank = Callable[..., BankProcess]


def _reconciled() -> Reconciliation:
    return day_reconcile(on=ON, message=statement_fetch(on=ON))


def _explained(reconciliation: Reconciliation) -> list[tuple[str, int, str]]:
    rows = reconciliation.differences
    assert not any(row["is_open"] for row in rows)
    return [(row["item"], row["amount_twd"], f"{row['reason']} {row['value']}".strip()) for row in rows]


def test_a_day_with_nothing_open_balances_without_a_difference(desk: Desk, agent_bank: BankProcess) -> None:
    desk.brought("paying")
    batch_send(batch_id=desk.batch().pk)
    answered(agent_bank)

    result = _reconciled()

    assert result.is_balanced
    assert result.differences == []
    assert result.figures == {
        "books_master_twd": OPENING_TWD - 30_000,
        "bank_opening_twd": OPENING_TWD,
        "bank_closing_twd": OPENING_TWD - 30_000,
        "in_transit_twd": 0,
        "cheques_outstanding_twd": 0,
        "returned_twd": 0,
        "general_twd": OPENING_TWD - 30_000,
        "funds_twd": 0,
        "batches_unsettled_twd": 0,
        "instructions_unbatched_twd": 0,
        "cheques_unpaid_twd": 0,
        "lines_returned_twd": 0,
    }
    assert str(result) == "2025-03-10: balanced"


def test_whatever_is_on_its_way_is_explained(desk: Desk, start_agent_bank: StartBank) -> None:
    bank = start_agent_bank(returns={"000000000002": "04"})
    desk.stock(1)
    desk.moved(desk.brought("scheduled", cheque()))
    desk.brought("paying", many_payees(2))
    batch_send(batch_id=desk.batch().pk)
    answered(bank)
    unsent = desk.brought("paying")
    waiting = desk.batch()
    ready = desk.brought("paying")

    result = _reconciled()

    returned = "114-00000002-00002-1"
    assert _explained(result) == [
        (waiting.message_id, 30_000, "not_yet_debited"),
        ("NT0000001", 30_000, "not_yet_presented"),
        (returned, 200, "returned 04"),
    ]
    assert result.is_balanced
    assert result.figures["in_transit_twd"] == unsent.total_twd + ready.total_twd
    assert result.figures["instructions_unbatched_twd"] == ready.total_twd
    assert result.figures["batches_unsettled_twd"] == unsent.total_twd
    assert result.figures["cheques_outstanding_twd"] == result.figures["cheques_unpaid_twd"] == 30_000
    assert result.figures["returned_twd"] == result.figures["lines_returned_twd"] == 200


def test_a_return_announced_after_the_statement_is_explained_too(desk: Desk, start_agent_bank: StartBank) -> None:
    bank = start_agent_bank(returns={"000000000002": "04"})
    early = statement_fetch(on=ON)
    desk.brought("paying", many_payees(2))
    batch = desk.batch()
    batch_send(batch_id=batch.pk)
    answered(bank)

    result = day_reconcile(on=ON, message=early)

    assert _explained(result) == [
        (batch.message_id, 400, "not_yet_debited"),
        ("114-00000001-00002-1", 200, "return_announced 04"),
    ]
    assert result.is_balanced


def test_an_entry_of_a_stranger_leaves_the_day_open(desk: Desk, agent_bank: BankProcess) -> None:
    agent_bank.ask("POST", "/cheques", {"cheque_no": "NT9999999", "amount_twd": 700})

    result = _reconciled()

    assert not result.is_balanced
    assert [(row["item"], row["amount_twd"], row["is_open"]) for row in result.differences] == [
        ("books_master", 700, True),
        (result.differences[1]["item"], 700, True),
    ]
    assert (result.differences[1]["reason"], result.differences[1]["value"]) == ("stranger", "cheque")
    assert str(result) == "2025-03-10: differs"


@pytest.mark.parametrize(
    ("statement", "item"),
    [
        ("UPDATE disbursement_remittancebatch SET total_twd = 1 WHERE state = 'built'", "in_transit"),
        ("UPDATE disbursement_cheque SET amount_twd = amount_twd + 1", "cheques_outstanding"),
        ("UPDATE disbursement_paymentinstruction SET state = 'returned_to_treasury' WHERE seq = 2", "returned"),
    ],
)
def test_items_that_do_not_add_up_to_their_account_are_an_open_difference(
    desk: Desk, start_agent_bank: StartBank, statement: str, item: str
) -> None:
    bank = start_agent_bank(returns={"000000000002": "04"})
    desk.stock(1)
    desk.moved(desk.brought("scheduled", cheque()))
    voucher = desk.brought("paying", many_payees(2))
    batch_send(batch_id=desk.batch().pk)
    wait_for_results(bank.client(), 1)
    answered(bank)
    assert _reconciled().is_balanced
    desk.brought("paying")
    desk.batch()

    by_force(statement)
    result = _reconciled()

    assert not result.is_balanced
    assert [row["item"] for row in result.differences if row["is_open"]] == [item]
    assert len(lines_of(voucher)) == 2


def test_every_comparison_is_kept_as_it_was_made(desk: Desk, agent_bank: BankProcess) -> None:
    _reconciled()
    _reconciled()

    with pytest.raises(DatabaseError, match="Cannot update or delete"), transaction.atomic():
        Reconciliation.objects.update(is_balanced=False)

    assert Reconciliation.objects.filter(on=ON, is_balanced=True).count() == 2
