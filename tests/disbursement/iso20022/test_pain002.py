"""The bank's answers: three shapes are believed, everything that contradicts itself is not."""

from datetime import datetime

import pytest

from disbursement.iso20022 import pain002
from treasury.core import clock
from treasury.core.errors import Problem

MR_WANG = ("NTA.1", "RJCT", "<Prtry>04</Prtry>")
MS_CHEN = ("NTA.2", "RJCT", "<Cd>AC04</Cd>")
CREDITED = ("NTA.3", "ACSC", "")


def _answer(status: str, *lines: tuple[str, str, str], count: str = "3", group_reason: str = "") -> bytes:
    def reason(code: str) -> str:
        return f"<StsRsnInf><Rsn>{code}</Rsn><AddtlInf>原因</AddtlInf></StsRsnInf>" if code else ""

    listed = "".join(
        f"<TxInfAndSts><OrgnlEndToEndId>{key}</OrgnlEndToEndId><TxSts>{line}</TxSts>{reason(code)}</TxInfAndSts>"
        for key, line, code in lines
    )
    return (
        f'<Document xmlns="{pain002.NAMESPACE}"><CstmrPmtStsRpt><GrpHdr><MsgId>R1</MsgId>'
        "<CreDtTm>2025-03-07T10:00:00+08:00</CreDtTm></GrpHdr><OrgnlGrpInfAndSts><OrgnlMsgId>NTA-1</OrgnlMsgId>"
        f"<OrgnlMsgNmId>pain.001.001.09</OrgnlMsgNmId><OrgnlNbOfTxs>{count}</OrgnlNbOfTxs><GrpSts>{status}</GrpSts>"
        f"{reason(group_reason)}</OrgnlGrpInfAndSts><OrgnlPmtInfAndSts><OrgnlPmtInfId>NTA-1</OrgnlPmtInfId>{listed}"
        "</OrgnlPmtInfAndSts></CstmrPmtStsRpt></Document>"
    ).encode()


def test_a_fully_credited_batch_is_one_status_without_lines() -> None:
    report = pain002.parse(_answer("ACSC"))

    assert (report.message_id, report.original_message_id, report.group_status) == ("R1", "NTA-1", "ACSC")
    assert report.created_at == datetime(2025, 3, 7, 10, tzinfo=clock.ZONE)
    assert (report.line_count, report.lines, report.rejected) == (3, (), {})


def test_a_partial_answer_names_the_returned_lines_with_their_codes() -> None:
    report = pain002.parse(_answer("PART", MR_WANG, MS_CHEN, CREDITED))

    assert report.rejected == {"NTA.1": "04", "NTA.2": "AC04"}
    assert report.lines[0].reason == "原因"
    assert report.lines[2].status == "ACSC"


def test_a_rejected_batch_lists_every_line() -> None:
    report = pain002.parse(_answer("RJCT", MR_WANG, MS_CHEN, count="2", group_reason="<Cd>AM04</Cd>"))

    assert (report.return_code, len(report.rejected)) == ("AM04", 2)


@pytest.mark.parametrize(
    "message",
    [
        _answer("PDNG"),
        _answer("PART"),
        _answer("PART", CREDITED),
        _answer("ACSC", MR_WANG),
        _answer("RJCT", MR_WANG),
        _answer("RJCT"),
        _answer("PART", MR_WANG, MR_WANG),
        _answer("PART", MR_WANG, MS_CHEN, count="1"),
        _answer("PART", ("NTA.1", "RJCT", "")),
        _answer("PART", ("NTA.1", "PDNG", "")),
        _answer("ACSC", CREDITED, count="0"),
    ],
)
def test_an_answer_that_contradicts_itself_is_refused(message: bytes) -> None:
    with pytest.raises(Problem) as refused:
        pain002.parse(message)

    assert refused.value.code == "bank_message_status"


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b"<MsgId>R1</MsgId>", b""),
        (b"2025-03-07T10:00:00+08:00", b"yesterday"),
        (b"<OrgnlMsgId>NTA-1</OrgnlMsgId>", b"<OrgnlMsgId></OrgnlMsgId>"),
        (b"<GrpSts>ACSC</GrpSts>", b""),
        (b"OrgnlGrpInfAndSts", b"Other"),
    ],
)
def test_an_incomplete_answer_is_refused(old: bytes, new: bytes) -> None:
    with pytest.raises(Problem) as refused:
        pain002.parse(_answer("ACSC").replace(old, new))

    assert refused.value.code == "bank_message_incomplete"
