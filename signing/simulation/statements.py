"""What the card agent's window shows of a content: read from the canonical bytes alone, never from what a page says."""

import hashlib
from typing import Any

from signing.content import Head, split
from signing.refusals import Refused


def statement_of(content: bytes) -> dict[str, Any]:
    """Number, agency, capacity, payees, amount, purpose and digest of a content of ours.

    Payees that do not add up to the amount are shown as they are, with their sum: whether that may be is for the
    treasury to judge. Refused for bytes that are none, or of which payees and amount cannot be shown (a card signs
    nothing that its holder cannot read).
    """
    parts = split(content)
    voucher, head = parts.voucher(), parts.head
    payees = [_payee(line) for line in _lines(voucher.get("payee_lines", []))]
    total_twd = voucher.get("total_twd")
    if type(total_twd) is not int:
        raise Refused("content_wrong", "there is no amount", path="/voucher/total_twd")
    return {
        **_names(head),
        "kind": str(voucher.get("kind", "")),
        "purpose": str(voucher.get("purpose", "")),
        "payees": [{"name": name, "amount_twd": amount_twd} for name, amount_twd in payees],
        "payees_twd": sum(amount_twd for _, amount_twd in payees) if payees else total_twd,
        "total_twd": total_twd,
        "digest": hashlib.sha256(content).hexdigest(),
    }


def _names(head: Head) -> dict[str, Any]:
    return {
        "reference": head.document_ref,
        "treasury": head.treasury,
        "agency_code": head.agency_code,
        "fiscal_year": head.fiscal_year,
        "number": head.number,
        "revision": head.revision,
        "capacity": head.capacity,
    }


def _lines(value: Any) -> list[Any]:
    if not isinstance(value, list):
        raise Refused("content_wrong", "payees must be a list", path="/voucher/payee_lines")
    return value


def _payee(line: Any) -> tuple[str, int]:
    if not isinstance(line, dict) or not isinstance(line.get("name"), str) or type(line.get("amount_twd")) is not int:
        raise Refused("content_wrong", "a payee needs name and amount", path="/voucher/payee_lines")
    return line["name"], line["amount_twd"]
