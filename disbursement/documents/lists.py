"""What left the treasury on a day: 通匯清單 of each batch, 簽開支票清單 (B-25, B-28).

The cheque list is the one of article 14 of the treasury cheque regulations.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from django.conf import settings

import agencies.selectors
from disbursement.documents.cheques import cheques_issued
from disbursement.documents.wording import returned
from disbursement.models import Cheque, InstructionAttempt, PaymentInstruction, RemittanceBatch
from disbursement.states import BATCH_STATES, CHEQUE_STATES, INSTRUCTION_STATES
from treasury.core.documents.shapes import Band, Cell, Column, Register
from treasury.core.models import History
from vouchers import words

_NETWORKS = {**words.NETWORKS, "entrusted": "委託劃帳"}
_AMOUNT = Column(title="金額", title_en="Amount", width=32, kind="amount", is_totalled=True)
_LINE = (
    "voucher__agency_id",
    "voucher__number",
    "end_to_end_id",
    "bank_code",
    "account_no",
    "account_name",
    "amount_twd",
    "state",
    "return_code",
    "batch_id",
)
_ATTEMPT = (
    "instruction__voucher__agency_id",
    "instruction__voucher__number",
    "end_to_end_id",
    "bank_code",
    "account_no",
    "account_name",
    "instruction__amount_twd",
    "return_code",
    "batch_id",
)


def batches_of(*, on: date) -> list[str]:
    """The message ids of the batches executed on a day, in their order."""
    rows = RemittanceBatch.objects.filter(execution_on=on).order_by("pk")
    return list(rows.values_list("message_id", flat=True))


def remittance_lists(*, on: date, message_id: str = "") -> Iterator[tuple[str, Register]]:
    """通匯清單: the lines of each batch executed on a day, by the batch's message id, with the bank's answer.

    With `message_id` of that batch alone. A line that was sent again later still stands in the batch in which it came
    back.
    """
    batches = RemittanceBatch.objects.filter(execution_on=on).order_by("pk").defer("message", "roster")
    batches = batches.filter(message_id=message_id) if message_id else batches
    lines = _lines([batch.pk for batch in batches])
    banks = agencies.selectors.bank_names({line[3] for rows in lines.values() for line in rows})
    for batch in batches:
        yield batch.message_id, _remittance_list(batch, sorted(lines[batch.pk], key=lambda line: line[2]), banks)


def _lines(ids: Sequence[int]) -> dict[int, list[tuple[Any, ...]]]:
    """The lines of some batches by batch; one that came back as it was sent, whatever was corrected since."""
    lines: dict[int, list[tuple[Any, ...]]] = defaultdict(list)
    failed = set()
    attempts = InstructionAttempt.objects.filter(batch_id__in=ids)
    for *line, return_code, batch_id in attempts.values_list(*_ATTEMPT):
        failed.add(line[2])
        lines[batch_id].append((*line, "returned_by_bank", return_code))
    for *line, batch_id in PaymentInstruction.objects.filter(batch_id__in=ids).values_list(*_LINE):
        if line[2] not in failed:
            lines[batch_id].append(tuple(line))
    return lines


def _remittance_list(batch: RemittanceBatch, lines: Sequence[tuple[Any, ...]], banks: dict[str, str]) -> Register:
    return Register(
        treasury=settings.TREASURY_NAME,
        title="通匯清單",
        title_en="Remittance list",
        subject=f"{batch.message_id}　{_NETWORKS[batch.network]}",
        dated_on=batch.execution_on,
        columns=(
            Column(title="序號", title_en="No.", width=12, kind="count"),
            Column(title="支用機關", title_en="Agency", width=24, kind="code"),
            Column(title="憑單編號", title_en="Voucher no.", width=26, kind="code"),
            Column(title="受款行", title_en="Bank"),
            Column(title="帳號", title_en="Account no.", width=32, kind="code"),
            Column(title="戶名", title_en="Account name"),
            Column(title="指示識別碼", title_en="End-to-end id", width=39, kind="code"),
            Column(title="結果", title_en="Result", width=22),
            _AMOUNT,
        ),
        rows=tuple(_line(seq, line, banks) for seq, line in enumerate(lines, 1)),
        notes=(f"批次狀態：{BATCH_STATES[batch.state][0]}", f"扣款帳號：{settings.MASTER_ACCOUNT_NO}"),
    )


def _line(seq: int, line: tuple[Any, ...], banks: dict[str, str]) -> tuple[Cell, ...]:
    agency_code, number, end_to_end_id, bank_code, account_no, account_name, amount_twd, state, return_code = line
    return (
        seq,
        agency_code,
        number,
        f"{bank_code} {banks.get(bank_code, '')}",
        account_no,
        account_name,
        end_to_end_id,
        f"{INSTRUCTION_STATES[state][0]} {returned(return_code)}".strip(),
        amount_twd,
    )


def by_voucher(remittances: Register) -> Register:
    """A remittance list with one row per voucher, count and amount of its lines: what is printed of a long one."""
    sums: dict[tuple[Cell, Cell], tuple[int, int]] = {}
    for row in remittances.rows:
        assert not isinstance(row, Band) and isinstance(row[-1], int)
        count, amount_twd = sums.get((row[1], row[2]), (0, 0))
        sums[row[1], row[2]] = (count + 1, amount_twd + row[-1])
    _, agency, number, *_, amount = remittances.columns
    return replace(
        remittances,
        columns=(
            replace(agency, width=0),
            replace(number, width=0),
            Column(title="筆數", title_en="Lines", width=32, kind="count", is_totalled=True),
            amount,
        ),
        rows=tuple((*voucher, *sums[voucher]) for voucher in sums),
        notes=(*remittances.notes, "逐筆明細以電子檔為準。"),
        is_landscape=False,
    )


def cheque_list(*, on: date) -> Register:
    """簽開支票清單: the cheques issued on a day by number, and the blanks spoiled on it: no number is missing."""
    cheques = list(cheques_issued(on=on))
    slips = _slips(cheques)
    return Register(
        treasury=settings.TREASURY_NAME,
        title="簽開支票清單",
        title_en="List of cheques issued",
        dated_on=on,
        columns=(
            Column(title="支票號碼", title_en="Cheque no.", width=28, kind="code"),
            Column(title="支用機關", title_en="Agency", width=24, kind="code"),
            Column(title="憑單編號", title_en="Voucher no.", width=28, kind="code"),
            Column(title="受款人", title_en="Payee"),
            Column(title="領取方式", title_en="Collection", width=26),
            Column(title="領取支票憑證", title_en="Slip", width=32, kind="code"),
            Column(title="平行線", title_en="Crossing", width=24),
            Column(title="狀態", title_en="State", width=16),
            _AMOUNT,
        ),
        rows=tuple(_cheque(cheque, slips) for cheque in cheques),
        notes=_cheque_notes(cheques, on),
    )


def _slips(cheques: Sequence[Cheque]) -> dict[tuple[int, int], str]:
    """The collection slip of each payee of the vouchers, by voucher id and sequence."""
    rows = Cheque.objects.filter(pk__in=[cheque.pk for cheque in cheques]).values_list(
        "voucher_id", "payee_seq", "voucher__payee_count", "voucher__content__collection_slips"
    )
    return {
        (voucher_id, seq): "、".join(
            slip["no"] for slip in slips or () if slip.get("payee_seq", 1 if count == 1 else None) == seq
        )
        for voucher_id, seq, count, slips in rows
        if voucher_id is not None and seq is not None
    }


def _cheque(cheque: Cheque, slips: dict[tuple[int, int], str]) -> tuple[Cell, ...]:
    assert cheque.voucher is not None and cheque.payee_seq is not None
    return (
        cheque.cheque_no,
        cheque.voucher.agency_id,
        cheque.voucher.number,
        cheque.payee_name,
        words.METHODS.get(cheque.voucher.method, ""),
        slips.get((cheque.voucher.pk, cheque.payee_seq), ""),
        words.CROSSINGS["crossed" if cheque.is_crossed else "uncrossed"],
        CHEQUE_STATES[cheque.state][0],
        cheque.amount_twd,
    )


def _cheque_notes(cheques: Sequence[Cheque], on: date) -> tuple[str, ...]:
    notes = [f"支票號碼 {cheques[0].cheque_no} 至 {cheques[-1].cheque_no}。" if cheques else "本日未簽開支票。"]
    spoiled = _spoiled(on)
    if spoiled:
        notes.append(f"本日作廢空白支票：{'、'.join(spoiled)}。")
    return tuple(notes)


def _spoiled(on: date) -> list[str]:
    ids = History.objects.filter(machine="cheque", verb="spoil", at__date=on).values_list("subject_id", flat=True)
    rows = Cheque.objects.filter(pk__in=[pk for pk in ids if pk is not None]).order_by("series", "serial")
    return [cheque.cheque_no for cheque in rows]
