"""What passes between an accounting system and us: vouchers handed over in bulk, and news of what became of them."""

from typing import Any, ClassVar

import pgtrigger
from django.db import models

from treasury.core.models import APPEND_ONLY


class JobState(models.TextChoices):
    """Whether every voucher of a job has its result."""

    WORKING = "working", "處理中"
    DONE = "done", "已完成"


class VoucherJob(models.Model):
    """Vouchers handed over in one request, worked through one by one: each stands or falls alone (A-5.1)."""

    agency = models.ForeignKey("agencies.Agency", to_field="code", on_delete=models.PROTECT, related_name="+")
    fiscal_year = models.PositiveSmallIntegerField()
    # Whose work it is: the person and role that the history of every voucher will name.
    actor_id = models.BigIntegerField()
    actor_name = models.CharField(max_length=80)
    actor_role = models.CharField(max_length=20)
    address = models.CharField(max_length=45)
    # Whether what is created is sent to review at once.
    submits = models.BooleanField()
    state = models.CharField(max_length=10, choices=JobState, default=JobState.WORKING)
    voucher_count = models.PositiveIntegerField()
    created_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = "整批傳送"

    def __str__(self) -> str:
        return f"{self.agency_id} #{self.pk}"


class ItemState(models.TextChoices):
    """What became of one voucher of a job."""

    WAITING = "waiting", "待處理"
    CREATED = "created", "已建立"
    SUBMITTED = "submitted", "已送覆核"
    REFUSED = "refused", "不符"


class VoucherJobItem(models.Model):
    """One voucher of a job with its result: the voucher made of it, or the problem why there is none."""

    job = models.ForeignKey(VoucherJob, on_delete=models.PROTECT, related_name="items")
    index = models.PositiveIntegerField()
    number = models.CharField(max_length=20)
    content = models.JSONField()
    state = models.CharField(max_length=10, choices=ItemState, default=ItemState.WAITING)
    voucher = models.ForeignKey("vouchers.Voucher", null=True, on_delete=models.PROTECT, related_name="+")
    problem = models.JSONField(null=True)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["job", "index"], name="job_item_once")]
        triggers: ClassVar = [pgtrigger.Protect(name="keep", operation=pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"{self.job} {self.index} {self.number}"


class TransactionField(models.Field):
    """The number of a transaction, 64 bits that never come round again (`xid8`)."""

    def db_type(self, connection: Any) -> str:
        """PostgreSQL's type."""
        return "xid8"


class VoucherChange(models.Model):
    """The feed: one row for each step of a voucher and of what pays it, written by triggers on the history.

    Numbers are given out before a transaction commits, so a row may appear after one with a higher number. The
    transaction's own number tells which rows are sure to be complete (`vouchers.changes`).
    """

    transaction = TransactionField()
    agency_code = models.CharField(max_length=20)
    # Written by a trigger that has just read the voucher, which nobody deletes: no key to check.
    voucher = models.ForeignKey(
        "vouchers.Voucher", on_delete=models.PROTECT, related_name="+", db_index=False, db_constraint=False
    )
    event = models.CharField(max_length=40)
    verb = models.CharField(max_length=40)
    state = models.CharField(max_length=40)
    # Which line or cheque of the voucher, 0 for the voucher itself.
    subject_id = models.BigIntegerField()
    at = models.DateTimeField()

    class Meta:
        verbose_name = "異動"
        indexes: ClassVar = [models.Index(fields=["agency_code", "transaction", "id"], name="change_feed")]
        triggers: ClassVar = [APPEND_ONLY]

    def __str__(self) -> str:
        return f"{self.event} {self.pk}"
