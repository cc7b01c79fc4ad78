"""What an import would change, found by doing it and taking it back: nothing of a rehearsal is stored."""

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db import transaction

from treasury.core.importing import ImportResult

Facts = Mapping[str, Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class Difference:
    """One row that an import makes (`created`), changes, or closes: (column, before, after) of what differs."""

    key: str
    kind: str
    columns: tuple[tuple[str, Any, Any], ...]


@dataclass(frozen=True, slots=True)
class Rehearsal:
    """The outcome an import would have, row by row."""

    result: ImportResult
    differences: tuple[Difference, ...]

    @property
    def digest(self) -> str:
        """A fingerprint: the same file over the same tables gives the same."""
        shown = [(one.key, one.kind, one.columns) for one in self.differences]
        return hashlib.sha256(json.dumps(shown, default=str, ensure_ascii=False).encode()).hexdigest()


def rehearsed(snapshot: Callable[[], Facts], act: Callable[[], ImportResult]) -> Rehearsal:
    """Runs an import between two snapshots (facts of each row by its key) and takes it back, whatever comes of it."""
    with transaction.atomic():
        before = snapshot()
        result = act()
        after = snapshot()
        transaction.set_rollback(True)
    return Rehearsal(result, tuple(_differences(before, after)))


def _differences(before: Facts, after: Facts) -> list[Difference]:
    """In the order of the keys."""
    found = []
    for key in sorted({*before, *after}):
        old, new = before.get(key), after.get(key)
        if old == new:
            continue
        kind = "created" if old is None else "closed" if new is None else "changed"
        names = list(new if new is not None else old or {})
        columns = [(name, (old or {}).get(name), (new or {}).get(name)) for name in names]
        found.append(Difference(key, kind, tuple(one for one in columns if one[1] != one[2])))
    return found
