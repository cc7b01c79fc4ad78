"""Reading the books for auditors."""

from treasury.ledger import reading


def test_a_page_of_a_chain_without_postings_reads_nothing() -> None:
    assert reading.postings_read([]) == []
