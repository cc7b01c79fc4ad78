"""What check_books looks for: a broken invariant, and the derivation of every state from the history."""

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import timedelta
from typing import Any

from treasury.core import clock
from treasury.core.models import OutboxEvent
from treasury.core.sql import fetch_all
from treasury.core.steps import machines

PATIENCE_MINUTES = 10


@dataclass(frozen=True, slots=True)
class Violation:
    """An invariant that does not hold: its number in the architecture, its name, and where."""

    invariant: int
    name: str
    detail: str

    def as_dict(self) -> dict[str, Any]:
        """The JSON object of `check_books --json`."""
        return asdict(self)


_LAST_TARGET = """
WITH steps AS (
    SELECT id, subject_id AS subject, target FROM core_history
    WHERE machine = %(machine)s AND subject_id IS NOT NULL
    UNION ALL
    SELECT id, unnest(subject_ids), target FROM core_history
    WHERE machine = %(machine)s AND subject_ids IS NOT NULL
), last AS (SELECT DISTINCT ON (subject) subject, target FROM steps ORDER BY subject, id DESC)
SELECT row.id, row.state, last.target FROM {table} AS row LEFT JOIN last ON last.subject = row.id
WHERE last.target IS DISTINCT FROM row.state ORDER BY row.id LIMIT 1
"""


def states_derived() -> Iterator[Violation]:
    """Invariant 8: every state is what the history says it is."""
    for model, machine in machines().items():
        query = _LAST_TARGET.format(table=model._meta.db_table)
        for pk, state, target in fetch_all(query, {"machine": machine.name}):
            yield Violation(8, "state_from_history", f"{machine.name} {pk} is {state}, its history ends in {target}")


def outbox_done_or_due() -> Iterator[Violation]:
    """Invariant 9: no news lies about that nobody will deliver."""
    rows = OutboxEvent.objects.filter(done_at__isnull=True)
    for row in rows.filter(due_at__gt=clock.now() + timedelta(minutes=PATIENCE_MINUTES))[:1]:
        yield Violation(9, "outbox_done_or_due", f"event {row.pk} {row.topic} is put off until {row.due_at}")
