"""What the evidence of a payment says of the voucher's way: every act, by whom, when, from where, why."""

import unicodedata
from datetime import UTC
from typing import Any, Final

from signing.evidence.money import HISTORY_TYPE
from signing.evidence.registry import part_register
from vouchers import selectors

_TEXTS: Final = ("verb", "source", "target", "actor_name", "actor_role", "address", "because")


def history_part(document_ref: str, revision: int) -> dict[str, Any]:
    """`history.json`: the acts of the voucher of a name, of all its revisions, in their order."""
    row = selectors.voucher_named(document_ref)
    return {
        "typ": HISTORY_TYPE,
        "document_ref": document_ref,
        "revision": revision,
        "acts": [_act(act) for act in selectors.history_of(row)],
    }


def evidence_register() -> None:
    """Tells the evidence of a payment what this app adds to it."""
    part_register("history.json", history_part)


def _act(act: dict[str, Any]) -> dict[str, Any]:
    told = {name: unicodedata.normalize("NFC", act[name]) for name in _TEXTS}
    moment = act["at"].astimezone(UTC).isoformat(timespec="microseconds")
    return {**told, "at": moment, "reasons": list(act["details__reasons"] or ())}
