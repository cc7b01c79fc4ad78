"""What the evidence of a payment says of the money: instructions, the bank's answers, cheques, postings."""

import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, date
from hashlib import sha256
from typing import Any, Final

from django.db.models import Prefetch

from disbursement.models import BankMessage, Cheque, InstructionAttempt, PaymentInstruction, RemittanceBatch
from disbursement.selectors import results
from disbursement.states import BATCH
from signing.evidence.money import BANK_TYPE
from signing.evidence.registry import events_register, part_register
from treasury.core.models import History
from treasury.ledger import events as ledger_events
from vouchers import selectors as vouchers

_OF_THE_VOUCHER: Final = (
    ledger_events.RESERVE,
    ledger_events.VOID,
    ledger_events.PAY_BY_REMITTANCE,
    ledger_events.PAY_BY_CHEQUE,
    ledger_events.POST_TRANSFER,
)
_OF_A_LINE: Final = (
    ledger_events.RETURN_BY_BANK,
    ledger_events.RESEND,
    ledger_events.RETURN_TO_TREASURY,
    ledger_events.PAY_IN_RETURNED,
)
_OF_A_CHEQUE: Final = (ledger_events.CLEAR_CHEQUE, ledger_events.CANCEL_CHEQUE, ledger_events.PAY_IN_CHEQUE)


def bank_part(document_ref: str, revision: int) -> dict[str, Any]:
    """`bank.json`: each instruction with the digests of the bank's messages about its batch, each cheque.

    The messages themselves speak of other agencies' payments too: here they are only named.
    """
    row = vouchers.voucher_named(document_ref)
    lines = _lines(row.pk)
    sent: list[PaymentInstruction | InstructionAttempt] = [*lines]
    sent += [attempt for line in lines for attempt in line.attempts.all()]
    batches = {one.batch.pk: one.batch for one in sent if one.batch is not None}
    return {
        "typ": BANK_TYPE,
        "document_ref": document_ref,
        "revision": revision,
        "instructions": [_instruction(line) for line in lines],
        "batches": _batches(batches),
        "cheques": [_cheque(one) for one in results.cheques_of(row.pk)],
    }


def ledger_events_of(document_ref: str, revision: int) -> Iterator[tuple[str, str]]:
    """The events of the books (type, reference) that speak of a voucher, its returned lines and its cheques alone."""
    row = vouchers.voucher_named(document_ref)
    yield from _named(_OF_THE_VOUCHER, f"{document_ref}#{revision}")
    for line in _lines(row.pk):
        names = [line.end_to_end_id, *(attempt.end_to_end_id for attempt in line.attempts.all())]
        if line.return_code or len(names) > 1:
            for name in names:
                yield from _named(_OF_A_LINE, name)
    for cheque in results.cheques_of(row.pk):
        yield from _named(_OF_A_CHEQUE, cheque.cheque_no)


def evidence_register() -> None:
    """Tells the evidence of a payment what this app adds to it."""
    part_register("bank.json", bank_part)
    events_register(ledger_events_of)


def _named(events: Iterable[ledger_events.Event], reference: str) -> Iterator[tuple[str, str]]:
    return ((event.name, reference) for event in events)


def _lines(voucher_id: int) -> list[PaymentInstruction]:
    """Every instruction of a voucher with its batch and its earlier attempts with theirs."""
    attempts = InstructionAttempt.objects.select_related("batch").defer("batch__message", "batch__roster")
    rows = results.lines_of(voucher_id).select_related("batch").defer("batch__message", "batch__roster")
    return list(rows.prefetch_related(Prefetch("attempts", queryset=attempts.order_by("attempt"))))


def _instruction(row: PaymentInstruction) -> dict[str, Any]:
    return {
        **_attempt(row),
        "line_no": row.seq,
        "amount_twd": row.amount_twd,
        "state": row.state,
        "returned_on": _day(row.returned_on),
        "earlier": [_attempt(one) for one in row.attempts.all()],
    }


def _attempt(row: PaymentInstruction | InstructionAttempt) -> dict[str, Any]:
    """What was told to the bank, and what it said of it, in one attempt."""
    return {
        "attempt": row.attempt,
        "end_to_end_id": row.end_to_end_id,
        "network": row.network,
        "bank_code": row.bank_code,
        "account_no": row.account_no,
        "account_name": unicodedata.normalize("NFC", row.account_name),
        "return_code": row.return_code,
        "message_id": row.batch.message_id if row.batch is not None else "",
    }


def _batches(batches: Mapping[int, RemittanceBatch]) -> list[dict[str, Any]]:
    """The batches with the digests of the bank's messages that were applied to them."""
    acts = History.objects.filter(machine=BATCH.name, subject_id__in=batches, details__has_key="bank_message")
    named = dict(acts.order_by("id").values_list("details__bank_message", "subject_id"))
    messages = BankMessage.objects.filter(pk__in=named).order_by("pk")
    return [
        {
            "message_id": batch.message_id,
            "execution_on": _day(batch.execution_on),
            "state": batch.state,
            "answers": [_message(one) for one in messages if named[one.pk] == pk],
        }
        for pk, batch in sorted(batches.items())
    ]


def _message(row: BankMessage) -> dict[str, Any]:
    return {
        "kind": row.kind,
        "reference": row.reference,
        "received_at": row.received_at.astimezone(UTC).isoformat(timespec="microseconds"),
        "sha256": sha256(row.body).hexdigest(),
    }


def _cheque(row: Cheque) -> dict[str, Any]:
    return {
        "cheque_no": row.cheque_no,
        "line_no": row.payee_seq,
        "payee_name": unicodedata.normalize("NFC", row.payee_name),
        "amount_twd": row.amount_twd,
        "state": row.state,
        "issued_on": _day(row.issued_on),
    }


def _day(on: date | None) -> str:
    return on.isoformat() if on is not None else ""
