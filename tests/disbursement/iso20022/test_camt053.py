"""Statements: every kind of booking is recognised, and one that does not add up is not believed."""

from datetime import date

import pytest

from disbursement.iso20022 import camt053
from treasury.core.errors import Problem


def _entry(
    reference: str, amount: str, side: str, family: str, sub: str, details: str = "", status: str = "BOOK"
) -> str:
    return (
        f'<Ntry><NtryRef>{reference}</NtryRef><Amt Ccy="TWD">{amount}</Amt><CdtDbtInd>{side}</CdtDbtInd>'
        f"<Sts><Cd>{status}</Cd></Sts><BookgDt><Dt>2025-03-07</Dt></BookgDt><BkTxCd><Domn><Cd>PMNT</Cd><Fmly>"
        f"<Cd>{family}</Cd><SubFmlyCd>{sub}</SubFmlyCd></Fmly></Domn></BkTxCd><NtryDtls>{details}</NtryDtls></Ntry>"
    )


BATCH = _entry("E1", "900", "DBIT", "ICDT", "DMCT", "<Btch><MsgId>NTA-1</MsgId><NbOfTxs>2</NbOfTxs></Btch>")
RETURN = _entry(
    "E2", "400", "CRDT", "ICDT", "RRTN",
    "<TxDtls><Refs><MsgId>NTA-1</MsgId><EndToEndId>NTA.1</EndToEndId></Refs>"
    "<RtrInf><Rsn><Prtry>22</Prtry></Rsn></RtrInf></TxDtls>",
)  # fmt: skip
CHEQUE = _entry("E3", "50", "DBIT", "ICHQ", "CCHQ", "<TxDtls><Refs><ChqNb>NT0000001</ChqNb></Refs></TxDtls>")
DEPOSIT = _entry("E4", "10", "CRDT", "RCDT", "DMCT")
STRANGE = _entry("E5", "1", "DBIT", "CCRD", "POSD")


def _statement(*entries: str, opening: str = "1000", closing: str, count: str = "", side: str = "CRDT") -> bytes:
    def balance(code: str, amount: str, side: str) -> str:
        return (
            f'<Bal><Tp><CdOrPrtry><Cd>{code}</Cd></CdOrPrtry></Tp><Amt Ccy="TWD">{amount}</Amt>'
            f"<CdtDbtInd>{side}</CdtDbtInd><Dt><Dt>2025-03-07</Dt></Dt></Bal>"
        )

    summary = f"<TxsSummry><TtlNtries><NbOfNtries>{count}</NbOfNtries></TtlNtries></TxsSummry>" if count else ""
    return (
        f'<Document xmlns="{camt053.NAMESPACE}"><BkToCstmrStmt><GrpHdr><MsgId>S1</MsgId></GrpHdr><Stmt><Id>S1</Id>'
        f"<Acct><Id><Othr><Id>00400000000018</Id></Othr></Id></Acct>{balance('OPBD', opening, 'CRDT')}"
        f"{balance('CLBD', closing, side)}{summary}{''.join(entries)}</Stmt></BkToCstmrStmt></Document>"
    ).encode()


def test_every_kind_of_booking_is_recognised() -> None:
    message = _statement(BATCH, RETURN, CHEQUE, DEPOSIT, STRANGE, closing="459", count="5")

    statement = camt053.parse(message)

    assert (statement.statement_id, statement.account_no) == ("S1", "00400000000018")
    assert (statement.on, statement.opening_twd, statement.closing_twd) == (date(2025, 3, 7), 1000, 459)
    batch, returned, cheque, deposit, strange = statement.entries
    assert (batch.kind, batch.message_id, batch.line_count, batch.is_credit) == ("batch", "NTA-1", 2, False)
    assert (returned.kind, returned.end_to_end_id, returned.return_code) == ("return", "NTA.1", "22")
    assert (cheque.kind, cheque.cheque_no, cheque.amount_twd) == ("cheque", "NT0000001", 50)
    assert (deposit.kind, deposit.reference, deposit.is_credit) == ("deposit", "E4", True)
    assert (strange.kind, strange.booked_on) == ("other", date(2025, 3, 7))


def test_a_day_without_bookings_and_an_overdrawn_account_are_read() -> None:
    quiet = camt053.parse(_statement(closing="1000", count="0"))
    overdrawn = camt053.parse(_statement(BATCH, opening="500", closing="400", side="DBIT"))

    assert (quiet.entries, quiet.closing_twd) == ((), 1000)
    assert overdrawn.closing_twd == -400


@pytest.mark.parametrize(
    "message",
    [
        _statement(BATCH, closing="101"),
        _statement(closing="100"),
        _statement(BATCH, closing="100", count="2"),
        _statement(CHEQUE, CHEQUE, closing="900"),
    ],
)
def test_a_statement_that_does_not_add_up_is_refused(message: bytes) -> None:
    with pytest.raises(Problem) as refused:
        camt053.parse(message)

    assert refused.value.code == "statement_wrong"


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b"OPBD", b"PRCD"),
        (b"<Stmt>", b"<Stmt><Id>S0</Id></Stmt><Stmt>"),
        (b"BOOK", b"PDNG"),
        (b"DBIT", b"BOTH"),
        (b"<BookgDt><Dt>2025-03-07", b"<BookgDt><Dt>2025-02-30"),
        (b"<NtryRef>E1</NtryRef>", b""),
    ],
)
def test_an_incomplete_statement_is_refused(old: bytes, new: bytes) -> None:
    with pytest.raises(Problem) as refused:
        camt053.parse(_statement(BATCH, closing="100").replace(old, new))

    assert refused.value.code == "bank_message_incomplete"
