"""The papers of a day: bank files, and every document as PDF, registers also as CSV."""

from collections.abc import Sequence

from disbursement import documents as desk
from disbursement.models import BankMessage, RemittanceBatch
from signing.models import LogHead
from treasury.core.documents.registers import volumes
from treasury.core.documents.tables import register_csv
from treasury.day.press import Press
from treasury.day.request import DayRequest
from vouchers.documents import voucher_shapes
from vouchers.models import IntakeFile, Voucher

# Vouchers whose content is held at once.
_AT_ONCE = 200
# Rows of a volume: some ninety pages, set in half a gigabyte.
_VOLUME = 2_000


def write(request: DayRequest, *, files: Sequence[IntakeFile], head: LogHead | None = None) -> dict[str, int]:
    """Writes them under the day's `out`; returns how many of each kind. The same day again writes the same bytes.

    `bank/`; `vouchers/<agency>-<fiscal year>-<number>.pdf` of each voucher of the files that was handed on;
    `cheques/<number>.pdf` and `cheques/all.pdf`; `returns/<agency>-<fiscal year>-<number>.pdf`, from the second
    revision on with `-r2`; `registers/`; `log/<size>.note` and `.tst`, the head that auditors keep.
    A document that cannot be printed is told in `unprinted.jsonl`.
    """
    with Press(request.out) as press:
        counts = {
            "bank_files": _bank_files(request),
            "registers": _registers(request, press),
            "vouchers": _vouchers(press, files),
            "cheques": _cheques(request, press),
            "returns": _returns(request, press),
        }
        if head is not None:
            press.write(f"log/{head.size}.note", bytes(head.note))
            press.write(f"log/{head.size}.tst", bytes(head.token))
    return {**counts, "unprinted": len(press.problems)}


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


def _vouchers(press: Press, files: Sequence[IntakeFile]) -> int:
    """Every voucher of the files that left its clerk's desk, with the treasury's marks as they stand now."""
    submitted = Voucher.objects.filter(intake__file__in=files).exclude(state="draft").order_by("pk")
    ids = list(submitted.values_list("pk", flat=True))
    for start in range(0, len(ids), _AT_ONCE):
        rows = list(submitted.filter(pk__in=ids[start : start + _AT_ONCE]))
        shapes = voucher_shapes(rows, marks=desk.voucher_marks(rows))
        for row, shape in zip(rows, shapes, strict=True):
            press.put(f"vouchers/{row.agency_code}-{row.fiscal_year}-{row.number}.pdf", [shape])
        press.flush()
    return len(ids)


def _cheques(request: DayRequest, press: Press) -> int:
    """Each cheque issued on the day by itself, and all of them in one file for the printer."""
    shapes = desk.cheque_shapes(desk.cheques_issued(on=request.on))
    for shape in shapes:
        press.put(f"cheques/{shape.series}{shape.serial}.pdf", [shape])
    if shapes:
        press.put("cheques/all.pdf", shapes)
    return len(shapes)


def _returns(request: DayRequest, press: Press) -> int:
    """The notice of each voucher returned on the day."""
    shapes = desk.notice_shapes(desk.notices_of(on=request.on))
    for shape in shapes:
        again = f"-r{shape.revision}" if shape.revision > 1 else ""
        press.put(f"returns/{shape.agency_code}-{shape.fiscal_year}-{shape.number}{again}.pdf", [shape])
    return len(shapes)


def _registers(request: DayRequest, press: Press) -> int:
    """The day's registers, each in as many volumes as it needs, and whole as CSV."""
    count = 0
    for name, whole, printed in desk.day_registers(on=request.on):
        press.write(f"registers/{name}.csv", register_csv(whole))
        parts = volumes(printed, rows_max=_VOLUME)
        for number, part in enumerate(parts, 1):
            press.put(f"registers/{name}{f'-{number}' if len(parts) > 1 else ''}.pdf", [part])
        count += 1
    return count
