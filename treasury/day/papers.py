"""The papers of a day: bank files, and every document as PDF."""

from collections.abc import Sequence

from disbursement.models import BankMessage, RemittanceBatch
from treasury.day.request import DayRequest
from vouchers.models import IntakeFile


def write(request: DayRequest, *, files: Sequence[IntakeFile]) -> dict[str, int]:
    """Writes them under the day's `out`; returns how many of each kind."""
    return {"bank_files": _bank_files(request)}


def _bank_files(request: DayRequest) -> int:
    """The messages sent to the bank and received from it, byte by byte."""
    folder = request.out / "bank"
    folder.mkdir(parents=True, exist_ok=True)
    count = 0
    for batch in RemittanceBatch.objects.filter(execution_on=request.on).order_by("pk").iterator():
        (folder / f"{batch.message_id}.pain.001.xml").write_bytes(bytes(batch.message))
        if batch.roster is not None:
            (folder / f"{batch.message_id}.roster.jsonl").write_bytes(bytes(batch.roster))
        count += 1
    for message in BankMessage.objects.filter(received_at__date=request.on).order_by("pk").iterator():
        (folder / f"{message.reference}.{message.kind}.xml").write_bytes(bytes(message.body))
        count += 1
    return count
