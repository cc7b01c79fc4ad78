"""Each invariant, broken by a hand that bypasses the triggers, is found and named."""

from collections.abc import Iterator

import pytest
from django.db import connection

from tests.ledger.world import BUILDING, CABINET, FUND, MUSEUM, OFFICE, ON, book
from treasury.core.invariants import Violation
from treasury.ledger import events, invariants
from treasury.ledger.authorities import Draw
from treasury.ledger.models import Posting
from treasury.ledger.seals import fingerprint, first_hash, line_text, link
from treasury.ledger.services import day_digest, year_close

pytestmark = pytest.mark.usefixtures("busy_books")
RESERVED_TWD = 1_234


@pytest.fixture
def busy_books(books: None) -> None:
    """Books with a voucher reserved and paid, another waiting, and a digest."""
    draws = [Draw.budget(OFFICE, RESERVED_TWD), Draw.fund(FUND, 10)]
    book(events.RESERVE, "v1", draws)
    book(events.PAY_BY_CHEQUE, "v1", draws)
    book(events.RESERVE, "v2", [Draw.budget(BUILDING, 5)])
    day_digest(on=ON)


def tamper(statement: str) -> None:
    """Changes rows as a superuser who has switched triggers off."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute(statement)
        cursor.execute("SET LOCAL session_replication_role = origin")


def found() -> list[Violation]:
    return [violation for check in invariants.CHECKS for violation in check()]


def names() -> set[tuple[int, str]]:
    return {(violation.invariant, violation.name) for violation in found()}


def test_sound_books_have_no_violation() -> None:
    assert found() == []


def test_sound_books_of_a_closed_year_have_none_either() -> None:
    year_close(fiscal_year=114, on=ON)

    assert found() == []


@pytest.mark.parametrize(
    "change",
    [
        f"UPDATE ledger_entry SET amount_twd = 1 WHERE amount_twd = {RESERVED_TWD}",
        "UPDATE ledger_posting SET event_ref = 'v9' WHERE event_ref = 'v2'",
        "UPDATE ledger_posting SET booked_on = '2025-03-08' WHERE event_ref = 'v2'",
        "UPDATE ledger_posting SET at = at + interval '1 second' WHERE event_ref = 'v2'",
        "UPDATE ledger_posting SET previous_hash = hash WHERE event_ref = 'v2'",
        "UPDATE ledger_posting SET fingerprint = hash WHERE event_ref = 'v2'",
        "UPDATE ledger_posting SET seq = seq + 1 WHERE event_ref = 'v2'",
        "DELETE FROM ledger_posting WHERE event_type = 'pay_by_cheque'",
        "DELETE FROM ledger_posting WHERE event_ref = 'v2'",
        "UPDATE ledger_chain SET seq = seq - 1",
        "UPDATE ledger_chain SET head = ''",
        f"UPDATE ledger_chain SET agency_code = 'X' WHERE agency_code = '{MUSEUM}'",
        "UPDATE ledger_entry SET authority_id = NULL, account_code = '3101' WHERE account_code = '3201'",
    ],
)
def test_a_changed_posting_breaks_its_chain(change: str) -> None:
    tamper(change)

    assert (2, "chains_whole") in names()


def test_a_posting_without_a_chain_is_found() -> None:
    tamper("UPDATE ledger_posting SET chain_id = 0 WHERE event_ref = 'v2'")

    assert any("stands in no chain" in violation.detail for violation in found())


def test_a_posting_that_does_not_balance_is_found() -> None:
    tamper("UPDATE ledger_entry SET amount_twd = amount_twd + 1 WHERE account_code = '2102'")

    assert (2, "postings_balance") in names()


def test_a_posting_that_balances_only_across_authorities_is_found() -> None:
    tamper(
        "UPDATE ledger_entry SET authority_id = (SELECT id FROM ledger_authority WHERE kind = 'case')"
        " WHERE account_code = '8202' AND side = 'C' AND amount_twd = 5"
    )

    assert (2, "postings_balance") in names()


def test_an_empty_posting_is_found() -> None:
    tamper("DELETE FROM ledger_entry WHERE posting_id = (SELECT id FROM ledger_posting WHERE event_ref = 'v2')")

    assert (2, "postings_balance") in names()


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE ledger_entry SET posting_id = 0 WHERE amount_twd = 5",
        "UPDATE ledger_entry SET authority_id = 0 WHERE amount_twd = 5",
    ],
)
def test_entries_that_belong_to_nothing_are_found(change: str) -> None:
    tamper(change)

    assert any("belongs to nothing" in violation.detail for violation in found())


def test_a_balance_that_its_entries_do_not_bear_out_is_found() -> None:
    tamper(f"UPDATE ledger_authority SET available_twd = available_twd + 1 WHERE code = '{OFFICE}'")

    assert names() == {(2, "authorities_follow_entries")}


def test_a_balance_below_zero_is_found() -> None:
    tamper("ALTER TABLE ledger_authority DROP CONSTRAINT authority_not_below_zero")
    tamper(f"UPDATE ledger_authority SET available_twd = -1 WHERE code = '{OFFICE}'")

    assert (3, "nothing_below_zero") in names()


def test_a_relief_above_what_was_spent_is_found() -> None:
    tamper("ALTER TABLE ledger_authority DROP CONSTRAINT authority_relieves_what_was_spent")
    tamper(f"UPDATE ledger_authority SET relieved_twd = {RESERVED_TWD + 1} WHERE code = '{OFFICE}'")

    assert (3, "nothing_below_zero") in names()


def test_a_month_to_come_that_counts_already_is_found() -> None:
    tamper("UPDATE ledger_allotment SET released = true WHERE month = 4")

    assert names() == {(3, "allotments_released")}


def test_a_released_amount_that_was_raised_is_found() -> None:
    tamper("UPDATE ledger_allotment SET amount_twd = amount_twd + 1 WHERE month = 1")

    assert names() == {(3, "allotments_released")}


def test_money_that_belongs_to_nobody_is_found() -> None:
    tamper("UPDATE ledger_entry SET amount_twd = amount_twd + 1 WHERE account_code = '1101'")

    assert (7, "master_account_adds_up") in names()


def test_an_account_of_things_on_their_way_below_zero_is_found() -> None:
    book(events.CLEAR_CHEQUE, "c1", amount_twd=RESERVED_TWD + 11)

    assert [(violation.invariant, violation.detail) for violation in found()] == [(7, "2102 cheques outstanding: -1")]


def test_a_fund_whose_money_is_not_what_it_may_spend_is_found() -> None:
    tamper("UPDATE ledger_authority SET reserved_twd = 7 WHERE kind = 'fund'")

    assert (7, "master_account_adds_up") in names()


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE ledger_daydigest SET \"on\" = '2025-03-08'",
        "UPDATE ledger_daydigest SET heads = '[]'",
        "UPDATE ledger_daydigest SET previous_digest = digest",
    ],
)
def test_a_changed_digest_is_found(change: str) -> None:
    tamper(change)

    assert names() == {(2, "digests_hold")}


def test_a_chain_written_anew_from_its_middle_no_longer_fits_the_digest() -> None:
    tamper("UPDATE ledger_posting SET booked_on = '2025-03-06' WHERE event_ref = 'v2'")
    for statement in _links_anew(CABINET):
        tamper(statement)

    assert names() == {(2, "digests_hold")}
    assert found()[0].detail.startswith(f"{CABINET} 114: posting")


def _links_anew(agency_code: str) -> Iterator[str]:
    """The statements by which a careful forger makes a chain consistent again."""
    previous = first_hash(agency_code, 114)
    for row in Posting.objects.filter(chain__agency_code=agency_code).order_by("seq"):
        entries = row.entries.order_by("line_no").select_related("authority")
        lines = [
            line_text(entry.account_code, entry.side, entry.amount_twd, entry.authority.key if entry.authority else "")
            for entry in entries
        ]
        said = fingerprint(row.event_type, row.event_ref, agency_code, 114, lines)
        sealed = link(previous, said, row.booked_on, row.at)
        yield (
            f"UPDATE ledger_posting SET previous_hash = '\\x{previous.hex()}', hash = '\\x{sealed.hex()}'"
            f" WHERE id = {row.pk}"
        )
        previous = sealed
    yield f"UPDATE ledger_chain SET head = '\\x{previous.hex()}' WHERE agency_code = '{agency_code}'"
