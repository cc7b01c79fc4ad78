"""What check_books asks of the proofs."""

from collections.abc import Iterator

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
