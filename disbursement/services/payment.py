"""Paying what was accepted: schedule, begin, by instructions or by cheques (B-25, B-26, B-28)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.db.models import QuerySet

from disbursement.models import Acceptance, PaymentInstruction
from disbursement.services.cheques import cheque_issue
from disbursement.services.draws import draws_of, event_ref
from treasury.core import clock
from treasury.core.actors import Actor
from treasury.core.errors import Problem
from treasury.core.sql import copy_rows
from treasury.core.steps import born_many, perform
from treasury.ledger import events
from treasury.ledger import services as ledger
from vouchers import selectors as vouchers

if TYPE_CHECKING:
    from vouchers.models import Voucher

CHEQUES = frozenset({"cheque_self", "cheque_forward"})
_COLUMNS = (
    "voucher_id",
    "seq",
    "attempt",
    "end_to_end_id",
    "network",
    "bank_code",
    "account_no",
    "account_name",
    "amount_twd",
    "state",
    "return_code",
)


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
    roster = voucher.content["entrusted"].get("roster", {})
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
    copy_rows(PaymentInstruction._meta.db_table, _COLUMNS, _instructions(row, acceptance))
    rows = PaymentInstruction.objects.filter(voucher_id=row.pk)
    born_many(rows, actor=actor, details={"voucher": row.reference})


def end_to_end_id(acceptance: Acceptance, seq: int, attempt: int = 1) -> str:
    """The name of an instruction for ever, at most 35 characters of what ISO 20022 lets an id hold."""
    return f"{acceptance.fiscal_year}-{acceptance.register_no:08d}-{seq:05d}-{attempt}"


def _instructions(row: Voucher, acceptance: Acceptance) -> Iterator[tuple[Any, ...]]:
    if row.method == "entrusted":
        block = row.content["entrusted"]
        name = f"{row.agency_id}委託劃帳"
        account = (block["bank_code"], block["disbursement_account"], name)
        yield (row.pk, 1, 1, end_to_end_id(acceptance, 1), "entrusted", *account, row.total_twd, "ready", "")
        return
    network = row.content["network"]
    for seq, line in enumerate(row.payee_lines, 1):
        account = (line["bank_code"], line["account_no"], line["account_name"])
        yield (
            row.pk,
            seq,
            1,
            end_to_end_id(acceptance, seq),
            network,
            *account,
            line["amount_twd"],
            "ready",
            "",
        )
