"""Proofs are read from few rows, however long the log is, and only of what it holds."""

from collections.abc import Callable

import pytest

from signing.log import merkle
from signing.log.sequencing import log_sequence
from signing.log.tree import consistency, entry_at, entry_of, head_newest, inclusion, root_at
from signing.models import EntryKind, LogEntry, LogNode
from tests.signing.log import plain_tree
from tests.signing.log.conftest import days_close
from treasury.core.errors import Problem


def test_a_proof_takes_as_many_statements_however_long_the_log_is(
    db: None, statements: Callable[[Callable[[], object]], int]
) -> None:
    days_close(9)
    log_sequence()
    few = statements(lambda: inclusion(index=5, size=9)), statements(lambda: consistency(old=5, size=9))
    days_close(1500)
    log_sequence()

    many = statements(lambda: inclusion(index=777, size=1509)), statements(lambda: consistency(old=777, size=1509))

    assert few == many == (2, 2)
    rows = merkle.nodes_of([(777, 778), *merkle.inclusion_ranges(777, 1509)])
    assert len(rows) <= 3 * (1509).bit_length()


def test_proofs_are_those_of_the_definition(db: None) -> None:
    days_close(21)
    log_sequence()
    bodies = [bytes(body) for body in LogEntry.objects.order_by("index").values_list("body", flat=True)]

    for size in (1, 8, 13, 21):
        assert root_at(size) == plain_tree.root(bodies[:size])
        for index in (0, size // 2, size - 1):
            proof = inclusion(index=index, size=size)
            assert (list(proof.hashes), proof.root) == (plain_tree.path(index, bodies[:size]), root_at(size))
        assert list(consistency(old=size, size=21).hashes) == plain_tree.proof(size, bodies)


@pytest.mark.parametrize(("index", "size"), [(0, 0), (0, 4), (3, 3), (-1, 3)])
def test_nothing_is_proved_of_what_the_log_does_not_hold(db: None, index: int, size: int) -> None:
    days_close(3)
    log_sequence()

    with pytest.raises(Problem) as refused:
        inclusion(index=index, size=size)

    assert refused.value.status == 404


@pytest.mark.parametrize(("old", "size"), [(0, 3), (3, 2), (1, 4)])
def test_no_log_begins_a_shorter_or_an_unknown_one(db: None, old: int, size: int) -> None:
    days_close(3)
    log_sequence()

    with pytest.raises(Problem, match="entries"):
        consistency(old=old, size=size)


def test_what_is_not_there_is_said_to_be_so(db: None) -> None:
    for ask in (lambda: entry_at(0), head_newest):
        with pytest.raises(Problem) as refused:
            ask()
        assert refused.value.status == 404


def test_entries_and_nodes_name_themselves(db: None) -> None:
    days_close(2)
    log_sequence()
    entry = entry_at(1)

    assert entry_of(kind=EntryKind.DAY, ref=entry.ref) == entry
    assert (str(entry), str(LogNode.objects.get())) == (f"1 {entry.ref}", "1/0")
