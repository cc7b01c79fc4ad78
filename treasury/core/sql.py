"""Set-based statements through Django's connection, so that tests count them and transactions hold them."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.db import connection
from psycopg import sql


def copy_rows(table: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> int:
    """Writes rows into a table by one COPY in the caller's transaction; returns how many."""
    statement = sql.SQL("COPY {} ({}) FROM STDIN").format(
        sql.Identifier(table), sql.SQL(", ").join(map(sql.Identifier, columns))
    )
    count = 0
    with connection.cursor() as cursor, cursor.copy(statement) as copy:
        for row in rows:
            copy.write_row(row)
            count += 1
    return count


def execute(statement: str, params: Sequence[Any] | dict[str, Any] = ()) -> int:
    """Runs one statement; returns the number of rows it touched."""
    with connection.cursor() as cursor:
        cursor.execute(statement, params or None)
        return int(cursor.rowcount)


def fetch_all(statement: str, params: Sequence[Any] | dict[str, Any] = ()) -> list[tuple[Any, ...]]:
    """Runs one query; returns its rows."""
    with connection.cursor() as cursor:
        cursor.execute(statement, params or None)
        return list(cursor.fetchall())


def fetch_value(statement: str, params: Sequence[Any] | dict[str, Any] = ()) -> Any:
    """Runs one query; returns the first column of its first row, None without one."""
    with connection.cursor() as cursor:
        cursor.execute(statement, params or None)
        row = cursor.fetchone()
        return row[0] if row else None
