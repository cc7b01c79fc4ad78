"""Paying what was accepted: schedule, begin, by instructions or by cheques (B-25, B-26, B-28)."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import QuerySet

from disbursement.models import Acceptance, PaymentInstruction
from disbursement.services.cheques import cheque_issue
from disbursement.services.draws import draws_of, event_ref
from treasury.core import clock
from treasury.core.actors import Actor
from treasury.core.errors import Problem
from treasury.core.steps import born, born_by, perform
from treasury.ledger import events
from treasury.ledger import services as ledger
from vouchers import selectors as vouchers

if TYPE_CHECKING:
    from vouchers.models import Voucher

CHEQUES = frozenset({"cheque_self", "cheque_forward"})
SEQ_DIGITS = 5
_INSERT = f"""
INSERT INTO disbursement_paymentinstruction (voucher_id, seq, attempt, end_to_end_id, network, bank_code, account_no,
    account_name, amount_twd, state, return_code)
SELECT voucher_id, seq, 1, %s || lpad(seq::text, {SEQ_DIGITS}, '0') || '-1', network, bank_code, account_no,
    account_name, amount_twd, 'ready', ''
FROM ({vouchers.PAYEE_ROWS}) AS payees RETURNING id
"""


def vouchers_payable(*, on: date) -> QuerySet[Voucher]:
    """Accepted payment vouchers whose every stated date has come."""
    return vouchers.vouchers_in(["accepted"]).filter(kind="payment", payable_on__lte=on)


def voucher_schedule(*, voucher: Voucher, actor: Actor) -> Voucher | None:
    """Schedules an accepted voucher; None for an entrusted transfer whose roster is not delivered yet (B-14.1.2)."""
    if voucher.method == "entrusted" and not _roster_is_delivered(voucher):
        return None
    return perform(voucher, "schedule", actor=actor)


def voucher_postpone(*, voucher: Voucher, actor: Actor, because: str) -> Voucher:
    """Puts a payment off, its reservation kept, until it is scheduled again (B-26).

    Problem `reason_missing` without words; a transfer voucher is never put off, it is posted when accepted.
    """
    if not because.strip():
        raise Problem("reason_missing", "whoever postpones a payment says why", path="/because")
    return perform(voucher, "postpone", actor=actor, because=because)


def _roster_is_delivered(voucher: Voucher) -> bool:
    roster = vouchers.content_part(voucher, "entrusted").get("roster", {})
    return bool(roster.get("delivered_at"))


def voucher_begin_payment(*, voucher: Voucher, actor: Actor) -> Voucher:
    """Turns a scheduled voucher into money on its way, in one transaction: the reservation becomes expenditure and
    every payee gets an instruction, or a cheque; a voucher paid by cheque is paid when they are issued (簽開).

    Problem `not_yet_due` (409) before the latest date that it states, `no_blank_cheque` when the stock is empty.
    """
    with transaction.atomic():
        row = perform(voucher, "begin_payment", actor=actor)
        if row.payable_on > clock.today():
            raise Problem("not_yet_due", f"{row.reference} may be paid from {row.payable_on} on", status=409)
        ledger.book(
            events.PAY_BY_CHEQUE if row.method in CHEQUES else events.PAY_BY_REMITTANCE,
            event_ref=event_ref(row),
            agency_code=row.agency_code,
            fiscal_year=row.fiscal_year,
            on=clock.today(),
            draws=draws_of(row),
        )
        if row.method in CHEQUES:
            for seq, line in enumerate(row.payee_lines, 1):
                cheque_issue(voucher=row, payee_seq=seq, line=line, actor=actor)
            row = perform(row, "complete_payment", actor=actor)
        else:
            _instruct(row, actor)
        return row


def _instruct(row: Voucher, actor: Actor) -> None:
    """Writes the instructions of a voucher in a fixed number of statements, whatever the number of payees."""
    acceptance = Acceptance.objects.get(voucher_id=row.pk, revision=row.revision)
    details = {"voucher": row.reference}
    if row.method == "entrusted":
        born(_entrusted(row, acceptance), actor=actor, details=details)
    else:
        born_by(PaymentInstruction, _INSERT, [_name(acceptance), row.pk], actor=actor, details=details)


def _entrusted(row: Voucher, acceptance: Acceptance) -> PaymentInstruction:
    """The one instruction of an entrusted transfer: the whole sum to the bank that distributes it (B-14.1.2)."""
    block = vouchers.content_part(row, "entrusted")
    return PaymentInstruction.objects.create(
        voucher_id=row.pk,
        seq=1,
        end_to_end_id=end_to_end_id(acceptance, 1),
        network="entrusted",
        bank_code=block["bank_code"],
        account_no=block["disbursement_account"],
        account_name=f"{row.agency_id}委託劃帳",
        amount_twd=row.total_twd,
    )


def end_to_end_id(acceptance: Acceptance, seq: int, attempt: int = 1) -> str:
    """The name of an instruction for ever, at most 35 characters of what ISO 20022 lets an id hold."""
    return f"{_name(acceptance)}{seq:0{SEQ_DIGITS}d}-{attempt}"


def _name(acceptance: Acceptance) -> str:
    """What the names of all instructions of an acceptance begin with."""
    return f"{acceptance.fiscal_year}-{acceptance.register_no:08d}-"
