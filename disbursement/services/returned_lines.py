"""退匯: a line the bank returned is corrected and sent again, or its money goes back where it came from (B-25).

Two persons are needed to pay another account than the one three people signed for: one corrects, a payer sends.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction

import agencies.selectors
from disbursement.models import Acceptance, InstructionAttempt, PaymentInstruction, ReturnSlip, SlipForm
from disbursement.services.draws import treasury_chain
from disbursement.services.payment import end_to_end_id
from disbursement.services.splits import split_of
from treasury.core import clock, roc
from treasury.core.actors import Actor
from treasury.core.errors import Problem
from treasury.core.glyphs import missing_glyphs
from treasury.core.numbers import next_number
from treasury.core.parameters import parameters_on
from treasury.core.steps import perform
from treasury.ledger import events
from treasury.ledger import services as ledger
from treasury.ledger.authorities import Draw
from vouchers import selectors as vouchers

_ACCOUNT_NO = re.compile(r"[0-9]{5,16}")
_NAME_MAX = 80


@dataclass(frozen=True, slots=True)
class PayeeAccount:
    """Where money shall go: bank code (7 digits), account number (5 to 16 digits), the account's name."""

    bank_code: str
    account_no: str
    account_name: str


def instruction_correct(
    *, instruction: PaymentInstruction, payee: PayeeAccount, actor: Actor, because: str
) -> PaymentInstruction:
    """Corrects where a returned line shall go; the attempt that failed stays on record (B-25).

    Amount and voucher stand. A correction may be corrected until it is sent. Problem `reason_missing`,
    `bank_unknown`, `account_no_wrong` or `account_name_wrong` with the field's path.
    """
    _check(payee)
    if not because.strip():
        raise Problem("reason_missing", "a correction says on what it rests", path="/because")
    with transaction.atomic():
        row = _held(instruction)
        change = {
            "bank_code": payee.bank_code,
            "account_no": payee.account_no,
            "account_name": payee.account_name,
            "network": _network(row.network, payee.bank_code),
        }
        moved = perform(row, "correct_payee", actor=actor, because=because, details=change, change=change)
        _attempt_keep(row)
        return moved


def _held(instruction: PaymentInstruction) -> PaymentInstruction:
    """The row as it stands, held until the transaction ends."""
    return PaymentInstruction.objects.select_for_update().get(pk=instruction.pk)


def _check(payee: PayeeAccount) -> None:
    """What the entry rules ask of a payee's account (B-9.9, B-15.1)."""
    name = payee.account_name
    if payee.bank_code not in agencies.selectors.bank_codes(clock.today()):
        raise Problem("bank_unknown", f"there is no bank {payee.bank_code}", path="/bank_code")
    if not _ACCOUNT_NO.fullmatch(payee.account_no):
        raise Problem("account_no_wrong", "an account number has 5 to 16 digits", path="/account_no")
    if not 0 < len(name) <= _NAME_MAX or name != name.strip() or missing_glyphs(name):
        raise Problem("account_name_wrong", f"{name!r} cannot be an account's name", path="/account_name")


def _network(network: str, bank_code: str) -> str:
    """An entrusted transfer stays one; any other line goes inside the agent bank or through the clearing house."""
    if network == "entrusted":
        return network
    return "intra_bank" if bank_code.startswith(parameters_on(clock.today()).agent_bank) else "fisc"


def _attempt_keep(row: PaymentInstruction) -> None:
    """Puts the attempt that failed on record, once; what came back from the bank was in a batch."""
    assert row.batch_id is not None
    InstructionAttempt.objects.get_or_create(
        instruction=row,
        attempt=row.attempt,
        defaults={
            "end_to_end_id": row.end_to_end_id,
            "network": row.network,
            "bank_code": row.bank_code,
            "account_no": row.account_no,
            "account_name": row.account_name,
            "batch_id": row.batch_id,
            "return_code": row.return_code,
            "ended_at": clock.now(),
        },
    )


def instruction_resend(*, instruction: PaymentInstruction, actor: Actor) -> PaymentInstruction:
    """Makes a corrected line ready as its next attempt under a new end-to-end id (重匯, B-25).

    Problem `money_not_back` (409) while the bank has only announced the return, `separation_of_duty` (403) for the
    person who corrected it.
    """
    with transaction.atomic():
        row = _held(instruction)
        name = end_to_end_id(_acceptance(row), row.seq, row.attempt + 1)
        named = {"attempt": row.attempt + 1, "end_to_end_id": name}
        emptied = {"batch_id": None, "return_code": "", "returned_on": None}
        moved = perform(row, "ready_again", actor=actor, details=named, change={**named, **emptied})
        _require_money(row)
        ledger.book(events.RESEND, event_ref=name, amount_twd=row.amount_twd, **treasury_chain(clock.today()))
        return moved


def instruction_return_to_treasury(
    *, instruction: PaymentInstruction, actor: Actor, because: str, draws: Sequence[Draw] = ()
) -> ReturnSlip:
    """Gives the money of a line that cannot be corrected back, by a numbered slip (B-22.2, B-25, B-32.4).

    In the voucher's own fiscal year, and always for an advance, an expenditure return restores the balance; later a
    payment-in slip leaves the old year alone. `draws` says which of the voucher's accounts get it back, and may be
    left out where it draws on one only. Problem `money_not_back` (409), `reason_missing`, `split_missing` or
    `split_wrong` (path `/draws`).
    """
    if not because.strip():
        raise Problem("reason_missing", "whoever gives up a payment says why", path="/because")
    today = clock.today()
    with transaction.atomic():
        row = _held(instruction)
        # Held too, so that two of its lines given back at once do not go beyond what an account has paid.
        voucher = vouchers.voucher(row.voucher_id, locked=True)
        is_restored = roc.roc_year(today) == voucher.fiscal_year or voucher.content.get("nature") == "advance"
        perform(row, "return_to_treasury", actor=actor, because=because)
        _require_money(row)
        split = split_of(voucher=voucher, amount_twd=row.amount_twd, draws=draws)
        ledger.book(
            events.RETURN_TO_TREASURY if is_restored else events.PAY_IN_RETURNED,
            event_ref=row.end_to_end_id,
            agency_code=voucher.agency_code,
            fiscal_year=voucher.fiscal_year if is_restored else roc.roc_year(today),
            on=today,
            draws=split,
        )
        return ReturnSlip.objects.create(
            instruction=row,
            form=SlipForm.EXPENDITURE_RETURN if is_restored else SlipForm.PAYMENT_IN,
            fiscal_year=roc.roc_year(today),
            slip_no=next_number(f"return_slip/{roc.roc_year(today)}"),
            draws=[draw._asdict() for draw in split],
            made_on=today,
            made_at=clock.now(),
            made_by=actor.name,
        )


def _require_money(row: PaymentInstruction) -> None:
    if row.returned_on is None:
        raise Problem("money_not_back", f"the bank has not yet booked the return of {row}", status=409)


def _acceptance(row: PaymentInstruction) -> Acceptance:
    """The acceptance that the instruction rests on; a voucher with instructions has no later revision."""
    return Acceptance.objects.filter(voucher_id=row.voucher_id).latest("revision")
