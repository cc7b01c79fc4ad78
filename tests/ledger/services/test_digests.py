import pytest

from tests.ledger.world import OFFICE, ON, book
from treasury.ledger import events, invariants
from treasury.ledger.authorities import Draw
from treasury.ledger.models import Chain, DayDigest
from treasury.ledger.services import day_digest

pytestmark = pytest.mark.usefixtures("books")


def test_it_ties_the_heads_of_all_chains() -> None:
    digest = day_digest(on=ON)

    heads = {(agency_code, year): (seq, hash_) for agency_code, year, seq, hash_ in digest.heads}
    assert heads == {
        (chain.agency_code, chain.fiscal_year): (chain.seq, bytes(chain.head).hex()) for chain in Chain.objects.all()
    }
    assert bytes(digest.previous_digest) == b""


def test_nothing_new_is_no_new_digest() -> None:
    first = day_digest(on=ON)

    assert day_digest(on=ON).pk == first.pk
    assert DayDigest.objects.count() == 1


def test_the_next_carries_the_one_before() -> None:
    first = day_digest(on=ON)
    book(events.RESERVE, "v1", [Draw.budget(OFFICE, 1)])

    second = day_digest(on=ON)

    assert bytes(second.previous_digest) == bytes(first.digest)
    assert list(invariants.digests_hold()) == []
