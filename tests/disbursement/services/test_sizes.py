"""A voucher goes through in one piece: the statements it takes do not grow with its payees."""

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.db import transaction

from disbursement.iso20022 import camt053
from disbursement.models import PaymentInstruction, RemittanceBatch
from disbursement.services.batches import batch_send, batches_build
from disbursement.services.examination import voucher_decide
from disbursement.services.payment import voucher_begin_payment, voucher_schedule
from disbursement.services.reception import voucher_receive
from disbursement.services.reconciliation import day_reconcile
from disbursement.services.statements import statement_fetch
from tests.disbursement.bank.bank_process import BankProcess, wait_for_results
from tests.factories import ON, OPENING_TWD, Desk, answers_taken, fresh, many_payees, statements
from treasury.invariants import violations
from vouchers.models import Voucher
from vouchers.services import preparation

PATIENCE_SECONDS = 40


def _way(desk: Desk, bank: BankProcess, count: int) -> dict[str, Callable[[], Any]]:
    """Every stage of one voucher with so many payees, to be called in this order."""
    examiner, payer = desk.treasurer("examiner"), desk.treasurer("payer")

    def sent() -> None:
        for batch in batches_build(on=ON, actor=payer):
            batch_send(batch_id=batch.pk)

    def answered() -> None:
        wait_for_results(bank.client(), RemittanceBatch.objects.count())
        answers_taken()

    return {
        "importing": lambda: desk.hand_in(many_payees(count)),
        "submitting": lambda: preparation.voucher_submit(voucher=Voucher.objects.get(), actor=desk.actor("clerk")),
        "reviewing": lambda: preparation.voucher_pass_review(
            voucher=Voucher.objects.get(), actor=desk.actor("reviewer")
        ),
        "signing": lambda: [desk.sign(Voucher.objects.get(), one) for one in ("accountant", "head", "releaser")],
        "receiving": lambda: voucher_receive(voucher_id=Voucher.objects.get().pk),
        "accepting": lambda: voucher_decide(voucher=Voucher.objects.get(), actor=examiner),
        "scheduling": lambda: voucher_schedule(voucher=Voucher.objects.get(), actor=payer),
        "beginning": lambda: voucher_begin_payment(voucher=Voucher.objects.get(), actor=payer),
        "batching": sent,
        "settling": answered,
        "reconciling": lambda: day_reconcile(on=ON, message=statement_fetch(on=ON)),
    }


def test_the_statements_of_every_stage_are_as_many_for_2000_payees_as_for_10(
    desk: Desk, start_agent_bank: Callable[..., BankProcess], tmp_path: Path
) -> None:
    def counted(count: int) -> dict[str, int]:
        bank = start_agent_bank(returns={"000000000002": "04", "000000000007": "22"})
        with transaction.atomic():
            numbers = {stage: statements(call) for stage, call in _way(desk, bank, count).items()}
            assert Voucher.objects.get().state == "paid"
            transaction.set_rollback(True)
        bank.kill()
        for file in tmp_path.glob("bank.sqlite*"):
            file.unlink()
        return numbers

    counted(10)  # what is kept in memory afterwards is there for both

    assert counted(2_000) == counted(10)


def test_a_voucher_of_20000_payees_goes_through_in_one_piece(
    desk: Desk, start_agent_bank: Callable[..., BankProcess]
) -> None:
    bank = start_agent_bank(returns={"000000012345": "04"})
    began = time.monotonic()

    for call in _way(desk, bank, 20_000).values():
        call()

    voucher = fresh(Voucher.objects.get())
    assert voucher.state == "paid"
    lines = PaymentInstruction.objects.filter(voucher=voucher)
    batches = RemittanceBatch.objects.count()
    assert (lines.filter(state="credited").count(), lines.filter(state="returned_by_bank").count()) == (19_999, 1)
    assert bank.balance_twd() == OPENING_TWD - 4_000_000 + 200
    entries = camt053.parse(bank.client().statement(ON)).entries
    assert sum(entry.line_count for entry in entries if entry.kind == "batch") == 20_000
    assert len(entries) == batches + 1
    assert list(violations()) == []
    assert time.monotonic() - began < PATIENCE_SECONDS
