"""Payment orders: what is built fits the schema, and what does not fit is refused with its place."""

from dataclasses import replace
from datetime import date, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from disbursement.iso20022 import pain001
from disbursement.iso20022.pain001 import Batch, CreditLine
from treasury.core import clock
from treasury.core.errors import Problem

WANG = CreditLine("NTA.114.000001.1", 125_000, "8220059", "00123456789012", "王小明", "貨款")
CHEN = CreditLine("NTA.114.000001.2", 1, "7000021", "0001234", "陳記 <五金> & 行")
BATCH = Batch(
    message_id="NTA-20250307-00001",
    created_at=datetime(2025, 3, 7, 9, 30, tzinfo=clock.ZONE),
    execution_on=date(2025, 3, 7),
    network="fisc",
    debtor_name="國庫集中支付",
    debtor_account="00400000000018",
    lines=[WANG, CHEN],
)
GOLDEN = (
    '<?xml version="1.0" encoding="UTF-8"?>\n'
    '<Document xmlns="urn:iso:std:iso:20022:tech:xsd:pain.001.001.09"><CstmrCdtTrfInitn><GrpHdr>'
    "<MsgId>NTA-20250307-00001</MsgId><CreDtTm>2025-03-07T09:30:00+08:00</CreDtTm><NbOfTxs>2</NbOfTxs>"
    "<CtrlSum>125001</CtrlSum><InitgPty><Nm>國庫集中支付</Nm></InitgPty></GrpHdr><PmtInf>"
    "<PmtInfId>NTA-20250307-00001</PmtInfId><PmtMtd>TRF</PmtMtd><BtchBookg>true</BtchBookg><NbOfTxs>2</NbOfTxs>"
    "<CtrlSum>125001</CtrlSum><PmtTpInf><LclInstrm><Prtry>FISC</Prtry></LclInstrm></PmtTpInf>"
    "<ReqdExctnDt><Dt>2025-03-07</Dt></ReqdExctnDt><Dbtr><Nm>國庫集中支付</Nm></Dbtr><DbtrAcct><Id><Othr>"
    "<Id>00400000000018</Id></Othr></Id><Ccy>TWD</Ccy></DbtrAcct><DbtrAgt><FinInstnId><ClrSysMmbId><ClrSysId>"
    "<Cd>TWNCC</Cd></ClrSysId><MmbId>004</MmbId></ClrSysMmbId></FinInstnId></DbtrAgt>"
    "<CdtTrfTxInf><PmtId><EndToEndId>NTA.114.000001.1</EndToEndId></PmtId><Amt>"
    '<InstdAmt Ccy="TWD">125000</InstdAmt></Amt><CdtrAgt><FinInstnId><ClrSysMmbId><MmbId>8220059</MmbId>'
    "</ClrSysMmbId></FinInstnId></CdtrAgt><Cdtr><Nm>王小明</Nm></Cdtr><CdtrAcct><Id><Othr>"
    "<Id>00123456789012</Id></Othr></Id></CdtrAcct><RmtInf><Ustrd>貨款</Ustrd></RmtInf></CdtTrfTxInf>"
    "<CdtTrfTxInf><PmtId><EndToEndId>NTA.114.000001.2</EndToEndId></PmtId><Amt>"
    '<InstdAmt Ccy="TWD">1</InstdAmt></Amt><CdtrAgt><FinInstnId><ClrSysMmbId><MmbId>7000021</MmbId>'
    "</ClrSysMmbId></FinInstnId></CdtrAgt><Cdtr><Nm>陳記 &lt;五金&gt; &amp; 行</Nm></Cdtr><CdtrAcct><Id><Othr>"
    "<Id>0001234</Id></Othr></Id></CdtrAcct></CdtTrfTxInf></PmtInf></CstmrCdtTrfInitn></Document>\n"
)


def test_a_batch_has_exactly_these_bytes() -> None:
    message = pain001.build(BATCH)

    assert message == GOLDEN.encode()
    assert pain001.build(replace(BATCH, lines=tuple(BATCH.lines))) == message


@pytest.mark.parametrize("network", ["intra_bank", "fisc", "entrusted"])
def test_every_network_fits_the_schema(network: str) -> None:
    message = pain001.build(replace(BATCH, network=network, debtor_bank_code="0040059"))

    pain001.validate(message)
    assert f"<Prtry>{network.upper()}</Prtry>".encode() in message


_TEXTS = st.text(st.characters(exclude_categories=("Cc", "Cs", "Cn")), min_size=1, max_size=140)
_NAMES = _TEXTS.filter(lambda text: text.strip() and "\u2028" not in text and "\u2029" not in text)


@settings(max_examples=60, deadline=None)
@given(
    rows=st.lists(
        st.tuples(st.integers(1, pain001.MAX_LINE_TWD), st.from_regex(r"[0-9]{7}", fullmatch=True), _NAMES),
        min_size=1,
        max_size=60,
    )
)
def test_whatever_is_built_fits_the_schema_and_says_what_was_asked(rows: list[tuple[int, str, str]]) -> None:
    lines = [CreditLine(f"E{n}", twd, bank, f"{n:05d}", name, name) for n, (twd, bank, name) in enumerate(rows)]

    message = pain001.build(replace(BATCH, lines=lines))

    pain001.validate(message)
    document = etree.fromstring(message)
    names = {"p": pain001.NAMESPACE}
    assert [name.text for name in document.findall(".//p:Cdtr/p:Nm", names)] == [line.name for line in lines]
    assert [amount.text for amount in document.findall(".//p:InstdAmt", names)] == [str(row[0]) for row in rows]
    assert document.findtext(".//p:GrpHdr/p:CtrlSum", namespaces=names) == str(sum(row[0] for row in rows))


@pytest.mark.parametrize(
    ("change", "path"),
    [
        ({"end_to_end_id": ""}, "/lines/1/end_to_end_id"),
        ({"end_to_end_id": "E" * 36}, "/lines/1/end_to_end_id"),
        ({"end_to_end_id": "A/1"}, "/lines/1/end_to_end_id"),
        ({"end_to_end_id": WANG.end_to_end_id}, "/lines/1/end_to_end_id"),
        ({"amount_twd": 0}, "/lines/1/amount_twd"),
        ({"amount_twd": -1}, "/lines/1/amount_twd"),
        ({"amount_twd": pain001.MAX_LINE_TWD + 1}, "/lines/1/amount_twd"),
        ({"amount_twd": True}, "/lines/1/amount_twd"),
        ({"amount_twd": 1.5}, "/lines/1/amount_twd"),
        ({"bank_code": "822"}, "/lines/1/bank_code"),
        ({"bank_code": "８２２００５９"}, "/lines/1/bank_code"),
        ({"account_no": ""}, "/lines/1/account_no"),
        ({"account_no": "1" * 35}, "/lines/1/account_no"),
        ({"account_no": "12<34"}, "/lines/1/account_no"),
        ({"name": ""}, "/lines/1/name"),
        ({"name": "　 "}, "/lines/1/name"),
        ({"name": "王" * 141}, "/lines/1/name"),
        ({"name": "王\n小明"}, "/lines/1/name"),
        ({"name": "王\x00"}, "/lines/1/name"),
        ({"name": "王\ud800"}, "/lines/1/name"),
        ({"name": "王\uffff"}, "/lines/1/name"),
        ({"remittance_text": "貨" * 141}, "/lines/1/remittance_text"),
        ({"remittance_text": "貨\x1b款"}, "/lines/1/remittance_text"),
    ],
)
def test_a_line_the_message_cannot_carry_is_named(change: dict[str, Any], path: str) -> None:
    batch = replace(BATCH, lines=[WANG, CHEN._replace(**change)])

    with pytest.raises(Problem) as refused:
        pain001.build(batch)

    assert (refused.value.code, refused.value.path) == ("bank_batch", path)


@pytest.mark.parametrize(
    ("change", "path"),
    [
        ({"message_id": ""}, "/message_id"),
        ({"message_id": "M" * 36}, "/message_id"),
        ({"created_at": datetime(2025, 3, 7)}, "/created_at"),
        ({"network": "swift"}, "/network"),
        ({"debtor_name": " "}, "/debtor_name"),
        ({"debtor_account": "1/2"}, "/debtor_account"),
        ({"debtor_bank_code": "00"}, "/debtor_bank_code"),
        ({"lines": []}, "/lines"),
        ({"lines": [WANG] * (pain001.MAX_LINES + 1)}, "/lines"),
    ],
)
def test_a_batch_the_message_cannot_carry_is_named(change: dict[str, Any], path: str) -> None:
    with pytest.raises(Problem) as refused:
        pain001.build(replace(BATCH, **change))

    assert (refused.value.code, refused.value.path) == ("bank_batch", path)


def test_the_largest_line_and_the_longest_texts_are_carried() -> None:
    line = CreditLine("E" * 35, pain001.MAX_LINE_TWD, "8220059", "1" * 34, "王" * 140, "貨" * 140)

    message = pain001.build(replace(BATCH, message_id="M" * 35, lines=[line]))

    pain001.validate(message)


def test_a_message_against_the_schema_is_refused() -> None:
    message = pain001.build(BATCH).replace(b"<PmtMtd>TRF</PmtMtd>", b"<PmtMtd>CASH</PmtMtd>")

    with pytest.raises(Problem) as refused:
        pain001.validate(message)

    assert refused.value.code == "bank_schema"
    assert "PmtMtd" in refused.value.detail
