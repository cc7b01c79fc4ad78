"""Parts of the evidence that apps above add: what they know of a document by its name alone."""

from collections.abc import Callable, Iterable
from typing import Any

from signing.canonical import canonical

PartMaker = Callable[[str, int], dict[str, Any]]
EventsMaker = Callable[[str, int], Iterable[tuple[str, str]]]

_parts: dict[str, PartMaker] = {}
_events: list[EventsMaker] = []


def part_register(name: str, maker: PartMaker) -> None:
    """Has `maker(document_ref, revision)` asked for the JSON of a part (`bank.json`); called by an app's `ready`."""
    _parts[name] = maker


def events_register(maker: EventsMaker) -> None:
    """Has `maker(document_ref, revision)` asked for the events (type, reference) of the ledger that belong to it."""
    _events.append(maker)


def parts_of(document_ref: str, revision: int) -> dict[str, bytes]:
    """Every part that was registered, in canonical bytes."""
    return {name: canonical(maker(document_ref, revision)) for name, maker in _parts.items()}


def events_of(document_ref: str, revision: int) -> list[tuple[str, str]]:
    """Every event of the ledger that belongs to a document's revision."""
    return [event for maker in _events for event in maker(document_ref, revision)]
