"""Vouchers of 行政院, made without the rules: here only their states matter."""

from django.db import connection
from django.db.models import Model

from agencies.selectors import actor_for
from disbursement.models import PaymentInstruction
from treasury.core import clock
from treasury.core.actors import Actor
from treasury.core.steps import born, born_many
from vouchers.models import Voucher

CABINET = "0003010000"
MUSEUM = "0061400000"


def actor(role: str, agency_code: str = CABINET) -> Actor:
    """The person of a role at an agency; of the treasury when the code is empty."""
    return actor_for(agency_code, role, clock.today())


def treasurer(role: str) -> Actor:
    """The treasury's person of a role."""
    return actor(role, "")


def draft(number: str = "P0307-001", *, agency_code: str = CABINET) -> Voucher:
    """A draft that the agency's clerk has written."""
    row = Voucher.objects.create(
        agency_id=agency_code,
        fiscal_year=114,
        number=number,
        kind="payment",
        origin="form",
        issue_on=clock.today(),
        payable_on=clock.today(),
        purpose="辦公用品",
        total_twd=1200,
        payee_count=1,
        content={"number": number, "kind": "payment"},
        created_at=clock.now(),
    )
    born(row, actor=actor("clerk", agency_code))
    return row


def force_state(row: Model, state: str) -> None:
    """Sets a state behind the triggers' back, as only a role may that can switch them off."""
    table = connection.ops.quote_name(row._meta.db_table)
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        cursor.execute(f"UPDATE {table} SET state = %s WHERE id = %s", (state, row.pk))
        cursor.execute("SET session_replication_role = origin")


def instructions(count: int, *, number: str = "P0307-001") -> list[PaymentInstruction]:
    """Instructions of one voucher, ready to be put in a batch."""
    voucher = draft(number)
    rows = PaymentInstruction.objects.bulk_create(
        PaymentInstruction(
            voucher=voucher,
            seq=seq,
            end_to_end_id=f"{number}-{seq}",
            network="fisc",
            bank_code="8080037",
            account_no=f"{seq:014d}",
            account_name="林文德",
            amount_twd=100,
        )
        for seq in range(1, count + 1)
    )
    born_many(PaymentInstruction.objects.filter(pk__in=[row.pk for row in rows]), actor=treasurer("payer"))
    return rows
