"""Set-based statements are seen by whoever counts statements, and held by transactions."""

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from treasury.core.sql import copy_rows, execute, fetch_all, fetch_value

pytestmark = pytest.mark.django_db
TABLE = "core_numberseries"
COLUMNS = ("name", "last")


def test_rows_are_copied_in_one_statement() -> None:
    with CaptureQueriesContext(connection) as statements:
        count = copy_rows(TABLE, COLUMNS, ((f"series {number}", number) for number in range(1000)))

    assert count == 1000
    assert len(statements) == 1
    assert fetch_value(f"SELECT sum(last) FROM {TABLE}") == 499_500


def test_characters_arrive_as_they_are() -> None:
    names = ["林\t文\\德", 'a"b', "N\\N", "𠮷"]

    copy_rows(TABLE, COLUMNS, [(name, 1) for name in names])

    assert [row[0] for row in fetch_all(f'SELECT name FROM {TABLE} ORDER BY name COLLATE "C"')] == sorted(names)


def test_no_rows_are_no_rows() -> None:
    assert copy_rows(TABLE, COLUMNS, []) == 0


def test_a_copy_is_part_of_the_transaction() -> None:
    with pytest.raises(RuntimeError), transaction.atomic():
        copy_rows(TABLE, COLUMNS, [("receipt/114", 1)])
        raise RuntimeError

    assert fetch_value(f"SELECT count(*) FROM {TABLE}") == 0


def test_a_statement_tells_how_many_rows_it_touched() -> None:
    copy_rows(TABLE, COLUMNS, [("a", 1), ("b", 2), ("c", 3)])

    assert execute(f"UPDATE {TABLE} SET last = 0 WHERE last > %s", (1,)) == 2
    assert execute(f"DELETE FROM {TABLE} WHERE name = %(name)s", {"name": "z"}) == 0


def test_a_query_without_a_row_has_no_value() -> None:
    assert fetch_value(f"SELECT last FROM {TABLE}") is None
    assert fetch_all(f"SELECT last FROM {TABLE} WHERE name LIKE 'a%'") == []
