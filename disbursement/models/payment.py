"""What leaves the treasury: instructions in batches, and cheques."""

from typing import ClassVar

import pgtrigger
from django.contrib.postgres.indexes import BrinIndex
from django.db import models
from django_fsm import FSMField

from disbursement.states import (
    BATCH,
    BATCH_STATES,
    CHEQUE,
    CHEQUE_STATES,
    INSTRUCTION,
    INSTRUCTION_STATES,
)
from treasury.core.steps import governed_by


def _choices(states: dict[str, tuple[str, str]]) -> list[tuple[str, str]]:
    return [(name, zh) for name, (zh, _) in states.items()]


PAYEE = ("network", "bank_code", "account_no", "account_name")


def _stands(name: str, *columns: str, but_in: tuple[str, ...] = ()) -> pgtrigger.Trigger:
    """Refuses a change of columns, except while an instruction stands in one of some states."""
    changed = " OR ".join(f"OLD.{column} IS DISTINCT FROM NEW.{column}" for column in columns)
    states = ", ".join(f"'{state}'" for state in ("", *but_in))
    return pgtrigger.Trigger(
        name=name,
        operation=pgtrigger.UpdateOf(*columns),  # type: ignore[no-untyped-call]
        when=pgtrigger.Before,
        condition=pgtrigger.Condition(f"OLD.state NOT IN ({states}) AND ({changed})"),
        func="RAISE EXCEPTION 'instruction % stands as it was accepted', OLD.end_to_end_id;",
    )


@governed_by(BATCH)
class RemittanceBatch(models.Model):
    """通匯: instructions of one network sent to the agent bank in one message (B-25). `message` is the pain.001."""

    message_id = models.CharField(max_length=35, unique=True)
    network = models.CharField(max_length=12)
    execution_on = models.DateField()
    line_count = models.PositiveIntegerField()
    total_twd = models.BigIntegerField()
    message = models.BinaryField()
    roster = models.BinaryField(null=True)
    state = FSMField(default="built", protected=True, choices=_choices(BATCH_STATES))
    built_at = models.DateTimeField()

    class Meta:
        triggers: ClassVar = [*BATCH.triggers(), pgtrigger.Protect(name="kept", operation=pgtrigger.Delete)]

    def __str__(self) -> str:
        return self.message_id


@governed_by(INSTRUCTION)
class PaymentInstruction(models.Model):
    """支付指示: one money movement to one payee (B-14.1.1), or to the disbursement account of an entrusted transfer."""

    # Checked line by line the two keys cost more than the rows; check_books looks for strays (invariant 5), and what
    # they point at is never deleted: a batch by its trigger, a voucher because its reception and acceptance name it.
    voucher = models.ForeignKey(
        "vouchers.Voucher", on_delete=models.PROTECT, related_name="instructions", db_index=False, db_constraint=False
    )
    seq = models.PositiveIntegerField()
    attempt = models.PositiveSmallIntegerField(default=1)
    end_to_end_id = models.CharField(max_length=35)
    network = models.CharField(max_length=12)
    bank_code = models.CharField(max_length=7)
    account_no = models.CharField(max_length=16)
    account_name = models.CharField(max_length=80)
    amount_twd = models.BigIntegerField()
    state = FSMField(default="ready", protected=True, choices=_choices(INSTRUCTION_STATES))
    batch = models.ForeignKey(
        RemittanceBatch,
        null=True,
        on_delete=models.PROTECT,
        related_name="instructions",
        db_index=False,
        db_constraint=False,
    )
    return_code = models.CharField(max_length=4, default="")
    # Since when the money of a returned line is back with the treasury; empty while the bank has only announced it.
    returned_on = models.DateField(null=True)

    class Meta:
        # The lines of a batch lie side by side; an index by range lets an update of the batch leave the others alone.
        # What came back is few among millions; by its return code, for an index by state would slow every step down.
        indexes: ClassVar = [
            BrinIndex(fields=["batch"], name="instruction_batch", autosummarize=True),
            models.Index(fields=["id"], name="instruction_came_back", condition=~models.Q(return_code="")),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["voucher", "seq"], name="instruction_once"),
            models.UniqueConstraint(fields=["end_to_end_id"], name="instruction_name_once"),
            models.CheckConstraint(name="instruction_positive", condition=models.Q(amount_twd__gt=0)),
        ]
        triggers: ClassVar = [
            *INSTRUCTION.triggers(),
            # What was accepted is what is paid: the payee changes only once the bank has returned the money.
            _stands("amount_frozen", "voucher_id", "seq", "amount_twd"),
            _stands("payee_frozen", *PAYEE, but_in=("returned_by_bank", "corrected")),
            _stands("name_frozen", "end_to_end_id", "attempt", but_in=("corrected",)),
        ]

    def __str__(self) -> str:
        return self.end_to_end_id

    @property
    def agency_code(self) -> str:
        """The code of the agency whose voucher it pays."""
        return str(self.voucher.agency_id)


@governed_by(CHEQUE)
class Cheque(models.Model):
    """市庫支票 / 國庫支票: born as a blank of the stock, with a number that is explained for ever (B-27.1)."""

    series = models.CharField(max_length=4)
    serial = models.CharField(max_length=10)
    voucher = models.ForeignKey("vouchers.Voucher", null=True, on_delete=models.PROTECT, related_name="cheques")
    payee_seq = models.PositiveIntegerField(null=True)
    payee_name = models.CharField(max_length=80, default="")
    amount_twd = models.BigIntegerField(null=True)
    is_crossed = models.BooleanField(default=True)
    issued_on = models.DateField(null=True)
    state = FSMField(default="blank", protected=True, choices=_choices(CHEQUE_STATES))

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["state", "id"], name="cheque_queue"),
            models.Index(fields=["issued_on", "id"], name="cheque_issued"),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["series", "serial"], name="cheque_number_once"),
            models.UniqueConstraint(
                fields=["voucher", "payee_seq"],
                name="cheque_once_per_payee",
                condition=~models.Q(state__in=["spoiled", "cancelled"]),
            ),
            models.CheckConstraint(
                name="cheque_blank_or_whole",
                condition=models.Q(state__in=["blank", "spoiled"])
                | models.Q(voucher__isnull=False, amount_twd__gt=0, issued_on__isnull=False),
            ),
        ]
        triggers: ClassVar = CHEQUE.triggers()

    def __str__(self) -> str:
        return self.cheque_no

    @property
    def cheque_no(self) -> str:
        """Series and serial as printed on the front."""
        return f"{self.series}{self.serial}"
