"""What PostgreSQL refuses on the ledger's tables, whoever asks."""

import pgtrigger

NEVER_DELETED = pgtrigger.Protect(name="never_deleted", operation=pgtrigger.Delete)


def by_booking_only(operation: pgtrigger.core.Operation | pgtrigger.core.Operations) -> pgtrigger.Trigger:
    """Refuses the operation, once a statement, unless the booking function runs it."""
    return pgtrigger.Trigger(
        name="by_booking_only",
        level=pgtrigger.Statement,
        when=pgtrigger.Before,
        operation=operation,
        condition=pgtrigger.Condition("current_setting('ledger.booking', true) IS DISTINCT FROM 'on'"),
        func="RAISE EXCEPTION 'ledger: only ledger_book may % %', lower(TG_OP), TG_TABLE_NAME;",
    )
