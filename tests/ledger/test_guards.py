"""What PostgreSQL refuses to anyone who comes past the code."""

from typing import Any

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.db.migrations.state import ProjectState

from tests.ledger.world import OFFICE, OFFICE_TWD, ON, book, figures
from treasury.core.guards import refuse_truncate
from treasury.ledger import events
from treasury.ledger.authorities import Draw
from treasury.ledger.models import Authority, Chain, Entry, Posting
from treasury.ledger.services import day_digest

pytestmark = pytest.mark.usefixtures("books")
TABLES = (
    *("fiscalyear", "budgetline", "allotment", "advancecase", "fund"),
    *("authority", "chain", "posting", "entry", "daydigest"),
)


def run(statement: str) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


@pytest.mark.parametrize("table", TABLES)
def test_no_row_is_deleted(table: str) -> None:
    day_digest(on=ON)

    with pytest.raises(DatabaseError, match="Cannot"):
        run(f"DELETE FROM ledger_{table}")


@pytest.mark.parametrize(
    ("table", "change"),
    [
        ("posting", "booked_on = '2025-03-08'"),
        ("entry", "amount_twd = 1"),
        ("entry", "authority_id = authority_id"),
        ("daydigest", "\"on\" = '2025-03-08'"),
        ("advancecase", "approved_twd = 1"),
    ],
)
def test_what_was_written_is_not_edited(table: str, change: str) -> None:
    day_digest(on=ON)

    with pytest.raises(DatabaseError, match="Cannot"):
        run(f"UPDATE ledger_{table} SET {change}")


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE ledger_authority SET available_twd = available_twd + 1",
        "UPDATE ledger_chain SET seq = 99",
        "INSERT INTO ledger_chain (agency_code, fiscal_year, seq, head) VALUES ('X', 114, 0, '')",
        "INSERT INTO ledger_posting SELECT * FROM ledger_posting",
        "INSERT INTO ledger_entry (posting_id, line_no, account_code, side, amount_twd) VALUES (1, 99, '1101', 'D', 5)",
    ],
)
def test_the_books_are_written_by_booking_alone(statement: str) -> None:
    with pytest.raises(DatabaseError, match="only ledger_book may"):
        run(statement)


def test_an_authority_begins_with_nothing() -> None:
    with pytest.raises(DatabaseError, match="Cannot"), transaction.atomic():
        Authority.objects.create(
            key="budget/114/x", kind="budget", fiscal_year=114, agency_code="A", code="x", available_twd=1
        )


def test_a_released_allotment_stays_as_it_is_and_one_to_come_does_not_go_below_zero() -> None:
    with pytest.raises(DatabaseError, match="Cannot"):
        run("UPDATE ledger_allotment SET amount_twd = amount_twd + 1 WHERE released")

    with pytest.raises(IntegrityError, match="allotment_not_below_zero"):
        run("UPDATE ledger_allotment SET amount_twd = -1 WHERE NOT released")


@pytest.mark.parametrize("column", ["available_twd", "reserved_twd", "expended_twd", "settled_twd"])
def test_no_balance_goes_below_zero_even_in_the_hand_that_may_write(column: str) -> None:
    with pytest.raises(IntegrityError, match="authority_not_below_zero"):
        run(f"SET LOCAL ledger.booking = 'on'; UPDATE ledger_authority SET {column} = -1 WHERE code = '{OFFICE}'")


def test_no_relief_exceeds_what_was_spent_even_in_the_hand_that_may_write() -> None:
    with pytest.raises(IntegrityError, match="authority_relieves_what_was_spent"):
        run(f"SET LOCAL ledger.booking = 'on'; UPDATE ledger_authority SET relieved_twd = 1 WHERE code = '{OFFICE}'")


def test_the_function_leaves_the_door_shut_behind_it() -> None:
    book(events.RESERVE, "v1", [Draw.budget(OFFICE, 1)])

    with pytest.raises(DatabaseError, match="only ledger_book may"):
        run("UPDATE ledger_authority SET available_twd = 0")
    assert figures(OFFICE) == (OFFICE_TWD - 1, 1, 0, 0, 0)


@pytest.mark.parametrize("table", TABLES)
def test_no_table_is_emptied_outside_tests(table: str, settings: Any) -> None:
    settings.GUARD_TRUNCATE = True
    state: Any = ProjectState()
    with connection.schema_editor() as editor:
        refuse_truncate(f"ledger_{table}").database_forwards("ledger", editor, state, state)

    with pytest.raises(DatabaseError, match="append-only"):
        run(f"SET CONSTRAINTS ALL IMMEDIATE; TRUNCATE ledger_{table} CASCADE")


def test_rows_say_what_they_are() -> None:
    booked = book(events.RESERVE, "v1", [Draw.budget(OFFICE, 1)])

    texts = {
        str(row)
        for row in (
            Posting.objects.get(pk=booked.posting_id),
            Entry.objects.get(posting_id=booked.posting_id, line_no=1),
            Chain.objects.get(agency_code=""),
            Authority.objects.get(code=OFFICE),
            day_digest(on=ON),
        )
    }

    assert texts == {
        "reserve v1",
        f"{booked.posting_id}.1 8201 D 1",
        "treasury 114",
        f"budget/114/{OFFICE}",
        "2025-03-07",
    }
