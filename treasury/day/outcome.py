"""What came of every voucher of the day, as rows, as a file, and as a summary (command contract, Outcome)."""

import csv
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from disbursement.models import ReturnNotice
from treasury.core.errors import Problem
from vouchers.models import IntakeFile, IntakeItem

COLUMNS = ("day", "agency_code", "number", "outcome", "reasons", "rule", "note")
_BY_STATE = (
    {"paid": "paid", "posted": "posted", "returned": "returned"}
    | dict.fromkeys(("printed", "paper_signed", "mailed", "paper_received"), "paper")
    | dict.fromkeys(("accepted", "scheduled", "postponed"), "scheduled")
)


@dataclass(frozen=True, slots=True)
class Row:
    """One voucher of a file, in the order in which it was taken."""

    day: str
    agency_code: str
    number: str
    outcome: str
    reasons: str
    rule: str
    note: str
    total_twd: int

    def as_line(self) -> dict[str, str]:
        """The JSON line of the contract."""
        return {name: getattr(self, name) for name in ("day", "agency_code", "number", "outcome", "reasons")}


def outcome_rows(*, day: str, files: Sequence[IntakeFile]) -> list[Row]:
    """The rows of some files. Problem `undecided` when a voucher stands where no day ends."""
    items = IntakeItem.objects.filter(file__in=files).select_related("file", "voucher")
    order = {file.pk: place for place, file in enumerate(files)}
    notices = _last_notices(files)
    ordered = sorted(items, key=lambda item: (order[item.file_id], item.index))
    return [_row(day, item, notices) for item in ordered]


def _last_notices(files: Sequence[IntakeFile]) -> dict[int, ReturnNotice]:
    rows = ReturnNotice.objects.filter(voucher__intake__file__in=files).order_by("revision")
    return {row.voucher_id: row for row in rows}


def _row(day: str, item: IntakeItem, notices: dict[int, ReturnNotice]) -> Row:
    findings: list[dict[str, Any]] = item.findings
    outcome, note = "refused", ""
    reasons = {finding["reason"] for finding in findings}
    if item.voucher is not None:
        state = str(item.voucher.state)
        if state not in _BY_STATE:
            raise Problem("undecided", f"{item.voucher.reference} stands in state {state} at the end of the day")
        outcome = _BY_STATE[state]
        notice = notices.get(item.voucher.pk)
        if outcome == "returned" and notice is not None:
            findings, note, reasons = notice.findings, notice.note, set(notice.reasons)
    rules = dict.fromkeys(finding["rule"] for finding in findings)
    note = note or "；".join(dict.fromkeys(finding["message"] for finding in findings))
    return Row(
        day,
        item.file.agency_code,
        item.number,
        outcome,
        ";".join(sorted(reasons)),
        ";".join(rules),
        note,
        item.total_twd,
    )


def outcome_write(rows: Sequence[Row], path: Path) -> None:
    """Writes `outcome.csv`, whole or not at all."""
    draft = path.with_suffix(".part")
    with draft.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, COLUMNS, lineterminator="\n", extrasaction="ignore")
        writer.writeheader()
        writer.writerows(asdict(row) for row in rows)
    draft.replace(path)


def totals(rows: Sequence[Row]) -> dict[str, dict[str, int]]:
    """Number of vouchers and amount by outcome, and for refusals and returns by reasons, in a fixed order."""
    counts: Counter[str] = Counter()
    amounts: Counter[str] = Counter()
    for row in rows:
        name = f"{row.outcome} {row.reasons}".strip()
        counts[name] += 1
        amounts[name] += row.total_twd
    return {name: {"vouchers": counts[name], "amount_twd": amounts[name]} for name in sorted(counts)}
