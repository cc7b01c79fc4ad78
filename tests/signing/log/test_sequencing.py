"""What is sealed comes into the log: once, in a stable order, whoever tries and whatever happens."""

import json
from collections.abc import Callable
from itertools import pairwise

import pytest
from django.db import DatabaseError, connection, transaction

from signing.log import merkle
from signing.log.checking import log_faults
from signing.log.sequencing import BATCH, log_sequence
from signing.log.tree import log_size, root_at
from signing.models import ElectronicPaymentDocument, EntryKind, LogEntry, LogNode
from tests.signing.conftest import by_force
from tests.signing.log import plain_tree
from tests.signing.log.conftest import REFERENCE, copies_of, days_close


def bodies() -> list[bytes]:
    """Every entry in order."""
    return [bytes(body) for body in LogEntry.objects.order_by("index").values_list("body", flat=True)]


def test_a_document_is_logged_with_all_that_its_signatures_rest_on(sealed: ElectronicPaymentDocument) -> None:
    assert log_sequence() == 1

    (entry,) = LogEntry.objects.all()
    said = json.loads(bytes(entry.body))
    assert (entry.index, entry.kind, entry.ref) == (0, EntryKind.DOCUMENT, f"{REFERENCE}#1")
    assert (said["typ"], said["document_ref"], said["revision"]) == ("epay-log-document/1", REFERENCE, 1)
    assert said["digest"] == bytes(sealed.digest).hex()
    assert [one["capacity"] for one in said["signatures"]] == ["accountant", "head", "releaser"]
    for one in said["signatures"]:
        hashes = [one["content_sha256"], one["message_sha256"], one["token_sha256"], one["certificate"]]
        assert {len(text) for text in [*hashes, *one["issuers"], *one["lists"]]} == {64}
        assert one["token_at"].endswith("Z")


def test_everything_comes_in_once_by_kind_and_id(sealed: ElectronicPaymentDocument) -> None:
    days_close(2)
    copies_of(sealed, 3)

    assert [log_sequence(), log_sequence(), log_sequence(thorough=True)] == [6, 0, 0]

    rows = list(LogEntry.objects.order_by("index").values_list("kind", "source_id"))
    assert [kind for kind, _ in rows] == ["document"] * 4 + ["day"] * 2
    assert all(before < after for before, after in pairwise(rows[:4]))
    assert list(log_faults()) == []


def test_more_than_a_batch_grows_the_tree_of_the_definition(db: None) -> None:
    days_close(BATCH + 7)
    log_sequence()
    days_close(6)
    log_sequence()

    found = bodies()

    assert len(found) == log_size() == BATCH + 13
    assert root_at(log_size()) == plain_tree.root(found)
    assert root_at(BATCH + 2) == plain_tree.root(found[: BATCH + 2])
    assert LogNode.objects.count() == sum((BATCH + 13) >> level for level in range(1, 10))


def test_what_was_committed_late_is_found_by_the_thorough_search(db: None) -> None:
    days_close(1)
    by_force("UPDATE ledger_daydigest SET id = 50000")
    log_sequence()
    days_close(1)

    assert [log_sequence(), log_sequence(thorough=True)] == [0, 1]


def test_a_document_whose_signatures_are_gone_is_left_out_and_holds_nobody_up(
    sealed: ElectronicPaymentDocument,
) -> None:
    copies_of(sealed, 1)
    by_force("UPDATE signing_electronicpaymentdocument SET signature_ids = '{-1}' WHERE id = %s", sealed.pk)

    assert log_sequence() == 1

    assert LogEntry.objects.get().ref == "0003010000/114/C0#1"


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE signing_logentry SET ref = 'x'",
        "DELETE FROM signing_logentry",
        "UPDATE signing_lognode SET hash = ''",
        "DELETE FROM signing_lognode",
        "INSERT INTO signing_logentry VALUES (7, 'day', 9, 'x', 'x', sha256('\\x0078'))",
        "INSERT INTO signing_logentry VALUES (2, 'day', 9, 'x', 'x', sha256('x'))",
        "INSERT INTO signing_logentry SELECT 2, kind, 9, ref, body, leaf_hash FROM signing_logentry WHERE index = 1",
        "INSERT INTO signing_logentry SELECT 2, kind, source_id, 'x', body, leaf_hash FROM signing_logentry LIMIT 1",
    ],
)
@pytest.mark.threat("log-out-of-order")
def test_postgresql_refuses_to_change_the_log_or_to_add_out_of_order(db: None, statement: str) -> None:
    days_close(2)
    log_sequence()

    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


def test_appending_takes_as_many_statements_however_long_the_log_is(
    db: None, statements: Callable[[Callable[[], object]], int]
) -> None:
    days_close(3)
    log_sequence()
    days_close(3)
    few = statements(log_sequence)
    days_close(BATCH - 1)
    log_sequence()
    days_close(3)

    assert statements(log_sequence) == few


def test_the_hash_of_an_entry_is_of_its_very_bytes(db: None) -> None:
    days_close(1)
    log_sequence()

    entry = LogEntry.objects.get()

    assert bytes(entry.leaf_hash) == merkle.leaf_hash(bytes(entry.body))
