"""pain.001.001.09: the order to credit many payees from the master account, one message per network (B-14, B-25, B-28).

The message is written line by line from a template (some 3 us a line). What the schema asks of every line is checked
while writing; the finished message, or its envelope with the first lines of a long one, is held against the schema.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path
from typing import NamedTuple

from lxml import etree

from treasury.core.errors import Problem

NAMESPACE = "urn:iso:std:iso:20022:tech:xsd:pain.001.001.09"
NETWORKS = {"intra_bank": "INTRA_BANK", "fisc": "FISC", "entrusted": "ENTRUSTED"}
MAX_LINES = 100_000
MAX_LINE_TWD = 10**13 - 1
_SCHEMA_LINES = 50


class CreditLine(NamedTuple):
    """One payee to credit: whole dollars, bank code of 7 digits, account by number; the text may be empty."""

    end_to_end_id: str
    amount_twd: int
    bank_code: str
    account_no: str
    name: str
    remittance_text: str = ""


@dataclass(frozen=True, slots=True)
class Batch:
    """One message: `network` is `intra_bank`, `fisc` or `entrusted`; `created_at` is aware; lines in their order."""

    message_id: str
    created_at: datetime
    execution_on: date
    network: str
    debtor_name: str
    debtor_account: str
    lines: Sequence[CreditLine]
    debtor_bank_code: str = "004"


# A character XML 1.0 cannot carry, or one that ends a line: names and texts of a payment have neither.
_UNFIT = r"\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufffe\uffff"
_ID = r"[A-Za-z0-9][A-Za-z0-9._:+-]{0,34}"
_ACCOUNT = r"[A-Za-z0-9-]{1,34}"
_FIELDS = (
    ("end_to_end_id", re.compile(_ID)),
    ("bank_code", re.compile(r"[0-9]{7}")),
    ("account_no", re.compile(_ACCOUNT)),
    ("name", re.compile(rf"(?=.*\S)[^{_UNFIT}]{{1,140}}")),
    ("remittance_text", re.compile(rf"[^{_UNFIT}]{{0,140}}")),
)
_LINE_FITS = re.compile("\n".join(pattern.pattern for _, pattern in _FIELDS)).fullmatch

_HEAD = (
    '<?xml version="1.0" encoding="UTF-8"?>\n<Document xmlns="{namespace}"><CstmrCdtTrfInitn>'
    "<GrpHdr><MsgId>{message_id}</MsgId><CreDtTm>{created_at}</CreDtTm><NbOfTxs>{count}</NbOfTxs>"
    "<CtrlSum>{total_twd}</CtrlSum><InitgPty><Nm>{debtor_name}</Nm></InitgPty></GrpHdr>"
    "<PmtInf><PmtInfId>{message_id}</PmtInfId><PmtMtd>TRF</PmtMtd><BtchBookg>true</BtchBookg>"
    "<NbOfTxs>{count}</NbOfTxs><CtrlSum>{total_twd}</CtrlSum>"
    "<PmtTpInf><LclInstrm><Prtry>{network}</Prtry></LclInstrm></PmtTpInf>"
    "<ReqdExctnDt><Dt>{execution_on}</Dt></ReqdExctnDt><Dbtr><Nm>{debtor_name}</Nm></Dbtr>"
    "<DbtrAcct><Id><Othr><Id>{debtor_account}</Id></Othr></Id><Ccy>TWD</Ccy></DbtrAcct>"
    "<DbtrAgt><FinInstnId><ClrSysMmbId><ClrSysId><Cd>TWNCC</Cd></ClrSysId><MmbId>{debtor_bank_code}</MmbId>"
    "</ClrSysMmbId></FinInstnId></DbtrAgt>"
)
_LINE = (
    "<CdtTrfTxInf><PmtId><EndToEndId>%s</EndToEndId></PmtId>"
    '<Amt><InstdAmt Ccy="TWD">%d</InstdAmt></Amt>'
    "<CdtrAgt><FinInstnId><ClrSysMmbId><MmbId>%s</MmbId></ClrSysMmbId></FinInstnId></CdtrAgt>"
    "<Cdtr><Nm>%s</Nm></Cdtr><CdtrAcct><Id><Othr><Id>%s</Id></Othr></Id></CdtrAcct>%s</CdtTrfTxInf>"
)
_TEXT = "<RmtInf><Ustrd>%s</Ustrd></RmtInf>"
_TAIL = "</PmtInf></CstmrCdtTrfInitn></Document>\n"


def build(batch: Batch) -> bytes:
    """The message of a batch, UTF-8; equal batches give equal bytes.

    Problem `bank_batch` with a pointer to the batch's field (`/lines/3/name`) for what the message cannot carry: no or
    too many lines, an end-to-end id used twice, an amount that is not 1 to 9,999,999,999,999 whole dollars, unfit text.
    """
    _check_batch(batch)
    total_twd, lines = 0, []
    for position, line in enumerate(batch.lines):
        end_to_end_id, amount_twd, bank_code, account_no, name, text = line
        if not (
            type(amount_twd) is int
            and 0 < amount_twd <= MAX_LINE_TWD
            and _LINE_FITS(f"{end_to_end_id}\n{bank_code}\n{account_no}\n{name}\n{text}")
        ):
            raise _unfit_line(line, position)
        total_twd += amount_twd
        remittance = _TEXT % _escape(text) if text else ""
        lines.append(_LINE % (end_to_end_id, amount_twd, bank_code, _escape(name), account_no, remittance))
    head = _head(batch, total_twd)
    message = "".join([head, *lines, _TAIL]).encode()
    is_long = len(lines) > _SCHEMA_LINES
    validate("".join([head, *lines[:_SCHEMA_LINES], _TAIL]).encode() if is_long else message)
    return message


def validate(message: bytes) -> None:
    """Holds a message against the schema of pain.001.001.09; Problem `bank_schema` names the first fault."""
    document = etree.fromstring(message, etree.XMLParser(resolve_entities=False, no_network=True))
    try:
        _schema().assertValid(document)
    except etree.DocumentInvalid as fault:
        raise Problem("bank_schema", str(fault)[:300]) from None


@lru_cache(maxsize=1)
def _schema() -> etree.XMLSchema:
    """The schema of the installed sepaxml distribution, found without importing it."""
    spec = find_spec("sepaxml")
    if spec is None or not spec.submodule_search_locations:
        raise Problem("bank_schema_missing", "the distribution sepaxml, which carries the schema, is not installed")
    path = Path(spec.submodule_search_locations[0]) / "schemas" / "pain.001.001.09.xsd"
    return etree.XMLSchema(etree.parse(str(path)))


def _head(batch: Batch, total_twd: int) -> str:
    return _HEAD.format(
        namespace=NAMESPACE,
        message_id=batch.message_id,
        created_at=batch.created_at.isoformat(timespec="seconds"),
        count=len(batch.lines),
        total_twd=total_twd,
        network=NETWORKS[batch.network],
        execution_on=batch.execution_on.isoformat(),
        debtor_name=_escape(batch.debtor_name),
        debtor_account=batch.debtor_account,
        debtor_bank_code=batch.debtor_bank_code,
    )


def _check_batch(batch: Batch) -> None:
    """Everything of the batch but its single lines."""
    checks = (
        ("message_id", re.fullmatch(_ID, batch.message_id), "1 to 35 letters, digits or . _ : + -"),
        ("created_at", batch.created_at.utcoffset() is not None, "a moment with its time zone"),
        ("network", batch.network in NETWORKS, f"one of {', '.join(NETWORKS)}"),
        ("debtor_name", _FIELDS[3][1].fullmatch(batch.debtor_name), "1 to 140 printable characters"),
        ("debtor_account", re.fullmatch(_ACCOUNT, batch.debtor_account), "1 to 34 letters or digits"),
        ("debtor_bank_code", re.fullmatch(r"[0-9]{3}([0-9]{4})?", batch.debtor_bank_code), "3 or 7 digits"),
        ("lines", 1 <= len(batch.lines) <= MAX_LINES, f"1 to {MAX_LINES} lines"),
    )
    for name, is_fit, wanted in checks:
        if not is_fit:
            raise Problem("bank_batch", f"{name} must be {wanted}", path=f"/{name}")
    seen: set[str] = set()
    if len({line[0] for line in batch.lines}) < len(batch.lines):
        for position, line in enumerate(batch.lines):
            if line.end_to_end_id in seen:
                pointer = f"/lines/{position}/end_to_end_id"
                raise Problem("bank_batch", f"{line.end_to_end_id} stands twice", path=pointer)
            seen.add(line.end_to_end_id)


def _unfit_line(line: CreditLine, position: int) -> Problem:
    """The problem of the first field of a line that the message cannot carry."""
    for name, pattern in _FIELDS:
        if not pattern.fullmatch(getattr(line, name)):
            return Problem("bank_batch", f"{name} cannot stand in a payment", path=f"/lines/{position}/{name}")
    return Problem("bank_batch", "the amount is not 1 to 9,999,999,999,999", path=f"/lines/{position}/amount_twd")


def _escape(text: str) -> str:
    """Text as XML character data."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
