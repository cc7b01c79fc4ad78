"""What check_books asks of the proofs."""

from collections.abc import Iterator

from signing.log.checking import log_faults
from signing.log.watching import log_alarms_of_books
from signing.models import ElectronicPaymentDocument
from signing.services.documents import documents_verify
from treasury.core import clock
from treasury.core.invariants import Violation
from treasury.core.parameters import parameters_on

CHUNK = 200


def signatures_verify() -> Iterator[Violation]:
    """Invariant 10: every stored signature of a sealed document still verifies over the stored bytes."""
    capacities = parameters_on(clock.today()).required_capacities
    references = list(ElectronicPaymentDocument.objects.order_by("pk").values_list("document_ref", "revision"))
    for start in range(0, len(references), CHUNK):
        verdicts = documents_verify(references=references[start : start + CHUNK], required_capacities=capacities)
        for (reference, revision), verdict in verdicts.items():
            if not verdict.ok:
                yield Violation(10, "signatures_verify", f"{reference}#{revision}: {verdict.code} {verdict.detail}")


def log_is_whole() -> Iterator[Violation]:
    """Invariant 11: the log is what it was: its entries, its heads, and what the entries speak of."""
    for fault in log_faults():
        yield Violation(11, "log_is_whole", fault)


def log_is_kept() -> Iterator[Violation]:
    """Invariant 11: what is sealed is logged within a day, heads are made, and their tokens renewed in time."""
    for alarm in log_alarms_of_books():
        yield Violation(11, "log_is_kept", f"{alarm.code}: {alarm.detail}")
