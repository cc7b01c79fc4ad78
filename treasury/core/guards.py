"""Migration operations by which PostgreSQL itself refuses to forget."""

from typing import Any

from django.conf import settings
from django.db import migrations

_FUNCTION = """
CREATE OR REPLACE FUNCTION core_refuse_truncate() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION '% is append-only', TG_TABLE_NAME; END $$
"""


def refuse_truncate(*tables: str) -> migrations.RunPython:
    """An operation that makes TRUNCATE fail on the tables, outside test settings (the test runner flushes by it)."""

    def forwards(apps: Any, editor: Any) -> None:
        if not settings.GUARD_TRUNCATE:
            return
        editor.execute(_FUNCTION, params=None)
        for table in tables:
            editor.execute(
                f"CREATE TRIGGER refuse_truncate BEFORE TRUNCATE ON {table} "
                "FOR EACH STATEMENT EXECUTE FUNCTION core_refuse_truncate()"
            )

    return migrations.RunPython(forwards, migrations.RunPython.noop)
