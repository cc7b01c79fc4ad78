"""What may be done to the parts of an evidence file, and what both who check it find then."""

import json
from collections.abc import Callable
from datetime import datetime
from typing import Any

from tests.signing.evidence.judges import product, stranger
from tests.signing.evidence.workshop import (
    Change,
    Workshop,
    canonical,
)

Both = tuple[dict[str, str], dict[str, str]]


def judged(made: Workshop, at: datetime, change: Change | None = None) -> Both:
    """What both find in a file, after a change of its parts."""
    data = made.sealed(change)
    anchors = [made.world.root.certificate]
    return product(data, anchors, at), stranger(data, anchors, at)


def edit(name: str, how: Callable[[Any], Any]) -> Change:
    """A change of the JSON in one part."""

    def change(parts: dict[str, bytes]) -> None:
        value = json.loads(parts[name])
        how(value)
        parts[name] = canonical(value)

    return change


def put(name: str, content: bytes | None) -> Change:
    """A part exchanged, or taken out."""

    def change(parts: dict[str, bytes]) -> None:
        parts.pop(name, None)
        if content is not None:
            parts[name] = content

    return change


def logless(parts: dict[str, bytes]) -> None:
    for name in [name for name in parts if name.startswith("log/")]:
        del parts[name]


def cheque(amount_twd: int, line_no: int = 1) -> dict[str, Any]:
    return {"cheque_no": "AB0000001", "line_no": line_no, "amount_twd": amount_twd, "state": "cleared"}
