"""Every invariant of the architecture (section 7), over the books in use."""

from collections.abc import Callable, Iterator

from disbursement import invariants as paying
from signing import invariants as signing
from treasury.core import invariants as core
from treasury.core.invariants import Violation
from treasury.ledger import invariants as ledger

CHECKS: tuple[Callable[[], Iterator[Violation]], ...] = (
    paying.sums_agree,
    *ledger.CHECKS,
    paying.payments_are_signed,
    paying.paid_once,
    paying.numbers_gap_free,
    paying.master_account_agrees,
    core.states_derived,
    core.outbox_done_or_due,
    signing.signatures_verify,
    signing.log_is_whole,
    signing.log_is_kept,
)


def violations() -> Iterator[Violation]:
    """The first violation each check finds, in the order of the invariants' numbers."""
    found = [violation for check in CHECKS for violation in _first(check)]
    yield from sorted(found, key=lambda violation: violation.invariant)


def _first(check: Callable[[], Iterator[Violation]]) -> Iterator[Violation]:
    for violation in check():
        yield violation
        return
