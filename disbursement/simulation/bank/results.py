"""Results of executed batches as pain.002.001.10, numbered in the order they were issued."""

import sqlite3
from typing import Any
from xml.sax.saxutils import escape

from disbursement.iso20022.return_codes import return_reason
from disbursement.simulation.bank.store import Store
from treasury.core import clock

NAMESPACE = "urn:iso:std:iso:20022:tech:xsd:pain.002.001.10"
BANK_NAME = "代庫銀行"
_PAGE_RESULTS = 50
_PAGE_CHARACTERS = 8 * 2**20


def result_issue(books: sqlite3.Connection, *, batch_no: int, copies: int) -> None:
    """Writes the answer to a batch into the books, in the caller's transaction.

    A fully credited batch is one group status; otherwise every line that was not credited is listed with its reason.
    """
    batch = books.execute("SELECT * FROM batches WHERE batch_no = ?", (batch_no,)).fetchone()
    if batch["state"] == "rejected":
        lines = books.execute(
            "SELECT end_to_end_id, amount_twd, ? AS return_code FROM lines"
            " WHERE line_no BETWEEN ? AND ? ORDER BY line_no",
            (batch["return_code"], batch["first_line_no"], batch["last_line_no"]),
        ).fetchall()
        status = "RJCT"
    else:
        lines = books.execute(
            "SELECT end_to_end_id, amount_twd, return_code FROM returned_lines JOIN lines USING (line_no)"
            " WHERE line_no BETWEEN ? AND ? ORDER BY line_no",
            (batch["first_line_no"], batch["last_line_no"]),
        ).fetchall()
        status = "PART" if lines else "ACSC"
    message = _message(batch, status, lines)
    for _ in range(copies):
        books.execute("INSERT INTO results (batch_no, message) VALUES (?, ?)", (batch_no, message))


def results_after(store: Store, *, after: int) -> dict[str, Any]:
    """One page of results numbered above `after`."""
    with store.reading() as books:
        rows = books.execute(
            "SELECT seq, message FROM results WHERE seq > ? ORDER BY seq LIMIT ?", (after, _PAGE_RESULTS + 1)
        ).fetchall()
    page: list[dict[str, Any]] = []
    characters = 0
    for row in rows[:_PAGE_RESULTS]:
        if page and characters + len(row["message"]) > _PAGE_CHARACTERS:
            break
        characters += len(row["message"])
        page.append({"seq": row["seq"], "message": row["message"]})
    return {"results": page, "has_more": len(page) < len(rows)}


def _message(batch: sqlite3.Row, status: str, lines: list[sqlite3.Row]) -> str:
    """The whole message; `lines` are those that were not credited."""
    not_credited_twd = sum(line["amount_twd"] for line in lines)
    counts = "".join(
        f"<NbOfTxsPerSts><DtldNbOfTxs>{count}</DtldNbOfTxs><DtldSts>{code}</DtldSts>"
        f"<DtldCtrlSum>{total_twd}</DtldCtrlSum></NbOfTxsPerSts>"
        for code, count, total_twd in (
            ("ACSC", batch["line_count"] - len(lines), batch["total_twd"] - not_credited_twd),
            ("RJCT", len(lines), not_credited_twd),
        )
        if count
    )
    details = ""
    if lines:
        listed = "".join(
            f"<TxInfAndSts><OrgnlEndToEndId>{escape(line['end_to_end_id'])}</OrgnlEndToEndId><TxSts>RJCT</TxSts>"
            f"{_reason(line['return_code'])}</TxInfAndSts>"
            for line in lines
        )
        payment_id = escape(batch["message_id"])
        details = f"<OrgnlPmtInfAndSts><OrgnlPmtInfId>{payment_id}</OrgnlPmtInfId>{listed}</OrgnlPmtInfAndSts>"
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>\n<Document xmlns="{NAMESPACE}"><CstmrPmtStsRpt>'
        f"<GrpHdr><MsgId>RESULT-{batch['batch_no']:09d}</MsgId>"
        f"<CreDtTm>{clock.now().isoformat(timespec='seconds')}</CreDtTm>"
        f"<InitgPty><Nm>{BANK_NAME}</Nm></InitgPty></GrpHdr>"
        f"<OrgnlGrpInfAndSts><OrgnlMsgId>{escape(batch['message_id'])}</OrgnlMsgId>"
        "<OrgnlMsgNmId>pain.001.001.09</OrgnlMsgNmId>"
        f"<OrgnlCreDtTm>{escape(batch['created_at'])}</OrgnlCreDtTm>"
        f"<OrgnlNbOfTxs>{batch['line_count']}</OrgnlNbOfTxs><OrgnlCtrlSum>{batch['total_twd']}</OrgnlCtrlSum>"
        f"<GrpSts>{status}</GrpSts>{_reason(batch['return_code'])}{counts}</OrgnlGrpInfAndSts>"
        f"{details}</CstmrPmtStsRpt></Document>\n"
    )


def _reason(code: str) -> str:
    """Why: a code of the clearing house is proprietary to ISO, one of four characters is ISO's own."""
    if not code:
        return ""
    kind = "Cd" if len(code) == 4 else "Prtry"
    return (
        f"<StsRsnInf><Rsn><{kind}>{escape(code)}</{kind}></Rsn>"
        f"<AddtlInf>{escape(return_reason(code))}</AddtlInf></StsRsnInf>"
    )
