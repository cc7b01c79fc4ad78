"""pain.002.001.10: the bank's answer to a batch, with a status of its own for each line it did not credit (B-25)."""

from dataclasses import dataclass
from datetime import datetime

from lxml import etree

from disbursement.iso20022.reading import Names, read, whole
from treasury.core.errors import Problem

NAMESPACE = "urn:iso:std:iso:20022:tech:xsd:pain.002.001.10"
_names = Names(NAMESPACE)


@dataclass(frozen=True, slots=True)
class LineStatus:
    """What became of one line: `status` is `ACSC` (credited) or `RJCT` (returned, with its return code)."""

    end_to_end_id: str
    status: str
    return_code: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True)
class StatusReport:
    """The answer to one batch.

    `group_status` `ACSC`: every line credited, none listed. `PART`: the listed `RJCT` lines are returned, all others
    credited. `RJCT`: the bank executed nothing; every line is listed as `RJCT` with the batch's `return_code`.
    """

    message_id: str
    created_at: datetime
    original_message_id: str
    group_status: str
    line_count: int
    return_code: str
    lines: tuple[LineStatus, ...]

    @property
    def rejected(self) -> dict[str, str]:
        """Return code by end-to-end id of the lines that were not credited."""
        return {line.end_to_end_id: line.return_code for line in self.lines if line.status == "RJCT"}


def parse(message: bytes) -> StatusReport:
    """Reads an answer of the bank.

    Problem `bank_message_*` when it cannot be read or is incomplete, `bank_message_status` when its statuses do not
    fit each other (a status nobody agreed on, a partial answer without lines, counts that differ).
    """
    report = read(message, namespace=NAMESPACE)
    original = _names.find(report, "OrgnlGrpInfAndSts")
    if original is None:
        raise Problem("bank_message_incomplete", "the answer names no original message")
    parsed = StatusReport(
        message_id=_names.text(report, "GrpHdr/MsgId"),
        created_at=_moment(_names.text(report, "GrpHdr/CreDtTm")),
        original_message_id=_names.text(original, "OrgnlMsgId"),
        group_status=_names.text(original, "GrpSts"),
        line_count=whole(_names.text(original, "OrgnlNbOfTxs"), "OrgnlNbOfTxs"),
        return_code=_code(original),
        lines=tuple(
            _line(line)
            for payment in _names.all(report, "OrgnlPmtInfAndSts")
            for line in payment.iterchildren(f"{{{NAMESPACE}}}TxInfAndSts")
        ),
    )
    _check(parsed)
    return parsed


def _line(line: etree._Element) -> LineStatus:
    status = _names.text(line, "TxSts")
    if status not in {"ACSC", "RJCT"}:
        raise Problem("bank_message_status", f"{status} is no status of a line that was agreed on")
    return LineStatus(
        end_to_end_id=_names.text(line, "OrgnlEndToEndId"),
        status=status,
        return_code=_code(line),
        reason=_names.optional(line, "StsRsnInf/AddtlInf"),
    )


def _code(element: etree._Element) -> str:
    """The return code of a status: the clearing house's (proprietary) or an ISO one."""
    rule = "StsRsnInf/Rsn/"
    return _names.optional(element, rule + "Prtry") or _names.optional(element, rule + "Cd")


def _check(report: StatusReport) -> None:
    """Group status, listed lines and count must tell one story, or nothing of it is believed."""
    rejected = report.rejected
    listed = len(report.lines)
    if len({line.end_to_end_id for line in report.lines}) != listed:
        raise Problem("bank_message_status", "a line is answered twice")
    if not all(rejected.values()):
        raise Problem("bank_message_status", "a line is returned without a return code")
    is_told = {
        "ACSC": not rejected,
        "PART": 0 < len(rejected) <= report.line_count,
        "RJCT": len(rejected) == listed == report.line_count,
    }
    if not is_told.get(report.group_status, False) or listed > report.line_count:
        raise Problem(
            "bank_message_status",
            f"status {report.group_status} with {len(rejected)} returned of {report.line_count} lines",
        )


def _moment(text: str) -> datetime:
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        raise Problem("bank_message_incomplete", f"{text[:40]} is no moment") from None
