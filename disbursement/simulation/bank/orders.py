"""Reading a payment order (pain.001.001.09) the way a bank does: suspicious of its form, then of its figures."""

import re
from dataclasses import dataclass
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path

from lxml import etree

from treasury.core.errors import Problem

NAMESPACE = "urn:iso:std:iso:20022:tech:xsd:pain.001.001.09"
_Q = f"{{{NAMESPACE}}}"
_PREFIXES = {"p": NAMESPACE}
_LINE_PARTS = tuple(_Q + name for name in ("PmtId", "Amt", "CdtrAgt", "Cdtr", "CdtrAcct"))
NETWORKS = {"INTRA_BANK": "intra_bank", "FISC": "fisc", "ENTRUSTED": "entrusted"}

# end-to-end id, whole dollars, bank code, name, account
Line = tuple[str, int, str, str, str]


@dataclass(frozen=True, slots=True)
class Order:
    """One payment order: execution day as ISO text, lines in their order."""

    message_id: str
    created_at: str
    network: str
    execution_on: str
    debtor_account: str
    total_twd: int
    lines: list[Line]


def read_order(message: bytes) -> Order:
    """Problem (nothing of the order is kept) when it is no valid, whole-dollar order whose figures agree."""
    head = _parse(message)
    payment = head[1]
    if len(head) != 2:
        raise Problem("order_form", "one group header and one payment block are taken in a message")
    try:
        lines = [_line(element) for element in payment.iterchildren(_Q + "CdtTrfTxInf")]
    except (ValueError, IndexError):
        raise Problem("order_form", "a line lacks its agent, payee or account") from None
    order = Order(
        message_id=_text(head, "p:GrpHdr/p:MsgId"),
        created_at=_text(head, "p:GrpHdr/p:CreDtTm"),
        network=NETWORKS.get(_text(payment, "p:PmtTpInf/p:LclInstrm/p:Prtry"), ""),
        execution_on=_text(payment, "p:ReqdExctnDt/p:Dt"),
        debtor_account=_text(payment, "p:DbtrAcct/p:Id/p:Othr/p:Id"),
        total_twd=sum(line[1] for line in lines),
        lines=lines,
    )
    _check(order, head, payment)
    return order


def _parse(message: bytes) -> etree._Element:
    """The order's element of a message that fits the schema."""
    if b"\0" in message or b"<!DOCTYPE" in message or b"<!ENTITY" in message:
        raise Problem("order_unreadable", "an order is UTF-8 and has no document type")
    parser = etree.XMLParser(
        encoding="utf-8",
        resolve_entities=False,
        load_dtd=False,
        no_network=True,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        document = etree.fromstring(message, parser)
    except etree.XMLSyntaxError as problem:
        raise Problem("order_unreadable", f"not well-formed XML: {problem.msg}") from None
    try:
        _schema().assertValid(document)
    except etree.DocumentInvalid as fault:
        raise Problem("order_schema", str(fault)[:300]) from None
    return document[0]


@lru_cache(maxsize=1)
def _schema() -> etree.XMLSchema:
    spec = find_spec("sepaxml")
    if spec is None or not spec.submodule_search_locations:
        raise RuntimeError("the distribution sepaxml, which carries the schema, is not installed")
    path = Path(spec.submodule_search_locations[0]) / "schemas" / "pain.001.001.09.xsd"
    return etree.XMLSchema(etree.parse(str(path)))


def _line(element: etree._Element) -> Line:
    """One line of the agreed shape (the schema allows many more): id, amount, agent, payee, account, maybe a text."""
    identifier, amount, agent, payee, account, *text = element
    parts = (identifier.tag, amount.tag, agent.tag, payee.tag, account.tag)
    if parts != _LINE_PARTS or (text and text[0].tag != _Q + "RmtInf"):
        raise Problem("order_form", "a line has an id, an amount, an agent, a payee, an account and perhaps a text")
    end_to_end, instructed = identifier[0], amount[0]
    member, number = agent[0][0], account[0][0]
    if (
        end_to_end.tag != _Q + "EndToEndId"
        or instructed.get("Ccy") != "TWD"
        or payee[0].tag != _Q + "Nm"
        or member.tag != _Q + "ClrSysMmbId"
        or number.tag != _Q + "Othr"
    ):
        raise Problem("order_form", "a line names its payee, bank code and account, and its amount is in TWD")
    whole = instructed.text or ""
    if not whole.isdigit() or len(whole) > 13 or int(whole) == 0:
        raise Problem("order_amount", f"{whole[:40]} is no amount of whole dollars")
    return (end_to_end.text or "", int(whole), member[-1].text or "", payee[0].text or "", number[0].text or "")


def _check(order: Order, head: etree._Element, payment: etree._Element) -> None:
    """The stated numbers and sums, the ids and the network."""
    for place in (head[0], payment):
        count, control = _text(place, "p:NbOfTxs"), _text(place, "p:CtrlSum")
        if count != str(len(order.lines)) or control != str(order.total_twd):
            told = f"{count} lines of {control} TWD are stated, {len(order.lines)} of {order.total_twd} are there"
            raise Problem("order_sum", told)
    if len({line[0] for line in order.lines}) != len(order.lines):
        raise Problem("order_line_repeated", "an end-to-end id stands twice")
    if not order.network or not re.fullmatch(r"\d{4}-\d{2}-\d{2}", order.execution_on):
        raise Problem("order_form", "the network or the plain execution date is missing")
    if order.network == "entrusted" and len(order.lines) != 1:
        raise Problem("order_form", "an entrusted transfer is one line to the disbursement account")


def _text(element: etree._Element, path: str) -> str:
    return str(element.findtext(path, "", _PREFIXES))
