"""The bytes that are hashed, written out once more by hand."""

from datetime import date, datetime
from hashlib import sha256

import pytest

from tests.ledger.world import CABINET, OFFICE, ON, book
from treasury.core.clock import ZONE
from treasury.ledger import events, seals
from treasury.ledger.authorities import Draw
from treasury.ledger.models import Posting


def test_the_bytes_are_those_of_the_page() -> None:
    moment = datetime(2025, 3, 7, 9, 0, 0, 123456, tzinfo=ZONE)
    said = sha256(b"reserve\nv1\n0003010000\n114\n8201D5 budget/114/1\n8202C5 budget/114/1").digest()

    lines = [seals.line_text("8201", "D", 5, "budget/114/1"), seals.line_text("8202", "C", 5, "budget/114/1")]

    assert seals.first_hash("0003010000", 114) == sha256(b"chain\n0003010000\n114").digest()
    assert seals.line_text("1101", "C", 5, "") == "1101C5"
    assert seals.fingerprint("reserve", "v1", "0003010000", 114, lines) == said
    assert seals.link(b"before", said, date(2025, 3, 7), moment) == (
        sha256(b"before" + said + b"2025-03-07\n1741309200123456").digest()
    )
    head = seals.Head("0003010000", 114, 7, "ab")
    assert seals.digest_of(b"before", date(2025, 3, 7), [head]) == (
        sha256(b"before2025-03-07\n0003010000|114|7|ab").digest()
    )


@pytest.mark.usefixtures("books")
def test_postgres_computes_the_same_bytes() -> None:
    booked = book(events.RESERVE, "v1 院字第1號", [Draw.budget(OFFICE, 5)])

    row = Posting.objects.get(pk=booked.posting_id)

    lines = [f"8201D5 budget/114/{OFFICE}", f"8202C5 budget/114/{OFFICE}"]
    said = seals.fingerprint("reserve", "v1 院字第1號", CABINET, 114, lines)
    assert bytes(row.fingerprint) == said
    assert bytes(row.hash) == seals.link(bytes(row.previous_hash), said, ON, row.at)
