"""Statements of the master account as camt.053.001.08: a booking per batch, returned line, cheque and deposit."""

import sqlite3
from datetime import date
from xml.sax.saxutils import escape

from disbursement.iso20022.return_codes import return_reason
from disbursement.simulation.bank.store import CREDITS, Store, booking_day
from treasury.core import clock
from treasury.core.errors import Problem

NAMESPACE = "urn:iso:std:iso:20022:tech:xsd:camt.053.001.08"
_CODES = {
    "batch": ("ICDT", "DMCT"),
    "return": ("ICDT", "RRTN"),
    "cheque": ("ICHQ", "CCHQ"),
    "deposit": ("RCDT", "DMCT"),
}
_ENTRIES = """
    SELECT entry_no, booked_on, kind, reference, entries.amount_twd, text, message_id, line_count, name, account_no
    FROM entries LEFT JOIN batches USING (batch_no) LEFT JOIN lines USING (line_no)
    WHERE booked_on = ? ORDER BY entry_no
"""


def statement_of(store: Store, *, on: date) -> str:
    """The statement of a day: of the present one so far, of a past one for good; Problem 404 for a day to come."""
    day = on.isoformat()
    with store.reading() as books:
        if day > booking_day(books):
            raise Problem("no_statement", f"{day} has not come yet", status=404)
        account = books.execute("SELECT * FROM account").fetchone()
        earlier_twd = books.execute(
            "SELECT coalesce(sum(iif(kind IN (?, ?), amount_twd, -amount_twd)), 0) FROM entries WHERE booked_on < ?",
            (*CREDITS, day),
        ).fetchone()[0]
        rows = books.execute(_ENTRIES, (day,)).fetchall()
    opening_twd = account["opening_twd"] + earlier_twd
    credits_twd = sum(row["amount_twd"] for row in rows if row["kind"] in CREDITS)
    debits_twd = sum(row["amount_twd"] for row in rows if row["kind"] not in CREDITS)
    statement_id = f"STMT-{day}-{rows[-1]['entry_no'] if rows else 0}"
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>\n<Document xmlns="{NAMESPACE}"><BkToCstmrStmt>'
        f"<GrpHdr><MsgId>{statement_id}</MsgId><CreDtTm>{_created_at(on)}</CreDtTm></GrpHdr>"
        f"<Stmt><Id>{statement_id}</Id>"
        f"<Acct><Id><Othr><Id>{escape(account['account_no'])}</Id></Othr></Id><Ccy>TWD</Ccy></Acct>"
        f"{_balance('OPBD', opening_twd, day)}{_balance('CLBD', opening_twd + credits_twd - debits_twd, day)}"
        f"{_summary(rows, credits_twd, debits_twd)}{''.join(map(_entry, rows))}</Stmt></BkToCstmrStmt></Document>\n"
    )


def _created_at(on: date) -> str:
    """The beginning of the day, not the moment of asking: equal books give equal bytes."""
    return clock.start_of(on).isoformat()


def _balance(code: str, amount_twd: int, day: str) -> str:
    return (
        f"<Bal><Tp><CdOrPrtry><Cd>{code}</Cd></CdOrPrtry></Tp>{_amount(amount_twd)}"
        f"<CdtDbtInd>CRDT</CdtDbtInd><Dt><Dt>{day}</Dt></Dt></Bal>"
    )


def _summary(rows: list[sqlite3.Row], credits_twd: int, debits_twd: int) -> str:
    credit_count = sum(row["kind"] in CREDITS for row in rows)
    return (
        f"<TxsSummry><TtlNtries><NbOfNtries>{len(rows)}</NbOfNtries><Sum>{credits_twd + debits_twd}</Sum></TtlNtries>"
        f"<TtlCdtNtries><NbOfNtries>{credit_count}</NbOfNtries><Sum>{credits_twd}</Sum></TtlCdtNtries>"
        f"<TtlDbtNtries><NbOfNtries>{len(rows) - credit_count}</NbOfNtries><Sum>{debits_twd}</Sum></TtlDbtNtries>"
        "</TxsSummry>"
    )


def _entry(row: sqlite3.Row) -> str:
    """One booking with its details by kind."""
    family, sub_family = _CODES[row["kind"]]
    side = "CRDT" if row["kind"] in CREDITS else "DBIT"
    details, text = _details(row, side)
    return (
        f"<Ntry><NtryRef>E{row['entry_no']:012d}</NtryRef>{_amount(row['amount_twd'])}<CdtDbtInd>{side}</CdtDbtInd>"
        f"<Sts><Cd>BOOK</Cd></Sts><BookgDt><Dt>{row['booked_on']}</Dt></BookgDt>"
        f"<ValDt><Dt>{row['booked_on']}</Dt></ValDt><BkTxCd><Domn><Cd>PMNT</Cd><Fmly><Cd>{family}</Cd>"
        f"<SubFmlyCd>{sub_family}</SubFmlyCd></Fmly></Domn></BkTxCd>"
        f"<NtryDtls>{details}</NtryDtls><AddtlNtryInf>{escape(text)}</AddtlNtryInf></Ntry>"
    )


def _details(row: sqlite3.Row, side: str) -> tuple[str, str]:
    """What an entry is made of, and a sentence for people."""
    amount, reference = _amount(row["amount_twd"]), escape(row["reference"])
    parties = f"{amount}<CdtDbtInd>{side}</CdtDbtInd>"
    match row["kind"]:
        case "batch":
            summary = (
                f"<Btch><MsgId>{reference}</MsgId><PmtInfId>{reference}</PmtInfId>"
                f'<NbOfTxs>{row["line_count"]}</NbOfTxs><TtlAmt Ccy="TWD">{row["amount_twd"]}</TtlAmt>'
                f"<CdtDbtInd>{side}</CdtDbtInd></Btch>"
            )
            return summary, "通匯批次扣帳"
        case "return":
            kind = "Cd" if len(row["text"]) == 4 else "Prtry"
            transaction = (
                f"<TxDtls><Refs><MsgId>{escape(row['message_id'])}</MsgId><EndToEndId>{reference}</EndToEndId></Refs>"
                f"{parties}<RtrInf><Rsn><{kind}>{escape(row['text'])}</{kind}></Rsn></RtrInf></TxDtls>"
            )
            return transaction, f"退匯 {row['account_no']} {return_reason(row['text'])}"
        case "cheque":
            return f"<TxDtls><Refs><ChqNb>{reference}</ChqNb></Refs>{parties}</TxDtls>", "支票兌付"
    return f"<TxDtls><Refs><AcctSvcrRef>{reference}</AcctSvcrRef></Refs>{parties}</TxDtls>", row["text"] or "存入"


def _amount(amount_twd: int) -> str:
    return f'<Amt Ccy="TWD">{amount_twd}</Amt>'
