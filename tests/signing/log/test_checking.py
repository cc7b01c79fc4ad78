"""What check_books finds in a log that somebody with the keys of the database has changed."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from signing import invariants
from signing.log import watching
from signing.log.checking import log_faults
from signing.log.heads import head_make
from signing.log.notes import Checkpoint, note_make
from signing.log.sequencing import log_sequence
from signing.log.tree import inclusion
from signing.models import ElectronicPaymentDocument, LogHead
from tests.signing.conftest import Desk, by_force
from tests.signing.log.conftest import KEY, copies_of, days_close
from treasury.core import clock
from treasury.core.errors import Problem
from treasury.core.models import History

ENTRY = "sha256('\\x00'::bytea || 'x'::bytea)"


@pytest.mark.parametrize(
    ("statement", "told"),
    [
        (f"UPDATE signing_logentry SET body = 'x', leaf_hash = {ENTRY} WHERE index = 1", "node (1, 0) is not the one"),
        ("DELETE FROM signing_logentry WHERE index = 1", "entry 2 is not what was logged"),
        ("UPDATE signing_lognode SET hash = sha256('x')", "node (1, 0) is not the one over its entries"),
        ("DELETE FROM signing_lognode", "node (1, 0) is not the one over its entries"),
        ("UPDATE signing_loghead SET root = sha256('x')", "the head of 4 is not the one over its entries"),
        (
            "UPDATE signing_loghead SET note = replace(convert_from(note, 'UTF8'), E'\\n4\\n', E'\\n5\\n')::bytea",
            "head",
        ),
        ("UPDATE signing_loghead SET size = 9", "the head of 9 is of more entries than there are"),
        ("DELETE FROM signing_logentry WHERE index = 3", "the head of 4 is of more entries than there are"),
        ("UPDATE signing_electronicpaymentdocument SET digest = sha256('x')", "C0#1 is not any more what was logged"),
        ("UPDATE signing_electronicpaymentdocument SET signature_ids = '{-1}'", "is not any more what was logged"),
        ("DELETE FROM signing_electronicpaymentdocument WHERE document_ref LIKE '%%C0'", "logged as document is not"),
        ("UPDATE ledger_daydigest SET \"on\" = '2020-01-01'", "is not any more what was logged"),
        ("DELETE FROM ledger_daydigest", "logged as day is not there any more"),
    ],
)
@pytest.mark.threat("log-in-database")
def test_whatever_is_changed_by_force_is_found(sealed: ElectronicPaymentDocument, statement: str, told: str) -> None:
    copies_of(sealed, 1)
    days_close(2)
    head_make()
    assert list(log_faults()) == []

    by_force(statement)

    assert any(told in fault for fault in log_faults())
    (violation, *_) = invariants.log_is_whole()
    assert (violation.invariant, violation.name) == (11, "log_is_whole")


def test_a_head_signed_by_another_key_is_found(desk: Desk) -> None:
    days_close(1)
    head = head_make()
    assert head is not None
    other = note_make(Checkpoint(KEY.name, 1, bytes(head.root)), [type(KEY)(KEY.name, b"x" * 32)])

    by_force("UPDATE signing_loghead SET note = %s", other)

    assert list(log_faults()) == ["the head of 1 is not signed by its keys"]


def test_a_proof_that_lacks_its_hashes_is_refused_and_not_made_up(desk: Desk) -> None:
    days_close(4)
    log_sequence()
    by_force("DELETE FROM signing_lognode")

    with pytest.raises(Problem) as refused:
        inclusion(index=0, size=4)

    assert (refused.value.code, refused.value.status) == ("log_damaged", 500)


def codes(**late: float) -> list[str]:
    """What is told so long after now."""
    return [alarm.code for alarm in watching.log_alarms(at=clock.now() + timedelta(**late))]


def test_a_document_that_stands_unlogged_for_a_day_is_told(sealed: ElectronicPaymentDocument) -> None:
    assert "document_unlogged" not in codes(hours=23)
    assert "document_unlogged" in codes(hours=25)
    # Long after, the page has looked away; check_books has not.
    assert "document_unlogged" not in codes(days=10)
    found = watching.log_alarms(at=clock.now() + timedelta(days=10), thorough=True)
    assert "document_unlogged" in [alarm.code for alarm in found]
    log_sequence()
    assert "document_unlogged" not in codes(hours=25)


def test_a_head_that_was_not_made_is_told_the_morning_after(sealed: ElectronicPaymentDocument) -> None:
    log_sequence()

    # Sealed at ten, due at eight in the evening, told at eight the next morning.
    assert codes(hours=21) == []
    assert codes(hours=22) == ["head_overdue"]
    head_make()
    # Nothing new has been sealed since.
    assert codes(days=9) == []


def test_what_was_sealed_after_the_last_head_needs_another(
    sealed: ElectronicPaymentDocument, statements: Callable[[Callable[[], object]], int]
) -> None:
    head_make()
    with clock.frozen(clock.now() + timedelta(hours=1)):
        sealed.sealed_at = clock.now()
        copies_of(sealed, 1)
    log_sequence()

    assert codes(days=1) == ["head_overdue"]
    assert statements(lambda: codes(days=1)) <= 6


def test_a_certificate_that_nears_its_end_is_told_until_a_newer_one_stamps(desk: Desk) -> None:
    days_close(1)
    head_make()
    by_force("UPDATE signing_loghead SET token_until = %s", clock.now() + timedelta(days=80))

    assert codes() == ["token_ending"]

    head_make()
    assert codes() == []


def test_a_token_that_was_renewed_too_late_is_told_for_ever(desk: Desk) -> None:
    days_close(1)
    head_make()
    by_force("UPDATE signing_loghead SET token_until = %s", clock.now() - timedelta(days=1))

    assert codes() == ["token_ending"]

    head_make()
    assert codes() == ["token_gap"]


def test_books_that_nobody_works_in_any_more_do_not_grow_late(sealed: ElectronicPaymentDocument) -> None:
    with clock.frozen(clock.now() + timedelta(days=400)):
        assert list(invariants.log_is_kept()) == []

        History.objects.create(
            at=clock.now(), machine="day", subject_id=1, verb="open", actor_name="", actor_role="", because=""
        )

        assert [one.detail[:17] for one in invariants.log_is_kept()] == ["document_unlogged", "head_overdue: no "]
    assert LogHead.objects.count() == 0


def test_books_in_which_nothing_was_ever_done_are_in_order(db: None) -> None:
    assert list(invariants.log_is_kept()) == list(invariants.log_is_whole()) == []
