"""Steps and births of many rows in one statement each: rows are locked, moved and remembered by PostgreSQL alone."""

from collections.abc import Mapping
from typing import Any

from django.db import connection, models

from treasury.core.models import History
from treasury.core.sql import fetch_value

_REMEMBER = """
INSERT INTO core_history ({columns}, subject_ids)
SELECT {values}, array_agg(id ORDER BY id) FROM moved HAVING count(*) > 0 RETURNING cardinality(subject_ids)
"""

_MOVE = """
WITH chosen AS MATERIALIZED ({chosen}), moved AS (
    UPDATE {table} AS t SET {fields} FROM chosen WHERE t.id = chosen.id RETURNING t.id
)
"""


def move(rows: models.QuerySet[Any], fields: Mapping[str, Any], memory: History) -> int:
    """Sets fields on every row of a query and writes one history row with their ids; returns how many there were."""
    chosen, params = _sql(rows.order_by("pk").select_for_update().values("id"))
    columns = {_field(rows.model, name): value for name, value in fields.items()}
    statement = _MOVE.format(
        chosen=chosen,
        table=rows.model._meta.db_table,
        fields=", ".join(f"{field.column} = %s" for field in columns),
    )
    values = [field.get_db_prep_save(value, connection) for field, value in columns.items()]
    return _remember(statement, [*params, *values], memory)


def remember(rows: models.QuerySet[Any], memory: History) -> int:
    """Writes one history row with the ids of every row of a query; returns how many there were."""
    chosen, params = _sql(rows.order_by("pk").values("id"))
    return _remember(f"WITH moved AS ({chosen})", list(params), memory)


def bear(insert: str, params: list[Any], memory: History) -> int:
    """Runs an INSERT ... RETURNING id and writes one history row with the ids; returns how many there were."""
    return _remember(f"WITH moved AS ({insert})", params, memory)


def _remember(statement: str, params: list[Any], memory: History) -> int:
    fields = [field for field in History._meta.concrete_fields if field.attname not in ("id", "subject_ids")]
    columns = ", ".join(str(field.column) for field in fields)
    insert = _REMEMBER.format(columns=columns, values=", ".join(f"%s::{_type(field)}" for field in fields))
    values = [field.get_db_prep_save(getattr(memory, field.attname), connection) for field in fields]
    return int(fetch_value(statement + insert, [*params, *values]) or 0)


def _sql(rows: models.QuerySet[Any]) -> tuple[str, tuple[Any, ...]]:
    sql, params = rows.query.get_compiler(connection=connection, elide_empty=False).as_sql()
    return sql, tuple(params)


def _field(model: type[models.Model], name: str) -> Any:
    return next(field for field in model._meta.concrete_fields if name in (field.name, field.attname))


def _type(field: Any) -> str:
    return str(field.cast_db_type(connection))
